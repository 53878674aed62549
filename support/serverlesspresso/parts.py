"""Finds the parts of a deployed café by what their names contain, and its dialect; settings can name both."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.items import plain
from acceptance.aws.parts import Sought, find_parts
from acceptance.aws.rest_apis import Resource, RestApi, address_of, resources, rest_apis
from acceptance.aws.watched import PartKind
from acceptance.trouble import Trouble
from support.serverlesspresso import dialect
from support.serverlesspresso.dialect import CANONICAL, Dialect, TokenKind
from support.serverlesspresso.settings import PREFIX, ServerlesspressoSettings

SHOP = "serverlesspresso"
ONE_ORDER = re.compile(r"/orders/\{\w+\}")


@dataclass(frozen=True)
class Parts:
    """The parts of a deployed café: names of the bus and the tables, ARNs of the workflows; and its dialect."""

    event_bus: str
    order_processor: str
    order_manager: str
    orders_table: str
    config_table: str
    counting_table: str
    dialect: Dialect = CANONICAL


@dataclass(frozen=True)
class FrontDoorParts:
    """The HTTP API's address, its Cognito app client, and the type of token that it requires.

    A deployment made by hand may have no such API.
    """

    url: str
    user_pool: str
    user_pool_client: str
    wants: TokenKind = "id"


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


def discover(account: Account, settings: ServerlesspressoSettings, said: Dialect = CANONICAL) -> Parts:
    """Find every part and the dialect, and check that the shop can serve. `said`: the profile's dialect.

    Raises Trouble that names all missing parts.
    """
    found = find_parts(account, "The café is", parts_sought(settings), rather=SHOP)
    return Parts(**found, dialect=detect_dialect(account, found, settings.shop_id or said.shop_id, said))


def parts_sought(settings: ServerlesspressoSettings) -> Mapping[str, Sought]:
    """Return the parts to look for, by role."""
    return {
        part.field: Sought(part.what, part.kind, part.fragment, part.setting, getattr(settings, part.field))
        for part in PARTS
    }


def detect_dialect(account: Account, found: Mapping[str, str], wanted: str, said: Dialect) -> Dialect:
    """Detect the café's dialect. Raises Trouble when its settings or its menu are missing."""
    table = found["config_table"]
    keys = _keys(account, table)
    shop_id = _shop_id(keys, wanted)
    processor, manager = (_definition(account, found[role]) for role in ("order_processor", "order_manager"))
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
    """Find the HTTP API and its app client, or return None where there is none.

    Raises Trouble where there are several APIs that it could be.
    """
    api = _orders_api(account, settings.front_door_url)
    url = settings.front_door_url or (address_of(account, api) if api else "")
    if not url:
        return None
    token = _token(account, api)
    cognito = account.client("cognito-idp")
    for page in cognito.get_paginator("list_user_pools").paginate(MaxResults=60):
        for pool in page["UserPools"]:
            clients = cognito.list_user_pool_clients(UserPoolId=pool["Id"], MaxResults=60)["UserPoolClients"]
            for client in clients:
                if settings.user_pool_client == client["ClientId"] or (
                    not settings.user_pool_client and SHOP in f"{pool['Name']} {client['ClientName']}".lower()
                ):
                    return FrontDoorParts(url, pool["Id"], client["ClientId"], token)
    return None


def _orders_api(account: Account, url: str) -> RestApi | None:
    """Find the API that serves orders: at the configured address, or by its name and its routes."""
    apis = list(rest_apis(account))
    if url:
        return next((api for api in apis if api.id in url), None)
    named = [api for api in apis if SHOP in api.name.lower()]
    serving = [api for api in named if _serves_orders(account, api)]
    if len(serving) > 1:
        candidates = ", ".join(sorted(f"{api.name} ({api.id})" for api in serving))
        raise Trouble(
            f"More than one HTTP API could be the shop's ({candidates}). "
            f"Choose one with -D {PREFIX}front_door_url=…, its address with its stage."
        )
    return serving[0] if serving else None


def _serves_orders(account: Account, api: RestApi) -> bool:
    """Whether an API has a path for each order. Assumed where this run may not read its routes."""
    served = _served(account, api)
    return served is None or any(ONE_ORDER.fullmatch(resource.path) for resource in served)


def _token(account: Account, api: RestApi | None) -> TokenKind:
    """Return the type of token that the API requires: methods with scopes require an access token."""
    served = _served(account, api) if api else None
    return "access" if any(one.scopes for one in served or () if ONE_ORDER.fullmatch(one.path)) else "id"


def _served(account: Account, api: RestApi) -> Collection[Resource] | None:
    """Return an API's routes; None where this run may not read them."""
    try:
        return list(resources(account, api))
    except ClientError as error:
        if not error.response["Error"]["Code"].startswith("AccessDenied"):
            raise
        return None
