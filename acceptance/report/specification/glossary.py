"""The words of a glossary, and where a sentence uses them.

A glossary is a Markdown file with tables; the first column of each has a word, or several with commas between, the
second one its meaning. A word is found in each of its forms (claim, claims, claimed), and “…” stands for some words
in between: “refuses what … brings”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup, escape

from acceptance.report.cleaning import clean
from acceptance.report.specification.contents import Word

_CELLS = re.compile(r"(?<!\\)\|")
_RULER = re.compile(r"^\|[\s|:-]+\|?$")
_HEADING = re.compile(r"^#+\s+(.*)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_TOKEN = re.compile(r"[\w'’-]+|…|\.\.\.|[^\w\s]")
_TAG = re.compile(r"`@([^`\s]+)`")
_MARKS = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*([^*\s][^*]*)\*"), r"<em>\1</em>"),
)
_GAP, _LONGEST_GAP = "…", 6
# Variants of one thing that no stemmer knows.
_FORMS = {
    form: common
    for common, forms in {
        "be": "is are was were been being am",
        "have": "has had having",
        "their": "its his her",
    }.items()
    for form in forms.split()
}
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "lt": "lithuanian", "nl": "dutch",
    "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


def words_in(file: Path) -> list[Word]:
    """Read a glossary. A missing one has no words."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    return list(_rows(lines))


def _rows(lines: Sequence[str]) -> Iterator[Word]:
    group, in_table = "", False
    for number, line in enumerate(map(str.strip, lines)):
        heading = _HEADING.match(line)
        if heading:
            group = clean(_plain(heading.group(1)))
        begins = number + 1 < len(lines) and line.startswith("|") and _RULER.match(lines[number + 1].strip())
        if begins or not line.startswith("|"):
            in_table = bool(begins)
        elif in_table and not _RULER.match(line):
            cells = [cell.replace("\\|", "|").strip() for cell in _CELLS.split(line.strip("|"))]
            if len(cells) > 1 and cells[0] and cells[1]:
                yield Word(clean(cells[0]), clean(cells[1]), group)


def _plain(text: str) -> str:
    """Return a text without Markdown's marks."""
    return re.sub(r"[`*]|(?<!\w)_|_(?!\w)", "", _LINK.sub(r"\1", text))


@dataclass(frozen=True)
class Part:
    """A part of a sentence; `word` is the number of its word in the glossary, None if it is none."""

    text: str
    word: int | None = None


class Explained:
    """Finds a glossary's words in sentences of one language. Longer words come before shorter ones."""

    def __init__(self, words: Sequence[Word], language: str = "en") -> None:
        self._form = _forms_of(language)
        self._patterns: dict[str, list[tuple[Sequence[str], int]]] = {}
        for number, word in enumerate(words):
            for pattern in self._patterns_of(word.word):
                self._patterns.setdefault(pattern[0], []).append((pattern, number))
        for patterns in self._patterns.values():
            patterns.sort(key=lambda one: -len(one[0]))

    def parts(self, sentence: str, seen: set[int]) -> list[Part]:
        """Divide a sentence at the words that are not yet `seen`, and note those."""
        tokens = [(self._form(found.group()), *found.span()) for found in _TOKEN.finditer(sentence)]
        parts, done, here = [], 0, 0
        while here < len(tokens):
            number, count = self._word_at(tokens, here)
            if number is None:
                here += 1
                continue
            if number not in seen:
                seen.add(number)
                begin, end = tokens[here][1], tokens[here + count - 1][2]
                parts += [Part(sentence[done:begin]), Part(sentence[begin:end], number)]
                done = end
            here += count
        return [part for part in [*parts, Part(sentence[done:])] if part.text]

    def _word_at(self, tokens: Sequence[tuple[str, int, int]], here: int) -> tuple[int | None, int]:
        for pattern, number in self._patterns.get(tokens[here][0], ()):
            count = _matched(pattern, [token[0] for token in tokens[here : here + len(pattern) + _LONGEST_GAP * 3]])
            if count:
                return number, count
        return None, 0

    def _patterns_of(self, word: str) -> Iterator[Sequence[str]]:
        """Return the forms of a word, or of each word in a row. Tags are no words."""
        for one in [] if "`" in word else _plain(word).split(","):
            pattern = [_GAP if token in (_GAP, "...") else self._form(token) for token in _TOKEN.findall(one)]
            while pattern and pattern[0] == _GAP:
                pattern = pattern[1:]
            while pattern and pattern[-1] == _GAP:
                pattern = pattern[:-1]
            if pattern and pattern[0].isalnum():
                yield pattern


def _matched(pattern: Sequence[str], tokens: Sequence[str]) -> int:
    """Return how many tokens a pattern matches from the first one on, 0 if it does not fit."""
    if not pattern:
        return 0
    taken, rest = 0, list(pattern)
    while rest:
        if rest[0] == _GAP:
            after = rest[1]
            reach = tokens[taken + 1 : taken + 1 + _LONGEST_GAP]
            if after not in reach:
                return 0
            taken += 1 + list(reach).index(after)
        elif taken >= len(tokens) or tokens[taken] != rest[0]:
            return 0
        else:
            taken += 1
        rest = rest[1:]
    return taken


@cache
def _forms_of(language: str) -> _Forms:
    return _Forms(language)


class _Forms:
    """Unifies the spelling of a word's forms."""

    def __init__(self, language: str) -> None:
        import snowballstemmer  # takes long to load, and most runs show no glossary

        name = _STEMMERS.get(language.partition("-")[0].lower())
        self._stemmer = snowballstemmer.stemmer(name) if name else None
        self._known: dict[str, str] = dict(_FORMS) if name == "english" else {}

    def __call__(self, word: str) -> str:
        """Return the stem of a word in small letters, without an ending “'s”."""
        low = re.sub(r"['’]s?$", "", word.casefold()) or word
        if low not in self._known:
            self._known[low] = self._stemmer.stemWord(low) if self._stemmer else low
        return self._known[low]


def tags_in(words: Sequence[Word]) -> Mapping[str, int]:
    """Return the glossary's word that explains a tag, by the tag without its “@”; the first one counts."""
    numbers = [(tag, number) for number, word in enumerate(words) for tag in _TAG.findall(word.word)]
    return dict(reversed(numbers))


def meaning_of(text: str) -> Markup:
    """Return a cell of a glossary as HTML: code and emphasis of Markdown, and the text of links alone."""
    done = str(escape(_LINK.sub(r"\1", text)))
    for pattern, shown in _MARKS:
        done = pattern.sub(shown, done)
    return Markup(done)  # noqa: S704 - escaped above
