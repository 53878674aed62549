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
        default=Dialect(), description="names of fields, plans and pages; default: found in the messages of the topics"
    )
    users: UsersProfile = Field(default=UsersProfile(), description="where the users are stored; default: a table")
    services: ServicesProfile = Field(
        default=ServicesProfile(), description="commands that stop and start services; default: they are left alone"
    )

    @property
    def folder(self) -> Path:
        """The folder that its commands are run in: that of its file."""
        return Path(self.file).resolve().parent if self.file else Path.cwd()
