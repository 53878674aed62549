"""How a deployment spells Serverlesspresso's data: keys, states, events, and the fields of its messages.

The early workshop writes `config`, `Completed` and `OrderManager.OrderCompleted`; a shop with an id writes
`config-ABC`, `ABC-COMPLETED` and `OrderManager.OrderABC-COMPLETED`. Those of the workshop are the canonical names:
driver, matchers and features know no others. Nothing is lost by that: a record keeps its content, and an event how it
was delivered, so messages quote what was received.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from acceptance.profile import Section
from support.serverlesspresso.messages import CANCELLED, COMPLETED

State = Annotated[str, StringConstraints(pattern="^(CREATED|COMPLETED|CANCELLED)$")]
TokenKind = Literal["id", "access"]
# As the early workshop stores and publishes them.
STATES: Mapping[State, str] = {"CREATED": "CREATED", "COMPLETED": "Completed", "CANCELLED": "Cancelled"}
# An order's end is announced by an event that has the stored state in its name.
ANNOUNCED = {"COMPLETED": COMPLETED, "CANCELLED": CANCELLED}
ANNOUNCES = "OrderManager.Order"
SHOP_ID = "eventId"
# A reference into what a workflow was started with: JSONPath or JSONata.
REFERENCE = re.compile(
    rf"\$(?:\$\.Execution\.Input|states\.(?:context\.Execution\.Input|input))?\.((?:\w+\.)*{SHOP_ID})\b"
)

# A state that is put together within an expression: 'COMPLETED' or '{}-COMPLETED'.
QUOTED = re.compile(rf"'(?:[^']*\W)?({'|'.join(STATES)})'", re.IGNORECASE)
# The keys of a workflow's states and errors.
NAMES = ("StartAt", "Next", "Default", "Error", "ErrorEquals", "Cause", "Comment")


class Dialect(Section):
    """One way of spelling. The default is the early workshop's and the shipped café's."""

    shop_id: str = Field(default="", description="shop id in keys, states and messages, such as ABC")
    settings_key: str = Field(default="config", description="key of the item with the shop's settings")
    menu_key: str = Field(default="menu", description="key of the item with the menu")
    menu_attribute: str = Field(default="value", description="attribute of that item that contains the menu")
    states: Mapping[State, str] = Field(
        default_factory=dict,
        description="names of states in records and messages that differ from the workshop's, without the shop id",
    )
    events: Mapping[str, str] = Field(
        default_factory=dict,
        description="names of events (detail-type) that differ from the workshop's, by the workshop's names",
    )
    words: Mapping[str, str] = Field(
        default_factory=dict, description="texts of this shop that differ from the shipped shop's, by the shipped texts"
    )
    scan_fields: Mapping[str, str] = Field(
        default_factory=dict, description="further fields of a scan, such as bucket.eventId: ABC"
    )
    action_fields: Mapping[str, str] = Field(
        default_factory=dict, description="further fields of an action, such as eventId: ABC"
    )
    query: Mapping[str, str] = Field(
        default_factory=dict, description="query parameters of requests to the HTTP API, such as eventId: ABC"
    )
    token: TokenKind | None = Field(
        default=None,
        description="the kind of Cognito token that the HTTP API accepts; default: access if its methods have scopes",
    )

    def overridden_by(self, other: Dialect) -> Dialect:
        """Return this dialect with everything that the other one says explicitly."""
        return self.model_copy(update={name: getattr(other, name) for name in other.model_fields_set})

    # --- sent data --------------------------------------------------------------------------------

    def scan(self, content: Any) -> Any:
        """Return the content of a scan as it is sent. A non-object is sent unchanged."""
        return with_fields(content, self.scan_fields)

    def action(self, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the input of an action with this content."""
        spelled: Mapping[str, Any] = with_fields(content, self.action_fields)
        return spelled

    def request(self, query: Mapping[str, str]) -> Mapping[str, str]:
        """Return the query of a request to the HTTP API that would have this one at the early workshop's."""
        state = {"state": self.states.get(query["state"].upper(), query["state"])} if "state" in query else {}
        return {**self.query, **query, **state}

    def called(self, detail_type: str) -> str:
        """Return this deployment's name of an event."""
        return self.events.get(detail_type, detail_type)

    # --- received data ----------------------------------------------------------------------------

    def state(self, stored: str) -> str:
        """Return the canonical name of a stored state in capitals; an unknown one unchanged, in capitals."""
        own = stored.removeprefix(f"{self.shop_id}-") if self.shop_id else stored
        for state, name in self.states.items():
            if own.lower() == name.lower():
                return state
        return own.upper()

    def cause(self, received: Mapping[str, Any]) -> str:
        """Return why an order has ended, from a record or an event; "" where it gives no reason."""
        return str(received.get("cause") or received.get("reason") or "")

    def event(self, detail_type: str, detail: Any) -> tuple[str, Any]:
        """Return an event's canonical detail-type and detail."""
        return self._detail_type(detail_type), self._detail(detail) if isinstance(detail, dict) else detail

    def _detail_type(self, received: str) -> str:
        for canonical, own in self.events.items():
            if received == own:
                return canonical
        if received.startswith(ANNOUNCES):
            return ANNOUNCED.get(self.state(received.removeprefix(ANNOUNCES)), received)
        return received

    def _detail(self, received: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return a detail whose states, number, cause and words are the canonical ones; all else stays."""
        detail = dict(received)
        for name in ("ORDERSTATE", "state"):
            if isinstance(detail.get(name), str):
                detail[name] = STATES.get(self.state(detail[name]), detail[name])
        if "orderNumber" in detail:
            detail["orderNumber"] = number_of(detail["orderNumber"])
        if self.cause(detail):
            detail["cause"] = self.cause(detail)
        for canonical, own in self.words.items():
            if detail.get("Message") == own:
                detail["Message"] = canonical
        return detail


# That of the early workshop, and of the shipped café.
CANONICAL = Dialect()


def number_of(value: Any) -> Any:
    """Return a number that is written as a text as a number; anything else unchanged."""
    text = str(value).strip()
    return int(text) if not isinstance(value, bool) and re.fullmatch(r"\d+", text, re.ASCII) else value


def with_fields(content: Any, fields: Mapping[str, str]) -> Any:
    """Return a JSON object with further fields, each at its dotted path; what it has already stays."""
    if not isinstance(content, Mapping):
        return content
    whole: dict[str, Any] = copy.deepcopy(dict(content))
    for path, value in fields.items():
        *outer, last = path.split(".")
        place = whole
        for name in outer:
            place = place.setdefault(name, {})
        place.setdefault(last, value)
    return whole


# --- detection ------------------------------------------------------------------------------------------


def of_shop(shop_id: str, settings: Mapping[str, Any], keys: Iterable[str], processor: Any, manager: Any) -> Dialect:
    """Detect the dialect of a shop from its deployed parts.

    `settings` is the item with its settings (as Python writes it), `keys` those of the settings' table; `processor`
    and `manager` are the definitions of the two workflows.
    """
    config, menu = (f"{name}-{shop_id}" if shop_id else name for name in ("config", "menu"))
    apart = menu in keys
    return Dialect(
        shop_id=shop_id,
        settings_key=config,
        menu_key=menu if apart else config,
        menu_attribute="value" if apart else _menu_in(settings) or "menu",
        scan_fields=_scan_fields(shop_id, processor),
        action_fields=_action_fields(shop_id, manager),
        query={SHOP_ID: shop_id} if shop_id else {},
        states=_states(manager),
    )


def _scan_fields(shop_id: str, processor: Any) -> Mapping[str, str]:
    """Where a scan carries the shop id: as the public successor's validator sends it, and where the workflow reads."""
    if not shop_id:
        return {}
    read = [path.removeprefix("detail.") for path in _paths(processor) if path.startswith("detail.")]
    return dict.fromkeys([SHOP_ID, f"bucket.{SHOP_ID}", *read], shop_id)


def _action_fields(shop_id: str, manager: Any) -> Mapping[str, str]:
    """Where an action carries it; what else the workflow reads may be of its own making."""
    read = [path for path in _paths(manager) if path.startswith("body.")]
    return dict.fromkeys([SHOP_ID, *read], shop_id) if shop_id else {}


def _states(manager: Any) -> Mapping[State, str]:
    """How the workflow of the actions writes the states that it stores, where it does so in another case."""
    written = [name for text in _texts(manager, but=NAMES) for name in (*QUOTED.findall(text), text)]
    return {
        state: name for state, usual in STATES.items() for name in written if name.upper() == state and name != usual
    }


def _menu_in(settings: Mapping[str, Any]) -> str:
    """The attribute of the settings that is a menu, "" for none."""
    return next((name for name, value in settings.items() if is_menu(value)), "")


def is_menu(value: Any) -> bool:
    """Whether a value (as Python writes it) is a list of drinks."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "drink" in one for one in value)


def _paths(definition: Any) -> Sequence[str]:
    """Where a workflow reads the shop id in what it was started with."""
    return list(dict.fromkeys(path for text in _texts(definition) for path in REFERENCE.findall(text)))


def _texts(value: Any, but: Collection[str] = ()) -> Iterator[str]:
    """Every text of a definition, `but` those under these names."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in but:
                yield from _texts(inner, but)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, but)
