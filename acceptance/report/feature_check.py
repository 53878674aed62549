"""The parts of a feature file that would silently not run: lines that behave takes for prose, lost rows and scenarios.

behave's own parser reads the file. Its descriptions are checked again, since behave takes every line that it does not
know for a description. The rules, in the languages of the file and in English:

- The description of a scenario or a background must not begin a line with a keyword or nearly one, with a table or a
  docstring. Nearly: letters left out, doubled, changed or swapped, another case, a space before the colon, no colon.
- The narrative of a feature or a rule may be any prose. A line in it is refused that is a keyword or nearly one
  before a colon; that begins with a keyword without one and does not end a sentence, as titles do not (a label such as
  “Feature owner: Mo” is prose, unless a step follows); that is a step of steps/; or that begins with a step's keyword
  and either does not end a sentence or stands beside another such line.
- A title that is commented out must not stand above steps that are not: they would run as part of what is above.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

from behave.parser import ParserError

from acceptance.behave_adapter import FeatureReader
from acceptance.report.keywords import Keywords, plain
from acceptance.report.nearest import visible

_MARKS = {
    codecs.BOM_UTF8: "UTF-8",
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_ENDS_SENTENCE = re.compile(r"[.!?…;:,][\"'”’)\]]*$")
_RULER = re.compile(r"^\|[\s|:-]+\|$")
# Two tags without a space between them, or parts of a list: @slow@late and @slow, @late
_JOINED_TAGS = re.compile(r"[\w.-]+(?:@[\w.-]+)+|.*[,;]")
_DOCSTRINGS = ('"""', "'''", "```")


@dataclass(frozen=True)
class Finding:
    """A place in a file that would silently not run, and what to do about it, in a sentence."""

    line: int
    sentence: str


@dataclass(frozen=True)
class _Described:
    """A line that behave takes for the description of a feature, a rule, a background or a scenario."""

    line: int
    text: str
    of: Any

    @property
    def is_narrative(self) -> bool:
        return self.of.type in ("feature", "rule")

    @cached_property
    def plain(self) -> str:
        """The text without invisible characters, and without the mark of a list."""
        return plain(self.text)


def faults_of(content: bytes, language: str | None, is_sentence: Callable[[str], bool]) -> Sequence[Finding]:
    """Report what in a feature file would silently not run. `is_sentence` says whether steps/ defines a step's text."""
    coding = _faulty_coding(content)
    if coding:
        return [coding]
    text = content.decode("utf-8")
    reader = FeatureReader(language, _Described)
    try:
        feature = reader.parse(text)
    except ParserError as error:
        # The losses reported above are usually why the parser fails.
        return list(_swallowed(reader, is_sentence)) or [_unparsed(error, text.splitlines(), reader)]
    except KeyError as unknown:
        return [Finding(1, f"Gherkin knows no language {unknown}: correct the line “# language: …”.")]
    found = [*_at_the_end(reader), *_cut(reader, text.splitlines())]
    found += _swallowed(reader, is_sentence)
    found += _untitled(reader)
    found += [*_joined_tags(feature), *_empty(feature)] if feature else []
    if not found and (feature is None or not _scenarios(feature)):
        found.append(Finding(1, "There is no scenario in this file: write one, or remove the file."))
    return sorted(found, key=lambda fault: fault.line)


def _faulty_coding(content: bytes) -> Finding | None:
    for mark, coding in _MARKS.items():
        if content.startswith(mark):
            return Finding(1, f"The file begins with a byte order mark ({coding}): save it as UTF-8 without one.")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Finding(line, f"The byte 0x{content[error.start]:02x} is not UTF-8: save the file as UTF-8.")
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        return Finding(line, "The file has zero bytes, as UTF-16 does: save it as UTF-8.")
    return None


def _unparsed(error: ParserError, lines: Sequence[str], reader: FeatureReader) -> Finding:
    """Summarize a message of behave's parser, which has several lines, in a sentence."""
    number = min(max(error.line or 1, 1), max(len(lines), 1))
    line = lines[number - 1].strip() if lines else ""
    _, _, reason = str(error.args[0]).partition("REASON: ")
    said = str(error.args[0]).strip().partition("\n")[0]
    reason = reason or ("" if said.startswith("Parser failure") else re.sub(r" at line \d+.*", "", said))
    keywords, told = Keywords(reader.language), f" ({reason.rstrip('.')})" if reason else ""
    block, near = keywords.block(plain(line)), keywords.near_step(plain(line))
    meant = block.meant if block else f"{near} {plain(line).partition(' ')[2]}" if near else line
    hint = f": did you mean “{meant}”?" if meant != line else "."
    return Finding(number, f"“{line}” cannot stand here{told}{hint}")


def _at_the_end(reader: FeatureReader) -> Iterator[Finding]:
    if reader.open_text:
        begins, ends = reader.open_text
        yield Finding(begins, f"This text never ends, and takes in the rest of the file: close it with {ends}.")
    if reader.tags:
        tags = " ".join(f"@{tag}" for tag in reader.tags)
        yield Finding(reader.tags[0].line, f"Nothing follows the tags {tags}: put them above a scenario.")


def _cut(reader: FeatureReader, lines: Sequence[str]) -> Iterator[Finding]:
    for number in reader.cut_rows:
        yield Finding(number, f"The row “{lines[number - 1].strip()}” would lose its last cell: end it with a “|”.")


# --- what is no prose ------------------------------------------------------------------------------


def _swallowed(reader: FeatureReader, is_sentence: Callable[[str], bool]) -> Iterator[Finding]:
    keywords = Keywords(reader.language)
    told: Any = None  # the description in which a step was reported: the rest of it is part of that report
    for number, line in enumerate(reader.described):
        why = _block_in(line, reader.described[number:], keywords)
        if not why and line.of is not told:
            why = _step_in(line, number, reader.described, keywords, is_sentence) or _table_in(line, reader.described)
            why = why or _tag_in(line)
        if why:
            told = line.of
            yield Finding(line.line, f"“{line.text}” would be taken for a description, and not run: {why}")


def _untitled(reader: FeatureReader) -> Iterator[Finding]:
    keywords = Keywords(reader.language)
    for number, comment in reader.comments_above_steps:
        title = keywords.block(plain(comment.lstrip("# ")))
        if title and title.has_colon and title.kind.startswith("scenario"):
            yield Finding(
                number, f"“{comment}” is a comment, but the steps below it would run: comment them out as well."
            )


def _block_in(line: _Described, rest: Sequence[_Described], keywords: Keywords) -> str:
    """Return the keyword with which a line of a description begins, "" if it is prose."""
    found = keywords.block(line.plain)
    if not found:
        return ""
    may_be_prose = line.is_narrative or not found.kind.startswith("scenario")
    if not found.has_colon and may_be_prose and (_is_prose(rest, keywords) or _is_label(rest, keywords)):
        return ""
    if found.meant == line.plain:
        return "a file holds one feature." if found.kind == "feature" else "it cannot stand here."
    return f"did you mean “{found.meant}”?"


def _step_in(
    line: _Described,
    number: int,
    described: Sequence[_Described],
    keywords: Keywords,
    is_sentence: Callable[[str], bool],
) -> str:
    """Return why a line of a description is a step, "" if it is none."""
    keyword = keywords.step(line.plain)
    if keyword:
        known = is_sentence(line.plain[len(keyword) :].lstrip(" :").rstrip("."))
        if not line.is_narrative:
            return "write it as a step in the language of the file."
        if known or _beside_others(number, described, keywords):
            return "put it below a scenario or a background."
        return "" if _is_prose(described[number:], keywords) else "put it below a scenario, or end its sentence."
    near, rest = keywords.near_step(line.plain), line.plain.partition(" ")[2]
    if near and (is_sentence(rest) or not (line.is_narrative or _is_prose(described[number:], keywords))):
        return f"did you mean “{near} {rest}”?"
    if not line.is_narrative and (is_sentence(line.plain) or is_sentence(rest)):
        return "begin it with Given, When or Then."
    return ""


def _table_in(line: _Described, described: Sequence[_Described]) -> str:
    drawn = line.is_narrative and any(_RULER.match(one.plain) for one in described if one.of is line.of)  # Markdown
    if line.plain.startswith("|") and not drawn:
        return "a table stands below a step or below Examples."
    if line.plain.startswith(_DOCSTRINGS) and not line.is_narrative:
        return "a text stands below a step."
    return ""


def _tag_in(line: _Described) -> str:
    """Return what keeps a line from being read as tags: an invisible character, or another “@”."""
    return "begin it with a plain “@”." if visible(line.text).startswith("@") else ""


def _beside_others(number: int, described: Sequence[_Described], keywords: Keywords) -> bool:
    """Return whether the line above or below begins with a step's keyword too."""
    here = described[number]
    return any(
        other.of is here.of and abs(other.line - here.line) == 1 and keywords.step(other.plain)
        for other in described[max(number - 1, 0) : number + 2]
    )


def _is_prose(lines: Sequence[_Described], keywords: Keywords) -> bool:
    """Return whether the paragraph that begins with a line ends a sentence, as a title or a step does not."""
    first, *later = lines
    follows = takewhile(
        lambda pair: (
            pair[1].of is first.of
            and pair[1].line == first.line + pair[0]
            and not keywords.step(pair[1].plain)
            and not keywords.block(pair[1].plain)
        ),
        enumerate(later, start=1),
    )
    return bool(_ENDS_SENTENCE.search([first, *(line for _, line in follows)][-1].plain))


def _is_label(lines: Sequence[_Described], keywords: Keywords) -> bool:
    """Return whether a line is a label and its value, “Feature owner: Mo”, and no step follows."""
    first, *later = lines
    return ":" in first.plain and not (later and later[0].of is first.of and keywords.step(later[0].plain))


# --- what holds nothing ----------------------------------------------------------------------------


def _joined_tags(feature: Any) -> Iterator[Finding]:
    written = _scenarios(feature)
    examples = [one for outline in written if outline.type == "scenario_outline" for one in outline.examples]
    for tag in [tag for one in [feature, *feature.iter_rules(), *written, *examples] for tag in one.tags]:
        if _JOINED_TAGS.fullmatch(tag):
            yield Finding(tag.line, f"“@{tag}” would be one tag of that name: write “@one @two”, with a space between.")


def _empty(feature: Any) -> Iterator[Finding]:
    for rule in feature.iter_rules():
        if not _scenarios(rule):
            yield Finding(rule.line, f"No scenario shows the rule “{rule.name}”: write one, or remove the rule.")
    for outline in _scenarios(feature):
        if outline.type != "scenario_outline":
            continue
        if not outline.examples:
            yield Finding(
                outline.line, f"The outline “{outline.name}” has no examples: add “Examples:” with a row each."
            )
        for examples in outline.examples:
            yield from _of_examples(examples)


def _of_examples(examples: Any) -> Iterator[Finding]:
    table = examples.table
    if table is None or not table.rows:
        yield Finding(examples.line, "These examples have no rows, so nothing would run for them: add a row each.")
        return
    twice = [one for one in dict.fromkeys(table.headings) if table.headings.count(one) > 1]
    if twice:
        yield Finding(table.line, f"Two columns are called “{twice[0]}”, and one would not count: rename one.")


def _scenarios(container: Any) -> Sequence[Any]:
    """Return the scenarios and outlines of a feature or a rule, including those of a feature's rules."""
    items = list(container.run_items)
    rules = [item for item in items if item.type == "rule"]
    return [item for item in items if item.type != "rule"] + [one for rule in rules for one in _scenarios(rule)]


def without_check(scenarios: Collection[Any]) -> Iterator[Finding]:
    """Report which scenarios check nothing: without steps, or without a Then of their own after their actions."""
    told = set()
    for scenario in scenarios:
        written = scenario.parent if getattr(scenario.parent, "type", "") == "scenario_outline" else scenario
        kinds = [step.step_type for step in scenario.steps]
        done = kinds[kinds.index("when") :] if "when" in kinds else kinds
        if "then" in done or written.line in told:
            continue
        told.add(written.line)
        of_its_own = "after its When" if "then" in kinds else "of its own"
        what = f"has no Then {of_its_own}" if kinds else "has no steps"
        title = f"{written.keyword}: {written.name}".rstrip(": ")
        yield Finding(written.line, f"“{title}” {what}, so it would check nothing: add what must be seen.")
