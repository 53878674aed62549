"""What the services have answered: which messages there are about a page view or its visitor, and when they came."""

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
# What is longer may lack in its dead letter.
LONGEST_LETTER = 900_000
# So many messages of each topic are shown where a scenario has failed.
LAST = 20
# A header in which a service may tell when it took up what it answers (epoch ms): the time before that was the queue's.
TAKEN_UP = "consumed-at"


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


class Answers:
    """What the services have said since the run has last begun to listen."""

    def __init__(
        self, topics: Topics, parts: RetailParts, visits: Visits, fallen: Callable[[], Mapping[str, str]]
    ) -> None:
        """`fallen` returns which services have ended by themselves. It raises Trouble where nothing can be judged."""
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
        """Return the enriched views of whatever a user has looked at."""
        return self._heard(self._parts.enriched, lambda message: self.user_of(message) == user)

    def offers_to(self, user: int) -> Heard:
        """Return the offers to a user."""
        return self._heard(self._parts.offers, lambda message: self.user_of(message) == user)

    def offers_for(self, view: View) -> Heard:
        """Return the offers to a user that answer a page view, or do not say which one they answer."""
        return self._heard(self._parts.offers, lambda message: self._answers(message, view))

    def all_offers(self) -> Heard:
        """Return every offer since then."""
        return self._heard(self._parts.offers, lambda _: True)

    def put_aside(self, sent: Sent) -> Heard:
        """Return the dead letters with this content, and its key if they have any.

        What is almost too long for Kafka may have no place in a letter, which says more; then it is known by its key.
        """

        def is_it(message: Message) -> bool:
            if message.key not in (None, sent.key):
                return False
            value, wanted = message.value or b"", sent.value or b""
            return value == wanted or (not value and len(wanted) > LONGEST_LETTER and message.key is not None)

        return self._heard(self._parts.dead_letters, is_it)

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
        """Return the last messages of each topic that were heard."""
        names = self._parts.partitions
        return {name: [message.words for message in self._topics.messages(name)[-LAST:]] for name in names}

    # --- reading ---------------------------------------------------------------------------------

    def user_of(self, message: Message) -> int | None:
        """Return the user that a message is about: by its content, else by its key."""
        user = self._readers[message.topic].number(USER, message.content)
        return self._parts.dialect.user_of_key(message.key) if user is None else user

    def seen_in(self, message: Message) -> tuple[int | None, ...]:
        """Return which view a message tells of: user, page and time."""
        return self._readers[message.topic].seen_in(message.content)

    def tells_of(self, message: Message, view: View) -> bool:
        """Whether a message tells of a page view."""
        return self.seen_in(message) == (view.user, view.page, view.at)

    def find(self, name: str, message: Message) -> Any:
        """Return what a message says in a field, by its shipped name; None where it does not have it."""
        return self._readers[message.topic].find(name, message.content)

    def _answers(self, message: Message, view: View) -> bool:
        """Whether an offer answers a page view. Its time may be its own, which tells nothing of the view's."""
        _, page, at = self.seen_in(message)
        return (
            self.user_of(message) == view.user and page in (None, view.page) and not self._visits.is_another(at, view)
        )

    def _heard(self, topic: str, wanted: Callable[[Message], bool]) -> Heard:
        fallen = self._fallen()
        return Heard(filter(wanted, self._topics.messages(topic)), fallen)


def _of(service: str, what: str, messages: Iterable[Message]) -> Iterable[Moment]:
    """Give the moments of what a service has said, and of its work if it tells when it has taken that up."""
    for message in messages:
        taken_up = message.headers.get(TAKEN_UP, "")
        if taken_up.isdecimal():
            yield Moment("service", "Services", service, Stamp(int(taken_up), message.stamp.clock), message.stamp)
        yield Moment("message", "Messages", what, message.stamp)
