"""One session: the systems of a run on their target, assembled when they are needed, and taken apart again."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

from acceptance.aws.coverage import Snapshot
from acceptance.aws.permissions import now_about
from acceptance.examination import refuse_unready
from acceptance.service_levels.levels import Levels
from acceptance.settings import Settings
from acceptance.system import System, find
from acceptance.target import LOG, Target


class Session:
    """The session of a run against one target. `start()` it, and always `stop()` it."""

    def __init__(self, settings: Settings, log: Path = LOG, number: int = 0, of: int = 1) -> None:
        """`log` is where the embedded account writes. This is session `number`, from 0, `of` so many side by side."""
        self.settings = settings
        self.target = Target(settings, log, number)
        self._side_by_side = of > 1
        self._systems: dict[str, System] = {}
        self.levels = Levels()
        self.began_ms = round(time.time() * 1000)

    def start(self, systems: Iterable[str]) -> None:
        """Reach the target and bring these systems up, or find them there. Raises Trouble when one cannot be tested.

        One of several sessions side by side brings up each of its own systems only when a scenario needs it.
        """
        self.target.start()
        if self.settings.on_aws or not self._side_by_side:
            for name in systems:
                self.system(name)

    def lead(self, systems: Iterable[str]) -> None:
        """Set up what all sessions side by side need, on an account that they share, until `stop()`.

        Raises Trouble when a system cannot be tested.
        """
        self.target.start()
        for name in systems:
            kind = find(name)
            now_about(kind.policy)
            kind(self.target, side_by_side=True).before_workers()

    def stop(self) -> None:
        """Remove all that the run created and end the embedded account. The first error is raised at the end."""
        self.target.stop()

    def system(self, name: str) -> System:
        """Return a system, brought up. Raises Trouble when it cannot be tested."""
        kind = find(name)
        now_about(kind.policy)
        if name not in self._systems:
            system = kind(self.target, side_by_side=self._side_by_side)
            system.bring_up()
            self._systems[name] = system
            refuse_unready(system.unready())
        return self._systems[name]

    def check_alive(self, *, in_doubt: bool = False) -> None:
        """Raise Trouble when the account or a system's part is lost. When `in_doubt`, all must also answer, soon."""
        self.target.check_alive(in_doubt=in_doubt)
        for system in self._systems.values():
            system.check(in_doubt=in_doubt)

    def look_back(self) -> Mapping[str, Sequence[Snapshot]]:
        """Return the session's use of the parts of each of its systems. Call it before `stop()`."""
        self.check_alive(in_doubt=True)
        return {name: system.look_back() for name, system in self._systems.items()}

    def hears_last(self) -> Sequence[str]:
        """Return the breaches that were received and assigned to no scenario. Call it before `stop()`."""
        return [words for system in self._systems.values() for words in system.hears_last()]

    def forms(self) -> Mapping[str, int]:
        """Return how often each form of the systems' contracts was seen."""
        return {
            f"{name}: {form}": times
            for name, system in self._systems.items()
            for form, times in system.contracts.seen.items()
        }


def alone(systems: Iterable[str], settings: Settings) -> Collection[str]:
    """Return the tags of scenarios that tolerate no other session beside theirs, since all share one account."""
    return {tag for name in systems for tag in find(name).alone(settings)}


def kept_together(systems: Iterable[str], settings: Settings) -> Sequence[str]:
    """Return the tags of scenarios that one session runs before all others, those of each tag separately.

    The busiest begin first, beside those that mostly wait: two busy ones at once would disturb each other.
    """
    busy = {tag: weight for name in systems for tag, weight in find(name).kept_together(settings).items()}
    *others, busiest = sorted(busy, key=lambda tag: busy[tag]) or [""]
    return [busiest, *others] if busy else []
