"""`python -m acceptance.weather http://127.0.0.1:4566 --weather rain`: weather before an emulator of your own.

It says where it listens, for `AWS_ENDPOINT_URL`, and goes on until its standard input ends or Ctrl-C; then it says
what became of the calls. If `ACCEPTANCE_EMBEDDED_SECRET` is set, it is for an embedded account with the same one, and
hands on only what is signed with it.
"""

import argparse
import sys
from random import SystemRandom

from acceptance.settings import given
from acceptance.trouble import Trouble
from acceptance.weather.station import Station
from acceptance.weather.weathers import WEATHERS, markdown, weather_called

LARGEST_SEED = 2**31 - 1


def main() -> int:
    """Serve until standard input ends. Exit status: 0, or 2 if it cannot begin."""
    parser = argparse.ArgumentParser(
        prog="python -m acceptance.weather",
        description="Run a proxy that disturbs the calls to an emulator of AWS, as real clouds do.",
    )
    parser.add_argument("url", nargs="?", help="address of the emulator, such as http://127.0.0.1:4566")
    parser.add_argument("--weather", default="rain", help=f"one of {', '.join(WEATHERS)}; default: rain")
    parser.add_argument("--seed", type=int, help="seed, to repeat a run; default: random, and printed")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; default: a free one")
    parser.add_argument("--table", action="store_true", help="print the figures of each weather, and exit")
    asked = parser.parse_args()
    if asked.table:
        sys.stdout.write(markdown())
        return 0
    if not asked.url:
        parser.error("the address of an emulator is missing, such as http://127.0.0.1:4566")
    seed = asked.seed if asked.seed is not None else SystemRandom().randint(1, LARGEST_SEED)
    try:
        station = Station(
            asked.url, weather_called(asked.weather), seed, secret=given({}, "embedded_secret") or "", port=asked.port
        )
    except (Trouble, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    with station:
        sys.stdout.write(f"{station.url}\n")
        sys.stdout.flush()
        sys.stderr.write(f"weather {station.weather.name}, seed {seed}, in front of {asked.url}\n")
        try:
            sys.stdin.read()
        except KeyboardInterrupt:
            sys.stderr.write("\n")
        sys.stderr.write(f"{station.words}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
