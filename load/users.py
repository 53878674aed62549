"""Locust users who arrive by a schedule, whatever became of those before them (an open model)."""

import random
from typing import TYPE_CHECKING, ClassVar

from locust import User, task

from acceptance.standstill.record import now

if TYPE_CHECKING:
    from load.run import Load


class Arriving(User):
    """A stream of customers: one comes each second. So the number of Locust's users is the rate of arrivals."""

    abstract = True
    load: ClassVar["Load"]

    def on_start(self) -> None:
        """Wait for the system, and begin at a moment of one's own, so that not all arrive at the same one."""
        self.load.wait_until_entered()
        self._due = now() + random.random()  # noqa: S311 - no secret
        self.wait()

    def wait_time(self) -> float:
        """Return how long it is until the next one is due (s)."""
        return max(0.0, self._due - now())

    @task
    def arrive(self) -> None:
        """Let one customer in, and wait for nothing."""
        self.load.let_in(self._due)
        self._due += 1.0
