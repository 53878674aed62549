"""The shop that watches which pages people look at: page views go in, enriched views and offers come out."""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from secrets import randbelow
from typing import TYPE_CHECKING, Any

from acceptance.contracts import Contracts, Watch
from acceptance.kafka.cluster import Kafka
from acceptance.kafka.topics import Message, Topics
from acceptance.processes.programs import Programs
from acceptance.service_levels.timeline import Clock, Moment, Stamp, Timeline
from acceptance.trouble import Trouble
from acceptance.weather.calls import Answer, Call
from support.retail.dialect import (
    COUNTRY,
    ENRICHED,
    INTERESTS,
    OFFER,
    OFFER_ID,
    PLAN,
    PRIVATE,
    REFERRER,
    SEEN,
    USER,
    VIEW,
    Reader,
    put,
)
from support.retail.operations import Operations, OwnServices
from support.retail.page_views import PageViews, Taken
from support.retail.parts import RetailParts
from support.retail.users import Users

if TYPE_CHECKING:
    from acceptance.weather.station import Alter, Station

USER_SERVICE, PROMOTIONS_SERVICE = "User Service", "Promotions Service"
# The services' channels in their contracts.
ENRICHED_CHANNEL, OFFERS_CHANNEL = "pageviews_enriched", "upsell_events"
# Each message is stamped by whoever produces it.
VISITORS = Clock("the suite's own clock", 1)
USERS_CLOCK, PROMOTIONS_CLOCK = (
    Clock(f"Kafka CreateTime of the {name}", 1) for name in (USER_SERVICE, PROMOTIONS_SERVICE)
)
# The ids of this suite's users: beyond everybody else's, and whole numbers for JavaScript too.
FIRST_ID, RUNS, USERS_OF_A_RUN = 10**15, 10**9, 10**5
LONG_ID = 2**62
# What is longer may lack in its dead letter.
LONGEST_LETTER = 900_000
# So many messages of each topic are shown where a scenario has failed.
LAST = 20
# So many messages are kept of which it is not known whom they are about.
MOST_UNREAD = 50
# What a message must have as its key, by what messages are keyed by.
KEYS = {"user": "the visitor's number", "page": "the page's number", "nothing": "left out"}
# A header in which a service may tell when it took up what it answers (epoch ms): the time before that was the queue's.
TAKEN_UP = "consumed-at"
# What is known of users of whom a scenario says no more: not the same of all of them.
COUNTRIES, FOND_OF = ("US", "SE", "JP"), ("Gaming", "Gardening")
# What the shop knows of a user and tells nobody.
MAIL = "@example.com"
# The plan whose users are made offers.
OFFERED_TO, OFFERED_PLAN = "Free", "Premium"
# What a page view says beside that, and whoever answers it may keep.
SAID = {REFERRER: "newsletter"}


@dataclass(frozen=True)
class View:
    """A page view that was produced: who looked at which page and when (`at`, epoch ms), and where it lies."""

    user: int
    page: int
    at: int
    partition: int
    stamp: Stamp


@dataclass(frozen=True)
class Sent:
    """Something that was produced among the page views, with a user's key, and where it lies."""

    user: int
    value: bytes | None
    key: bytes | None
    partition: int


class Heard(list[Message]):
    """What was heard about something, and which services have ended by themselves."""

    def __init__(self, messages: Iterable[Message], fallen: Mapping[str, str]) -> None:
        super().__init__(messages)
        self._fallen = fallen

    @property
    def words(self) -> str:
        """All of it."""
        return "; ".join(message.words for message in self) or "nothing"

    def dead_end(self) -> str | None:
        """Say why nothing can come any more, None while something can."""
        return "; ".join(f"the {name}: {words}" for name, words in self._fallen.items()) or None


