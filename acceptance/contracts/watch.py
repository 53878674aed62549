"""Checks all events and records of a run against the contracts, and assigns each breach to its scenario."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from acceptance.breach import Breach
from acceptance.contracts.form import Contracts, Form

_FIELD = re.compile(r".*? › \S+")


class BrokenContract(Breach):
    """The system has sent or stored something other than published. Each field that differs is a cause."""

    def __init__(self, differences: Sequence[str]) -> None:
        of_each: dict[str, list[str]] = {}
        for words in differences:
            field = _FIELD.match(words)
            of_each.setdefault(field[0] if field else "", []).append(words)
        each = [Breach("\n".join(several), field) for field, several in of_each.items()]
        super().__init__("\n".join(differences), next(iter(of_each), ""), each if len(each) > 1 else ())


class _Everything(Container[Any]):
    def __contains__(self, _: object) -> bool:
        return True


EVERYTHING = _Everything()  # all keys


@dataclass(frozen=True)
class _Heard:
    """What was received and is not checked yet. `form` is None if there is none of that `name`."""

    form: Form | None
    where: str
    name: str
    content: Any
    keys: Collection[Any]


class Watch:
    """Checks what it is given as late as possible: `hears` may be called while a caller waits for the message."""

    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts
        self._pending: deque[_Heard] = deque()
        self._broken: list[tuple[str, Collection[Any]]] = []
        self._told: set[str] = set()
        self._seen: Counter[tuple[str, str]] = Counter()

    def hears(self, channel: str, content: Any, keys: Collection[Any], name: str = "") -> None:
        """Take a message of a channel; `name` distinguishes it from others there. `keys`: what it is about."""
        if channel in self.contracts.messages:
            form = self.contracts.message(channel, name)
            self._pending.append(_Heard(form, channel, name, content, keys))

    def finds(
        self,
        table: str,
        record: Mapping[str, Any],
        keys: Collection[Any],
        since: datetime | None = None,
        done: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        """Take a record of a table. `since`: the earliest time that it can contain; `done`: as for `Doers`."""
        if table in self.contracts.records:
            self._pending.append(_Heard(self.contracts.records[table], table, "", record, keys))
        if since and table in self.contracts.stamps:
            for words in self.contracts.stamps[table].differences(record, since, datetime.now(UTC)):
                self.breaks(words, keys)
        if done and table in self.contracts.doers:
            for words in self.contracts.doers[table].differences(record, done):
                self.breaks(words, keys)

    def changes(self, table: str, before: Mapping[str, Any], after: Mapping[str, Any], keys: Collection[Any]) -> None:
        """Take a change of a record of a table; a record that is not there is an empty one."""
        if table in self.contracts.changes:
            for words in self.contracts.changes[table].differences(before, after):
                self.breaks(words, keys)

    def breaks(self, words: str, keys: Collection[Any]) -> None:
        """Note something that must never happen, for any cause: `words` say what, `keys` about whom."""
        self._broken.append((words, keys))

    def broken_by(self, keys: Container[Any] = EVERYTHING) -> Sequence[str]:
        """Return how messages and records about these keys break the contracts, each breach once, and forget them."""
        self._check()
        everything = keys is EVERYTHING
        concerned = [everything or any(key in keys for key in about) for _, about in self._broken]
        mine = [words for (words, _), mine in zip(self._broken, concerned, strict=True) if mine]
        self._broken = [one for one, mine in zip(self._broken, concerned, strict=True) if not mine]
        self._told.update(mine)
        return list(dict.fromkeys(mine))

    def left(self) -> Sequence[str]:
        """Return the breaches that no scenario received: without a key, or found after their scenario had ended."""
        told = frozenset(self._told)
        return [words for words in self.broken_by() if words not in told]

    @property
    def seen(self) -> Mapping[str, int]:
        """How often each published form was seen, by channel and name; never is 0."""
        self._check()
        forms = [(form.where, form.name) for form in self.contracts.forms]
        return {f"{where} › {name}": self._seen[where, name] for where, name in forms}

    def _check(self) -> None:
        while self._pending:
            heard = self._pending.popleft()
            if heard.form is None:
                self._broken.append((f"{heard.where} › {heard.name or 'a message'} is not published", heard.keys))
                continue
            self._seen[heard.form.where, heard.form.name] += 1
            self._broken += [(words, heard.keys) for words in heard.form.differences(heard.content)]
