"""`python -m trust.weather --weather rain --system fulfilment`: run features in a weather, and report failures.

    python -m trust.weather --weather storm --system serverlesspresso --seed 7 -- features/serverlesspresso/app.feature

Arguments after `--` are for behave: paths of features, `--name`, `-j 4`. Rows of whole systems are kept in the table.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from acceptance.weather.weathers import WEATHERS, weather_called
from trust.weather.guest import ALL, run_in
from trust.weather.table import HEAD, keep, markdown

SEEDS = 1_000_000


def main() -> int:
    """Run, and print the rows. Exit status: 1 if anything failed, or is broken in a weather that must be tolerated."""
    own, _, for_behave = (sys.argv[1:], "", []) if "--" not in sys.argv else _parted(sys.argv[1:])
    parser = argparse.ArgumentParser(prog="python -m trust.weather", description="Run all features in each weather.")
    parser.add_argument("--weather", nargs="*", choices=list(WEATHERS), default=list(WEATHERS))
    parser.add_argument("--system", nargs="*", choices=ALL, default=list(ALL))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(SEEDS))
    asked = parser.parse_args(own)
    amiss = False
    for name in asked.weather:
        for system in asked.system:
            with tempfile.TemporaryDirectory(prefix="weather-") as folder:
                row = run_in(weather_called(name), asked.seed, system, Path(folder), *for_behave)
                if not row.verdicts:
                    print((Path(folder) / "console.log").read_text(encoding="utf-8"))
            print(markdown([row]).removeprefix(f"{HEAD}\n").rstrip(), row.station, sep="\n", flush=True)
            print(*(f"    {why}" for why in row.why), sep="\n", flush=True)
            amiss = amiss or not row.verdicts or row.verdicts.get("failed", 0) > 0
            amiss = amiss or (name != "storm" and len(row.why) > 0)
            if not any("features" in one for one in for_behave):
                print(keep(row))
    return int(amiss)


def _parted(arguments: list[str]) -> tuple[list[str], str, list[str]]:
    end = arguments.index("--")
    return arguments[:end], "--", arguments[end + 1 :]


if __name__ == "__main__":
    sys.exit(main())
