"""Makes simultaneous actions overlap on the embedded account, whose workflows take hardly any time.

Elsewhere they overlap by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from acceptance.aws.account import Account
from acceptance.aws.disturbances import first_write_held, slowed_down


class Overlap:
    """Makes actions overlap in one scenario, and describes how."""

    def __init__(self, account: Account, seed: int) -> None:
        """`seed` determines the delay of each call where all are slowed down."""
        self._account = account
        self._seed = seed
        self.notes: list[str] = []

    @property
    def is_made(self) -> bool:
        """Whether the account is one whose calls can be delayed and held."""
        return bool(self._account.account_id)

    @contextmanager
    def slowed_down(self) -> Iterator[None]:
        """Slow each call and each state of a workflow by some milliseconds within this context, as on AWS."""
        if not self.is_made:
            self._note_chance()
            yield
            return
        self._note(
            f"Each call and each state took some milliseconds, by the seed {self._seed}. "
            f"The same delays again: -D serverlesspresso_seed={self._seed}"
        )
        with slowed_down(self._account, self._seed):
            yield

    @contextmanager
    def first_write_held(self, order_id: str) -> Iterator[Callable[[], bool]]:
        """Hold the first write about an order within this context, and yield a check whether it has arrived.

        Only where `is_made`.
        """
        self._note("Who came first was held at the first write about the order, until the other one was through.")
        with first_write_held(self._account, order_id) as has_come:
            yield has_come

    def _note_chance(self) -> None:
        self._note(
            "Nothing was slowed down on this account: what was done at the same moment has overlapped as it happened "
            "to. That nothing went wrong proves little."
        )

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)
