"""A header of a mail that leaves as it is: Python would encode a long address in it."""

LINE = 78
MAY_ALTER = ("List-Unsubscribe",)


class PlainHeader(str):
    """Plain ASCII, folded between its parts, never inside one.

    Python folds a header at blanks, and takes a part that is longer than a line for
    text to be encoded (``=?utf-8?q?...``). RFC 2369 knows no encoded words here: mail
    programs would show no button.
    """

    # What Python's mail policy asks of a parsed header.
    defects = ()
    max_count = 1

    def __new__(cls, name, value):
        """Take the name of a header and its value."""
        header = super().__new__(cls, value)
        header.name = name
        return header

    def fold(self, *, policy):
        """Return the header as lines, as the mail policy has them."""
        whole = f"{self.name}: {self}"
        if len(whole) > LINE:
            parts = [part.strip() for part in self.split(",")]
            separator = f",{policy.linesep} "
            whole = f"{self.name}:{policy.linesep} {separator.join(parts)}"
        return whole + policy.linesep


def keep_plain(message):
    """Let the headers of a mail that hold an address leave as they are.

    :param message: an ``EmailMessage``
    """
    for name in MAY_ALTER:
        value = message[name]
        if value and value.isascii() and value.isprintable():
            message.replace_header(name, PlainHeader(name, value))
