"""What a profile can say about a deployed Serverlesspresso."""

from __future__ import annotations

from pydantic import Field

from acceptance.profile import Profile, Section
from support.serverlesspresso.dialect import Dialect


class ShopProfile(Section):
    """What the shop sells, and how much of it at once."""

    drink: str = Field(default="", description="a drink that can be ordered; default: found on the menu")


class ServerlesspressoProfile(Profile):
    """The profile of a deployed café."""

    dialect: Dialect = Dialect()
    shop: ShopProfile = ShopProfile()
