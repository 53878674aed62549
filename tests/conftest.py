"""What tests of several rooms share: one account with the coffee shop in it, and a wait that ends."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deployed import deployed

from support.cloud.account import Account
from support.cloud.embedded import EmbeddedAccount

SERVERLESSPRESSO = Path(__file__).parents[1] / "systems" / "serverlesspresso"


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
