"""`python -m acceptance doctor`: check whether a run could check the deployment, without running a scenario."""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import shutil
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.permission_check import PermissionCheck
from acceptance.aws.permissions import now_about
from acceptance.examination import SECTIONS, Examination, Finding
from acceptance.plurals import counted
from acceptance.profile.promises import CORE, HOUSE_RULE, Promises, not_explained
from acceptance.registry import known
from acceptance.report.selected import Selected, selected
from acceptance.report.verdicts import describe
from acceptance.root import ROOT
from acceptance.settings import Settings, read_settings
from acceptance.system import FEATURES, System, find
from acceptance.target import Target
from acceptance.trouble import Trouble

READY, PROBLEMS, COULD_NOT_LOOK = range(3)
ABOUT = (
    "Check whether a deployment can be tested: which parts are found and by which name, which permissions you have, "
    "whether it is ready, and which promises a run would check. Runs no scenario, and changes nothing; if the target "
    "is embedded, deploys the systems into a temporary account."
)
EXIT = "Exit status: 0 ready, 1 problems found, 2 not examined (no credentials, an invalid setting)."
_KINDS = {tag: f"@{tag}" for tag in (CORE, HOUSE_RULE)}
_COLOURS = {"ok": "32", "note": "33", "problem": "31"}
_WIDEST, _NARROWEST = 120, 60
_WHOLE_WORDS: dict[str, Any] = {"break_on_hyphens": False, "break_long_words": False}


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose a deployment and the promises in question."""
    parser.add_argument(
        "paths", nargs="*", metavar="PATHS", help="features as for behave, or names of systems; default: all"
    )
    parser.add_argument(
        "--system", action="append", default=[], metavar="NAME", help="a system, instead of paths; can be repeated"
    )
    parser.add_argument("-D", dest="settings", action="append", default=[], metavar="NAME=VALUE", help="a setting")
    parser.add_argument("--tags", action="append", default=[], metavar="TAGS", help="only scenarios with these tags")


@dataclass(frozen=True)
class Question:
    """The request: settings, and behave's arguments that select the scenarios with them.

    `chosen`: whether the user has said which systems are meant.
    """

    settings: Settings
    arguments: Sequence[str]
    chosen: bool

    @classmethod
    def of(cls, given: argparse.Namespace) -> Question:
        """Read a command line. Raises Trouble for an invalid one."""
        pairs = [setting.partition("=") for setting in given.settings]
        settings = read_settings({name: value if equals else "true" for name, equals, value in pairs})
        if settings.notice:
            sys.stderr.write(f"{settings.notice}\n")
        settings.refuse_parts_elsewhere()
        systems = given.system or ([] if given.paths else list(settings.profiles))
        names = [path for path in given.paths if path in known() and not Path(path).exists()]
        for path in given.paths:
            _refuse_misspelt(path)
        paths = _narrowed([*names, *systems], [path for path in given.paths if path not in names])
        options = [
            *(part for setting in given.settings for part in ("-D", setting)),
            *(part for tags in given.tags for part in ("--tags", tags)),
        ]
        return cls(settings, [*paths, *options], bool(paths))

    def about(self, system: str) -> Sequence[str]:
        """Return behave's arguments for one of the systems."""
        return self.arguments if self.chosen else [_features_of(system), *self.arguments]


