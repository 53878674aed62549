"""An order as people see it: its record, the outcome of an action on it, the workflow that serves it."""

import builtins
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from acceptance.aws.executions import Execution
from acceptance.aws.items import plain
from acceptance.aws.tap import Event
from acceptance.matchers import as_stored, in_words
from support.serverlesspresso.dialect import CANONICAL, Dialect, number_of
from support.serverlesspresso.menu import ChosenDrink

PERSON = re.compile(r"^(\w.*?)-[0-9a-f]{8}(-\w+)?$")
REFUSING_STATUS = ("FAILED", "ABORTED", "TIMED_OUT")
# An error of the machinery, which is no refusal: of Step Functions, Lambda or DynamoDB themselves.
BREAKDOWN = re.compile(
    r"^(States\.(Runtime|Timeout|DataLimitExceeded|Permissions|ParameterPathFailure|IntrinsicFailure)$"
    r"|Lambda\.|Runtime\.|Sandbox\.|DynamoDB\.(?!ConditionalCheck))"
)
# Public deployments end a drink off the menu in a state of this name, without failing.
REFUSING_STATE = "not a valid"
ENDED = ("COMPLETED", "CANCELLED")
# A customer's or barista's actions, in words for a picture.
DOES = {
    "": "orders",
    "make": "claims it",
    "unmake": "gives it back",
    "complete": "completes it",
    "cancel": "cancels it",
}
VERBS = {
    "": "take the drink",
    "make": "let it be claimed",
    "unmake": "take it back",
    "complete": "complete it",
    "cancel": "cancel it",
}


def name_of(user_id: str) -> str:
    """Return a person's name in the scenario, or the id itself for other users."""
    person = PERSON.match(user_id)
    return person[1] if person else user_id


@dataclass(frozen=True)
class Order:
    """A stored order. `state` is CREATED, COMPLETED or CANCELLED; `number` is None before the drink is submitted, and
    what is stored where that is no number.

    `content` is the whole record, its task token made unreadable, for comparing what two moments left behind.
    """

    state: str
    user_id: str
    number: Any
    barista: str
    drink: str
    modifiers: Sequence[str]
    cause: str
    content: Mapping[str, Any]

    @classmethod
    def from_item(cls, item: Mapping[str, Any], dialect: Dialect = CANONICAL) -> "Order":
        """Read an item of the orders' table (DynamoDB's notation)."""
        stored = plain(item)
        drink = drink_of(stored.get("drinkOrder"))
        return cls(
            state=dialect.state(str(stored.get("ORDERSTATE", ""))),
            user_id=str(stored.get("USERID", "")),
            number=number_of(stored.get("orderNumber")) if stored.get("orderNumber") not in (None, "") else None,
            barista=str(stored.get("baristaUserId") or ""),
            drink=str(drink.get("drink") or ""),
            modifiers=tuple(drink.get("modifiers") or ()),
            cause=dialect.cause(stored),
            content={name: _unreadable(value) if name == "TaskToken" else value for name, value in stored.items()},
        )

    @property
    def chosen(self) -> ChosenDrink:
        """The drink with its choices."""
        return ChosenDrink(self.drink, tuple(self.modifiers))

    @property
    def visible(self) -> Mapping[str, object]:
        """The part that people see. Another café may store more in its records, such as each one's last update."""
        return {
            "state": self.state,
            "customer": self.user_id,
            "drink": self.drink,
            "choices": tuple(self.modifiers),
            "number": self.number,
            "barista": self.barista,
            "cause": self.cause,
        }

    @property
    def since(self) -> int | None:
        """When it was opened, by its own record (epoch ms)."""
        stamped = str(self.content.get("TS", ""))
        return int(stamped) if stamped.isdigit() else None

    @property
    def public(self) -> Mapping[str, str]:
        """The content that the app shows: all but its task token."""
        shown = {"orderId": self.content.get("SK"), **self.content}
        return {name: str(value) for name, value in shown.items() if name not in ("PK", "SK", "TaskToken")}

    @property
    def words(self) -> str:
        """The order in a few words that a barista would use."""
        if self.state == "CREATED":
            return f"it is {self._stage}"
        because = f" ({in_words(self.cause)})" if self.cause else ""
        if self.state in ENDED:
            return f"it is {self.state.lower()}{because}"
        return (
            f'it has the unknown state "{self.content.get("ORDERSTATE", self.state)}"{because}'
            if self.state
            else "it is there, but was never opened"
        )

    @property
    def _stage(self) -> str:
        if not self.drink:
            return "waiting for its drink to be chosen"
        if self.number is None:
            return f"a {in_words(self.drink)} without a number"
        maker = f"being made by {in_words(name_of(self.barista))}" if self.barista else "unclaimed"
        number = self.number if isinstance(self.number, int) else as_stored(self.number)
        return f"number {number}, a {in_words(self.drink)}, {maker}"


