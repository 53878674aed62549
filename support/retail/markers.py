"""Sentinels: page views that are known to lead to an offer, sent behind messages that may not.

A partition is read in order. So once the sentinel behind a page view has got its offer, all answers to that view
have been sent as well; waiting for a short while would prove nothing. Both hops count: a sentinel goes into the
page view's own partition, and it must have been enriched into the partition in which the view's enriched view lies.
Where enriched views are keyed by their users, a user is found for each partition; where they are keyed by something
else, sentinels are sent until one arrives there. Where none does, the consumers' committed offsets are checked.
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
# How many users are created for each partition at a time. Each sentinel has a new user, or a repeated offer
# to an earlier one would be taken for its own.
USERS, ROUNDS = 6, 5
# How often sentinels are sent into random partitions: of 4, each is missed once in 300 times.
TRIALS = 20


class Markers:
    """The sentinels of a run. `until` waits for a condition, and returns whether it came true in time."""

    def __init__(self, retail: Retail, until: Callable[[Callable[[], bool]], bool]) -> None:
        self._retail = retail
        self._until = until
        self._users: dict[int, list[int]] = defaultdict(list)  # by the partition of their enriched views
        self._have_answered = False
        self._keyed_by_user = retail.dialect.keyed_by == "user"

    def prove_running(self) -> bool:
        """Check that both services answer, and return whether they do. Raises Trouble that names the one that does not.

        Services that this run runs itself are known to run: their failures are left to the scenarios.
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
        """Send sentinels behind page views, or messages in their place, and receive all messages before their offers.

        Raises Trouble when they get no offer, or no sentinel arrives in a needed partition.
        """
        behind: dict[int, list[View | Sent]] = defaultdict(list)
        for view in views:
            behind[view.partition].append(view)
        for partition, some in sorted(behind.items()):
            self._follow(partition, some)

    def lost_or_late(self, views: Iterable[View | Sent]) -> str:
        """Return whether missing answers to page views are lost or late, by page views behind them."""
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
        # All sentinels view one page: where pages are the keys, they all go to the same partition.
        for _ in range(1 if self._retail.dialect.keyed_by == "page" else TRIALS):
            passed |= {*self._lie_in(self._send(self._somebody_for(left), partition))}
            self._retail.topics.catch_up()
            self._keyed_by_user = self._keyed_by_user and left <= passed
            left = {*self._lie_in(views)} - passed
            if not left:
                return
        self._see_read({place: end for place, end in self._lie_in(views).items() if place in left})

    def _lie_in(self, views: Sequence[View | Sent]) -> Mapping[int, int]:
        """Return the partitions of the received enriched views of these, and their highest offsets."""
        seen = {(view.user, view.page, view.at) for view in views if isinstance(view, View)}
        users = {view.user for view in views if isinstance(view, Sent)}
        answers, ends = self._retail.answers, dict[int, int]()
        for message in answers.all_enriched():
            if answers.seen_in(message) in seen or answers.user_of(message) in users:
                ends[message.partition] = max(message.offset + 1, ends.get(message.partition, 0))
        return ends

    def _send(self, users: Sequence[int], partition: int | None = None) -> Sequence[View]:
        """Send checkout views of users, wait for their offers, and return the page views."""
        retail = self._retail
        views = retail.visits.views([(user, retail.parts.checkout) for user in users], partition)
        self._see_enriched(views)
        if not self._until(lambda: set(users) <= {*map(retail.answers.user_of, retail.answers.all_offers())}):
            raise self._silent(PROMOTIONS_SERVICE, f"users on the {OFFERED_TO} plan are offered nothing")
        return views

    def _somebody_for(self, partitions: Collection[int]) -> Sequence[int]:
        """Return users without an offer so far, whose enriched views cover all of these partitions if possible."""
        if not partitions:
            return self._newcomers(1)
        return self._learned(partitions) or self._newcomers(USERS * len(partitions))

    def _newcomers(self, number: int) -> Sequence[int]:
        users = self._retail.visitors.new_ids(number)
        self._retail.visitors.register(dict.fromkeys(users, OFFERED_TO))
        return users

    def _learned(self, partitions: Collection[int]) -> Sequence[int]:
        """Return users whose enriched views' partitions are known, by a view of another page."""
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
        """Check that all consumer groups of the enriched views have read these partitions up to here.

        A committed message has been answered (services that commit earlier have made no such promise).
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
