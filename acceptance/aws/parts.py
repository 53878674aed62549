"""Finds the parts of a deployed system, each by its role: by a fragment of its name, or by the name in a setting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.discovery import buses, choose, incomplete, refuse_shared, state_machines, tables
from acceptance.aws.rest_apis import address_of, rest_apis
from acceptance.aws.watched import PartKind
from acceptance.trouble import Trouble

Parts = Mapping[str, str]


def functions(account: Account) -> Iterable[str]:
    """Return the name of every function."""
    for page in account.client("lambda").get_paginator("list_functions").paginate():
        yield from (function["FunctionName"] for function in page["Functions"])


def queues(account: Account) -> Iterable[str]:
    """Return the name of every queue."""
    for page in account.sqs.get_paginator("list_queues").paginate():
        yield from (url.rsplit("/", 1)[-1] for url in page.get("QueueUrls", []))


def _names_of_rest_apis(account: Account) -> Iterable[str]:
    return (api.name for api in rest_apis(account))


# The call that lists each kind of part; a state machine is identified by its ARN, all others by their names.
LISTINGS: Mapping[PartKind, Callable[[Account], Iterable[str]]] = {
    "event bus": buses,
    "state machine": state_machines,
    "table": tables,
    "function": functions,
    "queue": queues,
    "rest api": _names_of_rest_apis,
}


@dataclass(frozen=True)
class Sought:
    """A part to find: `what` is its name in messages, `wanted` the name that its setting gives, "" if none."""

    what: str
    kind: PartKind
    fragment: str
    setting: str
    wanted: str = ""


def find_parts(account: Account, what_is: str, sought: Mapping[str, Sought], *, rather: str = "") -> Parts:
    """Find parts, and return the name of each by its role; a state machine is given by its ARN.

    If there are several, one whose whole name contains `rather` is taken. Raises Trouble that begins with `what_is`
    ("The system is") and lists every part that is missing, ambiguous, or shared by two roles, with the setting that
    helps.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    for role, name in look_for(account, sought, rather=rather):
        if isinstance(name, Trouble):
            problems.append(str(name))
        elif sought[role].kind != "rest api":
            found[role] = name
        else:
            try:
                found[role] = address_of(account, next(api for api in rest_apis(account) if api.name == name))
            except ClientError as error:
                problems.append(f"The {sought[role].what} could not be looked for: {error}.")
    if problems:
        raise Trouble(incomplete(what_is, account, problems))
    return found


def look_for(
    account: Account, sought: Mapping[str, Sought], *, rather: str = ""
) -> Iterator[tuple[str, str | Trouble]]:
    """Look for parts, and yield the role of each with its name, or with the Trouble that says why there is none."""
    listed: dict[PartKind, list[str]] = {}
    taken: dict[PartKind, dict[str, str]] = defaultdict(dict)
    for role, part in sought.items():
        try:
            if part.kind not in listed:
                listed[part.kind] = list(LISTINGS[part.kind](account))
            name = choose(part.what, part.setting, part.fragment, part.wanted, listed[part.kind], rather=rather)
            refuse_shared(part.what, part.setting, name, taken[part.kind])
            taken[part.kind][name] = part.what
            yield role, name
        except Trouble as problem:
            yield role, problem
        except ClientError as error:
            yield role, Trouble(f"The {part.what} could not be looked for: {error}.")


def declared_parts(system: str, declared: Mapping[str, tuple[PartKind, str]], settings: Any) -> Mapping[str, Sought]:
    """Return the arguments of `discover`, by roles."""
    return {
        role: Sought(
            f"{kind} ({role.replace('_', ' ')})",
            kind,
            fragment.lower(),
            f"{system}_{role}",
            str(getattr(settings, role, "") or ""),
        )
        for role, (kind, fragment) in declared.items()
    }


def discover(account: Account, system: str, declared: Mapping[str, tuple[PartKind, str]], settings: Any) -> Parts:
    """Find the parts that a system declares, and return the name of each by its role.

    A state machine is given by its ARN, a REST API by its address.

    `settings` are the system's own: the attribute named like a role names the part, if it exists and is not "".
    That is the setting `<system>_<role>`, and it takes precedence over the fragment of the name. Raises Trouble that
    lists everything that is missing or ambiguous, with the setting that helps.
    """
    return find_parts(account, f"The system {system} is", declared_parts(system, declared, settings))
