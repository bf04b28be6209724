from contextlib import contextmanager


class RefusalMixin:
    """How a test makes sure that what was refused left nothing behind."""

    @contextmanager
    def refused_before_writing(self, error, words=""):
        """Expect an error, and keep what the block has written by then.

        ``assertRaises`` of Odoo undoes its block: "nothing was written" is true after
        it whatever the code did. Here it is true only if the code wrote nothing, or
        took it back itself.

        :param error: class of the error
        :param words: what its text contains
        """
        try:
            yield
        except error as caught:
            self.assertIn(words, str(caught))
        else:
            self.fail(f"no {error.__name__}")
        self.env.invalidate_all()
