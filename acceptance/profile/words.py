"""Words of a message by which a known deviation is recognised: blanks do not count, and … stands for anything."""

from __future__ import annotations

import re

_ANYTHING = re.compile(r"…|\.\.\.")
# What differs from run to run: ids, times, counts and amounts of what happened.
_BY_CHANCE = re.compile(r"[\w.:-]*\d[\w:-]*(?:\.\w[\w:-]*)*")


def fits(words: str, message: str) -> bool:
    """Answer whether a message has these words, in this order."""
    parts = (re.escape(" ".join(part.split())) for part in _ANYTHING.split(words))
    return re.search(".*?".join(parts), " ".join(message.split())) is not None


def says_something(words: str) -> bool:
    """Answer whether the words tell one message from another."""
    return any(letter.isalnum() for letter in words)


def words_of(message: str) -> str:
    """Return the words of a message without what may differ in the next run, for a profile that is proposed."""
    return re.sub(r"…(?:\s*…)+", "…", _BY_CHANCE.sub("…", " ".join(message.split())))
