"""Looks for false alarms: `python -m trust.soak 100` runs all features again and again, under bad conditions.

Nothing is wrong with the café, so whatever is not green is a false alarm. Each run has another order of scenarios,
every function takes a random time longer, and programs beside it keep the processors busy.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from math import comb
from pathlib import Path

from trust.system_copy import CAFE, ROOT, TEMPLATE, copy_of

KEPT = ROOT / "reports" / "soak"
CONFIDENCE = 0.95
LONGEST_SECONDS = 1800
# Far less than any promise of time leaves room for.
LONGEST_DELAY = 0.1
_DELAYED = """

import random as _random, time as _time

_prompt = handler


def handler(event, context):
    _time.sleep(_random.uniform(0, {seconds}))
    return _prompt(event, context)
"""


@dataclass(frozen=True)
class Round:
    """One run of the features. `alarms` are the scenarios that were not green, as the console tells of them."""

    seed: int
    scenarios: int
    seconds: float
    alarms: Sequence[str] = field(default_factory=list)


def main() -> None:
    """Read the command line, run, and say what came of it. Exit status 1 if there was a false alarm."""
    parser = argparse.ArgumentParser(
        prog="python -m trust.soak",
        description=__doc__.split("\n", 1)[0],
        epilog="What stands after -- is handed on to behave: -- --tags=@smoke",
    )
    parser.add_argument("runs", type=int, nargs="?", default=100, help="how often to run everything (default: 100)")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1), help="workers of each run")
    parser.add_argument("--busy", type=int, default=os.cpu_count() or 1, help="programs that keep the processors busy")
    seed = random.randrange(1_000_000)  # noqa: S311 - no secret
    parser.add_argument("--seed", type=int, default=seed, help="seed of the first run's order")
    own, for_behave = parted(sys.argv[1:])
    asked = parser.parse_args(own)
    if asked.runs < 1 or asked.jobs < 1 or asked.busy < 0:
        parser.error("there is nothing to run: the numbers must be positive")
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    print(
        f"{asked.runs} runs with {asked.jobs} workers, {asked.busy} busy programs, seeds from {asked.seed}", flush=True
    )
    rounds: list[Round] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory() as folder, busy(asked.busy):
            template = slowed_down(Path(folder))
            for number in range(asked.runs):
                arguments = [*("-j", str(asked.jobs)), "-D", f"serverlesspresso_template={template}", *for_behave]
                rounds.append(run(asked.seed + number, arguments, Path(folder)))
                _tell(rounds[-1], number + 1, asked.runs)
    except KeyboardInterrupt:
        print("Interrupted; what follows is about the runs that have ended.")
    print(summary(rounds))
    (KEPT / "rounds.json").write_text(json.dumps([asdict(one) for one in rounds], indent=2) + "\n")
    sys.exit(not rounds or any(one.alarms for one in rounds))


def parted(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Part the arguments at `--`: ours, and behave's."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:end], arguments[end + 1 :]


def slowed_down(folder: Path) -> Path:
    """Copy the café, let each function take up to LONGEST_DELAY seconds longer, and return the copy's template."""
    system = copy_of(CAFE, folder)
    for code in system.glob("functions/*/app.py"):
        code.write_text(code.read_text(encoding="utf-8") + _DELAYED.format(seconds=LONGEST_DELAY), encoding="utf-8")
    return system / TEMPLATE


@contextmanager
def busy(programs: int) -> Iterator[None]:
    """Keep so many processors busy meanwhile."""
    started = [multiprocessing.get_context("spawn").Process(target=_work, daemon=True) for _ in range(programs)]
    try:
        for program in started:
            program.start()
        yield
    finally:
        for program in started:
            program.kill()


def _work() -> None:
    while True:
        pass


def run(seed: int, arguments: Sequence[str], folder: Path) -> Round:
    """Run the features once in the order of a seed. The console of a run that is not green is kept."""
    began = time.monotonic()
    command = [sys.executable, "-m", "behave", "-D", f"results={folder / 'results'}", "-D", "report=no"]
    process = subprocess.Popen(
        [*command, "-D", f"shuffle={seed}", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        output, _ = process.communicate(timeout=LONGEST_SECONDS)
    except BaseException:  # an interruption, or it hangs
        process.terminate()
        process.communicate()
        raise
    told = re.findall(r"^(?:\[.*?\]|   +) *(failed|broken) +(.*)$", output, re.MULTILINE)
    alarms = [" ".join(words) for words in told]
    if process.returncode and not alarms:
        alarms = [output.strip().splitlines()[-1]]
    if alarms:
        (KEPT / f"seed-{seed}.log").write_text(output, encoding="utf-8")
    ended = re.findall(r"^\[ *\d+/\d+\] (?:passed|failed|broken) ", output, re.MULTILINE)
    return Round(seed, len(ended), round(time.monotonic() - began, 1), alarms)


def summary(rounds: Sequence[Round]) -> str:
    """Say how many runs, scenarios and false alarms there were, and what follows from that."""
    scenarios, alarms = sum(one.scenarios for one in rounds), sum(len(one.alarms) for one in rounds)
    alarmed = sum(bool(one.alarms) for one in rounds)
    bound = 100 * upper_bound(alarmed, len(rounds))
    return (
        f"{len(rounds)} runs, {scenarios} scenarios, {alarms} false alarms in {alarmed} runs. "
        f"With {CONFIDENCE:.0%} confidence at most {bound:.1f} % of such runs have one."
    )


def upper_bound(alarmed: int, runs: int) -> float:
    """Return the largest share of runs with a false alarm that is still likely to show no more than these.

    The exact binomial (Clopper-Pearson) bound; without an alarm it is nearly 3 / runs, the rule of three.
    """
    if alarmed >= runs:
        return 1.0
    low, high = 0.0, 1.0
    while high - low > 1e-6:
        share = (low + high) / 2
        if _at_most(alarmed, runs, share) > 1 - CONFIDENCE:
            low = share
        else:
            high = share
    return high


def _at_most(alarmed: int, runs: int, share: float) -> float:
    """How likely so few of the runs have an alarm if that share has one."""
    return sum(comb(runs, k) * share**k * (1 - share) ** (runs - k) for k in range(alarmed + 1))


def _tell(one: Round, number: int, of: int) -> None:
    verdict = f"{len(one.alarms)} false alarms" if one.alarms else "all green"
    print(f"[{number:>{len(str(of))}}/{of}] seed {one.seed}: {one.scenarios} scenarios, {verdict}  ({one.seconds} s)")
    for alarm in one.alarms:
        print(f"    {alarm}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
