"""Asks the embedded account to make some calls fail, take longer, or wait, for a while."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.disturber import EVERY, HOLD, PATH, Disturbance
from acceptance.aws.secret import HEADER, SECRET
from acceptance.trouble import Trouble

TIMEOUT_SECONDS = 10
# Where things overlap: how long each call takes at most, and a write in addition, in ms; half of that at least.
CALL_MS, WRITE_MS = 30.0, 80.0


@contextmanager
def disturbed(account: Account, *disturbances: Disturbance) -> Iterator[Sequence[Callable[[], int]]]:
    """Disturb calls to an embedded account meanwhile, and yield a function that counts the calls each one matched.

    Raises Trouble for another account, which cannot be disturbed.
    """
    if not account.account_id or not account.behind:
        raise Trouble("Only the embedded account can be made to fail. Leave this scenario out on another one.")
    with ExitStack() as stack:
        yield [stack.enter_context(_one(account.behind, disturbance)) for disturbance in disturbances]


@contextmanager
def slowed_down(account: Account, seed: int) -> Iterator[None]:
    """Delay every call meanwhile, and every task of a workflow, so that what begins together overlaps.

    A reader receives the answer 15 to 30 ms late, any other call begins as late, and a write another 40 to 80 ms later,
    by the seed. docs/decisions/0073-delays-that-show-races.md says how surely that shows a race.
    """
    with disturbed(
        account,
        Disturbance(operations=EVERY, delay=CALL_MS, seed=seed),
        Disturbance(delay=WRITE_MS, seed=seed),
    ):
        yield


@contextmanager
def first_write_held(account: Account, about: str) -> Iterator[Callable[[], bool]]:
    """Hold the first write that contains a text until the end, and yield a function that says whether it has come.

    A program that reads before it writes has read by that time, and does not see what others do meanwhile.
    """
    with disturbed(account, Disturbance([about], times=1, effect=HOLD)) as [seen]:
        yield lambda: seen() > 0


@contextmanager
def _one(endpoint: str, disturbance: Disturbance) -> Iterator[Callable[[], int]]:
    address = f"{endpoint}{PATH}{uuid.uuid4().hex}"
    _ask("PUT", address, asdict(disturbance))
    try:
        yield lambda: _ask("GET", address)
    finally:
        _ask("DELETE", address)


def _ask(method: str, address: str, content: Any = None) -> int:
    """Ask the account, and return how many calls have matched so far."""
    import requests  # takes long to load, and most scenarios disturb nothing

    try:
        with requests.Session() as http:
            http.trust_env = False  # no proxy of the caller's is used
            done = http.request(method, address, json=content, headers={HEADER: SECRET}, timeout=TIMEOUT_SECONDS)
        done.raise_for_status()
        return int(done.json()["seen"])
    except (requests.RequestException, ValueError, KeyError) as error:
        raise Trouble(f"The embedded account could not be asked to disturb calls: {error}.") from error
