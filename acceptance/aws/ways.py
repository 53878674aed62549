"""The ways that lead from an event or a workflow to what it sets off, and which of them can be watched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.executions import Executions
from acceptance.aws.observer import Observer
from acceptance.aws.patterns import is_understood, matches
from acceptance.aws.tap import Event
from acceptance.aws.wiring import FUNCTION, Rule

STATE_MACHINE, LOG_GROUP = ":stateMachine:", ":logs:"


class Ways:
    """The ways through one observed system. Each is looked up once, when it is first asked for.

    `alone`: whether nobody else uses the account, such as an embedded one: then all that is there is the system's.
    """

    def __init__(self, account: Account, observer: Observer, *, alone: bool) -> None:
        self._account = account
        self._observer = observer
        self._alone = alone

    def handed_on(self, events: Sequence[Event]) -> Iterator[tuple[Event, str]]:
        """Yield each event with the ARN of each target that a rule hands it on to."""
        for rule in self._rules:
            for event in events:
                if matches(rule.pattern, event):
                    yield from ((event, target) for target in rule.targets)

    @cached_property
    def executions(self) -> Mapping[str, Executions]:
        """The executions of each workflow, by what people call it."""
        found = dict(self._observer.executions)
        declared = {one.state_machine_arn for one in found.values()}
        for arn in self._machines_there if self._alone else self._machines_called:
            if arn not in declared:
                name = arn.rpartition(":")[2]
                found[f"workflow {name}"] = Executions(self._account.stepfunctions, arn, self._observer.key)
        return found

    @cached_property
    def definitions(self) -> Mapping[str, Mapping[str, Any]]:
        """The definition of each of these workflows, by its ARN."""
        read = self._observer.wiring.definitions
        arns = [one.state_machine_arn for one in self.executions.values()]
        return {arn: read[arn] if arn in read else self._definition(arn) for arn in arns}

    @cached_property
    def unseen(self) -> str:
        """What takes a way on which nobody sees when it is over, "" for nothing."""
        return next(self._unseen(), "")

    @cached_property
    def unlisted(self) -> str:
        """Why there may be more of these, "" where all was looked through."""
        if isinstance(self._consumers, str):
            return self._consumers
        return ""

    @cached_property
    def _rules(self) -> Sequence[Rule]:
        rules = self._observer.wiring.rules
        return [rule for rule in rules if rule.enabled and rule.targets and is_understood(rule.pattern)]

    def _unseen(self) -> Iterator[str]:
        for rule in self._observer.wiring.rules:
            if rule.enabled and rule.targets and rule.pattern and not is_understood(rule.pattern):
                yield f"what the rule {rule.name} hands on, whose pattern is not understood here"
        machines = {one.state_machine_arn for one in self.executions.values()}
        for rule in self._rules:
            for target in rule.targets:
                if not FUNCTION.match(target) and machine_of(target) not in machines and LOG_GROUP not in target:
                    yield f"what the rule {rule.name} hands on to {target.split(':', 5)[-1]}"
        if not isinstance(self._consumers, str):
            yield from self._consumers

    @cached_property
    def _consumers(self) -> Sequence[str] | str:
        """What is taken from queues and streams by functions and pipes; why that is not known, where it may not be."""
        mappings = self._account.client("lambda").get_paginator("list_event_source_mappings").paginate()
        pipes = self._account.client("pipes").get_paginator("list_pipes").paginate()
        try:
            taken = [one.get("EventSourceArn", "") for page in mappings for one in page["EventSourceMappings"]]
            piped = [one["Name"] for page in pipes for one in page["Pipes"]]
        except self._account.stepfunctions.exceptions.ClientError as error:
            if not is_denied(error):
                raise
            return "what listens to queues and streams may not be listed"
        return [f"what a function takes from {arn.split(':', 5)[-1]}" for arn in taken] + [
            f"what the pipe {name} takes" for name in piped
        ]

    @property
    def _machines_called(self) -> Sequence[str]:
        return sorted({machine_of(arn) for rule in self._rules for arn in rule.targets if STATE_MACHINE in arn})

    @property
    def _machines_there(self) -> Sequence[str]:
        pages = self._account.stepfunctions.get_paginator("list_state_machines").paginate()
        return [one["stateMachineArn"] for page in pages for one in page["stateMachines"]]

    def _definition(self, arn: str) -> Mapping[str, Any]:
        described = self._account.stepfunctions.describe_state_machine(stateMachineArn=arn)
        definition: Mapping[str, Any] = json.loads(described["definition"])
        return definition


def machine_of(arn: str) -> str:
    """Return a state machine's ARN without the version or alias that it may name."""
    return ":".join(arn.split(":")[:7])


def is_denied(error: Exception) -> bool:
    """Answer whether AWS has refused a call because this run may not make it."""
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", "")).startswith(("AccessDenied", "UnauthorizedOperation"))
