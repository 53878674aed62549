"""Runs orders through the fulfilment programs: `python -m support.fulfilment.flows --flows 10 --parallel 10`.

Exit status: 0 if every flow completed, 1 if one did not, 2 if none could be run, 130 if it was interrupted.
"""

from __future__ import annotations

import argparse
import io
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console as Screen

from acceptance.settings import Settings, read_settings
from acceptance.trouble import Trouble
from support.fulfilment.flows.display import print_results, shown
from support.fulfilment.flows.menu import MOST, Menu
from support.fulfilment.flows.results import save, see_writable
from support.fulfilment.flows.runner import FlowRunner

THROUGH, NOT_THROUGH, TROUBLE, INTERRUPTED = 0, 1, 2, 130
LONGEST_SECONDS = 3600.0


def main(arguments: list[str]) -> int:
    """Run the requested flows, or offer the menu. Returns the exit status."""
    wanted = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # an unprintable character must not end a run
    screen = Screen()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a terminated run also ends its programs
    try:
        with FlowRunner(_settings(wanted), screen) as runner:
            if not arguments:
                return THROUGH if Menu(runner, screen).work() else NOT_THROUGH
            return _run(wanted, runner, screen)
    except Trouble as trouble:
        screen.print(shown(str(trouble)), style="yellow", soft_wrap=True)
        return TROUBLE
    except KeyboardInterrupt:
        screen.print("Interrupted.", style="yellow")
        return INTERRUPTED


def _run(wanted: argparse.Namespace, runner: FlowRunner, screen: Screen) -> int:
    if wanted.save:
        see_writable(wanted.save)
    results = runner.run(wanted.flows, wanted.parallel, wanted.customer, wanted.delay, demo=wanted.demo)
    print_results(screen, results)
    if wanted.save:
        save(results, wanted.save)
        screen.print(f"Saved to {shown(str(wanted.save))}.")
    if results.interrupted:
        return INTERRUPTED
    return THROUGH if results.all_went_through else NOT_THROUGH


def _settings(wanted: argparse.Namespace) -> Settings:
    given = dict(part.partition("=")[::2] for part in wanted.define)
    if wanted.timeout is not None:
        given["fulfilment_answer"] = str(wanted.timeout)
    settings = read_settings(given)
    if settings.notice:
        sys.stderr.write(f"{settings.notice}\n")
    return settings


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m support.fulfilment.flows",
        description="Take orders through the five fulfilment programs. Without an option, show a menu.",
    )
    count, seconds = _number(1, MOST), _seconds
    parser.add_argument("--flows", type=count, default=1, metavar="N", help="number of orders (default: 1)")
    parser.add_argument(
        "--parallel", type=count, default=1, metavar="N", help="number of orders at the same time (default: 1)"
    )
    parser.add_argument("--customer", default="", metavar="ID", help="name or user name of the customer who orders")
    parser.add_argument("--timeout", type=seconds, metavar="S", help="timeout of a program's answer, in seconds")
    parser.add_argument("--delay", type=seconds, default=0.0, metavar="S", help="seconds between two steps of a flow")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the results as JSON (docs/flows.schema.json)")
    parser.add_argument("--demo", action="store_true", help="explain each step, and show the dialogue")
    parser.add_argument(
        "-D", dest="define", action="append", default=[], metavar="NAME=VALUE", help="a setting, as for behave"
    )
    return parser


def _number(least: int, most: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text} is not a whole number from {least} to {most}")
        return int(text)

    return number


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds from 0 to {LONGEST_SECONDS:g}")
    return seconds


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