class Retail:
    """The retail services of one run's target."""

    def __init__(
        self,
        users: Users,
        parts: RetailParts,
        kafka: Kafka,
        topics: Topics,
        operations: Operations | None = None,
        contracts: Watch | None = None,
        station: Station | None = None,
    ) -> None:
        """`users`: what makes users known. `operations`: how services are ended and started, where that is known.

        `contracts`: what the services' messages are held to. `station`: by what its own programs reach the account.
        """
        self.station = station
        self.parts = parts
        self.dialect = parts.dialect
        self.contracts = contracts or Watch(Contracts())
        self._channels = {parts.enriched: ENRICHED_CHANNEL, parts.offers: OFFERS_CHANNEL}
        kinds = {parts.pageviews: VIEW, parts.enriched: ENRICHED, parts.offers: OFFER, parts.dead_letters: VIEW}
        self._readers: Mapping[str, Reader] = {topic: self.dialect.reader(kind) for topic, kind in kinds.items()}
        self.topics = topics
        self._operations = operations
        self._users = users
        self.kafka = kafka
        self._page_views = PageViews(kafka, topics, parts.pageviews)
        first = FIRST_ID + randbelow(RUNS) * USERS_OF_A_RUN
        self._ours = range(first, first + USERS_OF_A_RUN)
        self._next = self._first = first
        start = LONG_ID + randbelow(RUNS) * USERS_OF_A_RUN
        self._long_ids, self._long = range(start + 1, start + USERS_OF_A_RUN, 2), count()
        self._new_long_ids: list[int] = []
        self._offer_ids: set[str] = set()
        self._times: dict[int, set[int]] = defaultdict(set)  # of each user's page views
        self._known: dict[int, None] = {}
        self._plans: dict[int, str] = {}
        self._due: Counter[int] = Counter()
        self._offered: Counter[int] = Counter()
        self._last_at = 0
        self._sent: set[bytes | None] = set()
        self._claims: dict[int, Mapping[str, str]] = {}
        # Messages since `listen()` of which it is not known whom they are about, by their topic.
        self.unread: dict[str, list[Message]] = defaultdict(list)

    def check_alive(self) -> None:
        """Raise Trouble when the run's own broker has died."""
        if isinstance(self._operations, OwnServices):
            self._operations.broker.check_alive()

    @property
    def operations(self) -> Operations:
        """What can be done with the services. Raises Trouble when it is not known how."""
        if self._operations is None:
            raise Trouble(
                "This run does not keep the services running, and the profile has no commands for them (services): tag "
                "the scenario @restart."
            )
        return self._operations

    @property
    def own_services(self) -> OwnServices:
        """The services that the run itself keeps running. Raises Trouble when it keeps none."""
        if not isinstance(self._operations, OwnServices):
            raise Trouble("This run does not keep the services and Kafka running: tag the scenario @outage.")
        return self._operations

    @property
    def programs(self) -> Programs | None:
        """The programs that the run itself keeps running, if it does."""
        return self._operations.programs if isinstance(self._operations, OwnServices) else None

    # --- people ----------------------------------------------------------------------------

    def new_ids(self, number: int) -> Sequence[int]:
        """Return ids that nobody has."""
        self._next += number
        return range(self._next - number, self._next)

    def new_long_id(self) -> int:
        """Return a long id that nobody has: one that is no whole number for JavaScript, which would round it."""
        self._new_long_ids.append(self._long_ids[next(self._long)])
        return self._new_long_ids[-1]

    @property
    def newcomers(self) -> Set[int]:
        """The users who have come since the last `listen()`."""
        return frozenset((*range(self._first, self._next), *self._new_long_ids))

    def register(self, users: Mapping[int, str], **more: str) -> None:
        """Let the shop know these users, by the plan that each of them has, and what `more` there is to know."""
        self._plans |= users
        self._register({user: {PLAN: plan, **known_of(user), **more} for user, plan in users.items()})

    def register_number(self, user: int) -> None:
        """Let the shop know a user of whom there is nothing else to know."""
        self._register({user: {}})

    def _register(self, users: Mapping[int, Mapping[str, str]]) -> None:
        self._known |= dict.fromkeys(users)
        self._users.know(users)
        self.topics.listen_for(self.parts.known_within)

    def claim(self, user: int, **claims: str) -> None:
        """Let a user's page views say something that is not theirs to say."""
        self._claims[user] = claims

    def view(self, user: int, page: int, partition: int | None = None) -> View:
        """Let a user look at a page. Raises Trouble when the view is not taken."""
        return self.views([(user, page)], partition)[0]

    def moments(self, number: int) -> Sequence[int]:
        """Return so many times (epoch ms), each later than ever before."""
        return [self._now() for _ in range(number)]

    def views_of(self, looks: Sequence[tuple[int, int, int]]) -> Sequence[View]:
        """Let users look at pages at these times (epoch ms); one user has no two views of a page at one time."""
        self._count_due([(user, page) for user, page, _ in looks])
        return self._produce(looks, None)

    def view_late(self, user: int, page: int, ms: int) -> View:
        """Let a page view arrive that a user has made so many ms ago."""
        self._count_due([(user, page)])
        return self._produce([(user, page, self._now() - ms)], None)[0]

    def view_without_key(self, user: int, page: int) -> View:
        """Let a page view arrive whose message has no key."""
        self._count_due([(user, page)])
        return self._produce([(user, page, self._now())], None, keyed=False)[0]

    def views(self, looks: Iterable[tuple[int, int]], partition: int | None = None) -> Sequence[View]:
        """Let users look at pages, at once, and return the views in their order; each has a time of its own."""
        looks = list(looks)
        self._count_due(looks)
        return self._produce([(user, page, self._now()) for user, page in looks], partition)

    def view_again(self, view: View) -> None:
        """Let a view arrive once more."""
        self._produce([(view.user, view.page, view.at)], None)

    def _count_due(self, looks: Sequence[tuple[int, int]]) -> None:
        """Count the offers that these looks are to lead to."""
        offered_to = self.dialect.own(PLAN, OFFERED_TO)
        due = [
            user
            for user, page in looks
            if page == self.parts.checkout and self.dialect.own(PLAN, self._plans.get(user)) == offered_to
        ]
        self._due.update(due)

    def send(self, value: bytes | None, user: int) -> Sent:
        """Let something arrive among the page views that may be none."""
        self._sent.add(value)
        key = self.dialect.key(user, self.parts.checkout)
        return Sent(user, value, key, self._send([(key, value)])[0].partition)

    # --- what came of it ---------------------------------------------------------------------

    def listen(self) -> None:
        """Forget what was said before, and hear from now on what is about this run's users."""
        self.topics.listen(self._is_ours, self._hear)
        self._page_views.listen()
        self._first, self._new_long_ids = self._next, []
        self.unread.clear()

    def _is_ours(self, said: Message) -> bool:
        user = self.user_of(said)
        if user is None and len(self.unread[said.topic]) < MOST_UNREAD:
            self.unread[said.topic].append(said)
        return user in self._ours or user in self._long_ids or said.value in self._sent

    def hear_out(self) -> None:
        """Hear all that was said before, and note in the contracts who was offered more than was due.

        And which of the run's own services has logged what it knows of a visitor, or a page view.
        """
        self.topics.catch_up()
        for service, text in (self.programs.written() if self.programs else {}).items():
            if any(word in text for word in (MAIL, *SAID.values())):
                self.contracts.breaks(
                    f"the log of the {service} › what a page view says, or its visitor's data", self.newcomers
                )
        for user, offers in (self._offered - self._due).items():
            self._due[user] += offers
            due = self._due[user] - offers
            words = (
                f"{self.parts.offers} › offers to one visitor: {due + offers}; visits that an offer is due for: {due}"
            )
            self.contracts.breaks(words, [user])

    def enriched(self, view: View) -> Heard:
        """Return the enriched views of a page view."""
        return self._heard(self.parts.enriched, lambda message: self.tells_of(message, view))

    def all_enriched(self) -> Heard:
        """Return every enriched view since then."""
        return self._heard(self.parts.enriched, lambda _: True)

    def about(self, user: int) -> Heard:
        """Return the enriched views of whatever a user has looked at."""
        return self._heard(self.parts.enriched, lambda message: self.user_of(message) == user)

    def offers(self, user: int) -> Heard:
        """Return the offers to a user."""
        return self._heard(self.parts.offers, lambda message: self.user_of(message) == user)

    def answers(self, view: View) -> Heard:
        """Return the offers to a user that answer a page view, or do not say which one they answer."""
        return self._heard(self.parts.offers, lambda message: self._answers(message, view))

    def all_offers(self) -> Heard:
        """Return every offer since then."""
        return self._heard(self.parts.offers, lambda _: True)

    def put_aside(self, sent: Sent) -> Heard:
        """Return the dead letters with this content, and its key if they have any.

        What is almost too long for Kafka may have no place in a letter, which says more; then it is known by its key.
        """

        def is_it(message: Message) -> bool:
            if message.key not in (None, sent.key):
                return False
            value, wanted = message.value or b"", sent.value or b""
            return value == wanted or (not value and len(wanted) > LONGEST_LETTER and message.key is not None)

        return self._heard(self.parts.dead_letters, is_it)

    def timelines(self, views: Sequence[View], names: Mapping[int, str] | None = None) -> Sequence[Timeline]:
        """Return what happened to each page view, by the stamps of the messages, and the services' where they tell.

        `names` are those of the users. An offer belongs to the user's view of the checkout.
        """
        enriched, offers = defaultdict(list), defaultdict(list)
        for message in self.all_enriched():
            enriched[self.seen_in(message)].append(message)
        for message in self.all_offers():
            offers[self.user_of(message)].append(message)
        timelines = []
        for view in views:
            at_checkout = view.page == self.parts.checkout
            moments = [
                Moment(
                    "person", (names or {}).get(view.user, "A visitor"), f"views {self.name_of(view.page)}", view.stamp
                ),
                *_of(USER_SERVICE, ENRICHED, enriched[view.user, view.page, view.at]),
                *_of(
                    PROMOTIONS_SERVICE, OFFER, [o for o in offers[view.user] if at_checkout and self._answers(o, view)]
                ),
            ]
            timelines.append(Timeline.of(str(view.user), moments))
        return timelines

    def said_last(self) -> Mapping[str, Sequence[str]]:
        """Return the last messages of each topic that were heard."""
        names = self.parts.partitions
        return {name: [message.words for message in self.topics.messages(name)[-LAST:]] for name in names}

    def name_of(self, page: int) -> str:
        """Name a page as people do."""
        name = next((name for name, number in self.parts.pages.items() if number == page), "unlisted")
        return {"checkout": "the checkout", "unlisted": "an unlisted page"}.get(name, f"the {name} page")

    def words_of(self, seen: tuple[int | None, ...]) -> str:
        """Name a page view by who has looked at which page, and when."""
        user, page, at = seen
        when = "" if at is None else f" at {datetime.fromtimestamp(at / 1000, UTC):%H:%M:%S.%f}"[:-3] + " UTC"
        return f"visitor {user} at {self.name_of(page or 0)}{when}"

    def _answers(self, message: Message, view: View) -> bool:
        """Whether an offer answers a page view. Its time may be its own, which tells nothing of the view's."""
        _, page, at = self.seen_in(message)
        is_another = at != view.at and at in self._times[view.user]
        return self.user_of(message) == view.user and page in (None, view.page) and not is_another

    # --- reading ---------------------------------------------------------------------------------

    def user_of(self, message: Message) -> int | None:
        """Return the user that a message is about: by its content, else by its key."""
        user = self._readers[message.topic].number(USER, message.content)
        return self.dialect.user_of_key(message.key) if user is None else user

    def seen_in(self, message: Message) -> tuple[int | None, ...]:
        """Return which view a message tells of: user, page and time."""
        return self._readers[message.topic].seen_in(message.content)

    def tells_of(self, message: Message, view: View) -> bool:
        """Whether a message tells of a page view."""
        return self.seen_in(message) == (view.user, view.page, view.at)

    def find(self, name: str, message: Message) -> Any:
        """Return what a message says in a field, by its shipped name; None where it does not have it."""
        return self._readers[message.topic].find(name, message.content)

    def _heard(self, topic: str, wanted: Callable[[Message], bool]) -> Heard:
        self.check_alive()
        self._page_views.check()
        fallen = self.programs.fallen() if self.programs else {}
        return Heard(filter(wanted, self.topics.messages(topic)), fallen)

    @contextmanager
    def disturbed_users(self, alter: Alter) -> Iterator[None]:
        """Disturb how the services look users up, for as long as this lasts."""
        assert self.station is not None  # noqa: S101 - where there are programs, there is one
        self.station.alter = alter
        try:
            yield
        finally:
            self.station.alter = None

    def _is_known(self, offer: str) -> bool:
        """Whether an offer's id was heard before. From now on it was."""
        known = offer in self._offer_ids
        self._offer_ids.add(offer)
        return known

    def _hear(self, message: Message) -> None:
        """Hold a message of a service to the contracts, and count offers."""
        user = self.user_of(message)
        channel = self._channels.get(message.topic)
        if channel is None:
            return
        if user is not None and message.topic == self.parts.offers and self._is_ours(message):
            self._offered[user] += 1
        if self.contracts.contracts:
            if MAIL.encode() in (message.value or b""):
                self.contracts.breaks(f"{message.topic} › a visitor's e-mail is told", [user])
            self.contracts.hears(channel, message.content, [user])
            if user is not None and message.key != self.dialect.key(user, self.seen_in(message)[1]):
                self.contracts.breaks(f"{message.topic} › the key is not {KEYS[self.dialect.keyed_by]}", [user])
            offer = self.find(OFFER_ID, message)
            if message.topic == self.parts.offers and isinstance(offer, str) and self._is_known(offer):
                self.contracts.breaks(f"{message.topic} › OFFERID of an offer is that of another one", [user])

    def end(self) -> None:
        """Let services run again that a scenario has ended."""
        if self._operations:
            self._operations.begin_all()

    # --- the end ---------------------------------------------------------------------------

    def leave(self) -> None:
        """Remove the users that were registered, and listen no more."""
        self.topics.close()
        known, self._known = self._known, {}
        if known:
            self._users.forget(known)

    # --- Kafka -----------------------------------------------------------------------------------

    def _now(self) -> int:
        """Return the time (epoch ms), later than ever before: it is by its time that one view is told from another."""
        self._last_at = max(self._last_at + 1, round(time.time() * 1000))
        return self._last_at

    def _produce(
        self, looks: Sequence[tuple[int, int, int]], partition: int | None, *, keyed: bool = True
    ) -> Sequence[View]:
        contents = [self.content_of(dict(zip(SEEN, look, strict=True))) for look in looks]
        for user, _, at in looks:
            self._times[user].add(at)
        keys = [self.dialect.key(*look[:2]) if keyed else None for look in looks]
        taken = self._send(list(zip(keys, contents, strict=True)), partition)
        return [View(*look, one.partition, Stamp(one.stamp, VISITORS)) for look, one in zip(looks, taken, strict=True)]

    def content_of(self, said: Mapping[str, Any]) -> bytes:
        """Return the content of a page view that says this, and what page views of that user say besides."""
        claims = {self.dialect.place(ENRICHED, name): one for name, one in self._claims.get(said[USER], {}).items()}
        content = self.dialect.spelled(VIEW, {**said, **SAID})
        for place, claim in claims.items():
            put(content, place, claim)
        return json.dumps(content).encode()

    def _send(
        self, messages: Sequence[tuple[bytes | None, bytes | None]], partition: int | None = None
    ) -> Sequence[Taken]:
        self.check_alive()
        return self._page_views.send(messages, partition)


