"""Finds the parts of a deployed café by what their names contain; a setting can name each one."""

from dataclasses import dataclass

from acceptance.aws.account import Account
from acceptance.aws.parts import Sought, address_of, find_parts, rest_apis
from acceptance.aws.watched import PartKind
from acceptance.trouble import Trouble
from support.serverlesspresso.settings import PREFIX, ServerlesspressoSettings

SHOP = "serverlesspresso"


@dataclass(frozen=True)
class Parts:
    """The parts of a deployed café: names of the bus and the tables, ARNs of the workflows."""

    event_bus: str
    order_processor: str
    order_manager: str
    orders_table: str
    config_table: str
    counting_table: str
    shop_id: str


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


def discover(account: Account, settings: ServerlesspressoSettings) -> Parts:
    """Find every part, and check that the shop can serve. Raises Trouble that names all that is missing."""
    sought = {
        part.field: Sought(part.what, part.kind, part.fragment, part.setting, getattr(settings, part.field))
        for part in PARTS
    }
    found = find_parts(account, "The café is", sought, rather=SHOP)
    shop_id = _shop_id(account, found["config_table"], settings.shop_id)
    return Parts(**found, shop_id=shop_id)


def _shop_id(account: Account, config_table: str, wanted: str) -> str:
    """Tell the shop id that the keys carry, "" if they carry none. Raises Trouble when settings or menu are missing."""
    pages = account.dynamodb.get_paginator("scan").paginate(
        TableName=config_table, Select="SPECIFIC_ATTRIBUTES", ProjectionExpression="PK", ConsistentRead=True
    )
    keys: set[str] = {item.get("PK", {}).get("S", "") for page in pages for item in page["Items"]}
    if not wanted and {"config", "menu"} <= keys:
        return ""
    ids = [wanted] if wanted else sorted(key.removeprefix("config-") for key in keys if key.startswith("config-"))
    if len(ids) == 1 and {f"config-{ids[0]}", f"menu-{ids[0]}"} <= keys:
        return ids[0]
    if len(ids) > 1:
        raise Trouble(
            f"The shop's settings are there for several shops ({', '.join(ids)}). Choose one with -D {PREFIX}shop_id=…."
        )
    suffix = f"-{ids[0]}" if ids else ""
    raise Trouble(
        f"The table {config_table} lacks the shop's settings or its menu "
        f"(items PK=config{suffix} and PK=menu{suffix}). Load them as the shop's installation describes."
    )


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
