"""Finds the parts of a deployed café by what their names contain, and how it spells; settings can say both."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from acceptance.aws.account import Account
from acceptance.aws.items import plain
from acceptance.aws.parts import Sought, address_of, find_parts, rest_apis
from acceptance.aws.watched import PartKind
from acceptance.trouble import Trouble
from support.serverlesspresso import dialect
from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.settings import PREFIX, ServerlesspressoSettings

SHOP = "serverlesspresso"
# The dialect of the early workshop, of which a profile says nothing.
UNSAID = Dialect()


@dataclass(frozen=True)
class Parts:
    """The parts of a deployed café: names of the bus and the tables, ARNs of the workflows; and how it spells."""

    event_bus: str
    order_processor: str
    order_manager: str
    orders_table: str
    config_table: str
    counting_table: str
    dialect: Dialect = UNSAID


@dataclass(frozen=True)
class FrontDoorParts:
    """The HTTP API's address and its Cognito app client; a deployment made by hand may have neither."""

    url: str
    user_pool: str
    user_pool_client: str


@dataclass(frozen=True)
class _Part:
    field: str
    what: str
    fragment: str
    kind: PartKind

    @property
    def setting(self) -> str:
        """The setting that names it."""
        return PREFIX + self.field


PARTS = (
    _Part("event_bus", "event bus", SHOP, "event bus"),
    _Part("order_processor", "workflow of the orders", "orderprocessor", "state machine"),
    _Part("order_manager", "workflow of the actions", "ordermanager", "state machine"),
    _Part("orders_table", "table of the orders", "order-table", "table"),
    _Part("config_table", "table of the settings and the menu", "config-table", "table"),
    _Part("counting_table", "table of the order numbers", "counting-table", "table"),
)


def discover(account: Account, settings: ServerlesspressoSettings, said: Dialect = UNSAID) -> Parts:
    """Find every part and the dialect, and check that the shop can serve. `said`: what the profile says of the dialect.

    Raises Trouble that names all that is missing.
    """
    found = find_parts(account, "The café is", parts_sought(settings), rather=SHOP)
    return Parts(**found, dialect=detect_dialect(account, found, settings.shop_id or said.shop_id, said))


def parts_sought(settings: ServerlesspressoSettings) -> Mapping[str, Sought]:
    """Return what is looked for, by roles."""
    return {
        part.field: Sought(part.what, part.kind, part.fragment, part.setting, getattr(settings, part.field))
        for part in PARTS
    }


def detect_dialect(account: Account, found: Mapping[str, str], wanted: str, said: Dialect) -> Dialect:
    """Detect how the café spells. Raises Trouble when its settings or its menu are missing."""
    table = found["config_table"]
    keys = _keys(account, table)
    shop_id = _shop_id(keys, wanted)
    # Where there is no shop id, nothing needs to be known of the workflows.
    processor, manager = (
        _definition(account, found[role]) if shop_id else {} for role in ("order_processor", "order_manager")
    )
    settings = _item(account, table, f"config-{shop_id}" if shop_id else "config", keys)
    spoken = dialect.of_shop(shop_id, settings, keys, processor, manager).overridden_by(said)
    menu = _item(account, table, spoken.menu_key, keys).get(spoken.menu_attribute)
    if spoken.settings_key not in keys or not isinstance(menu, list):
        raise Trouble(
            f"The table {table} lacks the shop's settings or its menu (item PK={spoken.settings_key}, and the list "
            f"“{spoken.menu_attribute}” of item PK={spoken.menu_key}). Load them as the shop's installation describes, "
            "or say in the profile where they are (dialect)."
        )
    return spoken


def _shop_id(keys: Collection[str], wanted: str) -> str:
    """Return the shop id that the keys carry, "" if they carry none. Raises Trouble when there are several."""
    if wanted or {"config", "menu"} <= set(keys):
        return wanted
    ids = sorted(key.removeprefix("config-") for key in keys if key.startswith("config-"))
    if len(ids) > 1:
        raise Trouble(
            f"The shop's settings are there for several shops ({', '.join(ids)}).",
            f"Choose one with -D {PREFIX}shop_id=….",
        )
    return "".join(ids)


def _keys(account: Account, table: str) -> Collection[str]:
    pages = account.dynamodb.get_paginator("scan").paginate(
        TableName=table, Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="PK", ConsistentRead=True
    )
    return {item.get("PK", {}).get("S", "") for page in pages for item in page["Items"]}


def _item(account: Account, table: str, key: str, keys: Collection[str]) -> Mapping[str, Any]:
    """Read an item as Python writes it, {} where there is none. The table may have quite other keys."""
    if key not in keys:
        return {}
    answer = account.dynamodb.get_item(TableName=table, Key={"PK": {"S": key}}, ConsistentRead=True)
    return plain(answer.get("Item", {}))


def _definition(account: Account, arn: str) -> Any:
    return json.loads(account.stepfunctions.describe_state_machine(stateMachineArn=arn)["definition"])


def discover_front_door(account: Account, settings: ServerlesspressoSettings) -> FrontDoorParts | None:
    """Find the HTTP API and its app client, or return None where there is none."""
    url = settings.front_door_url or _api_url(account)
    if not url:
        return None
    cognito = account.client("cognito-idp")
    for page in cognito.get_paginator("list_user_pools").paginate(MaxResults=60):
        for pool in page["UserPools"]:
            clients = cognito.list_user_pool_clients(UserPoolId=pool["Id"], MaxResults=60)["UserPoolClients"]
            for client in clients:
                if settings.user_pool_client == client["ClientId"] or (
                    not settings.user_pool_client and SHOP in f"{pool['Name']} {client['ClientName']}".lower()
                ):
                    return FrontDoorParts(url, pool["Id"], client["ClientId"])
    return None


def _api_url(account: Account) -> str:
    name = next((name for name in rest_apis(account) if SHOP in name.lower()), "")
    return address_of(account, name) if name else ""
