"""The keywords of Gherkin, and lines that begin with one or nearly so: “Senario: One”, “Givn the shop is open”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from behave.i18n import languages

from acceptance.report.nearest import alike, is_near, visible

BLOCKS = ("feature", "background", "rule", "scenario", "scenario_outline", "examples")
STEPS = ("given", "when", "then", "and", "but")
_BULLET = re.compile(r"^(?:[-–—•>+]\s+|\d+[.)]\s+)+")
# A keyword without a colon may be ignored if it is as short as this: Rul may be any word.
_SHORT = 5


@dataclass(frozen=True)
class Block:
    """The beginning of a line that is a keyword or nearly one. `meant` is the line as it should be."""

    kind: str
    has_colon: bool
    meant: str


class Keywords:
    """The keywords of a language, and of English in any file."""

    def __init__(self, language: str | None) -> None:
        self._own = languages.get(language or "en", languages["en"])
        spoken = [self._own, languages["en"]]
        self._blocks = {word: kind for words in reversed(spoken) for kind in BLOCKS for word in words[kind]}
        self._steps = {word for words in spoken for kind in STEPS for word in words[kind] if not word.startswith("*")}

    def block(self, text: str) -> Block | None:
        """Return the non-step keyword with which a line begins, or nearly so."""
        found = [
            (has_colon, len(keyword.split()), alike(_letters(lead), _letters(keyword)), keyword, title)
            for keyword in self._blocks
            for lead, has_colon, title in _leads(text, len(keyword.split()) + 1)
            if is_near(_letters(lead), _letters(keyword)) and (has_colon or _is_title_like(lead, keyword))
        ]
        if not found:
            return None
        has_colon, _, _, keyword, title = max(found)
        kind = self._blocks[keyword]
        own = max(self._own[kind], key=lambda one: alike(one, keyword))
        return Block(kind, has_colon, f"{own}: {title}".strip())

    def step(self, text: str) -> str:
        """Return the step keyword with which a line begins, in its own case; "" if there is none."""
        longest_first = sorted(self._steps, key=len, reverse=True)
        begins = (
            word for word in longest_first if re.match(rf"{re.escape(word)}|{re.escape(word.strip())}(?::|$)", text)
        )
        return next(begins, "").strip()

    def near_step(self, text: str) -> str:
        """Return the step keyword with which a line nearly begins, "" if there is none."""
        first = text.split(" ", 1)[0].rstrip(":,")
        words = (word.strip() for word in sorted(self._steps))
        return next((word for word in words if word != first and is_near(first.lower(), word.lower())), "")


def plain(text: str) -> str:
    """Return the visible part of a line, without a list's mark."""
    return _BULLET.sub("", visible(text))


def _leads(text: str, most: int) -> Iterator[tuple[str, bool, str]]:
    """Return the beginnings of a line that may be a keyword: the text before a colon, and the first words."""
    head, colon, title = text.partition(":")
    if colon:
        yield head, True, title.strip()
    words = text.split()
    for count in range(1, min(most, len(words)) + 1):
        yield " ".join(words[:count]), False, " ".join(words[count:])


def _is_title_like(lead: str, keyword: str) -> bool:
    """Return whether words without a colon begin a line as a keyword does: with a capital."""
    return lead[:1].isupper() and (lead == keyword or len(keyword) > _SHORT)


def _letters(words: str) -> str:
    return re.sub(r"[\W\d_]+", "", words).casefold()
