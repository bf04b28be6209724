"""The one exception of this package: a code and the value that caused it."""


class RecurrenceError(ValueError):
    """Refuse an input that no rule can work with.

    ``code`` is for the caller to translate, ``value`` is what was passed.

    >>> error = RecurrenceError("interval_not_positive", 0)
    >>> error.code, error.value, isinstance(error, ValueError)
    ('interval_not_positive', 0, True)
    """

    def __init__(self, code: str, value: object = None) -> None:
        """Keep the code and the offending value."""
        super().__init__(code, value)
        self.code = code
        self.value = value
