"""Markers: page views that are known to be answered by an offer, sent behind something that may not be.

A partition is read in its order. So once the marker behind a page view has got its offer, whatever that view leads to
has been said as well; to look for a short while instead would prove nothing. Both ways count: a marker goes into the
page view's own partition, and it must have been enriched into the partition in which the view's enriched view lies.
Where enriched views are keyed by their users, a user is found for each partition; where they are keyed by something
else, markers are sent until one has come there. Where none comes, it is asked how far the partition has been read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from acceptance.trouble import Trouble
from support.retail.driver import Retail
from support.retail.operations import PROMOTIONS_SERVICE, USER_SERVICE
from support.retail.silence import why_silent
from support.retail.visitors import OFFERED_TO
from support.retail.visits import Sent, View

TO_SEE_GROUPS = "To see how far groups have read takes DESCRIBE on them."
# So many users are made for each partition at a time. A marker is somebody new each time, or an offer that is made
# once more to an earlier one would be taken for its own.
USERS, ROUNDS = 6, 5
# So often markers are sent into partitions that are chosen by chance: of 4, each is missed once in 300 times.
TRIALS = 20


class Markers:
    """The markers of a run. `until` waits for a condition, and tells whether it has come true in time."""

    def __init__(self, retail: Retail, until: Callable[[Callable[[], bool]], bool]) -> None:
        self._retail = retail
        self._until = until
        self._users: dict[int, list[int]] = defaultdict(list)  # by the partition of their enriched views
        self._have_answered = False
        self._keyed_by_user = retail.dialect.keyed_by == "user"

    def prove_running(self) -> bool:
        """See both services answer, and return whether they do. Raises Trouble that names the one that does not.

        Services that the run itself keeps running are known to run: what they do not do, the scenarios shall tell.
        """
        try:
            self._send(self._newcomers(1))
            self._have_answered = True
        except Trouble:
            programs = self._retail.programs
            if programs is None or programs.fallen():
                raise
        return self._have_answered

    def follow(self, views: Iterable[View | Sent]) -> None:
        """Send markers behind page views, or what came in their place, and hear all that was said before their offers.

        Raises Trouble when they get none, or none comes where it must.
        """
        behind: dict[int, list[View | Sent]] = defaultdict(list)
        for view in views:
            behind[view.partition].append(view)
        for partition, some in sorted(behind.items()):
            self._follow(partition, some)

    def lost_or_late(self, views: Iterable[View | Sent]) -> str:
        """Say whether what has not come of page views is lost or late, by page views behind them."""
        if self._retail.programs and self._retail.programs.fallen():
            return ""
        try:
            self.follow(views)
        except Trouble as trouble:
            return f"Nor is there an answer to page views that came behind: {trouble}"
        return "Page views that came behind were answered."

    def _follow(self, partition: int, views: Sequence[View | Sent]) -> None:
        passed: set[int] = set()
        left = set(self._lie_in(views))
        # All markers look at one page: where pages are the keys, a second one comes where the first one has come.
        for _ in range(1 if self._retail.dialect.keyed_by == "page" else TRIALS):
            passed |= {*self._lie_in(self._send(self._somebody_for(left), partition))}
            self._retail.topics.catch_up()
            self._keyed_by_user = self._keyed_by_user and left <= passed
            left = {*self._lie_in(views)} - passed
            if not left:
                return
        self._see_read({place: end for place, end in self._lie_in(views).items() if place in left})

    def _lie_in(self, views: Sequence[View | Sent]) -> Mapping[int, int]:
        """Return in which partitions enriched views of these lie, as far as they were heard, and up to which offset."""
        seen = {(view.user, view.page, view.at) for view in views if isinstance(view, View)}
        users = {view.user for view in views if isinstance(view, Sent)}
        answers, ends = self._retail.answers, dict[int, int]()
        for message in answers.all_enriched():
            if answers.seen_in(message) in seen or answers.user_of(message) in users:
                ends[message.partition] = max(message.offset + 1, ends.get(message.partition, 0))
        return ends

    def _send(self, users: Sequence[int], partition: int | None = None) -> Sequence[View]:
        """Let users look at the checkout, see them offered something, and return their page views."""
        retail = self._retail
        views = retail.visits.views([(user, retail.parts.checkout) for user in users], partition)
        self._see_enriched(views)
        if not self._until(lambda: set(users) <= {*map(retail.answers.user_of, retail.answers.all_offers())}):
            raise self._silent(PROMOTIONS_SERVICE, f"users on the {OFFERED_TO} plan are offered nothing")
        return views

    def _somebody_for(self, partitions: Collection[int]) -> Sequence[int]:
        """Return users who have been offered nothing yet, whose enriched views come into all of these if possible."""
        if not partitions:
            return self._newcomers(1)
        return self._learned(partitions) or self._newcomers(USERS * len(partitions))

    def _newcomers(self, number: int) -> Sequence[int]:
        users = self._retail.visitors.new_ids(number)
        self._retail.visitors.register(dict.fromkeys(users, OFFERED_TO))
        return users

    def _learned(self, partitions: Collection[int]) -> Sequence[int]:
        """Return users of whom it is known, by a page view of another page, into which partitions theirs come."""
        retail, answers = self._retail, self._retail.answers
        for _ in range(ROUNDS if self._keyed_by_user else 0):
            if all(self._users[partition] for partition in partitions):
                return [self._users[partition].pop() for partition in partitions]
            users = self._newcomers(USERS * retail.parts.partitions[retail.parts.enriched])
            self._see_enriched(retail.visits.views([(user, retail.parts.home) for user in users]))
            where = {answers.user_of(message): message.partition for message in answers.all_enriched()}
            for user in users:
                self._users[where[user]].append(user)
        self._keyed_by_user = False
        return ()

    def _see_read(self, ends: Mapping[int, int]) -> None:
        """See that all groups which read the enriched views have read these partitions up to here.

        Who says that a message was read has answered it (services that say so before have made no such promise).
        """
        retail = self._retail
        topic, named = retail.parts.enriched, ", ".join(map(str, sorted(ends)))
        unproved = (
            f"No page view that is answered by an offer has come into partition {named} of {topic}, so it cannot be "
            "proved by one that nothing was offered: enriched views are not keyed by their visitors."
        )

        def behind() -> Collection[str]:
            read = retail.kafka.committed(topic, retail.parts.partitions[topic])
            if not read:
                raise Trouble(f"{unproved} No consumer group is seen to read that topic either.", TO_SEE_GROUPS)
            return [name for name, group in read.items() if any(group.get(at, 0) < end for at, end in ends.items())]

        try:
            if not self._until(lambda: not behind()):
                groups = ", ".join(behind())
                raise Trouble(f"{unproved} The consumer group {groups} has not read it either, as far as it says.")
        except Trouble as trouble:
            raise trouble if unproved in str(trouble) else Trouble(f"{unproved} {trouble}", TO_SEE_GROUPS) from None
        retail.topics.catch_up()

    def _see_enriched(self, views: Sequence[View]) -> None:
        answers = self._retail.answers
        wanted = {(view.user, view.page, view.at) for view in views}
        if not self._until(lambda: wanted <= {*map(answers.seen_in, answers.all_enriched())}):
            raise self._silent(USER_SERVICE, "page views are not enriched")

    def _silent(self, service: str, what: str) -> Trouble:
        why = why_silent(self._retail, service, has_answered=self._have_answered)
        return Trouble(f"The {service} does not answer: {what}. {why}")
