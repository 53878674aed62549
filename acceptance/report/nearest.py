"""Did you mean …? The nearest keywords of Gherkin, sentences of steps/ and paths to a user's input."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

# How similar two words must be to count as the same (1.0 is the same), and two sentences.
_WORD, _SENTENCE = 0.85, 0.6
_MOST = 3
_FIELD, _OPEN = re.compile(r"\{(\w*)(?::[^}]*)?\}"), r"{\1}"
# Probable field values in a step: names, numbers, and quoted texts.
_VALUE = re.compile(r'"[^"]*"|\b[^\W\d_a-zß-öø-ÿ][\w’-]*|\d+(?:[.,]\d+)?')
# A text processor's variants of quotation marks and apostrophes.
_TYPED = str.maketrans({**dict.fromkeys("“”„‟«»", '"'), **dict.fromkeys("‘’‚‛´`", "'")})
_CAPITALS = 'Names of several words stand in "quotation marks" unless each word begins with a capital.'


@cache
def is_near(word: str, wanted: str) -> bool:
    """Return whether a word is another one with a slip: letters left out, doubled, changed or swapped."""
    if word == wanted:
        return True
    if len(wanted) < 5:  # a short word with another letter is mostly another word: The, Then, Them
        return _swapped(word, wanted) or word in (*_without_vowel(wanted), *_doubled(wanted))
    inflected = word.removeprefix(wanted) in ("s", "n", "en", "d")
    return not inflected and (_swapped(word, wanted) or alike(word, wanted) >= _WORD)


def alike(word: str, wanted: str) -> float:
    """Return how similar two words are; 1.0 is the same."""
    return difflib.SequenceMatcher(None, word, wanted, autojunk=False).ratio()


def visible(text: str) -> str:
    """Return a line without invisible characters (zero-width marks), with plain spaces and colons."""
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def nearest_path(path: str, home: Path) -> str:
    """Return the path that a missing one may mean, "" if `home` has none like it."""
    wanted = Path(path)
    there = next(parent for parent in [*wanted.parents, Path()] if parent.exists())
    if not there.is_dir():
        return ""
    beside = [one.name for one in there.iterdir()]
    missing = wanted.relative_to(there).parts if wanted.is_relative_to(there) else wanted.parts
    for name in difflib.get_close_matches(missing[0], beside, n=1):
        found = there.joinpath(name, *missing[1:])
        return f" Did you mean {found if found.exists() else there / name}?"
    elsewhere = sorted((home / "features").rglob(wanted.name)) if wanted.suffix == ".feature" else []
    return f" Did you mean {shown(str(elsewhere[0]))}?" if elsewhere else ""


def shown(path: str) -> str:
    """Return a path as users write it: relative to the current folder, if it is below."""
    absolute = Path(path).absolute()
    here = Path.cwd()
    return str(absolute.relative_to(here)) if absolute.is_relative_to(here) else path


def matching(text: str, known: Any, kinds: Iterable[str] = ("given", "when", "then", "step")) -> Sequence[Any]:
    """Return the known sentences (a registry of behave's) of some kinds that a step's text fits."""
    return [one for kind in kinds for one in known.steps[kind] if one.match(text)]


def suggestions(kind: str, text: str, known: Any) -> str:
    """Return the known sentences that a step may mean that fits none of its kind, "" if none."""
    typed = visible(text).translate(_TYPED).rstrip(".: ")
    if typed != text and matching(typed, known, (kind, "step")):
        return f"Did you mean “{kind.title()} {typed}”? It differs in spaces, quotation marks or how it ends."
    elsewhere = matching(text, known, {"given", "when", "then"} - {kind})
    if elsewhere:
        return f"Did you mean {' or '.join(dict.fromkeys(map(_shown, elsewhere)))}? It is no {kind.title()}."
    every = [one for several in known.steps.values() for one in several]
    but_for_fields = [one for one in every if re.fullmatch(_loose(one.pattern), text)]
    near = sorted([*but_for_fields, *_alike(text, every)], key=lambda one: one.step_type not in (kind, "step"))
    named = list(dict.fromkeys(_shown(one, kind) for one in near))[:_MOST]
    hint = f" {_CAPITALS}" if any(":Name" in one.pattern for one in but_for_fields) else ""
    return f"Did you mean {' or '.join(named)}?{hint}" if named else ""


def _alike(text: str, sentences: Sequence[Any]) -> Sequence[Any]:
    by_words: dict[str, list[Any]] = {}
    for one in sentences:
        by_words.setdefault(_bare(_FIELD.sub("", one.pattern)), []).append(one)
    near = difflib.get_close_matches(_bare(_VALUE.sub("", text)), by_words, n=_MOST, cutoff=_SENTENCE)
    return [one for words in near for one in by_words[words]]


def _loose(pattern: str) -> str:
    """Create a regular expression that accepts anything for a field."""
    return ".+".join(re.escape(part) for part in _FIELD.sub("\0", pattern).split("\0"))


def _bare(words: str) -> str:
    return " ".join(words.split()).lower()


def _swapped(word: str, wanted: str) -> bool:
    """Return whether two neighbouring letters are swapped, and nothing else."""
    swaps = (f"{wanted[:n]}{wanted[n + 1]}{wanted[n]}{wanted[n + 2 :]}" for n in range(len(wanted) - 1))
    return len(word) == len(wanted) and word in swaps


def _without_vowel(wanted: str) -> Sequence[str]:
    return [wanted[:n] + wanted[n + 1 :] for n in range(1, len(wanted)) if wanted[n] in "aeiou"]


def _doubled(wanted: str) -> Sequence[str]:
    return [f"{wanted[:n]}{wanted[n]}{wanted[n:]}" for n in range(1, len(wanted))]


def _shown(sentence: Any, kind: str = "") -> str:
    """Write a sentence as a step of its kind; one that is of every kind, as a step of `kind`."""
    begins = kind if sentence.step_type == "step" else sentence.step_type
    return f"“{begins.title()} {_FIELD.sub(_OPEN, sentence.pattern)}”"
