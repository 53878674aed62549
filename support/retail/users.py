"""How users are registered with the shop: by a table, a topic, or a command, as a profile says."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from confluent_kafka import KafkaError, KafkaException
from pydantic import Field, NonNegativeFloat, field_validator

from acceptance.aws.account import Account
from acceptance.aws.items import typed, write_all
from acceptance.kafka.cluster import Kafka
from acceptance.processes.command import call
from acceptance.profile import Section
from support.retail.dialect import USER, Dialect, Names, put
from support.retail.forms import ISO, NUMBER, WORDS, form_of, is_form

# Where a table expires items by `ttl`, those of a killed run expire.
KEPT_SECONDS = 86_400
FLUSH_SECONDS = 15.0
Records = Mapping[int, Mapping[str, Any]]  # each user's data, by the shipped names


class UsersProfile(Section):
    """Where a deployment keeps its users. The default is the shipped table."""

    fields: Names = Field(
        default_factory=dict,
        description="path of a field in a user's record, by shipped name, such as PLANTYPE: plan; dots lead inwards",
    )
    form: str = Field(default=NUMBER, description=f"how a user's number is written there: {WORDS}")
    also: Mapping[str, str] = Field(
        default_factory=dict, description="further texts of each record, such as kind: customer"
    )
    keys: tuple[str, ...] = Field(default=(), description="attributes of the table's key; default: the user's number")
    expires: str = Field(default="ttl", description="attribute by which the table expires records (epoch seconds)")
    topic: str = Field(default="", description="topic of users, JSON keyed by their numbers, instead of a table")
    add: str = Field(
        default="",
        description="command that adds users, instead of a table; its input is one record per line, as JSON. It runs "
        "in the profile's folder",
    )
    remove: str = Field(default="", description="command that removes users, with the same input; default: they stay")
    known_within: NonNegativeFloat = Field(
        default=0, description="seconds until all services know a user who was added"
    )

    @field_validator("form")
    @classmethod
    def _is_a_form(cls, form: str) -> str:
        if not is_form(form) or form == ISO:
            raise ValueError(f"there is no form “{form}”; it may be {WORDS}")
        return form

    @property
    def elsewhere(self) -> bool:
        """Whether they are kept elsewhere than in a table."""
        return bool(self.topic or self.add)

    def record(self, user: int, known: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
        """Return a user's record."""
        record: dict[str, Any] = dict[str, Any]()
        for place, text in self.also.items():
            put(record, place, text)
        for name, value in {USER: form_of(self.form).writes(user), **known}.items():
            place = self.fields.get(name, name)  # type: ignore[call-overload]
            put(record, place, value if name == USER else dialect.own(name, value))
        return record


class Users(Protocol):
    """Registers users."""

    def know(self, users: Records) -> None:
        """Register these users. Raises Trouble when that fails."""

    def forget(self, users: Iterable[int]) -> None:
        """Remove these users."""


class TableOfUsers:
    """Users who are kept in a table."""

    def __init__(self, account: Account, table: str, profile: UsersProfile, dialect: Dialect) -> None:
        self._account = account
        self._table = table
        self._profile = profile
        self._dialect = dialect

    def know(self, users: Records) -> None:
        """Put them into the table."""
        expires = {self._profile.expires: int(time.time()) + KEPT_SECONDS}
        items = [{**self._profile.record(user, known, self._dialect), **expires} for user, known in users.items()]
        self._write([{"PutRequest": {"Item": typed(item)}} for item in items])

    def forget(self, users: Iterable[int]) -> None:
        """Remove them from the table."""
        records = [self._profile.record(user, {}, self._dialect) for user in users]
        names = self._profile.keys or (self._profile.fields.get("USERID", USER),)
        keys = [{name: record[name] for name in names} for record in records]
        self._write([{"DeleteRequest": {"Key": typed(key)}} for key in keys])

    def _write(self, requests: Sequence[Mapping[str, Any]]) -> None:
        """Write to the table."""
        write_all(self._account.dynamodb, self._table, requests)


class TopicOfUsers:
    """Users who are kept in a compacted topic: the last record of each key counts."""

    def __init__(self, kafka: Kafka, profile: UsersProfile, dialect: Dialect) -> None:
        self._kafka = kafka
        self._profile = profile
        self._dialect = dialect
        self._producer = kafka.producer(idempotent=False)

    def know(self, users: Records) -> None:
        """Write their records to the topic."""
        records = {user: self._profile.record(user, known, self._dialect) for user, known in users.items()}
        self._say({user: json.dumps(record).encode() for user, record in records.items()})

    def forget(self, users: Iterable[int]) -> None:
        """Write their tombstones to the topic."""
        self._say(dict.fromkeys(users))

    def _say(self, messages: Mapping[int, bytes | None]) -> None:
        refused: list[KafkaError] = []

        def told(error: KafkaError | None, _: object) -> None:
            if error:
                refused.append(error)

        try:
            for user, value in messages.items():
                key = str(form_of(self._profile.form).writes(user)).encode()
                self._producer.produce(self._profile.topic, value, key, on_delivery=told)
        except KafkaException as error:
            raise self._kafka.trouble(error.args[0], self._profile.topic) from None
        if self._producer.flush(FLUSH_SECONDS):
            raise self._kafka.slow("The users could not be announced", FLUSH_SECONDS)
        if refused:
            raise self._kafka.trouble(refused[0], self._profile.topic)


class UsersByCommand:
    """Users who are registered by a command. `folder`: where it is run."""

    def __init__(self, folder: Path, profile: UsersProfile, dialect: Dialect) -> None:
        self._folder = folder
        self._profile = profile
        self._dialect = dialect

    def know(self, users: Records) -> None:
        """Pass their records to the command."""
        records = (self._profile.record(user, known, self._dialect) for user, known in users.items())
        call(self._profile.add, self._folder, map(json.dumps, records))

    def forget(self, users: Iterable[int]) -> None:
        """Pass their records to the removal command, where there is one."""
        if self._profile.remove:
            records = (self._profile.record(user, {}, self._dialect) for user in users)
            call(self._profile.remove, self._folder, map(json.dumps, records))


def users_of(
    profile: UsersProfile, dialect: Dialect, folder: Path, account: Account, table: str, kafka: Kafka
) -> Users:
    """Return how users are registered, as a profile in a folder says."""
    if profile.topic:
        return TopicOfUsers(kafka, profile, dialect)
    if profile.add:
        return UsersByCommand(folder, profile, dialect)
    return TableOfUsers(account, table, profile, dialect)
