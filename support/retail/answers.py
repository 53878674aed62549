"""The services' answers: the messages about a page view or its visitor, and when they arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from acceptance.kafka.topics import Message, Topics
from acceptance.service_levels.timeline import Clock, Moment, Stamp, Timeline
from support.retail.dialect import ENRICHED, OFFER, USER, VIEW, Reader
from support.retail.operations import PROMOTIONS_SERVICE, USER_SERVICE
from support.retail.parts import RetailParts
from support.retail.visits import Sent, View, Visits

USERS_CLOCK, PROMOTIONS_CLOCK = (
    Clock(f"Kafka CreateTime of the {name}", 1) for name in (USER_SERVICE, PROMOTIONS_SERVICE)
)
# A longer message may be missing from its dead letter.
LONGEST_LETTER = 900_000
# How many messages of each topic are shown where a scenario failed.
LAST = 20
# An optional header: when the service took up the message that it answers (epoch ms). Earlier time is queueing time.
TAKEN_UP = "consumed-at"


class Heard(list[Message]):
    """The messages about a subject, and the services that ended unexpectedly."""

    def __init__(self, messages: Iterable[Message], fallen: Mapping[str, str]) -> None:
        super().__init__(messages)
        self._fallen = fallen

    @property
    def words(self) -> str:
        """All of it in words."""
        return "; ".join(message.words for message in self) or "nothing"

    def dead_end(self) -> str | None:
        """Return why no more messages can arrive, None while they can."""
        return "; ".join(f"the {name}: {words}" for name, words in self._fallen.items()) or None


class Answers:
    """The services' messages since the run last began to listen."""

    def __init__(
        self, topics: Topics, parts: RetailParts, visits: Visits, fallen: Callable[[], Mapping[str, str]]
    ) -> None:
        """`fallen` returns the services that ended unexpectedly. It raises Trouble where nothing can be checked."""
        self._topics = topics
        self._parts = parts
        self._visits = visits
        self._fallen = fallen
        kinds = {parts.pageviews: VIEW, parts.enriched: ENRICHED, parts.offers: OFFER, parts.dead_letters: VIEW}
        self._readers: Mapping[str, Reader] = {topic: parts.dialect.reader(kind) for topic, kind in kinds.items()}

    def enriched(self, view: View) -> Heard:
        """Return the enriched views of a page view."""
        return self._heard(self._parts.enriched, lambda message: self.tells_of(message, view))

    def all_enriched(self) -> Heard:
        """Return every enriched view since then."""
        return self._heard(self._parts.enriched, lambda _: True)

    def enriched_of(self, user: int) -> Heard:
        """Return the enriched views of all page views of a user."""
        return self._heard(self._parts.enriched, lambda message: self.user_of(message) == user)

    def offers_to(self, user: int) -> Heard:
        """Return the offers to a user."""
        return self._heard(self._parts.offers, lambda message: self.user_of(message) == user)

    def offers_for(self, view: View) -> Heard:
        """Return the offers to a user that answer a page view, or do not name the view they answer."""
        return self._heard(self._parts.offers, lambda message: self._answers(message, view))

    def all_offers(self) -> Heard:
        """Return every offer since then."""
        return self._heard(self._parts.offers, lambda _: True)

    def put_aside(self, sent: Sent) -> Heard:
        """Return the dead letters with this content, and its key if they have any.

        Content near Kafka's size limit may not fit in a dead letter, which adds to it; then its key identifies it.
        """

        def is_it(message: Message) -> bool:
            if message.key not in (None, sent.key):
                return False
            value, wanted = message.value or b"", sent.value or b""
            return value == wanted or (not value and len(wanted) > LONGEST_LETTER and message.key is not None)

        return self._heard(self._parts.dead_letters, is_it)

    def timelines(self, views: Sequence[View], names: Mapping[int, str] | None = None) -> Sequence[Timeline]:
        """Return the timeline of each page view, by the messages' timestamps, and the services' where given.

        `names` are those of the users. An offer belongs to the user's view of the checkout.
        """
        enriched, offers = defaultdict(list), defaultdict(list)
        for message in self.all_enriched():
            enriched[self.seen_in(message)].append(message)
        for message in self.all_offers():
            offers[self.user_of(message)].append(message)
        timelines = []
        for view in views:
            made = [offer for offer in offers[view.user] if self._answers(offer, view)]
            who, what = (names or {}).get(view.user, "A visitor"), f"views {self._parts.name_of(view.page)}"
            moments = [
                Moment("person", who, what, view.stamp),
                *_of(USER_SERVICE, ENRICHED, enriched[view.user, view.page, view.at]),
                *_of(PROMOTIONS_SERVICE, OFFER, made if view.page == self._parts.checkout else ()),
            ]
            timelines.append(Timeline.of(str(view.user), moments))
        return timelines

    def said_last(self) -> Mapping[str, Sequence[str]]:
        """Return the last messages received from each topic."""
        names = self._parts.partitions
        return {name: [message.words for message in self._topics.messages(name)[-LAST:]] for name in names}

    # --- reading ---------------------------------------------------------------------------------

    def user_of(self, message: Message) -> int | None:
        """Return the user that a message is about: by its content, else by its key."""
        user = self._readers[message.topic].number(USER, message.content)
        return self._parts.dialect.user_of_key(message.key) if user is None else user

    def seen_in(self, message: Message) -> tuple[int | None, ...]:
        """Return the page view that a message is about: user, page and time."""
        return self._readers[message.topic].seen_in(message.content)

    def tells_of(self, message: Message, view: View) -> bool:
        """Whether a message is about a page view."""
        return self.seen_in(message) == (view.user, view.page, view.at)

    def find(self, name: str, message: Message) -> Any:
        """Return a message's value of a field, by its shipped name; None where it is missing."""
        return self._readers[message.topic].find(name, message.content)

    def _answers(self, message: Message, view: View) -> bool:
        """Whether an offer answers a page view. Its time may be its own rather than the view's."""
        _, page, at = self.seen_in(message)
        return (
            self.user_of(message) == view.user and page in (None, view.page) and not self._visits.is_another(at, view)
        )

    def _heard(self, topic: str, wanted: Callable[[Message], bool]) -> Heard:
        fallen = self._fallen()
        return Heard(filter(wanted, self._topics.messages(topic)), fallen)


def _of(service: str, what: str, messages: Iterable[Message]) -> Iterable[Moment]:
    """Yield the moments of a service's message, and of its work if it says when it took that up."""
    for message in messages:
        taken_up = message.headers.get(TAKEN_UP, "")
        if taken_up.isdecimal():
            yield Moment("service", "Services", service, Stamp(int(taken_up), message.stamp.clock), message.stamp)
        yield Moment("message", "Messages", what, message.stamp)