def doctor(given: argparse.Namespace) -> int:
    """Examine, print the result, and return the exit status."""
    try:
        examinations = examine(Question.of(given), progress())
    except (Trouble, ClientError, BotoCoreError) as error:
        sys.stderr.write(f"{describe(error)}\n")
        return COULD_NOT_LOOK
    problems = any(one.problems for one in examinations)
    if given.json:
        told = {"ready": not problems, "systems": [as_json(one) for one in examinations]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    else:
        show(examinations, sys.stdout)
    return PROBLEMS if problems else READY


def examine(question: Question, tell: Callable[[str], object] = lambda _: None) -> Sequence[Examination]:
    """Examine the systems of the scenarios in question.

    Unless they were chosen, systems of which no part is deployed are left out, if there are others. `tell` is called
    with each subject. Raises Trouble when nothing can be examined.
    """
    scenarios = selected(question.arguments)
    if not scenarios:
        raise Trouble("No scenario is selected, so nothing would be tested. Check the tags and the paths.")
    names = list(dict.fromkeys(scenario.system for scenario in scenarios))
    settings = question.settings
    Promises(settings.profiles.values()).check(
        names, lambda name: ((one.scenario, one.identity) for one in selected([_features_of(name)]))
    )
    with tempfile.TemporaryDirectory(prefix="examination-") as folder:
        target = Target(settings, Path(folder) / "embedded-account.log")
        try:
            tell("reaching the account")
            target.start()
            examinations = [
                examine_system(target, find(name)(target), [one for one in scenarios if one.system == name], tell)
                for name in names
            ]
        finally:
            tell("")
            target.stop()
    there = [one for one in examinations if one.found]
    return examinations if question.chosen or not there else there


def examine_system(
    target: Target, system: System, scenarios: Sequence[Selected], tell: Callable[[str], object] = lambda _: None
) -> Examination:
    """Examine one system on a target that has been started."""
    now_about(system.policy)
    findings = tuple(_findings(target, system, scenarios, tell))
    return Examination(system.name, findings, target.facts(), system.described())


def _findings(
    target: Target, system: System, scenarios: Sequence[Selected], tell: Callable[[str], object]
) -> Iterator[Finding]:
    settings = target.settings
    if not settings.on_aws:
        tell(f"{system.name}: deploying")
        system.deploy()
    tell(f"{system.name}: parts")
    found = []
    for finding in system.examine():
        found.append(finding)
        yield finding
        tell(f"{system.name}: {finding.subject}")
    if found and all(one.verdict == "problem" for one in found if one.section == "parts"):
        return  # about a missing system, nothing else is reported
    if settings.on_aws and system.policy:
        check = PermissionCheck(target.account, system.policy, system.names())
        yield from check.findings(
            system.falls_away, exclusive=settings.exclusive_allowed, tell=lambda what: tell(f"{system.name}: {what}")
        )
    else:
        yield Finding("permissions", "all", "ok", "The embedded account is the run's own.")
    if not any(one.stops for one in found if one.section == "parts"):
        yield from promises(system, scenarios)


def promises(system: System, scenarios: Sequence[Selected]) -> Iterator[Finding]:
    """Report how many promises of each kind a run would check, and which are left out, and why."""
    said = Promises(system.settings.profiles.values())
    why_not = {
        one.identity.key: said.why_not(one.scenario, one.identity) or system.why_not(one.tags) for one in scenarios
    }
    judged = [one for one in scenarios if not why_not[one.identity.key]]
    kinds = Counter(kind_of(one) for one in judged)
    parts = [f"{kinds[kind]} {kind}" for kind in (*_KINDS.values(), "of any owner") if kinds[kind]]
    what = f"{counted(len(judged), 'scenario')}: {', '.join(parts)}" if judged else "No scenario would be checked."
    yield Finding("promises", "judged", "ok" if judged else "problem", what, stops=not judged)
    for reason, count in Counter(why for why in why_not.values() if why).most_common():
        yield Finding("promises", "left out", "note", f"{counted(count, 'scenario')}: {reason}")
    yield from _deviations(said, judged)
    try:
        system.profile.refuse_unsigned()
    except Trouble as unsigned:
        yield Finding.of_trouble("promises", "profile", unsigned)


def _deviations(said: Promises, judged: Sequence[Selected]) -> Iterator[Finding]:
    """Report known deviations, and those that have expired."""
    named = [one for scenario in judged for one in said.deviations_of(scenario.scenario, scenario.identity)]
    expired = [one for one in named if one.expired(said.today)]
    if len(named) > len(expired):
        what = f"{counted(len(named) - len(expired), 'scenario')} may fail as the profile describes."
        yield Finding("promises", "deviations", "note", what)
    unexplained = not_explained(list(dict.fromkeys(one for one in named if one not in expired)))
    if unexplained:
        advice = "Give each a reason in the profile, or remove it."
        yield Finding("promises", "deviations", "note", f"{unexplained}.".replace("….", "…"), advice)
    for one in expired:
        what = f"“{one.scenario}” counts again: its deviation expired on {one.until}."
        advice = "Fix the system, or remove the deviation from the profile."
        yield Finding("promises", "deviations", "note", what, advice)


def kind_of(scenario: Selected) -> str:
    """Return who makes a scenario's promise."""
    return next((told for tag, told in _KINDS.items() if tag in scenario.tags), "of any owner")


def _narrowed(systems: Sequence[str], paths: Sequence[str]) -> Sequence[str]:
    """Return the features of systems and paths, each once. Paths within a system stand for it."""
    whole = [folder for folder in map(_features_of, systems) if not any(_holds(folder, path) for path in paths)]
    kept: list[str] = []
    for path in [*whole, *paths]:
        if not any(_holds(other, path) for other in kept):
            kept = [*(other for other in kept if not _holds(path, other)), path]
    return kept


def _holds(around: str, path: str) -> bool:
    """Return whether a path leads to another one, or into it, or to a line of it."""
    if around == path:
        return True
    return Path(re.sub(r":\d+$", "", path)).resolve().is_relative_to(Path(around).resolve())


def _refuse_misspelt(path: str) -> None:
    """Raise Trouble for a word that is neither a path nor a system's name, but nearly such a name."""
    may_be_a_name = re.fullmatch(r"[\w-]+", path) and path not in known() and not Path(path).exists()
    near = _nearest(path) if may_be_a_name else ""
    if near:
        raise Trouble(f"There is no {path}. Did you mean {near}?")


def _nearest(system: str) -> str:
    """Return the system that a misspelled name may mean, "" if none is similar."""
    return next(iter(difflib.get_close_matches(system.lower(), sorted(known()), n=1, cutoff=0.7)), "")


def _features_of(system: str) -> str:
    """Return the folder of a system's features, here or at home. Raises Trouble if there is no such system."""
    if system not in known():
        hint = f"Did you mean {near}?" if (near := _nearest(system)) else f"There are: {', '.join(sorted(known()))}."
        raise Trouble(f"No system is called “{system}”. {hint}")
    here = Path(FEATURES, system)
    return str(here if here.is_dir() else ROOT / here)


# --- shown -------------------------------------------------------------------------------------------------


def as_json(examination: Examination) -> dict[str, Any]:
    """Return an examination as `--json` shows it."""
    findings = [{**asdict(one), "sentence": one.what} for one in examination.findings]
    for one in findings:
        del one["what"]
    return {"system": examination.system, "where": dict(examination.where), "findings": findings}


def show(examinations: Sequence[Examination], stream: TextIO) -> None:
    """Write examinations for people."""
    coloured = stream.isatty() and "NO_COLOR" not in os.environ
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((100, 24)).columns if stream.isatty() else 100))
    for examination in examinations:
        where = ", ".join(f"{name.lower()} {value}" for name, value in examination.where.items() if name != "Run")
        column = max((len(one.subject) for one in examination.findings), default=0)
        stream.write(f"{examination.system}  ({where})\n")
        for section in SECTIONS:
            findings = [one for one in examination.findings if one.section == section]
            if findings:
                stream.write(f"\n  {section.capitalize()}\n")
            for finding in findings:
                stream.write(_lines(finding, column, width, coloured))
        stream.write("\n")
    stream.write(f"{verdict(examinations)}\n")


