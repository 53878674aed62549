"""The outcome of a visitor's page views: enriched views, and offers or none."""

from hamcrest import assert_that

from acceptance.kafka.topics import Message
from acceptance.matchers import require
from acceptance.named_values import Value
from acceptance.service_levels.levels import Promise, judge
from acceptance.trouble import Trouble
from support.retail.answers import Heard
from support.retail.dialect import ENRICHED, OFFER
from support.retail.matchers import (
    are_all_of_the_plan,
    come,
    comes_more_than_once,
    does_not_say,
    is_there,
    says,
    tells_of,
)
from support.retail.shop_day import ShopDay


class Outcome:
    """The outcome of a visitor's page views. Checks of a single page view are about their last one."""

    def __init__(self, day: ShopDay, name: str) -> None:
        self._day = day
        self._name = name
        self._retail = day.retail

    def enriched(self) -> Heard:
        """Wait for their page view to be enriched, and return the answers."""
        return self._day.see_enriched(self._day.last_view(self._name))

    def offer(self) -> Heard:
        """Wait for an offer in answer to their page view, and return the answers."""
        return self._day.see_answered(self._day.last_view(self._name))

    def is_enriched_with(self, path: str, operator: str, value: Value) -> None:
        """Check a field of the enriched view, by its shipped name or a path."""
        require(self.enriched()[0].content, says(self._retail.dialect, ENRICHED, path, operator, value))

    def is_enriched_without(self, path: str) -> None:
        """Check that the enriched view does not have a field."""
        require(self.enriched()[0].content, does_not_say(self._retail.dialect, ENRICHED, path))

    def is_enriched_as_it_was(self) -> None:
        """Check that all messages about them have the user, page and time of their page view."""
        view = self._day.last_view(self._name)
        seen: Heard = self._day.wait.eventually(self._retail.answers.enriched_of, view.user, is_there(f"an {ENRICHED}"))
        assert_that(seen[0].content, tells_of(self._retail.dialect, ENRICHED, view))

    def is_enriched_in_time(self, promise: Promise) -> None:
        """Check that their page view is enriched within a service level's budget."""
        self.enriched()
        self._judge(promise)

    def is_offered_with(self, path: str, operator: str, value: Value) -> None:
        """Check a field of the offer, by its shipped name or a path."""
        require(self.offer()[0].content, says(self._retail.dialect, OFFER, path, operator, value))

    def is_offered_nothing(self) -> None:
        """Check that they get no offer, although their page views are enriched if they are known."""
        for view in self._day.views[self._name] if self._name in self._day.known else ():
            self._day.see_enriched(view)
        self._day.markers.follow(self._day.views[self._name])
        self._day.wait.never(self._retail.answers.offers_to, self._user, is_there(f"an {OFFER}"))

    def is_offered(self, number: int) -> None:
        """Check that they are offered the plan exactly so many times."""
        for view in self._day.views[self._name]:
            if view.page == self._retail.parts.checkout:
                self._day.see_answered(view)
        self._day.markers.follow(self._day.views[self._name])
        if number == 1:
            self._day.wait.never(self._retail.answers.offers_to, self._user, comes_more_than_once(OFFER))
        offers = self._retail.answers.offers_to(self._user)
        assert_that(offers, come(number, OFFER))
        require(offers, are_all_of_the_plan(self._retail))

    def is_answered_once(self) -> None:
        """Check that their first page view is answered by one offer, regardless of their other views."""
        first, answers = self._day.views[self._name][0], self._retail.answers
        self._day.see_answered(first)
        self._day.markers.follow([first])
        self._day.wait.never(answers.offers_for, first, comes_more_than_once(OFFER))

    def is_offered_in_time(self, promise: Promise) -> None:
        """Check that they are offered the plan within a service level's budget."""
        enriched, offers = self.enriched(), self.offer()
        check_stamps(enriched[0], offers[0], promise.budget, self._day.offset)
        self._judge(promise)
        require(offers, are_all_of_the_plan(self._retail))

    def _judge(self, promise: Promise) -> None:
        timeline = self._retail.answers.timelines([self._day.last_view(self._name)])[0]
        judged = judge(promise, timeline, self._day.offset)
        assert judged is not None  # noqa: S101 - both have been seen
        self._day.judgements.setdefault(self._name, []).append(judged)
        judged.require(customer=self._name)

    @property
    def _user(self) -> int:
        return self._day.users[self._name]


def check_stamps(asked: Message, answer: Message, budget: float, offset: float) -> None:
    """Check that an answer has its own timestamp. Raises Trouble if not: it cannot prove a service level.

    A service that copies the timestamp of its input would meet every service level. Then both are equal, although
    they arrived long after each other.
    """
    if answer.stamp.ms < asked.stamp.ms - offset:
        raise Trouble(
            f"An {OFFER} is stamped {asked.stamp.ms - answer.stamp.ms} ms before the {ENRICHED} that it answers. "
            "Set the services' clocks; with these timestamps nothing can be checked."
        )
    apart = answer.heard - asked.heard
    # Two moments within one millisecond have the same timestamp, and arrive next to each other.
    if answer.stamp.ms == asked.stamp.ms and apart > max(budget, asked.stamp.clock.resolution):
        raise Trouble(
            f"An {OFFER} has the same time stamp as the {ENRICHED} it answers, and was heard {apart:,.0f} ms later. "
            "Let the Promotions Service stamp its own messages; with these timestamps nothing can be checked."
        )
