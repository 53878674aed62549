"""The settings of Serverlesspresso."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field, SecretStr

from acceptance.settings import SystemSettings

PREFIX = "serverlesspresso_"
# These had no prefix while there was only one system.
WITHOUT_PREFIX = (
    *("template", "event_bus", "order_processor", "order_manager", "orders_table", "config_table", "counting_table"),
    *("tap_whole_bus", "shop_id", "front_door_url", "user_pool_client", "customer_username", "customer_password"),
)


class ServerlesspressoSettings(SystemSettings, env_prefix=PREFIX):
    """Where the café is, and who may sign in to its app."""

    former_environment_prefix: ClassVar[str] = "CAFE_"
    former_names: ClassVar[Mapping[str, str]] = {name: name for name in WITHOUT_PREFIX}

    template: str = Field(
        default="",
        description="SAM template to deploy when embedded; default: `systems/serverlesspresso/template.yaml`",
    )
    event_bus: str = Field(default="", description="name of the event bus; default: found")
    order_processor: str = Field(
        default="", description="name or ARN of the workflow that processes an order; default: found"
    )
    order_manager: str = Field(
        default="", description="name or ARN of the workflow that carries out actions; default: found"
    )
    orders_table: str = Field(default="", description="name of the orders' table; default: found")
    config_table: str = Field(default="", description="name of the table of settings and menu; default: found")
    counting_table: str = Field(default="", description="name of the order numbers' table; default: found")
    tap_whole_bus: bool = Field(
        default=False,
        description="let the event tap receive every event of the bus; "
        "for events that carry neither order id nor user id",
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        description="seed of the delays that make actions overlap when embedded; default: random for each run",
    )
    shop_id: str = Field(
        default="", description="shop id in keys and states, of deployments that have one (config-ABC); default: found"
    )
    front_door_url: str = Field(
        default="",
        description="URL of the HTTP API with its stage, reached through the environment's proxies; default: found",
    )
    user_pool_client: str = Field(
        default="", description="id of the Cognito app client of the HTTP API; default: found"
    )
    customer_username: str = Field(default="", description="Cognito user for the scenarios of the app (@app) on aws")
    customer_password: SecretStr = Field(default=SecretStr(""), description="that user's password")
