"""The retail shop as one worker uses it: page views go in, enriched views and offers come out, and each is counted."""

from __future__ import annotations

import json
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from typing import Any

import gevent
from confluent_kafka import KafkaError, KafkaException
from gevent.event import Event

from acceptance.kafka.cluster import Kafka
from acceptance.kafka.topics import Message, Topics
from acceptance.service_levels.levels import Promise
from acceptance.service_levels.timeline import Hop, Stamp
from acceptance.trouble import Trouble
from load.results import SERVED, UNCHECKED, WRONG
from load.trade import Patience, Turn, Visit
from support.retail.answers import PROMOTIONS_CLOCK, USERS_CLOCK
from support.retail.dialect import ENRICHED, OFFER, PLAN, SEEN, USER, VIEW
from support.retail.parts import RetailParts
from support.retail.promises import OFFER_MADE, VIEW_ENRICHED
from support.retail.visitors import OFFERED_TO, Visitors
from support.retail.visits import SAID, VISITORS

# The pages of each visitor, one of which is the checkout, at another place for each.
OTHERS = ("home", "product", "basket")
VIEWS_AT_ONCE = len(OTHERS) + 1
OTHER_PLAN = "Premium"
# So many people come again and again to one worker; every second one is on the plan that gets an offer.
POOL = 400
# librdkafka's calls would stop all greenlets, so it is asked without waiting, and so often (s).
READ_SECONDS = 0.01
# How long the services may take to answer the first page view (s).
FIRST_SECONDS = 30.0


@dataclass(slots=True)
class Look:
    """A page view that was sent. `due`: whether it is to be answered by an offer. `visit` until its end is judged."""

    user: int
    due: bool
    group: Group
    visit: Visit | None
    stamp: Stamp | None = None
    enriched: int = 0
    offered: int = 0
    enriched_at: Stamp | None = None
    offered_at: Stamp | None = None

    @property
    def is_answered(self) -> bool:
        """Whether all is there that was due."""
        return bool(self.enriched and (self.offered or not self.due))


@dataclass(slots=True)
class Group:
    """The page views of one visitor that came together."""

    left: int
    all_answered: Event = field(default_factory=Event)


