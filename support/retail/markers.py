"""Markers: page views that are known to be answered by an offer, sent behind something that may not be.

A partition is read in its order. So once the marker behind a page view has got its offer, whatever that view leads to
has been said as well; to look for a short while instead would prove nothing. A view and its enriched view may lie in
different partitions: so there is a marker for each one that enriched views lie in, and all of them are sent into the
page view's own partition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from acceptance.trouble import Trouble
from support.retail.driver import (
    OFFERED_TO,
    PROMOTIONS_SERVICE,
    USER_SERVICE,
    Heard,
    Retail,
    Sent,
    View,
    seen_in,
    user_of,
)

PLAN = OFFERED_TO
# So many users are made for each partition at a time. A marker is somebody new each time, or an offer that is made
# once more to an earlier one would be taken for its own.
USERS, ROUNDS = 6, 5


class Markers:
    """The markers of a run. `until` waits for a condition, and tells whether it has come true in time."""

    def __init__(self, retail: Retail, until: Callable[[Callable[[], bool]], bool]) -> None:
        self._retail = retail
        self._until = until
        self._users: dict[int, list[int]] = defaultdict(list)  # by the partition of their enriched views

    def prove_running(self) -> None:
        """See both services answer. Raises Trouble that names the one that does not.

        Services that the run itself keeps running are known to run: what they do not do, the scenarios shall tell.
        """
        try:
            self._retail.listen()
            self._send()
        except Trouble:
            programs = self._retail.programs
            if programs is None or programs.fallen():
                raise

    def follow(self, views: Iterable[View | Sent]) -> None:
        """Send markers behind page views, or what came in their place, and hear all that was said before their offers.

        Raises Trouble when they get none.
        """
        for partition in sorted({view.partition for view in views}):
            self._send(partition)
        self._retail.topics.catch_up()

    def _send(self, partition: int | None = None) -> None:
        retail, users = self._retail, self._somebody_for_each_partition()
        self._see_enriched(retail.views([(user, retail.parts.checkout) for user in users], partition))
        if not self._until(lambda: set(users) <= {user_of(message) for message in retail.all_offers()}):
            raise self._silent(PROMOTIONS_SERVICE, "users on the Free plan are offered nothing", retail.all_offers())

    def _somebody_for_each_partition(self) -> Sequence[int]:
        """Return users who have been offered nothing yet, one for each partition of the enriched views."""
        retail = self._retail
        partitions = range(retail.parts.partitions[retail.parts.enriched])
        for _ in range(ROUNDS):
            if all(self._users[partition] for partition in partitions):
                return [self._users[partition].pop() for partition in partitions]
            users = retail.new_ids(USERS * len(partitions))
            retail.register(dict.fromkeys(users, PLAN))
            views = retail.views([(user, retail.parts.home) for user in users])
            self._see_enriched(views)
            for message in retail.all_enriched():
                if (user := user_of(message)) in users and user is not None:
                    self._users[message.partition].append(user)
        empty = [partition for partition in partitions if not self._users[partition]]
        raise Trouble(
            f"No enriched views come into the partitions {empty} of {retail.parts.enriched}, so it cannot be proved "
            "that nothing comes. The User Service must give them their users' ids as keys."
        )

    def _see_enriched(self, views: Sequence[View]) -> None:
        retail = self._retail
        wanted = {(view.user, view.page, view.at) for view in views}
        if not self._until(lambda: wanted <= {seen_in(message) for message in retail.all_enriched()}):
            raise self._silent(USER_SERVICE, "page views are not enriched", retail.all_enriched())

    def _silent(self, service: str, what: str, heard: Heard) -> Trouble:
        why, programs = heard.dead_end(), self._retail.programs
        if why:
            advice = f"{why[0].upper()}{why[1:]}"
        elif programs:  # no setting leads to it
            advice = f"It runs; what it said last: {programs.last_words()[service]}"
        else:
            advice = "Is it running, and does it read the topics that the settings name?"
        return Trouble(f"The {service} does not answer: {what}. {advice}")
