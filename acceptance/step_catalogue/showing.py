"""The step catalogue as text for a terminal, as Markdown for the site, and as settings for an editor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from acceptance.plurals import counted
from acceptance.report.labels import name_of_system
from acceptance.report.specification.ids import PAGE, feature_id
from acceptance.step_catalogue.collecting import SHARED, Catalogue, Field, Sentence, Use

_MOST_PLACES = 3
_UNUSED = "not used in any feature"
# How an editor recognises the types of the library `parse`; all others are any words.
_PATTERNS = {"d": r"-?\d+", "w": r"\w+", "f": r"-?\d+\.\d+", "g": r"-?\d+(?:\.\d+)?"}


def as_text(catalogue: Catalogue) -> str:
    """Return the catalogue for a terminal."""
    lines: list[str] = []
    for system, of_system in groupby(catalogue.sentences, key=lambda one: one.system):
        lines += ["", _title(system)]
        for sentence in of_system:
            lines += ["", f"  {_keyword(sentence)} {sentence.pattern}"]
            lines += [f"      {line}" for line in _lines(sentence)]
    return "\n".join([*lines, "", _summary(catalogue)]).lstrip("\n")


def _lines(sentence: Sentence) -> Iterator[str]:
    if sentence.example:
        yield f"for example: {sentence.example}"
    for names, allowed in _fields(sentence):
        yield f"{', '.join(names)}: {allowed}"
    places = [f"{use.path}:{use.line}" for use in sentence.uses]
    further = f" and {len(places) - _MOST_PLACES} more" if len(places) > _MOST_PLACES else ""
    yield f"used: {', '.join(places[:_MOST_PLACES])}{further}" if places else _UNUSED
    yield f"code: {sentence.place}"


def _fields(sentence: Sentence) -> Iterator[tuple[list[str], str]]:
    """Return the fields of a sentence, grouped by the text that they accept."""
    names: dict[str, list[str]] = {}
    for one in sentence.fields:
        names.setdefault(one.in_words, []).append(one.name)
    yield from ((named, allowed) for allowed, named in names.items())


def _summary(catalogue: Catalogue) -> str:
    unused = [sentence.place for sentence in catalogue.sentences if not sentence.uses]
    told = f"; {len(unused)} {_UNUSED}: {', '.join(unused)}" if unused else ""
    return f"{counted(len(catalogue.sentences), 'sentence')}{told}."


def as_markdown(catalogue: Catalogue) -> str:
    """Return the catalogue as a Markdown page, whose links lead to the specification beside it."""
    lines = ["# Step catalogue", "", f"{_summary(catalogue)} Generated from the code and the features.", ""]
    for system, of_system in groupby(catalogue.sentences, key=lambda one: one.system):
        lines += [f"## {_title(system)}", ""]
        for keyword, of_kind in groupby(of_system, key=_keyword):
            lines += [f"### {keyword}", ""]
            for sentence in of_kind:
                lines += [f"**{_escaped(_without_types(sentence))}**", "", *_items(sentence), ""]
    return "\n".join(lines)


def _items(sentence: Sentence) -> Iterator[str]:
    if sentence.example:
        yield f"- for example: *{_escaped(sentence.example)}*"
    for names, allowed in _fields(sentence):
        yield f"- {', '.join(f'`{name}`' for name in names)}: {_escaped(allowed)}"
    by_feature: dict[str, list[Use]] = {}
    for use in sentence.uses:
        by_feature.setdefault(use.path, []).append(use)
    links = [
        f"[{_escaped(uses[0].feature)}]({PAGE}#{feature_id(path)}) ({len(uses)})" for path, uses in by_feature.items()
    ]
    yield f"- used in {', '.join(links)}" if links else f"- {_UNUSED}"
    yield f"- `{sentence.place}`"


def editor_settings(catalogue: Catalogue, globs: Mapping[str, Sequence[str]]) -> str:
    """Return settings for the Cucumber extension of VS Code, with which it understands the fields of the sentences.

    It reads each sentence as a Cucumber expression, in which every field, as the code has it, is a parameter type.
    """
    fields = {one.written: _pattern(one) for sentence in catalogue.sentences for one in sentence.fields}
    types: list[Any] = [{"name": name, "regexp": pattern} for name, pattern in sorted(fields.items())]
    settings = {f"cucumber.{name}": list(paths) for name, paths in globs.items()}
    return json.dumps({**settings, "cucumber.parameterTypes": types}, ensure_ascii=False, indent=2) + "\n"


def _pattern(one: Field) -> str:
    return one.pattern or _PATTERNS.get(one.kind, ".+")


def _title(system: str) -> str:
    return "All systems" if system == SHARED else name_of_system(system)


def _keyword(sentence: Sentence) -> str:
    return "Given, When or Then" if sentence.kind == "step" else sentence.kind.capitalize()


def _without_types(sentence: Sentence) -> str:
    return re.sub(r"\{(\w*):[^{}]*\}", r"{\1}", sentence.pattern) if sentence.fields else sentence.pattern


def _escaped(text: str) -> str:
    """Return a text in which Markdown finds no marks, and HTML no tags."""
    marked = re.sub(r"([\\`*_{}\[\]()#+!|~^=:$-])", r"\\\1", text)
    return marked.replace("&", "&amp;").replace("<", "&lt;")
