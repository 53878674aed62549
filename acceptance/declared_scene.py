"""The scene of a declared system: who has which key, and what the system stores, sends and runs about it.

A subclass adds what people do; what they see of it is here, in the words of matchers (acceptance.matchers).

    class Scene(DeclaredScene):
        def asks(self, name, guest):
            self.sends("bookings.app", "BookingRequested", {"reference": self.new_key(name), "guest": guest})
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hamcrest.core.matcher import Matcher

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from acceptance.earlier import Known, left
from acceptance.matchers import is_more_than_one, is_there
from acceptance.service_levels.levels import Compliance, Distribution, Judgement, Promise, judge
from acceptance.service_levels.timeline import of_key
from acceptance.waiting import Waiter

if TYPE_CHECKING:
    from acceptance.declared_system import DeclaredSystem


class DeclaredScene:
    """The owners of the keys in one scenario."""

    _sent: tuple[str, str, str] = left("No step before this one has sent anything: is a When missing?")

    def __init__(self, system: DeclaredSystem, wait: Waiter) -> None:
        """`wait` listens to the system."""
        self.system, self.wait = system, wait
        self._keys: dict[str, str] = Known(
            f"{{}} has no {system.watched.key.name} in this scenario: is a Given or a When missing?"
        )
        self._judgements: list[Judgement] = []

    # --- what people do ------------------------------------------------------------------------------

    def new_key(self, name: str) -> str:
        """Create a key for a person. The system's records about it are removed after the scenario."""
        self._keys[name] = self.system.new_key()
        return self._keys[name]

    def sends(self, source: str, detail_type: str, detail: Mapping[str, Any]) -> None:
        """Put an event on the system's bus."""
        self._sent = (source, detail_type, json.dumps(detail))
        self.sends_again()

    def sends_again(self) -> None:
        """Send the last event again, as EventBridge may deliver one twice."""
        source, detail_type, detail = self._sent
        self.system.observer.tap.send(source, detail_type, [detail])

    # --- what they see -------------------------------------------------------------------------------

    def sees_stored(self, name: str, role: str, matcher: Matcher[Any]) -> None:
        """Wait until a table's records (by its role) about a person's key match."""
        self.wait.eventually(self.system.records, role, self._keys[name], matcher)

    def sees_announced(self, name: str, detail_type: str, matcher: Matcher[Any]) -> None:
        """Wait until the events of one type about a person's key match."""
        self.wait.eventually(self._events, name, detail_type, matcher)

    def sees_announced_once(self, name: str, detail_type: str, matcher: Matcher[Any]) -> None:
        """Wait until the only event of one type about a person's key matches, and check that no second one follows."""
        self.sees_announced(name, detail_type, matcher)
        self.never_announced(name, detail_type, is_more_than_one(f"event {detail_type}"))

    def sees_carried_out(self, name: str, matcher: Matcher[Any]) -> None:
        """Wait until the executions about a person's key match."""
        self.wait.eventually(self._executions, name, matcher)

    def never_stored(self, name: str, role: str, matcher: Matcher[Any] | None = None) -> None:
        """Check that a table has no records about a person's key, or never one that matches."""
        self.wait.never(self.system.records, role, self._keys[name], matcher or is_there("anything stored"))

    def never_announced(self, name: str, detail_type: str, matcher: Matcher[Any] | None = None) -> None:
        """Check that no event of a type arrives about a person's key, or never one that matches."""
        self.wait.never(self._events, name, detail_type, matcher or is_there(f"an event {detail_type}"))

    def sees_in_time(self, name: str, promise: Promise) -> None:
        """Check that a service level is met, by the cloud's stamps; `{name}` in its words is the person it is about."""
        key = self._keys[name]
        self.wait.settle(lambda: promise.ends(of_key(self.system.observer, key)), is_there("both ends"))
        offset = self.system.settings.clock_offset_ms
        judged = judge(promise, of_key(self.system.observer, key), offset)
        if judged and judged.compliance is not Compliance.MET:  # what the functions did explains more
            judged = judge(promise, of_key(self.system.observer, key, with_functions=True), offset)
        if judged is None:
            raise AssertionError(f"Expected: {promise.heard} · but: it never came, so nothing can be measured")
        self._judgements.append(judged)
        judged.require(name=name)

    # --- for the run ---------------------------------------------------------------------------------

    def keys(self) -> Mapping[str, str]:
        """Return the key of each person, by name."""
        return self._keys

    def latencies(self) -> Sequence[tuple[Promise, Distribution]]:
        """Return the measurements of each service level."""
        return [(one.promise, Distribution([one.latency])) for one in self._judgements]

    def end(self) -> None:
        """Remove the scenario's leftovers."""
        self.system.forget(list(self._keys.values()))

    def _events(self, name: str, detail_type: str) -> Sequence[Event]:
        return [one for one in self.system.observer.events_of(self._keys[name]) if one.detail_type == detail_type]

    def _executions(self, name: str) -> Sequence[Execution]:
        return [one for some in self.system.observer.executions_of(self._keys[name]).values() for one in some]