def verdict(examinations: Sequence[Examination]) -> str:
    """Summarize examinations in a line."""
    problems = [finding for one in examinations for finding in one.problems]
    if not problems:
        return "Ready."
    several = counted(len(problems), "problem")
    return f"Not ready: {several}." if any(one.stops for one in problems) else f"{several.capitalize()}."


def _lines(finding: Finding, column: int, width: int, coloured: bool) -> str:
    word = f"{finding.verdict:<8}"
    word = f"\x1b[{_COLOURS[finding.verdict]}m{word}\x1b[0m" if coloured else word
    indent = " " * (4 + 8 + 1 + column + 2)
    told = textwrap.wrap(finding.what, width - len(indent), **_WHOLE_WORDS) or [""]
    advice = textwrap.wrap(finding.advice, width - len(indent) - 2, **_WHOLE_WORDS)
    first, *rest = [*told, *(f"{'→' if number == 0 else ' '} {line}" for number, line in enumerate(advice))]
    return "".join([f"    {word} {finding.subject:<{column}}  {first}\n", *(f"{indent}{line}\n" for line in rest)])


def progress(stream: TextIO | None = None) -> Callable[[str], None]:
    """Return a function that shows the current subject on a terminal; elsewhere it prints nothing."""
    told = stream or sys.stderr

    def tell(what: str) -> None:
        if told.isatty():
            told.write(f"\r\x1b[2K{what[:_NARROWEST]}")
            told.flush()

    return tell
