"""A Kafka broker inside the run: starts its process, and ends it whatever happens."""

from collections.abc import Iterable
from pathlib import Path

from support.cloud.child import Child, surroundings
from support.cloud.mock_cluster import REFUSE, TAKE
from support.cloud.trouble import Trouble

START_SECONDS = 15.0


class EmbeddedBroker:
    """A running embedded broker with some topics. It listens on the loopback interface, and dies with this process."""

    def __init__(self, topics: Iterable[str], log: Path) -> None:
        """Start it. Raises Trouble if it does not start."""
        log.unlink(missing_ok=True)
        self._process = Child("support.cloud.mock_cluster", *topics, log=log, environment=surroundings())
        try:
            self.address = self._process.next_line(START_SECONDS)
            if not self.address:
                raise Trouble(f"The embedded broker did not start: {self._process.last_words()}.")
        except BaseException:  # Ctrl-C among them
            self.stop()
            raise

    def refuse_messages(self) -> None:
        """Take no message from anybody until `take_messages`."""
        self._order(REFUSE)

    def take_messages(self) -> None:
        """Take messages again."""
        self._order(TAKE)

    def _order(self, order: str) -> None:
        if self._process.alive and not self._process.ask(order, START_SECONDS):
            self.check_alive()

    def check_alive(self) -> None:
        """Raise Trouble when it has died."""
        if not self._process.alive:
            raise Trouble(
                f"The embedded broker has died: {self._process.last_words()}. "
                "Nothing can be said about the retail services from here on; run again."
            )

    def stop(self) -> None:
        """End it. Calling it again does nothing."""
        self._process.stop()
