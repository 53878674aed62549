"""The report on a deployed café before a run: its parts, its dialect, and whether a customer would be served."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.discovery import short
from acceptance.aws.executions import Executions
from acceptance.examination import Finding, examine_parts
from acceptance.trouble import Trouble
from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.menu import if_sold
from support.serverlesspresso.order_processor import OrderProcessor
from support.serverlesspresso.parts import SHOP, Parts, detect_dialect, discover_front_door, parts_sought
from support.serverlesspresso.profile import ServerlesspressoProfile
from support.serverlesspresso.settings import PREFIX, ServerlesspressoSettings
from support.serverlesspresso.shop import Shop
from support.serverlesspresso.watched import ORDER

# Fewer orders at once than this are too few for some scenarios.
COMPANY = 5
# The worst failures first, by words of scenarios and messages: mixed-up or lost orders, and wording last.
HARMS = (
    r"charged|paid",
    r"does not exist|nobody opened|ghost|lost|twice|more than one|finishes? the order|anybody|somebody else",
    "",
    r"\b(told|hears?|says?|words?|picture|announce[ds]?)\b",
)
FALLS_AWAY: Mapping[str, str] = {
    "FindTheParts": "The parts of the café cannot be found.",
    "KnowTheBus": "Events of the bus cannot be received.",
    "TellTheBus": "Scanning a code is impossible.",
    "LayTheTap": "Events of the bus cannot be received.",
    "ReadTheTap": "Events of the bus cannot be received.",
    "ReadTheWorkflows": "The café's capacity and time-outs are not known.",
    "FindTheExecutions": "The workflow of an order cannot be found.",
    "ReadTheExecutions": "The history of a workflow cannot be read.",
    "ActOnOrders": "Submitting, claiming, completing and cancelling an order are impossible.",
    "UsePasses": "A used task token cannot be tried again.",
    "EndExecutions": "The workflows of a scenario cannot be ended after it.",
    "SeeAndRemoveOrders": "Orders can neither be read nor removed.",
    "FindOrdersOfKilledRuns": "Leftover orders of a killed run cannot be found.",
    "FindOrdersOfACustomer": "The orders of a customer cannot be found.",
    "FindTheSettings": "The shop's settings and its menu cannot be found.",
    "ReadTheSettings": "The shop's settings and its menu cannot be read.",
    "ExclusiveChangeTheSettings": "The shop cannot be opened or closed, nor its menu changed (@exclusive).",
    "OptionalRules": "The report does not show which rules were covered, and a failing wait lasts as long as patience.",
    "OptionalLogs": "The page of a failed scenario shows no logs, and a failing wait lasts longer.",
    "OptionalConsumers": "A failing wait lasts longer.",
    "OptionalStreamOfATable": "The report does not show when a record changed.",
    "OptionalStreams": "The report does not show when a record changed.",
    "OptionalAppAddress": "The HTTP API cannot be found, so scenarios tagged @app are left out.",
    "OptionalAppPools": "The users of the app cannot be found, so scenarios tagged @app are left out.",
    "OptionalAppClients": "The users of the app cannot be found, so scenarios tagged @app are left out.",
}


@dataclass
class Found:
    """The parts of a café that were found, by role, and its dialect."""

    parts: dict[str, str] = field(default_factory=dict)
    dialect: Dialect | None = None

    def described(self) -> Mapping[str, Any]:
        """Return a profile's content for the café."""
        # All else is detected each time, and follows from it.
        said = {"shop_id": self.dialect.shop_id} if self.dialect and self.dialect.shop_id else {}
        return {"parts": {role: short(name) for role, name in self.parts.items()}, "dialect": said}


def examine(
    account: Account,
    settings: ServerlesspressoSettings,
    profile: ServerlesspressoProfile,
    found: Found,
    *,
    exclusive: bool,
) -> Iterator[Finding]:
    """Look for the parts, put them into `found`, and check their settings. `exclusive`: a run may open the shop."""
    sought = parts_sought(settings)
    yield from examine_parts(account, sought, profile.parts, rather=SHOP, found=found.parts)
    yield _examine_app(account, settings)
    if len(found.parts) < len(sought):
        return
    try:
        dialect = detect_dialect(account, found.parts, settings.shop_id or profile.dialect.shop_id, profile.dialect)
    except Trouble as trouble:
        yield Finding.of_trouble("parts", "settings and menu", trouble)
        return
    except ClientError as error:
        yield Finding.of_trouble("parts", "settings and menu", Trouble(f"They could not be read: {error}."))
        return
    found.dialect = dialect
    yield Finding("parts", "dialect", "ok", _spelled(dialect))
    parts = Parts(**found.parts, dialect=dialect)
    try:
        yield from readiness(account, parts, profile, exclusive=exclusive)
    except ClientError as error:
        what = f"It is unknown whether the shop serves customers: {error}."
        yield Finding("readiness", "shop", "problem", what, stops=True)


def readiness(
    account: Account, parts: Parts, profile: ServerlesspressoProfile, *, exclusive: bool
) -> Iterator[Finding]:
    """Check whether the shop is open and has room, its menu, and whether its time-outs can be checked."""
    shop, definition = Shop(account, parts, None, profile.shop), definition_of(account, parts.order_processor)
    processor = processor_of(account, parts, definition, profile)
    yield opening(shop, parts, exclusive=exclusive)
    yield room(processor, parts)
    yield from _menu(shop)
    yield from emulated(account, definition)