class Shop:
    """The shop as one worker uses it: page views go in, enriched views and offers come out."""

    def __init__(self, kafka: Kafka, parts: RetailParts, visitors: Visitors, fetch_wait_ms: int) -> None:
        """`fetch_wait_ms`: how long a broker holds back an answer when there is nothing new."""
        self._kafka, self._parts, self._visitors = kafka, parts, visitors
        clocks = {parts.enriched: USERS_CLOCK, parts.offers: PROMOTIONS_CLOCK}
        self._topics = Topics(kafka, {name: parts.partitions[name] for name in clocks}, clocks, fetch_wait_ms)
        self._producer = kafka.producer(idempotent=True)
        self._readers = {name: parts.dialect.reader(kind) for name, kind in
                         ((parts.enriched, ENRICHED), (parts.offers, OFFER))}  # fmt: skip
        self._looks: dict[tuple[int | None, ...], Look] = {}
        self._awaiting: dict[int, deque[Look]] = defaultdict(deque)  # of each user, where an offer is due
        self._came_last: dict[int, int] = {}
        self._enriched_last: dict[int, int] = {}
        self._doubled: list[tuple[str, str]] = []
        self._trouble: Trouble | None = None
        self._reader: Any = None
        self.clock_offset = 0.0

    def open(self, patience: float, clock_offset: float) -> None:
        """Register the visitors, and see that the services answer. Raises Trouble where they do not.

        `patience`: how long an answer may take before it counts as lost (s). `clock_offset`: see below (ms).
        """
        self.clock_offset = clock_offset
        pool = self._visitors.new_ids(POOL)
        self._plans = {user: OFFERED_TO if number % 2 else OTHER_PLAN for number, user in enumerate(pool)}
        self._visitors.register(self._plans)
        self._next_user, self._next_place = cycle(pool), cycle(range(VIEWS_AT_ONCE))
        self._topics.listen(self._hear)
        self._reader = gevent.spawn(self._read_on)
        self._patience = FIRST_SECONDS
        for _ in range(2):  # one of them is due an offer
            first = [Visit(0.0) for _ in range(VIEWS_AT_ONCE)]
            self.serve(first)
            self.check()
            if unanswered := [one.words for one in first if one.end is not SERVED]:
                raise Trouble(f"The services do not answer page views, so nothing was begun: {unanswered[0]}.")
        self._patience = patience

    def close(self) -> None:
        """Stop listening."""
        if self._reader:
            self._reader.kill()
        self._topics.close()

    def check(self) -> None:
        """Raise Trouble where the topics cannot be read."""
        if self._trouble:
            raise self._trouble

    def serve(self, visits: Sequence[Visit]) -> None:
        """Let a visitor look at pages, and wait for all that is due."""
        user, group = next(self._next_user), Group(len(visits))
        looks = [self._send(user, page, visit, group) for visit, page in zip(visits, self._pages(), strict=True)]
        patience = Patience(self._patience)
        while group.left and not self._trouble and (left := patience.left()):
            group.all_answered.wait(left)
        for look, visit in zip(looks, visits, strict=True):
            look.visit = None
            if look.is_answered:
                visit.end = SERVED
            elif self._trouble:
                visit.end, visit.words = UNCHECKED, str(self._trouble)
            elif visit.end is not UNCHECKED:
                what = f"no {OFFER}" if look.enriched else f"no {ENRICHED}"
                visit.words = f"{what} came within {self._patience:g} s"

    def doubled(self) -> Iterator[tuple[str, str]]:
        """Yield what came more often than it was due."""
        found, self._doubled = self._doubled, []
        return iter(found)

    def heard_all(self) -> None:
        """Read both topics up to their ends."""
        self.check()
        self._topics.catch_up()

    def slowest_hop(self, promise: Promise, visit: Visit) -> Hop | None:
        """Both service levels are one hop each."""
        return None

    # --- page views ------------------------------------------------------------------------------

    def _pages(self) -> Sequence[int]:
        pages = [self._parts.pages[name] for name in OTHERS]
        pages.insert(next(self._next_place), self._parts.checkout)
        return pages

    def _send(self, user: int, page: int, visit: Visit, group: Group) -> Look:
        """Send a page view. The same visitor has no two at one time, since the time says which one it is."""
        at = self._came_last[user] = max(self._came_last.get(user, 0) + 1, round(time.time() * 1000))
        visit.key = self._parts.words_of((user, page, at))
        due = page == self._parts.checkout and self._plans[user] == OFFERED_TO
        look = self._looks[user, page, at] = Look(user, due, group, visit)
        if due:
            self._awaiting[user].append(look)
        else:
            visit.without = (OFFER_MADE.key,)
        visit.takes(VIEW_ENRICHED, partial(self._produce, look, dict(zip(SEEN, (user, page, at), strict=True))))
        return look

    def _produce(self, look: Look, said: Mapping[str, Any]) -> None:
        dialect = self._parts.dialect
        value = json.dumps(dialect.spelled(VIEW, {**said, **SAID})).encode()
        key = dialect.key(said[SEEN[0]], said[SEEN[1]])
        stamp = round(time.time() * 1000)
        look.stamp = Stamp(stamp, VISITORS)
        while True:
            try:
                self._producer.produce(
                    self._parts.pageviews, value, key, on_delivery=partial(self._delivered, look), timestamp=stamp
                )
                return
            except BufferError:  # it holds as many as it may
                gevent.sleep(READ_SECONDS)

    def _delivered(self, look: Look, error: KafkaError | None, _: object) -> None:
        """Note a page view that Kafka has not taken: it says nothing of the services."""
        if error and look.visit:
            look.visit.end, look.visit.words = UNCHECKED, str(self._kafka.trouble(error, self._parts.pageviews))
            self._one_less(look)

    # --- answers ---------------------------------------------------------------------------------

    def _read_on(self) -> None:
        while True:
            try:
                self._producer.poll(0)
                self._topics.pause(0)
            except (Trouble, KafkaException) as error:
                self._trouble = error if isinstance(error, Trouble) else self._kafka.trouble(error.args[0])
                return
            gevent.sleep(READ_SECONDS)

    def _hear(self, message: Message) -> bool:
        """Take an answer. Nothing of it is kept."""
        if message.topic == self._parts.enriched:
            self._hear_enriched(message)
        else:
            self._hear_offer(message)
        return False

    def _hear_enriched(self, message: Message) -> None:
        reader = self._readers[message.topic]
        user, _, at = seen = reader.seen_in(message.content)
        look = self._looks.get(seen)
        if look is None or user is None or at is None:
            return
        was_answered, look.enriched = look.is_answered, look.enriched + 1
        if look.enriched > 1:
            self._doubled.append((f"it was enriched {look.enriched} times", self._parts.words_of(seen)))
            return
        look.enriched_at = message.stamp
        if visit := look.visit:
            self._look_at(visit, look, reader.find(PLAN, message.content))
            if at < self._enriched_last.get(user, 0):
                visit.wrong.append((WRONG, "it was enriched after a later one of the same visitor"))
            visit.ends[VIEW_ENRICHED.key] = (_sure(look.stamp), message.stamp)
        self._enriched_last[user] = max(at, self._enriched_last.get(user, 0))
        self._go_on(look, was_answered)

    def _look_at(self, visit: Visit, look: Look, plan: Any) -> None:
        known = self._parts.dialect.own(PLAN, self._plans[look.user])
        if plan != known:
            visit.wrong.append((WRONG, f"it was enriched with the plan {plan!r}, and the visitor's is {known!r}"))

    def _hear_offer(self, message: Message) -> None:
        reader = self._readers[message.topic]
        user = reader.number(USER, message.content)
        if user not in self._plans:
            return
        look = self._looks.get(reader.seen_in(message.content))
        if look is None:  # an offer need not name the page view that it answers
            look = next((one for one in self._awaiting[user] if not one.offered), None)
        if look is None or not look.due:
            self._doubled.append(("an offer was made that is not due", f"visitor {user}"))
            return
        was_answered, look.offered = look.is_answered, look.offered + 1
        if look.offered > 1:
            self._doubled.append((f"{look.offered} offers were made for one page view", f"visitor {user}"))
            return
        look.offered_at = message.stamp
        while self._awaiting[user] and self._awaiting[user][0].offered:
            self._awaiting[user].popleft()
        self._go_on(look, was_answered)

    def _go_on(self, look: Look, was_answered: bool) -> None:
        """Note what is known of a page view by now."""
        visit, enriched, offered = look.visit, look.enriched_at, look.offered_at
        if visit and look.due and enriched:
            visit.turns[OFFER_MADE.key] = Turn(enriched.ms, 0.0)
            if offered:
                visit.ends[OFFER_MADE.key] = (enriched, offered)
        if look.is_answered and not was_answered:
            self._one_less(look)

    def _one_less(self, look: Look) -> None:
        look.group.left -= 1
        if not look.group.left:
            look.group.all_answered.set()


def _sure(stamp: Stamp | None) -> Stamp:
    assert stamp is not None  # noqa: S101 - it was sent before it was answered
    return stamp
