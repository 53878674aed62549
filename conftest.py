"""What tests of several rooms share: one account with the coffee shop in it, and a wait that ends."""

import contextlib
import os
import re
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from deployed import deployed
from places import SYSTEMS

from acceptance.aws.account import Account
from acceptance.aws.embedded import EmbeddedAccount
from acceptance.report import render
from acceptance.standstill.record import RECORD

SERVERLESSPRESSO = SYSTEMS / "serverlesspresso"
pytest_plugins = ["pytester", "running", "quick"]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Install the renderer before workers would, all of them at once into the same folder.

    What runs of the tests come to is no news for the summary of a job, nor for a collector.
    """
    os.environ.pop("GITHUB_STEP_SUMMARY", None)
    for name in [name for name in os.environ if name.startswith("OTEL_")]:
        del os.environ[name]
    if session.config.getoption("numprocesses", None):
        with contextlib.suppress(render.RenderError):  # a test that needs it says so
            render.allure(["--version"], render.REPORTS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let no test, nor what it sets up, be told that this machine stood still, which it does when many tests run.

    But for those about it.
    """
    with pytest.MonkeyPatch.context() as patched:
        if not {"standstill", "starved"} & set(re.split(r"[_./]", item.nodeid.partition("::")[0])):
            patched.setattr(RECORD, "lost", lambda began, ended: 0.0)
        return (yield)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one worker run all tests of a module that share something dear: an account, a browser, a run."""
    for item in items:
        scopes = {fixtures[-1].scope for fixtures in item._fixtureinfo.name2fixturedefs.values()}
        if scopes & {"module", "class", "package"}:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.fixture(scope="session")
def serverlesspresso() -> Path:
    """The folder of the coffee shop's template."""
    return SERVERLESSPRESSO


@pytest.fixture(scope="session")
def cafe_account() -> Iterator[tuple[EmbeddedAccount, Account]]:
    """An embedded account with the coffee shop deployed, the same one for every test of a run."""
    with deployed(SERVERLESSPRESSO) as account:
        yield account


@pytest.fixture(scope="session")
def wait_until() -> Callable[..., Any]:
    """Ask until the answer is true, return it, and fail with `what` when it does not come in time."""

    def wait(question: Callable[[], Any], what: str, seconds: float = 10) -> Any:
        pause = threading.Event()
        end = time.monotonic() + seconds
        while not (answer := question()):
            if time.monotonic() > end:
                pytest.fail(f"not within {seconds} s: {what}")
            pause.wait(0.02)
        return answer

    return wait
