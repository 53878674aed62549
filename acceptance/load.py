"""Lets a scenario start a run of many customers: `python -m load`, which is a program of its own, on Locust."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from acceptance.breach import Breach
from acceptance.root import ROOT
from acceptance.service_levels.levels import Distribution, Promise
from acceptance.settings import Settings, SystemSettings
from acceptance.trouble import Inconclusive, Trouble

# What is said where Locust is not installed.
NO_ENGINE = (
    "load runs on Locust, which is not installed here. It comes with the extra “load”: pip install -e '.[load]' "
    "(make load does so)"
)
# How long a run takes beside its arrivals: it starts an account, serves who has come, and renders its report.
BESIDE_SECONDS = 240.0
_PASSED_ON = ("target", "region", "profile", "patience", "clock_offset")


def why_no_load(settings: Settings) -> str:
    """Tell why a run must leave scenarios with the tag `load` out, "" if it need not."""
    if not settings.load:
        return "customers keep coming for minutes; allow it with -D load=yes"
    if find_spec("locust") is None:
        return NO_ENGINE
    if settings.on_aws and not (settings.load_orders and settings.load_usd):
        return "it may cost something on aws; name both ceilings, with -D load_orders=… and -D load_usd=…"
    return ""


class Stream:
    """Customers who came by a schedule, and what became of them."""

    def __init__(self, figures: Mapping[str, Any]) -> None:
        """Take what a run has written into its figures.json."""
        self._figures = figures
        self.judged: dict[Promise, Distribution] = {}

    def meets(self, promise: Promise, percent: float) -> None:
        """Judge a service level for so many per cent. Raises as `Distribution.require` does."""
        level = Distribution.unpacked(self._figures["levels"][promise.key]["histograms"])
        self.judged[promise] = level
        try:
            level.require(promise, percent)
        except Breach as breach:
            if self._figures["limited"]:
                raise Inconclusive(f"{breach} {self._figures['limited']}") from None
            raise

    def keeps(self, key: str) -> None:
        """See that a promise was kept that is none of time. Raises Breach, or Inconclusive where that is not known."""
        verdict = self._figures["verdicts"][key]
        if verdict["status"] == "failed":
            raise Breach(verdict["message"], key)
        if verdict["status"] != "passed":
            raise Inconclusive(verdict["message"])


def customers_come(
    name: str, settings: Settings, own: SystemSettings, *, a_second: int, seconds: float, workers: int = 2
) -> Stream:
    """Let customers of a system come (`load/<name>.py`), and return what became of them.

    Raises Trouble where the run itself cannot be believed, such as when it did not come up to the rate.
    """
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        command = [
            *(sys.executable, "-m", "load", name, "-u", str(a_second), "-t", f"{seconds:g}s"),
            *("--processes", str(workers), "--results", folder, *_given(settings, own)),
        ]
        if settings.on_aws:
            command += ["--orders-at-most", str(settings.load_orders), "--usd-at-most", str(settings.load_usd)]
        figures = _run(command, seconds, Path(folder, "figures.json"))
    whole = figures["verdicts"]["run"]
    if whole["status"] != "passed":
        raise Trouble(f"The load run cannot be believed. {whole['message']}")
    return Stream(figures)


def _run(command: list[str], seconds: float, figures: Path) -> Mapping[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=seconds + BESIDE_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise Trouble(f"The load run did not end within {error.timeout:.0f} s. Run again.") from error
    if not figures.exists():
        said = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("[")]
        raise Trouble(f"The load run ended without figures (exit status {done.returncode}): {' '.join(said[-2:])}")
    read: Mapping[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    return read


def _given(settings: Settings, own: SystemSettings) -> Iterator[str]:
    """Yield the settings of this run that another program takes, as options. Secrets it has from the environment."""
    values = {name: getattr(settings, name) for name in _PASSED_ON}
    values |= {f"{own.prefix()}{name}": getattr(own, name) for name in type(own).model_fields}
    for name, value in values.items():
        if value not in (None, "", False) and not isinstance(value, SecretStr):
            yield from ("-D", f"{name}={value}")
