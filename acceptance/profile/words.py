"""Words of a message that identify a known deviation: blanks do not count, and … stands for any text."""

from __future__ import annotations

import re

_ANYTHING = re.compile(r"…|\.\.\.")
# What differs from run to run: ids, times, counts and amounts. Each has a digit; looking for that in
# every run of letters, and not from every letter on, keeps the time of a message of a million letters in bounds.
_LETTERS = re.compile(r"[\w.:-]+(?:,\d[\w.:-]*)*")  # 1,295 is one number
_WITH_DIGIT = re.compile(r".*\d[\w:-]*(?:\.\w[\w:-]*)*")
# A latency that is known less precisely, on a busy machine, is told as an interval.
_INTERVAL, _LOWER_BOUND = re.compile(r"\bbetween … (\w+) and … \1\b"), re.compile(r"\bat least … ")


def fits(words: str, message: str) -> bool:
    """Return whether a message has these words, in this order."""
    message, place = " ".join(message.split()), 0
    for part in _ANYTHING.split(words):
        plain = " ".join(part.split())
        found = message.find(plain, place)
        if found < 0:
            return False
        place = found + len(plain)
    return True


def says_something(words: str) -> bool:
    """Return whether the words distinguish one message from another."""
    return any(letter.isalnum() for letter in words)


def words_of(message: str) -> str:
    """Return the words of a message without those that may differ in the next run, for a proposed profile."""
    words = _LETTERS.sub(_unless_by_chance, " ".join(message.split()))
    words = _LOWER_BOUND.sub("… ", _INTERVAL.sub(r"… \1", words))
    return re.sub(r"…(?:\s*…)+", "…", words)


def _unless_by_chance(run: re.Match[str]) -> str:
    by_chance = _WITH_DIGIT.match(run[0])
    return f"…{run[0][by_chance.end() :]}" if by_chance else run[0]
