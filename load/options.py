"""The options that a load run has beside Locust's own."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acceptance.settings import Settings, read_settings
from acceptance.trouble import Trouble
from load.place import RESULTS
from load.trade import Trade


@dataclass(frozen=True)
class Options:
    """What was asked for. `orders_most` and `usd_most` are ceilings, 0 for none; `percent` must meet each promise.

    `results` is the folder of the report."""

    settings: Settings
    orders_most: int
    usd_most: float
    percent: float
    find: bool
    stage_seconds: float
    run_seconds: float
    results: Path


def add_options(parser: Any) -> None:
    """Add them to Locust's parser."""
    group = parser.add_argument_group("acceptance", "what is run, and how it is judged")
    group.add_argument(
        "-D", dest="given", action="append", default=[], metavar="NAME=VALUE",
        help="a setting of the suite (docs/settings.md), such as target=aws or profile=…",
    )  # fmt: skip
    group.add_argument("--results", default="", help="folder of the report; default: reports/load")
    group.add_argument("--orders-at-most", type=_more_than_none, default=0, help="end after so many; needed on aws")
    group.add_argument("--usd-at-most", type=_amount, default=0.0, help="end before AWS may charge more; needed on aws")
    group.add_argument("--percent", type=_percent, default=95.0, help="how many of 100 must meet each service level")
    group.add_argument(
        "--find-limit", action="store_true", help="ask for ever more until a service level is missed, beginning with -u"
    )
    group.add_argument("--stage-seconds", type=_amount, default=20.0, help="how long each rate of --find-limit lasts")


def read(parsed: Any, trade: Trade) -> Options:
    """Read them. Raises Trouble, in a sentence, for what cannot be."""
    settings = read_settings(_pairs(parsed.given))
    options = Options(
        settings,
        int(parsed.orders_at_most),
        float(parsed.usd_at_most),
        float(parsed.percent),
        bool(parsed.find_limit),
        float(parsed.stage_seconds),
        float(parsed.run_time or 0),
        Path(parsed.results or RESULTS).resolve(),
    )
    missing = [
        name
        for name, value in (("--orders-at-most", options.orders_most), ("--usd-at-most", options.usd_most))
        if not value
    ]
    if settings.on_aws and missing:
        raise Trouble(
            f"On aws a load run needs a ceiling, and {' and '.join(missing)} is not named. "
            f"One of the {trade.counted} is taken to cost ${trade.usd_each:g} at most, so 1,000 of them need "
            f"--orders-at-most 1000 --usd-at-most {1000 * trade.usd_each:g}."
        )
    asked = int(getattr(parsed, "num_users", None) or 1) * trade.at_once * options.run_seconds
    if (
        options.usd_most
        and min(asked or options.orders_most, options.orders_most or asked) * trade.usd_each > options.usd_most
    ):
        raise Trouble(
            f"{asked:,.0f} {trade.counted} may cost ${asked * trade.usd_each:.2f}, and the ceiling is "
            f"${options.usd_most:.2f}. Ask for fewer, or raise --usd-at-most."
        )
    return options


def most(options: Options, trade: Trade) -> int:
    """Return how many may come at most, by both ceilings; 0 for any number."""
    by_cost = int(options.usd_most / trade.usd_each + 1e-9) if options.usd_most else 0
    return min(filter(None, (options.orders_most, by_cost)), default=0)


def _pairs(given: list[str]) -> dict[str, str]:
    for one in given:
        if "=" not in one:
            raise Trouble(f"-D {one} is no setting: write -D name=value. docs/settings.md lists the settings.")
    return dict(one.split("=", 1) for one in given)


def _more_than_none(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _amount(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not above 0")
    return number


def _percent(text: str) -> float:
    number = float(text)
    if not 0 < number <= 100:
        raise argparse.ArgumentTypeError(f"{text} is not above 0 and at most 100")
    return number
