"""The fulfilment journey by the suite and by a bare pexpect script, and ten simultaneous flows compared with one."""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pexpect
from rich.console import Console as Screen

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.aws.secret import SECRET
from acceptance.root import ROOT
from acceptance.settings import Settings
from acceptance.target import ACCOUNT_ID
from support.fulfilment.flows.runner import FlowRunner

SYSTEM = ROOT / "systems" / "fulfilment"
SCENARIO = "Five people fulfil an order"
PASSWORD, ROUNDS, SIDE_BY_SIDE = "bench", 5, 10
READY = "Your choice: "


@dataclass(frozen=True)
class Overhead:
    """Medians of several rounds, in s: the scenario's steps by the suite, and the same by the bare script."""

    suite: float
    bare: float
    steps: int

    @property
    def each_ms(self) -> float:
        """The suite's overhead per step, in ms."""
        return (self.suite - self.bare) / self.steps * 1000


def overhead(behave: Callable[..., None], folder: Path) -> Overhead:
    """Run the journey by the suite and by the bare script, alternately."""
    suite, bare, steps = [], [], 0
    with _bare_fulfilment() as environment:
        for number in range(ROUNDS):
            results = folder / f"journey-{number}"
            behave("features/fulfilment/journeys.feature", "--name", SCENARIO, "-D", f"results={results}")
            (result,) = (json.loads(path.read_text()) for path in results.glob("*-result.json"))
            took = [step["stop"] - step["start"] for step in result["steps"]]
            suite.append(sum(took) / 1000)
            steps = len(took)
            bare.append(_walk(environment))
    return Overhead(statistics.median(suite), statistics.median(bare), steps)


def side_by_side() -> tuple[list[float], list[float]]:
    """Return the durations of one flow and of ten simultaneous ones, run alternately, in s."""
    one, ten = [], []
    with FlowRunner(Settings(), Screen(quiet=True)) as runner:
        for _ in range(3):
            for count, took in ((1, one), (SIDE_BY_SIDE, ten)):
                results = runner.run(count, count)
                if not results.all_went_through:
                    raise SystemExit("\n".join(flow.words for flow in results.flows))
                took.append(results.seconds)
    return one, ten


@contextmanager
def _bare_fulfilment() -> Any:
    with EmbeddedAccount() as embedded:
        deploy(Account("us-east-1", embedded.url, ACCOUNT_ID), SYSTEM / "template.yaml")
        keys = {"AWS_ACCESS_KEY_ID": ACCOUNT_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}
        environment = {**os.environ, **keys, "AWS_ENDPOINT_URL": embedded.url, "FULFILMENT_PASSWORD": PASSWORD}
        for what in (("demo",), ("stock", "lamp=1000@19.90")):
            command = [sys.executable, "fill.py", *what]
            subprocess.run(command, cwd=SYSTEM, env=environment, check=True, capture_output=True)  # noqa: S603
        yield environment


def _walk(environment: dict[str, str]) -> float:
    """Run the journey with only pexpect."""
    began = time.monotonic()
    with ExitStack() as stack:
        people = {}
        for program, user in (
            ("customer_portal.py", "pia"),
            ("inventory.py", "rosa"),
            ("warehouse.py", "tess"),
            ("logistics.py", "uma"),
            ("delivery.py", "vic"),
        ):
            child = people[user] = pexpect.spawn(
                sys.executable, [program], cwd=SYSTEM, env=environment, encoding="utf-8", timeout=30
            )
            stack.callback(child.close, force=True)
            _type(child, ("User name: ", user), ("Password: ", PASSWORD))
            child.expect(READY)
        pia, rosa, tess, uma, vic = people.values()
        _act(pia, "1")
        order = re.search(r"ORD-\w+", _act(pia, "2", ("Item: ", "lamp"), ("Quantity: ", "2")))[0]  # type: ignore[index]
        looks = {pia: "3", rosa: "4", tess: "3", uma: "3", vic: "5"}

        def look() -> None:
            for child, choice in looks.items():
                _act(child, choice, ("Order: ", order))

        look()
        _act(rosa, "2", ("Order: ", order))
        look()
        _act(tess, "2", ("Order: ", order), (r"\(yes/no\): ", "yes"))
        look()
        planned = _act(uma, "2", ("Order: ", order), ("Route: ", "North"), ("Schedule: ", "Monday"))
        delivery = re.search(r"DEL-\w+", planned)[0]  # type: ignore[index]
        look()
        _act(vic, "2", ("Delivery: ", delivery))
        look()
        _act(vic, "3", ("Delivery: ", delivery), ("Collected: ", "39.80"))
        look()
        return time.monotonic() - began


def _act(child: Any, choice: str, *turns: tuple[str, str]) -> str:
    child.sendline(choice)
    _type(child, *turns)
    child.expect(READY)
    return str(child.before)


def _type(child: Any, *turns: tuple[str, str]) -> None:
    for prompt, line in turns:
        child.expect(prompt)
        child.sendline(line)