def differences(before: Order | None, after: Order | None) -> Mapping[str, tuple[Any, Any]]:
    """Return each attribute of a record in which two moments differ, with both values; None: it was not there."""
    one, other = before.content if before else {}, after.content if after else {}
    return {
        name: (one.get(name), other.get(name)) for name in sorted({**one, **other}) if one.get(name) != other.get(name)
    }


def _unreadable(task_token: Any) -> str:
    """Return a digest of a task token that changes with it and cannot be used."""
    return f"pass {hashlib.sha256(str(task_token).encode()).hexdigest()[:8]}"


def drink_of(stored: Any) -> Mapping[str, Any]:
    """Read a stored drink order: usually a JSON text with `drink` and `modifiers`."""
    if not stored:
        return {}
    try:
        drink = json.loads(stored) if isinstance(stored, str) else stored
    except json.JSONDecodeError:
        return {"drink": str(stored)}
    return drink if isinstance(drink, dict) else {"drink": drink}


@dataclass(frozen=True)
class Scan:
    """A scan that was sent: the event's id ("" if the bus refused it), and the ids in it that could name an order."""

    event_id: str
    order_id: str
    user_id: str


@dataclass(frozen=True)
class SeenOrder:
    """An order at a moment: its record (None: there is none) and the events about it."""

    order_id: str
    record: Order | None
    events: Sequence[Event]
    dead_end: Callable[[], str | None] = lambda: None
    before: Callable[[], str] = lambda: ""  # what its customer had ordered before, in words, "" for nothing

    @property
    def last_news(self) -> str:
        """The last event about the order, for messages."""
        return f"last event: {self.events[-1].as_delivered.detail_type}" if self.events else "no event so far"

    @property
    def words(self) -> str:
        """The order in a few words."""
        if self.record:
            return self.record.words
        before = self.before()
        return f"there is no order{before and f' (its customer had ordered before: {before})'}"


@dataclass(frozen=True)
class Action:
    """An action on an order: "" submits, make claims, unmake gives back. `by`: their user id."""

    name: str
    order_id: str
    execution: str
    by: str = ""

    @property
    def verb(self) -> str:
        """The requested action, in words."""
        return VERBS[self.name]


@dataclass(frozen=True)
class SeenAction:
    """The progress of an action."""

    action: Action
    execution: Execution
    last_state: str = ""

    @property
    def refused(self) -> bool:
        """Whether the café has refused it: by a failed workflow, or by one that ends in a refusing state."""
        if self.broke_down:
            return False
        return self.execution.status in REFUSING_STATUS or REFUSING_STATE in self.last_state

    @property
    def broke_down(self) -> bool:
        """Whether it ended by a technical error, which is neither an acceptance nor a refusal."""
        error = self.execution.error
        # A crashed function returns the name of its language's own error.
        return bool(BREAKDOWN.match(error)) or hasattr(builtins, error) or error in ("ReferenceError", "RangeError")

    @property
    def accepted(self) -> bool:
        """Whether the café has carried it out."""
        return self.execution.succeeded and not self.refused

    @property
    def reason(self) -> str:
        """The reason for the refusal."""
        given = f"{self.execution.error}: {self.execution.cause}".strip(": ")
        return given or self.last_state or "no reason was given"

    def dead_end(self) -> str | None:
        """An action that has ended no longer changes."""
        return None if self.execution.running else "that is its answer"


@dataclass(frozen=True)
class Workflows:
    """The workflows that serve, or served, an order."""

    order_id: str
    executions: Sequence[Execution]

    @property
    def are_over(self) -> bool:
        """Whether there was one at least, and none still runs."""
        return bool(self.executions) and not self.open

    @property
    def open(self) -> Sequence[Execution]:
        """Those that still run."""
        return [execution for execution in self.executions if execution.running]
