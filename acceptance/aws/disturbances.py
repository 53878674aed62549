"""Asks the embedded account to let some calls fail, or take their time, for a while."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import requests

from acceptance.aws.account import Account
from acceptance.aws.disturber import PATH, Disturbance
from acceptance.aws.secret import HEADER, SECRET
from acceptance.trouble import Trouble

TIMEOUT_SECONDS = 10


@contextmanager
def disturbed(account: Account, disturbance: Disturbance) -> Iterator[None]:
    """Disturb calls to an embedded account meanwhile. Raises Trouble for another account, which cannot be disturbed."""
    if not account.account_id or not account.endpoint:
        raise Trouble("Only the embedded account can be made to fail. Leave this scenario out on another one.")
    address = f"{account.endpoint}{PATH}{uuid.uuid4().hex}"
    wanted = {name: value for name, value in asdict(disturbance).items() if name != "chance"}
    _ask("PUT", address, wanted)
    try:
        yield
    finally:
        _ask("DELETE", address)


def _ask(method: str, address: str, content: Any = None) -> None:
    try:
        done = requests.request(method, address, json=content, headers={HEADER: SECRET}, timeout=TIMEOUT_SECONDS)
        done.raise_for_status()
    except requests.RequestException as error:
        raise Trouble(f"The embedded account could not be asked to let calls fail: {error}.") from error
