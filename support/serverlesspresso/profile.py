"""The content of a profile for a deployed Serverlesspresso."""

from __future__ import annotations

from pydantic import Field, PositiveInt

from acceptance.profile import Profile, Section
from support.serverlesspresso.dialect import Dialect


class ShopProfile(Section):
    """The shop's menu, capacity, and times. The default of each is read from the shop."""

    drink: str = Field(default="", description="a drink that can be ordered; default: Cappuccino or the menu's first")
    another_drink: str = Field(default="", description="another drink that can be ordered; default: found on the menu")
    drink_with_choices: str = Field(default="", description="a drink with modifiers; default: found on the menu")
    drink_without_choices: str = Field(default="", description="a drink without modifiers; default: found on the menu")
    sold_out: str = Field(default="", description="a drink that is sold out; default: found on the menu")
    never_sold: str = Field(default="", description="a drink that is not on the menu; default: generated")
    capacity: PositiveInt | None = Field(
        default=None,
        description="maximum number of open orders; default: read from the workflow of the orders, else 20",
    )
    choosing_seconds: PositiveInt | None = Field(
        default=None, description="seconds that a customer has to choose a drink; default: read from the workflow"
    )
    making_seconds: PositiveInt | None = Field(
        default=None, description="seconds that the baristas have for an order; default: read from the workflow"
    )


class ServerlesspressoProfile(Profile):
    """The profile of a deployed café."""

    dialect: Dialect = Field(default=Dialect(), description="format of keys, states and messages; default: found")
    shop: ShopProfile = Field(
        default=ShopProfile(), description="menu, capacity and times; default: read from the shop"
    )
