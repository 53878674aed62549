"""Many page views at once, whatever befalls the services meanwhile, and what comes of them all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hamcrest import anything, assert_that, is_, is_not

from acceptance.matchers import Says
from acceptance.service_levels.levels import Promise
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from acceptance.weather.calls import Answer, Call
from acceptance.weather.words import is_away
from support.retail.burst import Burst
from support.retail.dialect import USER
from support.retail.driver import Retail
from support.retail.markers import Markers
from support.retail.matchers import Tally, are_all_of_the_plan, are_in_order, has_all, has_all_once, is_there
from support.retail.operations import USER_SERVICE, Operations

# How long a service is given to take up what arrives, before it is ended in the middle of that (s).
TAKEN_UP_SECONDS = 0.5
ENRICHED_VIEWS, OFFERS = "enriched views", "offers"
OK = 200
# So many page views lie there when the run starts its services.
BEFORE = 8


class Rush:
    """The burst of page views of one scenario."""

    def __init__(
        self, retail: Retail, markers: Markers, wait: Waiter, offset: float = 0, before: Burst | None = None
    ) -> None:
        """`offset`: as in `judge`. `before`: what had come before the services were started for the first time."""
        self._before = before
        self._retail = retail
        self._markers = markers
        self._wait = wait
        self._offset = offset
        self.is_there: Burst | None = None

    @property
    def burst(self) -> Burst:
        """The burst of this scenario. Raises Trouble when there is none."""
        if self.is_there is None:
            raise Trouble("There is no burst of page views in this scenario: is a When missing?")
        return self.is_there

    # --- what comes ------------------------------------------------------------------------------

    def begins(self, views: int) -> Burst:
        """Let as many people be known as make so many page views, of which none has come yet."""
        self.is_there = Burst(self._retail, views)
        return self.is_there

    def comes(self, views: int) -> None:
        """Let many page views come at once."""
        self.begins(views).come()

    def comes_while_restarted(self, views: int, service: str) -> None:
        """Let many page views come, and a service end when it is asked to, amid its work, and start again."""
        with self._in_the_middle(views, service) as operations:
            operations.ask_to_end(service)
        operations.see_ended(service)
        self._come_rest(operations, service)

    def comes_while_crashed(self, views: int, service: str) -> None:
        """Let many page views come, and a service die in the middle of its work, and start again."""
        with self._in_the_middle(views, service) as operations:
            operations.crash(service)
        self._come_rest(operations, service)

    def comes_while_kafka_is_away(self, views: int, seconds: float) -> None:
        """Let many page views come, and Kafka take no message of the services for a while."""
        own = self._retail.own_services
        with own.amid_work(USER_SERVICE, self.begins(views).come, lambda: self._let_pass(seconds)):
            pass
        own.begin_all()

    def comes_while_users_are_away(self, views: int, seconds: float) -> None:
        """Let many page views come while the users cannot be looked up, which comes to pass again."""
        with self._retail.disturbed_users(is_away):
            self.begins(views).come()
            self._let_pass(seconds)
        self._retail.own_services.begin_all()

    def comes_while_users_are_found_in_part(self, views: int) -> None:
        """Let many page views come while whoever looks users up is told of some of them, and to ask for the rest."""
        with self._retail.disturbed_users(in_part):
            self.begins(views).come()
            self._wait.settle(self.burst.enriched, has_all(ENRICHED_VIEWS))

    def comes_around_another_instance(self, views: int, service: str) -> None:
        """Let many page views come while another instance of a service shares its work, and again when it has ended."""
        with self._retail.own_services.another_instance(service) as has_spoken:
            self._wait.settle(has_spoken, is_(True))
            self.begins(views).come()
            self._wait.settle(self.burst.offers, has_all(OFFERS))
        self.burst.come_again()

    def came_before_first_start(self, views: int) -> None:
        """Look at the page views that had come before the run started its services."""
        if self._before is None or len(self._before.views) != views:
            raise Trouble(f"{BEFORE} page views come before the services are started, where the run starts them.")
        self.is_there = self._before

    @contextmanager
    def _in_the_middle(self, views: int, service: str) -> Iterator[Operations]:
        """Let a burst begin, and a service be in the middle of it: it has taken views up, and not answered them.

        When a part of them has come, both services are known to work. Then the next ones come.
        """
        burst, operations = self.begins(views), self._retail.operations
        burst.come(slice(burst.half // 2))
        self._wait.settle(burst.first_offers, is_there("an offer"))

        def come() -> None:
            burst.come(slice(burst.half // 2, burst.half))
            if service != USER_SERVICE:  # its share is what the other one says
                self._wait.settle(burst.enriched, has_all(ENRICHED_VIEWS))

        with operations.amid_work(service, come, lambda: self._let_pass(TAKEN_UP_SECONDS)):
            yield operations

    def _come_rest(self, operations: Operations, service: str) -> None:
        """Let the rest of the burst come while a service does not run, and start that again."""
        self.burst.come(slice(self.burst.half, None))
        operations.begin(service)

    def _let_pass(self, seconds: float) -> None:
        """Listen for so long, whatever comes."""
        self._wait.settle(self._retail.answers.all_offers, is_not(anything()), patience=seconds)

    # --- what comes of it ------------------------------------------------------------------------

    def sees_all_enriched(self) -> None:
        """See that each page view of the burst is enriched."""
        self._see_all(self.burst.enriched, has_all(ENRICHED_VIEWS))

    def sees_all_enriched_once(self) -> None:
        """See that each page view of the burst is enriched once."""
        self.sees_all_enriched()
        self._markers.follow(self.burst.views)
        assert_that(self.burst.enriched(), has_all_once(ENRICHED_VIEWS))

    def sees_order(self) -> None:
        """See that each visitor's page views are told in their order."""
        assert_that(self.burst.orders(), are_in_order())

    def sees_all_offers_once(self) -> None:
        """See that each user of the burst who deserves an offer gets one, of the plan, and nobody else."""
        self._see_all(self.burst.offers, has_all(OFFERS))
        self._markers.follow(self.burst.views)
        assert_that(self.burst.offers(), has_all_once(OFFERS))
        assert_that(self._retail.answers.all_offers(), are_all_of_the_plan(self._retail))

    def sees_offered_in_time(self, promise: Promise, percent: float) -> None:
        """See that so many per cent of the burst's offers are made within a promise's budget."""
        burst = self.burst
        self._wait.settle(burst.offers, has_all(OFFERS))
        distribution = burst.judge(promise, self._offset)
        distribution.require(promise, percent, lambda: burst.slowest_hop(promise, self._offset))

    def _see_all(self, count: Callable[[], Tally[Any]], matcher: Says) -> None:
        """See that nothing is missing. As long as more comes, the wait goes on: what is slow is not lost.

        Where no more comes, a page view behind them all tells whether they are lost or a service stands still.
        """
        while True:
            missing = len(count().missing)
            try:
                self._wait.eventually(count, matcher)
                return
            except AssertionError as error:
                if len(count().missing) >= missing:
                    words = self._markers.lost_or_late(self.burst.views)
                    if len(count().missing) >= missing:
                        raise AssertionError(f"{error}\n{words}") from None


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
