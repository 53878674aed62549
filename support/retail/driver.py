"""The driver of the retail shop: page views go in, enriched views and offers come out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from acceptance.aws.account import Account
from acceptance.aws.disturbances import disturbed
from acceptance.aws.disturber import BEHIND, READS, Disturbance
from acceptance.aws.secret import SECRET
from acceptance.contracts import Contracts, Watch
from acceptance.kafka.cluster import Kafka
from acceptance.kafka.topics import Message, Topics
from acceptance.processes.programs import Programs
from acceptance.trouble import Trouble
from support.retail.answers import TAKEN_UP, Answers
from support.retail.dialect import OFFER_ID
from support.retail.operations import Operations, OwnServices
from support.retail.page_views import NUMBER, PageViews
from support.retail.parts import RetailParts
from support.retail.users import Users
from support.retail.visitors import MAIL, Visitors
from support.retail.visits import SAID, Visits

if TYPE_CHECKING:
    from acceptance.weather.station import Alter, Station

# The services' channels in their contracts.
ENRICHED_CHANNEL, OFFERS_CHANNEL = "pageviews_enriched", "upsell_events"
# How many messages with an unknown user are kept.
MOST_UNREAD = 50
# By how much two readings of this machine's clock may contradict each other, in ms.
ONE_CLOCK_MS = 100
# The key that a message must have, by the subject of the keys.
KEYS = {"user": "the visitor's number", "page": "the page's number", "nothing": "left out"}


class Retail:
    """The retail services of one run's target: their visitors, the visits, the services' answers, and the services."""

    def __init__(
        self,
        users: Users,
        parts: RetailParts,
        kafka: Kafka,
        topics: Topics,
        operations: Operations | None = None,
        contracts: Watch | None = None,
        station: Station | None = None,
        account: Account | None = None,
    ) -> None:
        """`users`: how users are registered. `operations`: how services are ended and started, where that is known.

        `contracts`: those of the services' messages. `station`: through which its own programs reach the `account`.
        """
        self.parts = parts
        self.dialect = parts.dialect
        self.kafka = kafka
        self.topics = topics
        self.contracts = contracts or Watch(Contracts())
        self._operations = operations
        self._station = station
        self._account = account
        self._channels = {parts.enriched: ENRICHED_CHANNEL, parts.offers: OFFERS_CHANNEL}
        self._page_views = PageViews(kafka, topics, parts.pageviews)
        self.visitors = Visitors(users, parts.dialect, lambda: topics.listen_for(parts.known_within))
        self.visits = Visits(self._page_views, self.visitors, parts, self.check_alive)
        self.answers = Answers(topics, parts, self.visits, self._fallen)
        self._offer_ids: set[str] = set()
        self._offered: Counter[int] = Counter()
        self._places: dict[tuple[str, int], int] = {}
        self._foreign: set[bytes | None] = set()
        # Messages since `listen()` with an unknown user, by topic.
        self.unread: dict[str, list[Message]] = defaultdict(list)

    # --- the services ------------------------------------------------------------------------------

    def check_alive(self) -> None:
        """Raise Trouble when the run's own broker has died."""
        if isinstance(self._operations, OwnServices):
            self._operations.broker.check_alive()

    @property
    def operations(self) -> Operations:
        """The operations on the services. Raises Trouble when they are not known."""
        if self._operations is None:
            raise Trouble(
                "This run does not keep the services running, and the profile has no commands for them (services): tag "
                "the scenario @restart."
            )
        return self._operations

    @property
    def own_services(self) -> OwnServices:
        """The services that this run itself runs. Raises Trouble when there are none."""
        if not isinstance(self._operations, OwnServices):
            raise Trouble("This run does not keep the services and Kafka running: tag the scenario @outage.")
        return self._operations

    @property
    def programs(self) -> Programs | None:
        """The programs that this run itself runs, if any."""
        return self._operations.programs if isinstance(self._operations, OwnServices) else None

    @contextmanager
    def disturbed_users(self, alter: Alter) -> Iterator[None]:
        """Disturb the services' user look-ups within this context."""
        assert self._station is not None  # noqa: S101 - where there are programs, there is one
        self._station.alter = alter
        try:
            yield
        finally:
            self._station.alter = None

    @contextmanager
    def users_shown_late(self) -> Iterator[None]:
        """Meanwhile, answer look-ups that do not ask for the latest state by what was before the last change."""
        assert self._account is not None  # noqa: S101 - where there are programs, there is one
        with disturbed(self._account, Disturbance(operations=READS, effect=BEHIND)):
            yield

    def _fallen(self) -> Mapping[str, str]:
        """Return the services that ended unexpectedly, after checking that each page view was written once."""
        self.check_alive()
        self._page_views.check()
        return self.programs.fallen() if self.programs else {}

    # --- listening ---------------------------------------------------------------------------------

    def listen(self) -> None:
        """Drop earlier messages, and receive those about this run's users from now on."""
        self.topics.listen(self._is_ours, self._hear)
        self._page_views.listen()
        self.visitors.begin_anew()
        self.unread.clear()

    def hear_out(self) -> None:
        """Receive all pending messages, and record in the contracts which users got more offers than were due.

        Also record which of the run's own services logged a secret, personal data or a page view, or stated times of a
        page view and its answer that contradict each other.
        """
        self.topics.catch_up()
        for service, text in (self.programs.written() if self.programs else {}).items():
            if SECRET in text:
                self.contracts.breaks(f"the log of the {service} › a secret of its settings", self.visitors.newcomers)
            if any(word in text for word in (MAIL, *SAID.values())):
                self.contracts.breaks(
                    f"the log of the {service} › what a page view says, or its visitor's data", self.visitors.newcomers
                )
        for topic in self._channels if self.programs else ():
            for message in self.topics.messages(topic):
                self._check_taken_up(message)
        for user, offers in (self._offered - self.visits.due).items():
            due = self.visits.due[user]
            self.visits.due[user] += offers
            words = (
                f"{self.parts.offers} › offers to one visitor: {due + offers}; visits that an offer is due for: {due}"
            )
            self.contracts.breaks(words, [user])

    def write_among_the_offers(self, value: bytes | None) -> None:
        """Send something that is no offer into the topic of the offers, as another program might."""
        self._foreign.add(value)
        PageViews(self.kafka, self.topics, self.parts.offers).send([(None, value)])

    def _is_ours(self, said: Message) -> bool:
        user = self.answers.user_of(said)
        if user is None and len(self.unread[said.topic]) < MOST_UNREAD:
            self.unread[said.topic].append(said)
        return user in self.visitors or self.visits.was_sent(said.value)

    def _hear(self, message: Message) -> None:
        """Check a service's message against the contracts, and count offers."""
        if NUMBER in message.headers and message.value in self._foreign:
            return
        user = self.answers.user_of(message)
        channel = self._channels.get(message.topic)
        if channel is None:
            return
        if user is not None and message.topic == self.parts.offers and self._is_ours(message):
            self._offered[user] += 1
        if self.contracts.contracts:
            if MAIL.encode() in (message.value or b""):
                self.contracts.breaks(f"{message.topic} › a visitor's e-mail is passed on", [user])
            self.contracts.hears(channel, message.content, [user])
            if user is not None:
                self._check_place(message, user)
            offer = self.answers.find(OFFER_ID, message)
            if message.topic == self.parts.offers and isinstance(offer, str) and self._is_known(offer):
                self.contracts.breaks(f"{message.topic} › OFFERID of an offer is that of another one", [user])

    def _check_place(self, message: Message, user: int) -> None:
        """Check that an answer has its key, and lies where all about its user do if that is the key.

        Only so a user's messages keep their order.
        """
        if message.key != self.dialect.key(user, self.answers.seen_in(message)[1]):
            self.contracts.breaks(f"{message.topic} › the key is not {KEYS[self.dialect.keyed_by]}", [user])
        place = self._places.setdefault((message.topic, user), message.partition)
        if self.dialect.keyed_by == "user" and message.partition != place:
            self.contracts.breaks(f"{message.topic} › answers to one visitor lie in several partitions", [user])

    def _check_taken_up(self, message: Message) -> None:
        """Check that one of the run's own services took up a page view after it had been produced, and then answered.

        All latencies are measured by these times: an answer that bears the time of its page view is never late.
        """
        seen = self.answers.seen_in(message)
        came, taken_up = self.visits.came_at(seen), message.headers.get(TAKEN_UP, "")
        if not taken_up.isdecimal():
            return
        if came is not None and int(taken_up) < came - ONE_CLOCK_MS:
            words = f"{message.topic} › {TAKEN_UP} lies before the page view that is answered"
            self.contracts.breaks(words, [seen[0]])
        if message.stamp.ms < int(taken_up) - ONE_CLOCK_MS:
            words = f"{message.topic} › the time of an answer lies before its {TAKEN_UP}"
            self.contracts.breaks(words, [seen[0]])

    def _is_known(self, offer: str) -> bool:
        """Return whether an offer's id was received before, and remember it."""
        known = offer in self._offer_ids
        self._offer_ids.add(offer)
        return known

    # --- the end -----------------------------------------------------------------------------------

    def end(self) -> None:
        """Restart services that a scenario has ended."""
        if self._operations:
            self._operations.begin_all()

    def leave(self) -> None:
        """Remove the users that were registered, and listen no more."""
        self.topics.close()
        self.visitors.leave()
