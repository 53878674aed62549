"""A system that follows from what it declares: deployed or found, listened to, shown and covered without more code.

A subclass says what is watched (acceptance.aws.watched), where its template is, and who its people are:

    class Bookings(DeclaredSystem):
        name = "bookings"
        watched = WATCHED
        template = ROOT / "systems" / "bookings" / "template.yaml"

        def scene(self):
            return Scene(self, self.listener())
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from acceptance.aws.account import Account
from acceptance.aws.at_rest import AtRest
from acceptance.aws.coverage import Snapshot
from acceptance.aws.items import plain, typed
from acceptance.aws.observer import Observer
from acceptance.aws.parts import declared_parts, discover
from acceptance.aws.watched import Watched
from acceptance.examination import Finding, examine_parts
from acceptance.report.attachments import attach, attach_links, attach_picture, attach_table, or_why_not
from acceptance.report.pictures import Wording, way_of
from acceptance.report.pictures.course import HEADINGS, course_of
from acceptance.service_levels.timeline import Timeline, of_key
from acceptance.service_levels.wall_clock import watch
from acceptance.settings import SystemSettings
from acceptance.system import System
from acceptance.target import template_of
from acceptance.undo import undo_all
from acceptance.waiting import Waiter

# Above this number, keys have no picture of their own each.
MOST = 3


class DeclaredSystem(System):
    """A system with one bus, workflows and tables that follow from its declaration."""

    watched: ClassVar[Watched]
    template: ClassVar[Path]
    settings_kind: ClassVar[type[SystemSettings]]
    _found: Mapping[str, str] = {}
    wording: ClassVar[Wording] = Wording()

    def deploy(self) -> None:
        """Deploy the template."""
        own = self.settings.of(self.settings_kind)
        template = template_of(getattr(own, "template", ""), self.template)
        self.target.deploy(self.account, template, setting=f"{own.prefix()}template")

    def examine(self) -> Iterator[Finding]:
        """Look for the declared parts."""
        own = self.settings.of(self.settings_kind)
        sought = declared_parts(own.prefix().rstrip("_"), self.watched.parts, own)
        self._found = found = dict[str, str]()
        return examine_parts(self.account, sought, self.profile.parts, found=found)

    def described(self) -> Mapping[str, Any]:
        """Return what a profile can say about the deployment: the parts that settings name, if others deployed them."""
        fields = self.settings_kind.model_fields
        return {"parts": {role: name for role, name in self._found.items() if role in fields and self.settings.on_aws}}

    def bring_up(self) -> None:
        """Deploy the template when embedded; find the declared parts, and begin to listen."""
        own = self.settings.of(self.settings_kind)
        if not self.settings.on_aws:
            self.deploy()
        self.parts = discover(self.account, own.prefix().rstrip("_"), self.watched.parts, own)
        # On an account of its own the tap receives everything, including keys in places that are not declared.
        on_aws = self.settings.on_aws
        options = {"far_away": self.settings.like_aws, "whole_bus": not on_aws}
        self.observer = Observer.of(self.account, self.watched, self.parts, self.target.run_id, **options)
        self.at_rest = AtRest(
            self.account, self.observer, self.target.run_id, list(self.parts.values()), alone=not on_aws
        )
        self.keys: list[str] = []
        self._keys_of_tables: dict[str, Sequence[str]] = {}
        self.target.at_the_end(self.observer.close)
        self.observer.open()

    @property
    def account(self) -> Account:
        """The account in which the system is deployed."""
        return self.target.account

    def new_key(self) -> str:
        """Create an unused key, such as an order's id. Its records are removed after the scenario."""
        key = f"{self.watched.key.prefix.replace('{run}', self.target.run_id)}{uuid.uuid4().hex[:12]}"
        self.keys.append(key)
        return key

    def listener(self) -> Waiter:
        """Create the waiter of a new scenario, which listens to the tap."""
        watch()
        before = len(self.keys)
        return self.waiter(
            **self.observer.tap.listening, rest=self.at_rest.from_now_on(lambda: tuple(self.keys[before:]))
        )

    def records(self, role: str, key: str) -> Sequence[Mapping[str, Any]]:
        """Return the items of a table about a key, as Python writes them."""
        return [plain(item) for item in self._items(role, key)]

    def forget(self, keys: Sequence[str]) -> None:
        """End the executions and remove the records about these keys."""
        undo_all(step for key in keys for step in (lambda key=key: self._stop(key), lambda key=key: self._remove(key)))

    def look_back(self) -> Sequence[Snapshot]:
        """Return what the session has done with the system's parts."""
        return [self.observer.look_back(self.keys)]

    def check(self, *, in_doubt: bool) -> None:
        """Raise Trouble when the tap is lost."""
        self.observer.tap.check()

    def keep_evidence(self, scene: Any, *, failed: bool) -> None:
        """Attach each key's way through the system; if the scenario has failed, also all that is known about it."""
        for name, key in list(scene.keys().items())[:MOST]:
            with or_why_not(f"The way of {name}'s {self.watched.key.name} through the system") as title:
                timeline = of_key(self.observer, key)
                attach_picture(title, way_of(timeline, wording=self.wording, unmet=scene.wait.unmet))
            if failed:
                with or_why_not(f"What happened to {name}'s {self.watched.key.name}, in turn") as title:
                    attach_table(title, HEADINGS, course_of(of_key(self.observer, key), self.wording))
                with or_why_not(f"What is known of {name}'s {self.watched.key.name}") as title:
                    attach(title, {**self._stored(key), **self.observer.evidence(key)})
                with or_why_not(f"Where the console shows {name}'s {self.watched.key.name}"):
                    attach_links(self.observer.links(key))

    def timelines(self, scene: Any) -> Mapping[str, Timeline]:
        """Return the cloud's stamps for each key of a scenario."""
        called = self.watched.key.name
        return {f"{name}'s {called}": of_key(self.observer, key) for name, key in scene.keys().items()}

    def _stored(self, key: str) -> Mapping[str, Any]:
        return {role: self.records(role, key) for role in self.watched.roles("table")}

    def _items(self, role: str, key: str) -> Iterator[Mapping[str, Any]]:
        """Read a table's items about a key: by its partition key if that is the key, by a scan if not."""
        partition = self._key_names(role)[0]
        if partition in self.watched.key.records:
            names, values = {"#key": partition}, typed({":key": key})
            pages = self.account.dynamodb.get_paginator("query").paginate(
                TableName=self.parts[role],
                KeyConditionExpression="#key = :key",
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ConsistentRead=True,
            )
        else:
            pages = self.account.dynamodb.get_paginator("scan").paginate(
                TableName=self.parts[role], ConsistentRead=True
            )
        for page in pages:
            yield from (item for item in page["Items"] if self.watched.key.in_record(plain(item)) == key)

    def _key_names(self, role: str) -> Sequence[str]:
        """Return the names of a table's key, the partition's first; they never change, so they are cached."""
        if role not in self._keys_of_tables:
            described = self.account.dynamodb.describe_table(TableName=self.parts[role])["Table"]["KeySchema"]
            ordered = sorted(described, key=lambda part: part["KeyType"] != "HASH")
            self._keys_of_tables[role] = [part["AttributeName"] for part in ordered]
        return self._keys_of_tables[role]

    def _stop(self, key: str) -> None:
        for executions in self.observer.executions.values():
            for one in executions.of_key(key):
                if one.running:
                    executions.stop(one.arn, "The scenario has ended.")

    def _remove(self, key: str) -> None:
        for role in self.watched.roles("table"):
            names = self._key_names(role)
            for item in list(self._items(role, key)):
                self.account.dynamodb.delete_item(TableName=self.parts[role], Key={name: item[name] for name in names})
