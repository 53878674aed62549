"""How a system is wired, read from its deployment: the bus's rules with their targets, and the workflows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from acceptance.aws.lease import PREFIX

FUNCTION = re.compile(r"^arn:[\w-]+:lambda:[^:]*:[^:]*:function:([\w-]+)")
# CloudFormation calls a function <stack>-<logical id>-<random>.
GENERATED = re.compile(r"^[\w-]+?-([A-Z][A-Za-z0-9]+?)(?:Function)?-[A-Za-z0-9]{8,}$")


@dataclass(frozen=True)
class Rule:
    """A rule of the bus: its name, its event pattern, and the ARNs of its targets."""

    name: str
    pattern: Mapping[str, Any]
    targets: Sequence[str]
    enabled: bool = True


class Wiring:
    """The wiring of one deployed system. Everything is read once, on first use."""

    def __init__(self, events: Any, stepfunctions: Any, bus: str, state_machines: Sequence[str]) -> None:
        """Take boto3 clients, the bus's name and the workflows' ARNs."""
        self._events = events
        self._stepfunctions = stepfunctions
        self._bus = bus
        self._state_machines = state_machines

    @cached_property
    def rules(self) -> Sequence[Rule]:
        """The rules of the bus, without event taps."""
        pages = self._events.get_paginator("list_rules").paginate(EventBusName=self._bus)
        listed = [rule for page in pages for rule in page["Rules"] if not rule["Name"].startswith(f"{PREFIX}-")]
        return [
            Rule(
                rule["Name"],
                json.loads(rule.get("EventPattern") or "{}"),
                self._targets(rule["Name"]),
                rule.get("State") != "DISABLED",
            )
            for rule in listed
        ]

    @cached_property
    def definitions(self) -> Mapping[str, Mapping[str, Any]]:
        """The definition of each workflow (Amazon States Language), by its ARN."""
        described = {
            arn: self._stepfunctions.describe_state_machine(stateMachineArn=arn) for arn in self._state_machines
        }
        return {arn: json.loads(machine["definition"]) for arn, machine in described.items()}

    @cached_property
    def functions(self) -> Sequence[str]:
        """The names of the functions that the rules and the workflows call."""
        texts = [text for definition in self.definitions.values() for text in _texts(definition)]
        return sorted(self.called | _functions_in(texts))

    @cached_property
    def called(self) -> Set[str]:
        """The names of the functions that the rules call, which Lambda calls again when they fail."""
        return _functions_in([target for rule in self.rules for target in rule.targets])

    def _targets(self, rule: str) -> Sequence[str]:
        pages = self._events.get_paginator("list_targets_by_rule").paginate(Rule=rule, EventBusName=self._bus)
        return [target["Arn"] for page in pages for target in page["Targets"]]


def short_name(function: str) -> str:
    """Return a function's plain name: without the parts that CloudFormation adds to it."""
    generated = GENERATED.match(function)
    return generated[1] if generated else function


def _functions_in(arns: Sequence[str]) -> Set[str]:
    return {found[1] for found in map(FUNCTION.match, arns) if found}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
