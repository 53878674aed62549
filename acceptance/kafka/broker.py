"""A Kafka broker inside the run: starts its process, and always ends it."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from acceptance.kafka.mock_cluster import REFUSE, TAKE
from acceptance.processes.child import Child, child_environment
from acceptance.trouble import Trouble

START_SECONDS = 15.0
GOING_SECONDS = 1.0


class EmbeddedBroker:
    """A running embedded broker with some topics. It listens on the loopback interface, and ends with this process."""

    def __init__(self, topics: Iterable[str], log: Path) -> None:
        """Start it. Raises Trouble if it does not start."""
        log.unlink(missing_ok=True)
        self._process = Child("acceptance.kafka.mock_cluster", *topics, log=log, environment=child_environment())
        try:
            self.address = self._process.next_line(START_SECONDS)
            if not self.address:
                raise Trouble(f"The embedded broker did not start: {self._process.last_words()}.")
        except BaseException:  # Ctrl-C among them
            self.stop()
            raise

    def refuse_messages(self) -> None:
        """Refuse all messages until `take_messages`."""
        self._order(REFUSE)

    def take_messages(self) -> None:
        """Accept messages again."""
        self._order(TAKE)

    def _order(self, order: str) -> None:
        if not self._process.alive:
            return
        try:
            answer = self._process.ask(order, START_SECONDS)
        except OSError:  # it has died in between
            answer = ""
        if not answer:
            self.check_alive()

    def death(self, within: float = 0.0) -> Trouble | None:
        """Return a sentence if it has died, or dies within so many seconds; None while it lives."""
        try:
            status = self._process.wait(within)
        except subprocess.TimeoutExpired:
            return None
        return Trouble(
            f"The embedded broker has died (exit status {status}): {self._process.last_words()}. "
            f"Nothing can be said about the system from here on; run again. Its log is {self._process.log}."
        )

    def trouble(self, words: str) -> Trouble:
        """Return the reason for a client's complaint: mostly that the broker has died."""
        # Its connections end a moment before it does.
        return self.death(GOING_SECONDS) or Trouble(
            f"The embedded broker at {self.address} runs, but a client of the suite says: {words}. "
            f"Is this machine overloaded? Run again. Its log is {self._process.log}."
        )

    def check_alive(self) -> None:
        """Raise Trouble when it has died."""
        if death := self.death():
            raise death

    def stop(self) -> None:
        """End it. Calling it again does nothing."""
        self._process.stop()
