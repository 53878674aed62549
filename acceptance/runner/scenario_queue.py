"""The order of the scenarios, and which of them may run beside others."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

Queued = TypeVar("Queued")


class ScenarioQueue(Generic[Queued]):
    """Hands out each scenario once: first those that may run beside others, then the rest one by one.

    The first ones come in groups, and a worker continues the group that it has begun: the needs of its scenarios
    (functions that have to be started, systems of their own) are then set up once. A worker that has finished helps
    with the largest remaining group, except those `kept` together: they come before the others, and one worker runs
    each.
    """

    def __init__(
        self,
        together: Sequence[Sequence[Queued]],
        alone: Sequence[Queued] = (),
        kept: Sequence[Sequence[Queued]] = (),
    ) -> None:
        self._kept = [deque(group) for group in kept]
        self._groups = [deque(group) for group in together]
        self._group_of: dict[Hashable, deque[Queued]] = {}
        self._alone = deque(alone)
        self._playing = 0

    @property
    def most(self) -> int:
        """How many can play at the same time."""
        return max(1, sum(map(bool, self._kept)) + sum(map(len, self._groups)))

    def next(self, who: Hashable) -> Queued | None:
        """Return the scenario that `who` begins now; None when nothing is left, or the rest has to wait."""
        group = self._group_of.get(who)
        if not group:
            begun = list(self._group_of.values())
            fresh = [
                group for group in [*self._kept, *self._groups] if group and not any(group is other for other in begun)
            ]
            group = fresh[0] if fresh else max(self._groups, key=len, default=deque())
        if group:
            self._group_of[who] = group
            self._playing += 1
            return group.popleft()
        if self._alone and not self._playing and not any(self._kept):
            self._playing += 1
            return self._alone.popleft()
        return None

    def gone(self, who: Hashable) -> None:
        """Note that a worker has stopped: others take over the rest of its group."""
        self._group_of.pop(who, None)

    def over(self) -> None:
        """Note that a scenario has ended."""
        self._playing -= 1

    def stop(self) -> None:
        """Hand out nothing more."""
        self._kept.clear()
        self._groups.clear()
        self._group_of.clear()
        self._alone.clear()

    @property
    def only_alone_left(self) -> bool:
        """Whether all others have begun."""
        return not any(self._kept) and not any(self._groups)

    @property
    def all_begun(self) -> bool:
        """Whether nothing is left to begin."""
        return self.only_alone_left and not self._alone


def shuffled(items: Sequence[Queued], seed: int) -> Sequence[Queued]:
    """Return them in the order that belongs to the seed, the same on every machine."""
    order = list(items)
    random.Random(seed).shuffle(order)  # noqa: S311 - it keeps no secret
    return order
