"""`python -m acceptance.report merge A B …`: make one report of the shards of a run.

A, B … are the folders of the shards' results. All shards are to be handed over. Exit status: that of one run of
everything, 0 or 1; 2 where these are no shards of one run, or there is nowhere to write.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from acceptance.plurals import counted
from acceptance.report.at_the_end import told_answer
from acceptance.report.render import OUTPUT, REPORTS, RESULTS, RenderError, render
from acceptance.report.shards.durations import FILE, durations_file, record
from acceptance.report.shards.merge import Merged, merge
from acceptance.report.shards.reading import read_shards
from acceptance.report.verdicts import BROKEN, DEVIATING, FAILED, PASSED, SKIPPED
from acceptance.root import ROOT
from acceptance.trouble import Trouble

NOT_MERGED = 2
_SHOWN = {BROKEN: "could not be checked", DEVIATING: "deviating"}


def merge_command(arguments: Sequence[str]) -> int:
    """Merge, render, print the result, and return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.report merge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shards", nargs="+", type=Path, metavar="SHARD", help="folder of a shard's results")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the merged results")
    parser.add_argument("--no-report", action="store_true", help="merge the results without rendering a report")
    chosen = parser.parse_args(arguments)
    try:
        merged = merge(read_shards(chosen.shards), chosen.results)
    except (Trouble, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_MERGED
    sys.stdout.write(_told(merged))
    if not chosen.no_report:
        _render(chosen.results)
    return int(merged.red)


def _render(results: Path) -> None:
    """Render; a report that cannot be rendered changes no verdict."""
    try:
        page = render(results, results.parent / OUTPUT.name)
    except (RenderError, OSError) as error:
        sys.stderr.write(f"There is no report: {error}\nThe results are kept in {results}.\n")
    else:
        sys.stdout.write(f"\n{told_answer(results.parent)}\nReport: {page}\n")


def _told(merged: Merged) -> str:
    lines = []
    for cause in merged.causes:
        lines += [cause.sentence, *(f"  {red.word:<8} {red.title}" for red in cause.reds), ""]
    lines += [f"{path} could not be written: {error}" for path, error in merged.unwritten]
    counts = Counter(one.word for one in merged.everyone.values())
    words = [f"{counts[word]} {_SHOWN.get(word, word)}" for word in (PASSED, FAILED, BROKEN, DEVIATING, SKIPPED)]
    told = ", ".join(words[n] for n, word in enumerate((PASSED, FAILED, BROKEN, DEVIATING, SKIPPED)) if counts[word])
    return "\n".join([*lines, f"{counted(len(merged.everyone), 'scenario')}: {told or 'nothing was selected'}", ""])


def durations_command(arguments: Sequence[str]) -> int:
    """Record the durations, and print how many; return 2 and print a sentence if there are none."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.report durations",
        description="Record the durations of scenarios from the history of earlier runs, to balance shards.",
    )
    parser.add_argument("--history", type=Path, default=REPORTS / "history.jsonl", help="history file of a report")
    parser.add_argument("--output", type=Path, default=durations_file(ROOT), help=f"file to write: {FILE}")
    chosen = parser.parse_args(arguments)
    try:
        count = record(chosen.history, chosen.output)
    except (Trouble, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return NOT_MERGED
    sys.stdout.write(f"{chosen.output}: the durations of {count} scenarios\n")
    return 0
