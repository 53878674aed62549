"""The shop that watches which pages people look at: page views go in, enriched views and offers come out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from acceptance.contracts import Contracts, Watch
from acceptance.kafka.cluster import Kafka
from acceptance.kafka.topics import Message, Topics
from acceptance.processes.programs import Programs
from acceptance.trouble import Trouble
from support.retail.answers import Answers
from support.retail.dialect import OFFER_ID
from support.retail.operations import Operations, OwnServices
from support.retail.page_views import PageViews
from support.retail.parts import RetailParts
from support.retail.users import Users
from support.retail.visitors import MAIL, Visitors
from support.retail.visits import SAID, Visits

if TYPE_CHECKING:
    from acceptance.weather.station import Alter, Station

# The services' channels in their contracts.
ENRICHED_CHANNEL, OFFERS_CHANNEL = "pageviews_enriched", "upsell_events"
# So many messages are kept of which it is not known whom they are about.
MOST_UNREAD = 50
# What a message must have as its key, by what messages are keyed by.
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
    ) -> None:
        """`users`: what makes users known. `operations`: how services are ended and started, where that is known.

        `contracts`: what the services' messages are held to. `station`: by what its own programs reach the account.
        """
        self.parts = parts
        self.dialect = parts.dialect
        self.kafka = kafka
        self.topics = topics
        self.contracts = contracts or Watch(Contracts())
        self._operations = operations
        self._station = station
        self._channels = {parts.enriched: ENRICHED_CHANNEL, parts.offers: OFFERS_CHANNEL}
        self._page_views = PageViews(kafka, topics, parts.pageviews)
        self.visitors = Visitors(users, parts.dialect, lambda: topics.listen_for(parts.known_within))
        self.visits = Visits(self._page_views, self.visitors, parts, self.check_alive)
        self.answers = Answers(topics, parts, self.visits, self._fallen)
        self._offer_ids: set[str] = set()
        self._offered: Counter[int] = Counter()
        # Messages since `listen()` of which it is not known whom they are about, by their topic.
        self.unread: dict[str, list[Message]] = defaultdict(list)

    # --- the services ------------------------------------------------------------------------------

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

    @contextmanager
    def disturbed_users(self, alter: Alter) -> Iterator[None]:
        """Disturb how the services look users up, for as long as this lasts."""
        assert self._station is not None  # noqa: S101 - where there are programs, there is one
        self._station.alter = alter
        try:
            yield
        finally:
            self._station.alter = None

    def _fallen(self) -> Mapping[str, str]:
        """Return which services have ended by themselves, once it is seen that each page view was written once."""
        self.check_alive()
        self._page_views.check()
        return self.programs.fallen() if self.programs else {}

    # --- listening ---------------------------------------------------------------------------------

    def listen(self) -> None:
        """Forget what was said before, and hear from now on what is about this run's users."""
        self.topics.listen(self._is_ours, self._hear)
        self._page_views.listen()
        self.visitors.begin_anew()
        self.unread.clear()

    def hear_out(self) -> None:
        """Hear all that was said before, and note in the contracts who was offered more than was due.

        And which of the run's own services has logged what it knows of a visitor, or a page view.
        """
        self.topics.catch_up()
        for service, text in (self.programs.written() if self.programs else {}).items():
            if any(word in text for word in (MAIL, *SAID.values())):
                self.contracts.breaks(
                    f"the log of the {service} › what a page view says, or its visitor's data", self.visitors.newcomers
                )
        for user, offers in (self._offered - self.visits.due).items():
            due = self.visits.due[user]
            self.visits.due[user] += offers
            words = (
                f"{self.parts.offers} › offers to one visitor: {due + offers}; visits that an offer is due for: {due}"
            )
            self.contracts.breaks(words, [user])

    def _is_ours(self, said: Message) -> bool:
        user = self.answers.user_of(said)
        if user is None and len(self.unread[said.topic]) < MOST_UNREAD:
            self.unread[said.topic].append(said)
        return user in self.visitors or self.visits.was_sent(said.value)

    def _hear(self, message: Message) -> None:
        """Hold a message of a service to the contracts, and count offers."""
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
            if user is not None and message.key != self.dialect.key(user, self.answers.seen_in(message)[1]):
                self.contracts.breaks(f"{message.topic} › the key is not {KEYS[self.dialect.keyed_by]}", [user])
            offer = self.answers.find(OFFER_ID, message)
            if message.topic == self.parts.offers and isinstance(offer, str) and self._is_known(offer):
                self.contracts.breaks(f"{message.topic} › OFFERID of an offer is that of another one", [user])

    def _is_known(self, offer: str) -> bool:
        """Whether an offer's id was heard before. From now on it was."""
        known = offer in self._offer_ids
        self._offer_ids.add(offer)
        return known

    # --- the end -----------------------------------------------------------------------------------

    def end(self) -> None:
        """Let services run again that a scenario has ended."""
        if self._operations:
            self._operations.begin_all()

    def leave(self) -> None:
        """Remove the users that were registered, and listen no more."""
        self.topics.close()
        self.visitors.leave()
