"""Markers: page views that are known to be answered by an offer, sent behind something that may not be.

A partition is read in its order. So once the marker behind a page view has got its offer, whatever that view leads to
has been said as well; to look for a short while instead would prove nothing. A view and its enriched view may lie in
different partitions: so there is a marker for each one that enriched views lie in, and all of them are sent into the
page view's own partition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from support.cloud.trouble import Trouble
from support.drivers.retail import PROMOTIONS_SERVICE, USER_SERVICE, Heard, Retail, View, user_of

PLAN = "Free"
# So many users are made for each partition, so that hardly one is left without; else there is another round.
USERS, ROUNDS = 4, 5



class Markers:
    """The markers of a run. `until` waits for a condition, and tells whether it has come true in time."""

    def __init__(self, retail: Retail, until: Callable[[Callable[[], bool]], bool]) -> None:
        self._retail = retail
        self._until = until
        self._users: dict[int, int] = {}  # by the partition of their enriched views

    def prove_running(self) -> None:
        """See both services answer. Raises Trouble that names the one that does not."""
        partitions = self._retail.parts.partitions[self._retail.parts.enriched]
        self._retail.listen()
        for _ in range(ROUNDS):
            users = self._retail.new_ids(USERS * partitions)
            self._retail.register(dict.fromkeys(users, PLAN))
            self._send(users)
            for message in self._retail.all_enriched():
                self._users.setdefault(message.partition, user_of(message) or 0)
            if len(self._users) == partitions:
                return
        raise Trouble(
            f"Enriched views lie in {len(self._users)} of the {partitions} partitions of {self._retail.parts.enriched}, "
            "so it cannot be proved that nothing comes: the User Service must give them their users' ids as keys."
        )

    def follow(self, views: Iterable[View]) -> None:
        """Send markers behind some page views, and wait for their offers. Raises Trouble when they do not come."""
        for partition in sorted({view.partition for view in views}):
            self._send(list(self._users.values()), partition)

    def _send(self, users: Sequence[int], partition: int | None = None) -> None:
        retail = self._retail
        before = {user: len(retail.offers(user)) for user in users}
        views = retail.views([(user, retail.parts.checkout) for user in users], partition)
        if not self._until(lambda: all(retail.enriched(view) for view in views)):
            raise self._silent(USER_SERVICE, "a page view is not enriched", retail.all_enriched())
        if not self._until(lambda: all(len(retail.offers(user)) > before[user] for user in users)):
            raise self._silent(PROMOTIONS_SERVICE, "a user on the Free plan at the checkout is offered nothing", retail.all_offers())

    def _silent(self, service: str, what: str, heard: Heard) -> Trouble:
        why = heard.dead_end()
        return Trouble(
            f"The {service} does not answer: {what}. "
            + (f"{why[0].upper()}{why[1:]}" if why else "Is it running, and does it read the topics that the settings name?")
        )
