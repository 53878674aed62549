"""The content of a profile for deployed retail services."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from acceptance.profile import Profile
from support.retail.dialect import Dialect
from support.retail.operations import ServicesProfile
from support.retail.users import UsersProfile


class RetailProfile(Profile):
    """The profile of a retail shop."""

    dialect: Dialect = Field(
        default=Dialect(), description="what fields, plans and pages are called; default: found in what the topics hold"
    )
    users: UsersProfile = Field(default=UsersProfile(), description="where users are known from; default: a table")
    services: ServicesProfile = Field(
        default=ServicesProfile(), description="how services are ended and started; default: they are left alone"
    )

    @property
    def folder(self) -> Path:
        """The folder that its commands are run in: that of its file."""
        return Path(self.file).resolve().parent if self.file else Path.cwd()