def opening(shop: Shop, parts: Parts, *, exclusive: bool) -> Finding:
    """Report whether the shop is open. `exclusive`: a run may open one that is closed."""
    is_open = shop.is_open()
    if is_open is None:
        return Finding("readiness", "shop", "note", "The setting storeOpen says neither open nor closed.")
    if is_open:
        return Finding("readiness", "shop", "ok", "open")
    what = f"The shop is closed (item {parts.dialect.settings_key}, storeOpen false)."
    if exclusive:
        return Finding("readiness", "shop", "note", what, "A run opens it, and closes it again afterwards.")
    advice = "Open it, or allow the run to open it with -D exclusive=yes."
    return Finding("readiness", "shop", "problem", what, advice, stops=True)


def room(processor: OrderProcessor, parts: Parts) -> Finding:
    """Report how many more orders the shop takes."""
    capacity, free = processor.capacity, processor.free_places()
    busy = f"{capacity - free} of {capacity} orders are open"
    if free > COMPANY:
        return Finding("readiness", "room", "ok", f"for {free} more orders ({busy})")
    if free > 0:
        what = f"There is room for only {free} more orders ({busy}); scenarios that need more cannot be checked."
        return Finding("readiness", "room", "note", what, "Wait until some have ended.")
    advice = (
        f"Wait until some have ended, or stop executions of {short(parts.order_processor)} that are no longer needed."
    )
    return Finding("readiness", "room", "problem", f"The shop is full: {busy}.", advice, stops=True)


def processor_of(
    account: Account, parts: Parts, definition: Mapping[str, Any], profile: ServerlesspressoProfile
) -> OrderProcessor:
    """Return the order processor of a café without a tap."""
    executions = Executions(account.stepfunctions, parts.order_processor, ORDER)
    return OrderProcessor(account, executions, lambda: definition, lambda _: "", profile.shop)


def definition_of(account: Account, workflow: str) -> Mapping[str, Any]:
    """Read the definition of a deployed workflow."""
    described = account.stepfunctions.describe_state_machine(stateMachineArn=workflow)
    definition: Mapping[str, Any] = json.loads(described["definition"])
    return definition


def names(found: Mapping[str, str]) -> Mapping[str, str]:
    """Return the names of the parts that the policy names."""
    policy = {
        "Serverlesspresso": "event_bus",
        "OrderProcessorWorkflow": "order_processor",
        "OrderManagerStateMachine": "order_manager",
        "serverlesspresso-order-table": "orders_table",
        "serverlesspresso-config-table": "config_table",
    }
    return {there: short(found[role]) for there, role in policy.items() if role in found}


def _examine_app(account: Account, settings: ServerlesspressoSettings) -> Finding:
    without = "Scenarios tagged @app are left out."
    try:
        door = discover_front_door(account, settings)
    except Trouble as trouble:
        return Finding.of_trouble("parts", "HTTP API", trouble, stops=False)
    except ClientError as error:
        return Finding("parts", "HTTP API", "note", f"The search failed: {error}. {without}")
    if door is None:
        advice = f"Name it with -D {PREFIX}front_door_url=… and -D {PREFIX}user_pool_client=…, if there is one."
        return Finding("parts", "HTTP API", "note", f"None was found. {without}", advice)
    by = f"named by {PREFIX}front_door_url" if settings.front_door_url else f'its name contains "{SHOP}"'
    return Finding("parts", "HTTP API", "ok", f"{door.url} ({by})")


def _spelled(dialect: Dialect) -> str:
    shop = f"shop id {dialect.shop_id}" if dialect.shop_id else "no shop id"
    return (
        f"{shop}; settings in item {dialect.settings_key}, "
        f"menu in item {dialect.menu_key}, attribute {dialect.menu_attribute}"
    )


def _menu(shop: Shop) -> Iterator[Finding]:
    try:
        menu = shop.menu()
        usual = if_sold(lambda: menu.usual)
        another, with_choices = if_sold(lambda: menu.another), if_sold(lambda: menu.with_choices)
    except Trouble as trouble:
        yield Finding.of_trouble("readiness", "menu", trouble)
        return
    ready = [drink.name for drink in menu.drinks if drink.available]
    out = [drink.name for drink in menu.drinks if not drink.available]
    if usual is None:
        advice = "Add a drink to the menu, or make one available."
        yield Finding("readiness", "menu", "problem", "No drink can be ordered.", advice, stops=True)
        return
    sold_out = f"; sold out: {', '.join(out)}" if out else ""
    yield Finding("readiness", "menu", "ok", f"{', '.join(ready)}{sold_out}; the usual order is {usual.name}")
    if another is None:
        yield Finding("readiness", "menu", "note", "Only one drink can be ordered; scenarios with two are not checked.")
    if with_choices is None:
        yield Finding("readiness", "menu", "note", "No drink has modifiers; scenarios about them are not checked.")


def emulated(account: Account, definition: Mapping[str, Any]) -> Iterator[Finding]:
    """Report which verdicts depend on behaviour in which an emulator may differ from AWS."""
    endpoint = str(account.stepfunctions.meta.endpoint_url)
    if ".amazonaws." in endpoint:
        return
    waits = [name for name, state in definition["States"].items() if "HeartbeatSeconds" in state]
    if waits:
        what = f"Time-outs by HeartbeatSeconds ({', '.join(waits)}) may not be enforced here: {endpoint} is not AWS."
        advice = "Do not rely on verdicts about time-outs (@slow)."
        yield Finding("readiness", "emulator", "note", what, advice)
    what = "A JSONPath that finds nothing may be passed on as null here, where AWS fails the state."
    advice = "Do not rely on verdicts about scans and actions without a required field."
    yield Finding("readiness", "emulator", "note", what, advice)
