"""Look for false alarms: `python -m trust.soak 100` runs all features again and again, under bad conditions.

The systems are intact, so any failure is a false alarm. Each run has a different order of scenarios, its seed chooses
the conditions, and every function of the café is delayed by a random time. The history of all runs is kept. The
argument is the number of runs that it should contain, so an interrupted search continues where it stopped.
"""

import argparse
import multiprocessing
import os
import platform
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from trust.soak.history import HISTORY, PAGE, Conditions, Round, add, page, read, summary
from trust.system_copy import CAFE, ROOT, TEMPLATE, copy_of

KEPT = ROOT / "reports" / "soak"
LONGEST_SECONDS = 3600
PROCESSORS = os.cpu_count() or 1
# Every second run has no weather, so only the machine's load varies.
WEATHERS = ("none", "calm", "none", "aws", "none", "rain", "none", "storm")
# Busy programs per processor: a quiet machine, a busy one, a starved one.
BUSY = (0, 1, 4)
# Far below the reserve of every service level.
LONGEST_DELAY = 0.1
_DELAYED = """

import random as _random, time as _time

_prompt = handler


def handler(event, context):
    _time.sleep(_random.uniform(0, {seconds}))
    return _prompt(event, context)
"""


def main() -> None:
    """Read the command line, run, and print the outcome. Exit status 1 if there was a false alarm."""
    parser = argparse.ArgumentParser(
        prog="python -m trust.soak",
        description=__doc__.split("\n", 1)[0],
        epilog="Arguments after -- are passed to behave; such runs are not kept: -- --tags=@smoke",
    )
    parser.add_argument(
        "runs", type=int, nargs="?", default=100, help="continue until the history holds this many runs (100)"
    )
    parser.add_argument("--page", action="store_true", help="write docs/soak.md from the history, and run nothing")
    own, for_behave = parted(sys.argv[1:])
    asked = parser.parse_args(own)
    if asked.runs < 1:
        parser.error("there is nothing to run: the number must be positive")
    if asked.page:
        PAGE.write_text(page(read()), encoding="utf-8")
        return
    known = [] if for_behave else read()
    first, added = max((one.seed for one in known), default=0) + 1, list[Round]()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory() as folder:
            template = slowed_down(Path(folder))
            arguments = ["-D", f"serverlesspresso_template={template}", *for_behave]
            for seed in range(first, first + asked.runs - len(known)):
                added.append(run(seed, conditions_of(seed), arguments, Path(folder)))
                _tell(added[-1], len(known) + len(added), asked.runs)
                if not for_behave:
                    add(added[-1])
    except KeyboardInterrupt:
        print("Interrupted; what follows is about the runs that have ended.")
    if not for_behave:
        PAGE.write_text(page(read()), encoding="utf-8")
        print(f"The history is {HISTORY.relative_to(ROOT)}, the page is {PAGE.relative_to(ROOT)}.")
    rounds = [*known, *added]
    print(summary(rounds) if rounds else "No run has ended.")
    sys.exit(any(one.failed for one in added) or not rounds)


def conditions_of(seed: int) -> Conditions:
    """Return the conditions of the run with this seed."""
    chance = random.Random(f"soak {seed}")  # noqa: S311 - no secret
    return Conditions(
        weather=chance.choice(WEATHERS),
        jobs=chance.randint(PROCESSORS, 2 * PROCESSORS),
        busy=PROCESSORS * chance.choice(BUSY),
    )


def parted(arguments: Sequence[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Split the arguments at `--` into ours and behave's."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return arguments[:end], arguments[end + 1 :]


def slowed_down(folder: Path) -> Path:
    """Copy the café, delay each function by up to LONGEST_DELAY seconds, and return the copy's template."""
    system = copy_of(CAFE, folder)
    for code in system.glob("functions/*/app.py"):
        code.write_text(code.read_text(encoding="utf-8") + _DELAYED.format(seconds=LONGEST_DELAY), encoding="utf-8")
    return system / TEMPLATE


@contextmanager
def busy(programs: int) -> Iterator[None]:
    """Keep this many processors busy meanwhile."""
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


def run(seed: int, had: Conditions, arguments: Sequence[str], folder: Path) -> Round:
    """Run the features once in the order of a seed. The console output of a run that is not green is kept."""
    began, load = time.monotonic(), os.getloadavg()[0]
    command = [sys.executable, "-m", "behave", "-D", f"results={folder / 'results'}", "-D", "report=no"]
    weather = ["-D", f"weather={had.weather}", "-D", f"weather_seed={seed}"] if had.weather != "none" else []
    with busy(had.busy):
        process = subprocess.Popen(
            [*command, "-j", str(had.jobs), "-D", f"shuffle={seed}", *weather, *arguments],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        try:
            output, _ = process.communicate(timeout=LONGEST_SECONDS)
        except BaseException:  # interrupted, or hanging
            process.terminate()
            process.communicate()
            raise
    told = re.findall(r"^(?:\[.*?\]|   +) *(failed|broken) +(.*)$", output, re.MULTILINE)
    broken = [name for verdict, name in told if verdict == "broken"]
    if process.returncode and not told:
        broken = [output.strip().splitlines()[-1]]
    if told or broken:
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"seed-{seed}.log").write_text(output, encoding="utf-8")
    ended = re.findall(r"^\[ *\d+/\d+\] (?:passed|failed|broken) ", output, re.MULTILINE)
    return Round(
        seed,
        had,
        len(ended),
        round(time.monotonic() - began, 1),
        [name for verdict, name in told if verdict == "failed"],
        broken,
        load=round(load, 1),
        **surroundings(),
    )


def surroundings() -> Mapping[str, str]:
    """Return when and where a run takes place, and its versions."""
    revision = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    memory = psutil.virtual_memory().total / 2**30
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "revision": revision.stdout.strip(),
        "machine": f"{PROCESSORS} processors, {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}",
        "versions": f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("behave", "boto3", "ministack")),
    }


def _tell(one: Round, number: int, of: int) -> None:
    had = one.conditions
    print(
        f"[{number:>{len(str(of))}}/{of}] seed {one.seed} (weather {had.weather}, {had.jobs} workers, {had.busy} busy "
        f"programs): {one.scenarios} scenarios, {one.verdict}  ({one.seconds} s)"
    )
    for verdict, names in (("failed", one.failed), ("broken", one.broken)):
        for name in names:
            print(f"    {verdict} {name}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
