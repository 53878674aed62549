"""The names of a system's parts in the pictures of an item's way, for people who do not code."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from acceptance.report.pictures.swimlanes import MarkKind
from acceptance.report.pictures.words import shortened
from acceptance.service_levels.timeline import Moment

# How a failed execution ended; see Moment.note.
_FAILURES: Mapping[str, str] = {
    "ExecutionFailed": "failed",
    "ExecutionAborted": "stopped",
    "ExecutionTimedOut": "timed out",
}
_CHANGED = " changed"


@dataclass(frozen=True)
class Wording:
    """The names of a system's parts. Each has a default: a part without a name here keeps its own.

    `item` goes its way `through` the system, and time is counted `since` its `first_action`, or else its first moment.
    A person who takes one of the `staff_actions` is a `staff` and is shown at the bottom, all others are a `customer`.

    `steps` and `refusals` name the states of workflows. Of short ones in a row the last that is among the
    `telling_steps` or the `refusals` is shown, or how many there are. An execution that fails in one of the `refusals`
    has refused something. `workflows` are the names and the roles of their lanes, `attributes` those of a record.
    """

    item: str = "item"
    through: str = "its way through the system"
    since: str = "since the start"
    first_action: str = ""
    customer: str = "customer"
    staff: str = "staff"
    staff_actions: Collection[str] = frozenset()
    messages_role: str = "what is sent"
    functions_role: str = "what computes"
    messages: Mapping[str, str] = field(default_factory=dict)
    workflows: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    telling_steps: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    legend: Sequence[tuple[MarkKind, str]] = (
        ("starts", "starts up"),
        ("works", "works"),
        ("waits", "waits for a person"),
    )

    def is_first(self, moment: Moment) -> bool:
        """Whether a moment is the action that began everything."""
        return bool(self.first_action) and moment.detail.get("action") == self.first_action

    def message(self, name: str, detail: Mapping[str, Any]) -> str:
        """Describe what a message with this detail means."""
        return self.messages.get(name, name)

    def workflow(self, lane: str) -> tuple[str, str]:
        """Return the name and the role of a workflow's lane."""
        return self.workflows.get(lane, (shortened(lane, 14), "workflow"))

    def step(self, name: str) -> str:
        """Return the name of a workflow's state."""
        return {**self.telling_steps, **self.refusals, **self.steps}.get(name, name)

    def function(self, name: str) -> str:
        """Return what a function does."""
        return self.functions.get(name, name)

    def failure(self, note: str) -> str:
        """Describe how an unsuccessful execution ended."""
        return _FAILURES.get(note, note)

    def change(self, words: str) -> str:
        """Name the attributes in a record's change ("status, owner changed")."""
        if not words.endswith(_CHANGED):
            return words
        return " and ".join(self.attributes.get(name, name) for name in words.removesuffix(_CHANGED).split(", "))

    def passage(self, where: str) -> str:
        """Name the parts in the name of a hop between two stamps (Hop.where)."""
        where = re.sub(r"the bus \((.+?)\)", lambda bus: f"“{self.messages.get(bus[1], bus[1])}”", where)
        where = re.sub(r"the state (“(.+?)”)", lambda state: f"the step “{self.step(state[2])}”", where)
        return re.sub(
            r"the function (\w+)",
            lambda run: f"the function that {self.functions[run[1]]}" if run[1] in self.functions else run[0],
            where,
        )
