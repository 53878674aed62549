"""A broken promise that knows what is wrong, in words that are the same in every scenario that meets it."""


class Breach(AssertionError):
    """An assertion failed. The message is for people; `cause` says what is wrong, without what differs by chance.

    Failures of one cause are reported together. Without a `cause` it is taken from the message.
    """

    def __init__(self, message: str, cause: str = "") -> None:
        super().__init__(message)
        self.cause = cause
