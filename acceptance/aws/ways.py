"""The ways from an event or a workflow to what it sets off, and which of them can be watched."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.executions import Executions
from acceptance.aws.observer import Observer
from acceptance.aws.patterns import is_understood, matches
from acceptance.aws.tap import Event
from acceptance.aws.wiring import FUNCTION, Rule

STATE_MACHINE, LOG_GROUP = ":stateMachine:", ":logs:"


class Ways:
    """The ways through one observed system. Each is looked up once, on first use.

    `alone`: whether the account has no other users, as an embedded one: then everything there belongs to the system.
    """

    def __init__(self, account: Account, observer: Observer, parts: Collection[str], *, alone: bool) -> None:
        """`parts` are names or ARNs of the system's parts."""
        self._account = account
        self._parts = parts
        self._observer = observer
        self._alone = alone

    def handed_on(self, events: Sequence[Event]) -> Iterator[tuple[Event, str]]:
        """Yield each event with the ARN of each target to which a rule forwards it."""
        for rule in self._rules:
            for event in events:
                if matches(rule.pattern, event):
                    yield from ((event, target) for target in rule.targets)

    @cached_property
    def executions(self) -> Mapping[str, Executions]:
        """The executions of each workflow, by its plain name."""
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
        """What takes a way whose end cannot be observed, "" for nothing."""
        return next(self._unseen(), "")

    @cached_property
    def unlisted(self) -> str:
        """Why there may be more of these, "" if everything was searched."""
        if self._consumers is None:
            return "what listens to queues and streams may not be listed"
        others = len(self._consumers) - len(self._own_consumers)
        return "others listen to queues and streams here, perhaps for the system" if others else ""

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
        for source, consumer in self._own_consumers:
            yield f"what {consumer.split(':', 5)[-1]} takes from {source.split(':', 5)[-1]}"

    @property
    def _own_consumers(self) -> Sequence[tuple[str, str]]:
        """Those that read from a part of the system, or write to one."""
        own = [one.rpartition(":")[2].rpartition("/")[2] for one in (*self._parts, *self._observer.wiring.functions)]
        consumers = self._consumers or ()
        return [one for one in consumers if self._alone or any(name in text for name in own for text in one)]

    @cached_property
    def _consumers(self) -> Sequence[tuple[str, str]] | None:
        """What functions and pipes read from queues and streams, and which do so; None if that may not be read."""
        mappings = self._account.client("lambda").get_paginator("list_event_source_mappings").paginate()
        pipes = self._account.client("pipes").get_paginator("list_pipes").paginate()
        try:
            taken = [
                (one.get("EventSourceArn", ""), one["FunctionArn"])
                for page in mappings
                for one in page["EventSourceMappings"]
            ]
            piped = [(one.get("Source", ""), one["Arn"]) for page in pipes for one in page["Pipes"]]
        except ClientError as error:
            if not is_denied(error):
                raise
            return None
        return [*taken, *piped]

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
    """Return whether AWS has refused a call for lack of a permission."""
    response = getattr(error, "response", {})
    return str(response.get("Error", {}).get("Code", "")).startswith(("AccessDenied", "UnauthorizedOperation"))