def in_part(call: Call, answer: Answer) -> Answer:
    """Disturb a look-up of several users: half of them are told, and the rest is to be asked for again."""
    if call.operation != "BatchGetItem" or not answer.ok:
        return answer
    found, left = dict(answer.told["Responses"]), {}
    for table, users in answer.told["Responses"].items():
        later = users[max(1, len(users) // 2) :]
        if later:
            found[table] = users[: -len(later)]
            left[table] = {"Keys": [{USER: user[USER]} for user in later], "ConsistentRead": True}
    return answer.telling(Responses=found, UnprocessedKeys=left)


def _of(service: str, what: str, messages: Iterable[Message]) -> Iterable[Moment]:
    """Give the moments of what a service has said, and of its work if it tells when it has taken that up."""
    for message in messages:
        taken_up = message.headers.get(TAKEN_UP, "")
        if taken_up.isdecimal():
            yield Moment("service", "Services", service, Stamp(int(taken_up), message.stamp.clock), message.stamp)
        yield Moment("message", "Messages", what, message.stamp)


def known_of(user: int) -> Mapping[str, str]:
    """Return what is known of a user of whom a scenario says no more."""
    return {
        COUNTRY: COUNTRIES[user % len(COUNTRIES)],
        INTERESTS: FOND_OF[user % len(FOND_OF)],
        PRIVATE: f"{user}{MAIL}",
    }
