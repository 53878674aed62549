"""Finds deployed parts by a fragment of their names; a setting can name each part."""

from collections.abc import Iterable, Mapping

from acceptance.aws.account import Account
from acceptance.trouble import Trouble


def buses(account: Account) -> Iterable[str]:
    """Return the name of every event bus."""
    answer = account.events.list_event_buses()
    while True:
        yield from (bus["Name"] for bus in answer["EventBuses"])
        if not answer.get("NextToken"):
            return
        answer = account.events.list_event_buses(NextToken=answer["NextToken"])


def state_machines(account: Account) -> Iterable[str]:
    """Return the ARN of every state machine."""
    for page in account.stepfunctions.get_paginator("list_state_machines").paginate():
        yield from (machine["stateMachineArn"] for machine in page["stateMachines"])


def tables(account: Account) -> Iterable[str]:
    """Return the name of every table."""
    for page in account.dynamodb.get_paginator("list_tables").paginate():
        yield from page["TableNames"]


def choose(what: str, setting: str, fragment: str, wanted: str, names: list[str], *, rather: str = "") -> str:
    """Choose the part called `wanted`, or else the only one whose name contains `fragment`. Raises Trouble.

    If there are several, one whose whole name (or ARN) contains `rather` is taken.
    """
    if wanted:
        exact = [name for name in names if wanted in (name, short(name))]
        if exact:
            return exact[0]
        raise Trouble(f'There is no {what} called "{wanted}" (setting {setting}).')
    candidates = [name for name in names if fragment in short(name).lower()]
    if len(candidates) > 1 and rather:
        candidates = [name for name in candidates if rather in name.lower()] or candidates
    if len(candidates) == 1:
        return candidates[0]
    if not candidates:
        raise Trouble(
            f'No {what} was found: no name contains "{fragment}".', f"Deploy it, or name it with -D {setting}=…."
        )
    several = ", ".join(sorted(short(name) for name in candidates))
    raise Trouble(f"More than one {what} was found ({several}).", f"Choose one with -D {setting}=….")


def short(name: str) -> str:
    """Return the name at the end of an ARN; any other name unchanged."""
    return name.rsplit(":", 1)[-1]


def refuse_shared(what: str, setting: str, name: str, taken: Mapping[str, str]) -> None:
    """Refuse a part that already has another role: a question about one would be answered by the other.

    `taken` maps the names of the parts found so far to their roles. Raises Trouble.
    """
    if name in taken:
        raise Trouble(
            f"{short(name)} is the {taken[name]}, so it cannot be the {what} too.",
            f"Name another one with -D {setting}=….",
        )


def incomplete(what_is: str, account: Account, problems: Iterable[str]) -> str:
    """Say that something ("The system is") is incomplete where it was looked for, and what is missing."""
    where = account.endpoint or f"region {account.region}"
    return "\n".join([f"{what_is} not complete in {where}:", *(f"- {problem}" for problem in problems)])
