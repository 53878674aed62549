"""`python -m trust.mutants`: break the system one change at a time, and see which scenario notices each change.

The exit status is 0 if every mutant was caught or is answered in docs/equivalent-mutants.md, 1 if one survived or that
list is out of date, and 2 if nothing could be told: no such mutants, an end by Ctrl-C, or an unbroken system that did
not stay green.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from trust.mutants import answers, report
from trust.mutants.campaign import VERDICTS, Campaign
from trust.mutants.mutant import Mutant
from trust.mutants.scenarios import Experience, Scenario, read_scenarios
from trust.mutants.source import all_mutants
from trust.mutants.trial import CAUGHT, EQUIVALENT, PATIENCE, SURVIVED, TOO_LONG, Trials

NOTHING_TOLD = 2
SEED = 1
CONTROL_EVERY = 50
NOTHING: Mapping[str, Any] = {"mutants": [], "controls": []}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign and return the exit status."""
    options = _options(arguments)
    last = report.read()
    everything = all_mutants()
    chosen = choose(everything, options, last)
    if options.list:
        print("\n".join(sorted(mutant.name for mutant in chosen)))
        return 0
    if not chosen:
        print("There are no such mutants.", file=sys.stderr)
        return NOTHING_TOLD
    scenarios = read_scenarios()
    known = answers.read_answers()
    print(f"{len(chosen)} of {len(everything)} mutants, {len(scenarios)} scenarios, seed {options.seed}", flush=True)
    campaign = Campaign(
        chosen,
        scenarios,
        known,
        Trials(options.patience),
        options.jobs,
        options.controls,
        tell=lambda line: print(line, flush=True),
        first=options.first,
        experience=experience(everything, scenarios, last),
    )
    ended = False
    for asked in (signal.SIGINT, signal.SIGTERM):  # a shell lets what it puts into the background ignore Ctrl-C
        signal.signal(asked, signal.default_int_handler)
    try:
        campaign.run()
    except KeyboardInterrupt:
        ended = True
    told = summary(campaign, everything, options, known, last if options.again or options.resume else None)
    page = report.write(told)
    print(f"\n{report.headline(told)}\n{_figures(told['figures'])}  ({campaign.seconds / 60:.0f} min)")
    for line in told["stale"]:
        print(f"OUT OF DATE: {line}")
    print(f"Report: {page}")
    return status(told, ended)


def choose(everything: Sequence[Mutant], options: argparse.Namespace, last: Mapping[str, Any] | None) -> list[Mutant]:
    """Choose what to try. The order is shuffled by the seed, so that the first few say something of all."""
    chosen = [mutant for mutant in everything if re.search(options.only, mutant.name)]
    if options.resume:
        tried = {one["name"] for one in (last or NOTHING)["mutants"]}
        chosen = [mutant for mutant in chosen if mutant.name not in tried]
    if options.again:
        left = {one["name"] for one in (last or NOTHING)["mutants"] if one["verdict"] in (SURVIVED, TOO_LONG)}
        chosen = [mutant for mutant in chosen if mutant.name in left]
    if options.unanswered:
        known = answers.read_answers()
        chosen = [mutant for mutant in chosen if mutant.name not in known]
    random.Random(options.seed).shuffle(chosen)  # noqa: S311 - no secret
    return chosen[: options.sample or None]


def experience(
    everything: Sequence[Mutant], scenarios: Sequence[Scenario], last: Mapping[str, Any] | None
) -> Experience:
    """What the last report says about who catches what."""
    learned = Experience()
    by_name = {mutant.name: mutant for mutant in everything}
    keys = {scenario.key for scenario in scenarios}
    for one in (last or NOTHING)["mutants"]:
        if one["name"] in by_name and one["scenario"] in keys and one["verdict"] == CAUGHT:
            learned.learn(by_name[one["name"]], one["scenario"])
    return learned


def summary(
    campaign: Campaign,
    everything: Sequence[Mutant],
    options: argparse.Namespace,
    known: Mapping[str, str],
    last: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The report; `last` is one to put the new results into."""
    names = {mutant.name for mutant in everything}
    rows = {one["name"]: one for one in (last or NOTHING)["mutants"] if one["name"] in names}
    rows |= {tried.name: tried.as_json() for tried in campaign.tried}
    for row in rows.values():
        _answer(row, known)
    controls = [*(last or NOTHING)["controls"], *(control.as_json() for control in campaign.controls)]
    caught = [name for name, row in rows.items() if row["verdict"] == CAUGHT]
    counted = {verdict: sum(row["verdict"] == verdict for row in rows.values()) for verdict in VERDICTS}
    broken = sum(row["verdict"] == CAUGHT and row["broken"] for row in rows.values())
    return {
        "schema": 1,
        "trusted": bool(controls) and all(control["verdict"] == SURVIVED for control in controls),
        "complete": set(rows) == names and all(met_all(row, len(campaign.scenarios)) for row in rows.values()),
        "figures": {"made": len(names), "tried": len(rows), **counted, "caught as broken": broken},
        "about": {
            "ended": time.strftime("%Y-%m-%d %H:%M"), "minutes": round(campaign.seconds / 60, 1), "seed": options.seed,
            "jobs": options.jobs, "patience": options.patience,
        },
        "stale": answers.stale(known, names, caught),
        "controls": controls,
        "mutants": list(rows.values()),
    }  # fmt: skip


def met_all(row: Mapping[str, Any], scenarios: int) -> bool:
    """Whether a mutant that nobody has noticed has met every scenario (and not only the `--first` few)."""
    return row["verdict"] not in (SURVIVED, EQUIVALENT) or row["ran"] == scenarios


def status(told: Mapping[str, Any], ended: bool) -> int:
    """The exit status that a report deserves."""
    if ended or not told["trusted"]:
        return NOTHING_TOLD
    return int(bool(told["figures"][SURVIVED] or told["figures"][TOO_LONG] or told["stale"]))


def _answer(row: dict[str, Any], known: Mapping[str, str]) -> None:
    """Put the reason to a survivor that is listed as equivalent, and take it from one that no longer is."""
    row.pop("reason", None)
    if row["verdict"] in (SURVIVED, EQUIVALENT):
        row["verdict"] = EQUIVALENT if row["name"] in known else SURVIVED
        if row["name"] in known:
            row["reason"] = known[row["name"]]


def _figures(figures: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in figures.items())


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m trust.mutants", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--only", default="", metavar="REGEX", help="only mutants with this in their name")
    add("--sample", type=int, default=0, metavar="N", help="only so many, drawn by the seed")
    add("--seed", type=int, default=SEED, metavar="S", help=f"draws and shuffles (default {SEED})")
    add("--again", action="store_true", help="only those that survived in the last report, and put them into it")
    add("--resume", action="store_true", help="only those that the last report does not tell of, and put them into it")
    add("--unanswered", action="store_true", help="leave out what docs/equivalent-mutants.md lists")
    add("--first", type=int, default=0, metavar="N", help="a quick look: only the N likeliest scenarios of each")
    add("--list", action="store_true", help="list the names and try nothing")
    jobs = max(2, (os.cpu_count() or 2) * 3 // 2)
    add("--jobs", type=int, default=jobs, metavar="J", help=f"so many at a time (default {jobs} here)")
    add("--patience", type=float, default=PATIENCE, metavar="SECONDS", help=f"patience of a run (default {PATIENCE})")
    add("--controls", type=int, default=CONTROL_EVERY, metavar="N", help="the unbroken system after every N mutants")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
