"""A broken promise that knows what is wrong, in words that are the same in every scenario that meets it."""

from __future__ import annotations

from collections.abc import Sequence

# The beginning of the cause of all failures that miss the same message.
NEVER_CAME = "never announced: "


class Breach(AssertionError):
    """An assertion failed. The message is for people; `cause` says what is wrong, without what differs by chance.

    Failures of one cause are reported together. Without a `cause` it is taken from the message. `each`: the breaches
    of which this one consists, if there are several.
    """

    def __init__(self, message: str, cause: str = "", each: Sequence[Breach] = ()) -> None:
        super().__init__(message)
        self.cause = cause
        self.each = each
