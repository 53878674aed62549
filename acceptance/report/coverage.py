"""The page “What was exercised”: which parts of the deployed system took part in the run, and why others did not.

It belongs to the whole run; in the report it stands under Global Attachments. Why a part is not touched is written
by people into a file that maps the part's name, as the page prints it, to a sentence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import allure
import yaml

from acceptance.aws.coverage import Exercised, Item, Kind
from acceptance.masking import masked
from acceptance.report.run import Run
from acceptance.report.verdicts import SKIPPED, describe

TITLE = "What was exercised"
NO_REASON = "no reason given"
_KINDS: Mapping[Kind, tuple[str, str]] = {
    "state": ("States", "the steps of the workflows"),
    "branch": ("Branches", "the ways from one step to the next"),
    "event": ("Event types", "the kinds of messages"),
    "rule": ("Rules", "who is called when a message comes"),
}
# Allure lays the page in a frame without scripts, and paints it dark by colours of its own: ours must suit both.
_STYLE = """
body { margin: 0; padding: 4px 12px 24px; background: #fff; color: #1f1f22; }
body { font: 14px/1.45 system-ui, sans-serif; }
h1 { font-size: 24px; margin: 8px 0; } h2 { font-size: 18px; margin: 28px 0 4px; }
p, ul { margin: 6px 0; } small { opacity: .8; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 16px; }
th, td { padding: 4px 8px; text-align: left; vertical-align: top; }
th, td { border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; width: 1%; }
.untouched { background: #e0800033; }
"""


def tell(look_back: Callable[[], Exercised], reasons: Sequence[Path], run: Run) -> Exercised | None:
    """Attach the page and its figures to the whole run, and return what was exercised.

    A run that reports nothing or has run nothing has no page. Whatever goes wrong with the page says nothing of the
    system: then the page tells of that, and None is returned.
    """
    scenarios = sum(1 for outcome in run.outcomes.values() if outcome.ran and outcome.verdict.word != SKIPPED)
    if run.results is None or not scenarios:
        return None
    try:
        told = Told(look_back(), *_read_all(reasons), scenarios, len(run.outcomes) - scenarios)
        html, figures = page(told), json.dumps(data(told), indent=2, ensure_ascii=False)
    except Exception as error:  # noqa: BLE001 - see above
        _attach(_document(TITLE, f"<p>It cannot be told. {escape(masked(describe(error)))}</p>"))
        return None
    _attach(html)
    allure.global_attach(figures, name=f"{TITLE} (figures)", attachment_type=allure.attachment_type.JSON)
    return told.exercised


@dataclass(frozen=True)
class Told:
    """What the page is made of. `trouble`: why the file of reasons could not be read, "" if it could.

    `left_out`: how many of the scenarios that were to run did not.
    """

    exercised: Exercised
    reasons: Mapping[str, str]
    trouble: str
    scenarios: int
    left_out: int

    def reason(self, item: Item) -> str:
        """Why an item is untouched."""
        return self.reasons.get(item.name, NO_REASON)

    @property
    def stale(self) -> Mapping[str, str]:
        """The reasons that are out of date, each with why. While something could not be read, nothing is missed."""
        counts = {item.name: item.count for item in self.exercised.items}
        touched = {name: "it was touched" for name in self.reasons if counts.get(name)}
        missing = {name: "there is no such part" for name in self.reasons if name not in counts}
        return touched if self.gaps else touched | missing

    @property
    def gaps(self) -> Sequence[str]:
        """What could not be read."""
        return [masked(gap) for gap in (*self.exercised.gaps, self.trouble) if gap]


def data(told: Told) -> dict[str, Any]:
    """Return what the page tells, for machines."""
    exercised = told.exercised
    return {
        "percent": exercised.percent,
        "touched": len(exercised.touched),
        "all": len(exercised.items),
        "scenarios": told.scenarios,
        "scenarios left out": told.left_out,
        "executions": dict(exercised.executions),
        "items": [
            {"kind": item.kind, "name": item.name, "count": item.count}
            | ({} if item.count else {"reason": told.reason(item)})
            for item in exercised.items
        ],
        "seen, but not defined": list(exercised.undefined),
        "not looked into": list(exercised.blind),
        "could not be read": list(told.gaps),
        "reasons out of date": dict(told.stale),
    }


def page(told: Told) -> str:
    """Return the page as HTML."""
    exercised = told.exercised
    percent = exercised.percent_shown
    heading = f"{TITLE}: " + ("nothing is known" if percent is None else f"{percent:g} %")
    left_out = f"{told.left_out} scenarios were left out. " if told.left_out else ""
    parts = [
        f"<p>{len(exercised.touched)} of the {len(exercised.items)} parts of the deployed system took part in this "
        f"run of {told.scenarios} scenarios. {left_out}Fewer scenarios touch less.</p>",
        _summary(exercised),
        *_notes(told),
        *(_group(told, group) for group in dict.fromkeys(item.group for item in exercised.items)),
        "<p><small>Read from the definitions and rules as they are deployed, and from the histories and messages of "
        "this run's own orders. A system that is deployed several times for a run counts once. Rules of a choice "
        "that lead to the same state are one branch.</small></p>",
    ]
    return _document(heading, "\n".join(parts))


def _summary(exercised: Exercised) -> str:
    rows = []
    for kind, (name, meaning) in _KINDS.items():
        there = [item for item in exercised.items if item.kind == kind]
        rows.append(_Row(f"{name}: {meaning}", [sum(1 for item in there if item.count), len(there)]))
    return _table(["", "touched", "of"], rows)


def _notes(told: Told) -> Iterable[str]:
    exercised = told.exercised
    yield _list("Could not be read", "and is therefore not counted", told.gaps)
    if exercised.untouched:
        rows = [_Row(item.name, [], told.reason(item), untouched=True) for item in exercised.untouched]
        yield "<h2>Not touched, and why</h2>" + _table([""], rows)
    stale = [f"{name}: {why}" for name, why in told.stale.items()]
    yield _list("Reasons that are out of date", "and should be taken out of the file of reasons", stale)
    unnamed = "so no scenario has to touch it; a message like that is sent by a function's own code"
    yield _list("Seen, but in no definition", unnamed, exercised.undefined)
    yield _list("Not looked into", "and is therefore not counted", exercised.blind)


def _group(told: Told, group: str) -> str:
    executions = told.exercised.executions.get(group)
    parts = [f"<h2>{escape(group)}</h2>"]
    if executions is not None:
        parts.append(f"<p>{executions} executions in this run</p>")
    counted = "messages" if executions is None else "executions"
    for kind, (name, _) in _KINDS.items():
        items = [item for item in told.exercised.items if (item.group, item.kind) == (group, kind)]
        if items:
            rows = [_row(told, item) for item in sorted(items, key=lambda item: item.count > 0)]
            parts.append(_table([name, counted], rows))
    return "\n".join(parts)


@dataclass(frozen=True)
class _Row:
    """A row of a table: what it is about, its numbers, and what is said of it in small letters."""

    label: str
    numbers: Sequence[int]
    remark: str = ""
    untouched: bool = False


def _row(told: Told, item: Item) -> _Row:
    return _Row(item.label, [item.count]) if item.count else _Row(item.label, [0], told.reason(item), untouched=True)


def _table(headings: Sequence[str], rows: Sequence[_Row]) -> str:
    first, *others = (escape(heading) for heading in headings)
    head = f"<th>{first}</th>" + "".join(f'<th class="number">{heading}</th>' for heading in others)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_table_row, rows))}</tbody></table>"


def _table_row(row: _Row) -> str:
    mark = ' class="untouched"' if row.untouched else ""
    remark = f"<br><small>{escape(row.remark)}</small>" if row.remark else ""
    numbers = "".join(f'<td class="number">{number}</td>' for number in row.numbers)
    return f"<tr{mark}><td>{escape(row.label)}{remark}</td>{numbers}</tr>"


def _list(heading: str, meaning: str, entries: Sequence[str]) -> str:
    if not entries:
        return ""
    rows = "".join(f"<li>{escape(entry)}</li>" for entry in entries)
    return f"<h2>{escape(heading)}</h2><p><small>{escape(meaning)}</small></p><ul>{rows}</ul>"


def _document(heading: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(TITLE)}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{escape(heading)}</h1>\n{body}\n</body></html>\n"
    )


def _attach(html: str) -> None:
    allure.global_attach(html, name=TITLE, attachment_type=allure.attachment_type.HTML)


def _read_all(files: Sequence[Path]) -> tuple[Mapping[str, str], str]:
    """Read the reasons of every system that gives some."""
    read = [_read(file) for file in files if file.exists()]
    return {name: why for reasons, _ in read for name, why in reasons.items()}, " ".join(why for _, why in read if why)


def _read(reasons: Path) -> tuple[Mapping[str, str], str]:
    """Read the file of reasons. One that is not as it should be is no cause to lose the page."""
    try:
        found = yaml.safe_load(reasons.read_text(encoding="utf-8")) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        return {}, f"The reasons in {reasons.name} could not be read: {describe(error)}"
    if not isinstance(found, dict) or not all(isinstance(text, str) for entry in found.items() for text in entry):
        return {}, f"The reasons in {reasons.name} could not be read: each part's name must lead to a sentence."
    return found, ""
