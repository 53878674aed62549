"""`python -m trust`: break the systems on purpose, look for false alarms, and report which faults were caught.

A case is repeated only if its files have changed since its last result, so an interrupted campaign continues where it
stopped. The report is reports/trust/index.html, and trust.json beside it.

Exit status: 0 every planted fault was caught and nothing else was red, 1 a case needs attention, 2 the campaign was
interrupted or there are no such cases.
"""

import argparse
import os
import random
import re
import shlex
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from trust import catchers, durations, report
from trust.campaign import Campaign, interruptible, out_of_date
from trust.cases import MUTANTS, Case, CasesNotRead, all_cases, digest, sample
from trust.mutants.answers import read_answers
from trust.mutants.scenarios import read_scenarios
from trust.mutants.source import ANSWERED, CODE, all_mutants
from trust.results import EQUIVALENT, GONE_THROUGH, Result, Results
from trust.system_copy import ROOT

RESULTS, LOG = "results.jsonl", "pytest.log"
NOTHING_TOLD = 2
JOBS = max(2, (os.cpu_count() or 2) * 3 // 2)  # a case spends most of its time waiting for its cloud


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a campaign and return the exit status."""
    options = _options(arguments)
    interruptible()
    try:
        # A change must not be held up by mutants that were never examined before.
        everything = all_cases(ANSWERED if options.sample else CODE)
    except CasesNotRead as error:
        print(error, file=sys.stderr)
        return NOTHING_TOLD
    chosen = choose(everything, options)
    if options.list:
        print("\n".join(case.id for case in chosen))
        return 0
    if not chosen:
        print("There are no such cases.", file=sys.stderr)
        return NOTHING_TOLD
    return _run(chosen, options)


def choose(everything: Sequence[Case], options: argparse.Namespace) -> list[Case]:
    """Return the requested cases."""
    chosen = [case for case in everything if not options.only or any(_is_meant(case, name) for name in options.only)]
    if (
        options.sample or options.mutants is not None
    ):  # an equivalent mutant would run against every scenario and show nothing
        chosen = [case for case in chosen if case.id.removeprefix(MUTANTS) not in read_answers()]
    if options.sample:
        # Another mutant could meet every scenario, which takes longer than any sample.
        systems = {case.system for case in chosen if case.is_mutant}
        here = {scenario.key for system in systems for scenario in read_scenarios(system)}
        known = {name for name, scenario in catchers.read().items() if scenario in here}
        chosen = [case for case in chosen if not case.is_mutant or case.id.removeprefix(MUTANTS) in known]
        took = durations.expected(everything)
        chosen = sample(chosen, options.sample, options.seed, options.jobs, took)
    if options.mutants is not None:
        by_system: dict[str, list[Case]] = defaultdict(list)
        for case in chosen:
            by_system[case.system if case.is_mutant else ""].append(case)
        chosen = by_system.pop("", [])
        for mutants in by_system.values():
            chosen += random.Random(options.seed).sample(mutants, min(options.mutants, len(mutants)))  # noqa: S311
    return chosen


def _is_meant(case: Case, name: str) -> bool:
    return name in (case.campaign, case.system) or re.search(name, case.id) is not None


def _run(chosen: Sequence[Case], options: argparse.Namespace) -> int:
    folder: Path = options.reports or ROOT / "reports" / ("trust-sample" if options.sample else "trust")
    results = Results(folder / RESULTS)
    if options.fresh or options.sample:
        results.forget()
    digests = {case.id: digest(case.campaign, case.system) for case in chosen}
    known = results.valid(digests)
    if options.again:
        known = {name: one for name, one in known.items() if not answered(one).bad}
    left = [case for case in chosen if case.id not in known]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LOG).write_bytes(b"")
    repeat = f"python -m trust {shlex.join(_repeating(options))}"
    print(f"{len(left)} cases of {len(chosen)}, the others have a result. Seed {options.seed}: {repeat}", flush=True)
    began = time.monotonic()
    fresh: list[Result] = []

    def done(result: Result) -> None:
        written = results.add(result)
        fresh.append(written)
        one = answered(written)
        why = f"\n    {_first_lines(one.words)}" if one.bad else ""
        by = f"  by {one.by.split(': ', 2)[-1]}" if one.by else ""
        print(f"[{len(fresh):>4}/{len(left)}] {one.verdict:12}  {one.case}{by}  ({one.seconds} s){why}", flush=True)

    def say(line: str) -> None:
        print(f"--- {line}", flush=True)

    campaign = Campaign(left, options.jobs, options.seed, folder / LOG, done, say, list(results.all()))
    if options.sample:
        campaign.control_every = 0
    interrupted = False
    try:
        campaign.run()
    except KeyboardInterrupt:
        interrupted = True
        print("Interrupted. What has ended is kept: the same command goes on from here.", flush=True)
    return _tell(chosen, results, folder, options, repeat, time.monotonic() - began, interrupted)


def _tell(
    chosen: Sequence[Case],
    results: Results,
    folder: Path,
    options: argparse.Namespace,
    repeat: str,
    seconds: float,
    interrupted: bool,
) -> int:
    """Write the report, print its summary, and return the exit status."""
    digests = {case.id: digest(case.campaign, case.system) for case in chosen}
    mutants = {digests[case.id] for case in chosen if case.is_mutant}
    # The unbroken system is run now and then among its mutants, and is not a case of its own.
    digests |= {one.case: one.digest for one in results.all() if one.campaign == "mutants" and one.digest in mutants}
    told = [answered(one) for one in results.valid(digests).values()]
    told += out_of_date(told, options.seed)
    before = {one.case: bad for one in told if (bad := results.bad_before(one))}
    missing = len(chosen) - len({one.case for one in told} & {case.id for case in chosen})
    made = report.Report(told, missing, options.seed, seconds, repeat, interrupted, before)
    page = report.write(made, folder)
    if not (options.sample or options.only or options.mutants is not None or interrupted or missing):
        durations.refresh(told)
    if fresh := [one for one in told if one.campaign == "mutants" and not options.sample]:
        catchers.remember(fresh, {mutant.name for system in CODE for mutant in all_mutants(system)})
    print(f"\n{made.headline}")
    for name, row in made.figures().items():
        print(f"  {name:10} " + ", ".join(f"{value:g} {what}" for what, value in row.items() if value))
    print(f"Seed {options.seed}, repeated by: {repeat}")
    print(f"Report: {page.relative_to(ROOT) if page.is_relative_to(ROOT) else page}  ({seconds / 60:.1f} min)")
    return made.status


def answered(result: Result) -> Result:
    """Return the result, marked as equivalent if it is a surviving mutant that the list of equivalents contains."""
    reason = read_answers().get(result.case.removeprefix(MUTANTS)) if result.campaign == "mutants" else None
    if result.verdict != GONE_THROUGH or reason is None:
        return result
    return Result(**{**vars(result), "verdict": EQUIVALENT, "words": reason})


def _first_lines(words: str) -> str:
    return "\n    ".join(words.strip().splitlines()[:3])[:600]


def _repeating(options: argparse.Namespace) -> list[str]:
    """Return the arguments that repeat a run."""
    given = [part for name in options.only for part in ("--only", name)]
    given += ["--sample", f"{options.sample:g}"] if options.sample else ["--fresh"]
    given += ["--mutants", str(options.mutants)] if options.mutants is not None else []
    return [*given, "--jobs", str(options.jobs), "--seed", str(options.seed)]


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m trust", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="a campaign, a system, or words of a case; can be repeated",
    )
    add("--list", action="store_true", help="list the cases and try nothing")
    add(
        "--jobs", type=_positive(int), default=JOBS, metavar="N", help=f"number of parallel cases (default {JOBS} here)"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--resume", action="store_true", help="leave out cases with a result (the default)")
    how.add_argument("--fresh", action="store_true", help="discard all results, and try every case")
    how.add_argument("--again", action="store_true", help="also repeat bad cases; the report shows both results")
    add("--sample", type=_positive(float), metavar="SECONDS", help="try a few cases of each kind, in about that time")
    add("--mutants", type=int, metavar="N", help="try only N mutants of each system, drawn by the seed")
    add(
        "--seed",
        type=int,
        metavar="N",
        help="seed of the sample, the mutants and the kills (default: random, and printed)",
    )
    add("--reports", type=Path, metavar="FOLDER", help="folder for the results and the report (default: reports/trust)")
    options = parser.parse_args(arguments)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    return options


def _positive(kind: type[int] | type[float]) -> "type[int] | type[float]":
    def number(text: str) -> float:
        value = kind(text)
        if value <= 0:
            raise argparse.ArgumentTypeError("must be more than 0")
        return value

    number.__name__ = "number"
    return number  # type: ignore[return-value]


if __name__ == "__main__":
    sys.exit(main())
