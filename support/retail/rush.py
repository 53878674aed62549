"""Many page views at once, the failures of services meanwhile, and the outcome."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

from hamcrest import anything, assert_that, is_, is_not, not_

from acceptance.earlier import left, one_of
from acceptance.matchers import Says, require
from acceptance.service_levels.levels import Promise
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from acceptance.weather.calls import Answer, Call
from acceptance.weather.words import denied, is_away
from support.retail.burst import Burst
from support.retail.dialect import USER
from support.retail.driver import Retail
from support.retail.markers import Markers
from support.retail.matchers import (
    Tally,
    are_all_of_the_plan,
    are_in_order,
    has_all,
    has_all_once,
    is_there,
    states_a_reason,
)
from support.retail.operations import USER_SERVICE, Operations
from support.retail.settings import RetailSettings

# How long a service may take up arriving messages before it is ended amid its work (s).
TAKEN_UP_SECONDS = 0.5
# How long a look-up may be held up (s).
HELD_UP_SECONDS = 5.0
ENRICHED_VIEWS, OFFERS = "enriched views", "offers"
OK = 200
# A topic that does not exist, and the variables that name those into which the User Service writes.
NO_TOPIC = "acceptance-no-such-topic"
# The variables that name the region of the users' table.
REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
WRITTEN = {"enriched views": "ENRICHED_TOPIC", "dead letters": "DEAD_LETTERS_TOPIC"}
# How many page views wait when the run starts its services.
BEFORE = 8


class Rush:
    """The burst of page views of one scenario. `status` is the exit status of a service that has given up."""

    _last_words = ""
    status: int = left("No service has given up in this scenario: is a When missing?")

    def __init__(
        self, retail: Retail, markers: Markers, wait: Waiter, offset: float = 0, before: Burst | None = None
    ) -> None:
        """`offset`: as in `judge`. `before`: the page views sent before the services were first started."""
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

    # --- page views ------------------------------------------------------------------------------

    def begins(self, views: int) -> Burst:
        """Register enough users for so many page views, none of which is sent yet."""
        self.is_there = Burst(self._retail, views)
        return self.is_there

    def comes(self, views: int) -> None:
        """Send many page views at once."""
        self.begins(views).come()

    def comes_twice(self, views: int) -> None:
        """Send many page views at once, each of them twice in a row."""
        self.begins(views).come_twice()

    def comes_while_restarted(self, views: int, service: str) -> None:
        """Send many page views, stop a service gracefully amid its work, and restart it."""
        with self._in_the_middle(views, service) as operations:
            operations.ask_to_end(service)
        operations.see_ended(service)
        self._come_rest(operations, service)

    def comes_while_crashed(self, views: int, service: str) -> None:
        """Send many page views, kill a service amid its work, and restart it."""
        with self._in_the_middle(views, service) as operations:
            operations.crash(service)
        self._come_rest(operations, service)

    def comes_while_kafka_is_away(self, views: int, seconds: float) -> None:
        """Send many page views, while Kafka accepts no message of the services for some time."""
        own = self._retail.own_services
        with own.amid_work(USER_SERVICE, self.begins(views).come, lambda: self._let_pass(seconds)):
            pass
        own.begin_all()

    def comes_while_users_are_away(self, views: int, seconds: float) -> None:
        """Send many page views while the users temporarily cannot be looked up."""
        with self._retail.disturbed_users(is_away):
            self.begins(views).come()
            self._let_pass(seconds)
        self._retail.own_services.begin_all()

    def comes_until_given_up(self, views: int) -> None:
        """Send many page views while the User Service may not look up users, until it ends by itself."""
        own = self._retail.own_services
        with self._retail.disturbed_users(lambda call, _: denied(call, USER_SERVICE)):
            self.begins(views).come()
            status = own.programs.ended(USER_SERVICE)
        own.begin_all()
        if status is None:
            raise Trouble(f"The {USER_SERVICE} has not given up, so its exit status cannot be checked.")
        self.status = status

    def comes_while_restarted_amid_look_up(self, views: int) -> None:
        """Send many page views, stop the User Service gracefully while it waits for their users, and restart it."""
        own, asks, go_on = self._retail.own_services, Event(), Event()

        def hold(_: Call, answer: Answer) -> Answer:
            asks.set()
            go_on.wait(HELD_UP_SECONDS)
            return answer

        with self._retail.disturbed_users(hold):
            self.begins(views).come()
            if not asks.wait(HELD_UP_SECONDS):
                raise Trouble(f"The {USER_SERVICE} has not looked up any user of these page views.")
            own.ask_to_end(USER_SERVICE)
            go_on.set()
            own.see_ended(USER_SERVICE)
        own.begin(USER_SERVICE)

    def comes_while_users_are_found_in_part(self, views: int) -> None:
        """Send many page views while user look-ups return only some users, and the rest must be requested again."""
        go_on = Event()

        def hold(call: Call, answer: Answer) -> Answer:
            go_on.wait(HELD_UP_SECONDS)
            return in_part(call, answer)

        with self._retail.disturbed_users(hold):
            self.begins(views).come()
            self._let_pass(TAKEN_UP_SECONDS)  # so that the next look-up is about as many users as possible
            go_on.set()
            self._wait.settle(self.burst.enriched, has_all(ENRICHED_VIEWS))

    def comes_around_another_instance(self, views: int, service: str) -> None:
        """Send many page views while a second instance of a service shares its work, and again when it has ended."""
        with self._retail.own_services.another_instance(service) as has_spoken:
            self._wait.settle(has_spoken, is_(True))
            self.begins(views).come()
            self._wait.settle(self.burst.offers, has_all(OFFERS))
        self.burst.come_again()

    def is_started_by_hand(self, service: str) -> None:
        """Start a second instance of a service, without the usual topics' names, and end it by Ctrl-C once it works."""
        own, usual = self._retail.own_services, RetailSettings()
        # The settings that name the topics are called as the services' variables are.
        unsaid = [name for name, topic in self._retail.parts.topics.items() if topic == getattr(usual, name.lower())]
        status, words = own.end_of_one_by_hand(
            service, lambda has_spoken: self._wait.settle(has_spoken, is_(True)), unsaid
        )
        if status is None:
            raise AssertionError(f"Expected: a {service} that ends at Ctrl-C · but: it goes on")
        self.status, self._last_words = status, words

    def is_started_without(self, what: str) -> None:
        """Start a second User Service that is to write something into a topic that does not exist."""
        variable = WRITTEN[one_of(WRITTEN, what, "thing that the User Service writes")]
        self._is_started_wrongly(f"its {what} have no topic", **{variable: NO_TOPIC})

    def is_started_without_region(self) -> None:
        """Start a second User Service that is not told in which AWS region its users are."""
        self._is_started_wrongly("it knows no AWS region", REGION)

    def _is_started_wrongly(self, why: str, without: Collection[str] = (), **variables: str) -> None:
        status, words = self._retail.own_services.end_of_another(USER_SERVICE, without, **variables)
        if status is None:
            raise AssertionError(f"Expected: a {USER_SERVICE} that ends, since {why} · but: it goes on")
        self.status, self._last_words = status, words

    def came_before_first_start(self, views: int) -> None:
        """Use the page views that were sent before the run started its services."""
        if self._before is None or len(self._before.views) != views:
            raise Trouble(f"{BEFORE} page views come before the services are started, where the run starts them.")
        self.is_there = self._before

    @contextmanager
    def _in_the_middle(self, views: int, service: str) -> Iterator[Operations]:
        """Begin a burst, and catch a service amid its work: it has taken views up, and not answered them.

        When a part of them was answered, both services are known to work. Then the next ones are sent.
        """
        burst, operations = self.begins(views), self._retail.operations
        burst.come(slice(burst.half // 2))
        self._wait.settle(burst.first_offers, is_there("an offer"))

        def come() -> None:
            burst.come(slice(burst.half // 2, burst.half))
            if service != USER_SERVICE:  # its input is the other one's output
                self._wait.settle(burst.enriched, has_all(ENRICHED_VIEWS))

        with operations.amid_work(service, come, lambda: self._let_pass(TAKEN_UP_SECONDS)):
            yield operations

    def _come_rest(self, operations: Operations, service: str) -> None:
        """Send the rest of the burst while a service is down, and restart it."""
        self.burst.come(slice(self.burst.half, None))
        operations.begin(service)

    def _let_pass(self, seconds: float) -> None:
        """Listen for this long."""
        self._wait.settle(self._retail.answers.all_offers, is_not(anything()), patience=seconds)

    # --- the outcome ----------------------------------------------------------------------------

    def sees_all_enriched(self) -> None:
        """Check that each page view of the burst is enriched."""
        self._see_all(self.burst.enriched, has_all(ENRICHED_VIEWS))

    def sees_all_enriched_once(self) -> None:
        """Check that each page view of the burst is enriched once."""
        self.sees_all_enriched()
        self._markers.follow(self.burst.views)
        require(self.burst.enriched(), has_all_once(ENRICHED_VIEWS))

    def sees_order(self) -> None:
        """Check that each visitor's page views are enriched in their order."""
        assert_that(self.burst.orders(), are_in_order())

    def sees_all_offers_once(self) -> None:
        """Check that exactly the users of the burst who are due an offer get one, of the plan."""
        self._see_all(self.burst.offers, has_all(OFFERS))
        self._markers.follow(self.burst.views)
        require(self.burst.offers(), has_all_once(OFFERS))
        require(self._retail.answers.all_offers(), are_all_of_the_plan(self._retail))

    def sees_reported(self) -> None:
        """Check that a service that gave up has reported an error to what supervises it."""
        assert_that(self.status, not_(0), f"The {USER_SERVICE} has given up: its exit status, where 0 means success")

    def sees_reason(self, words: str = NO_TOPIC) -> None:
        """Check that a service that gave up has printed a reason that mentions these words, and no stack trace."""
        assert_that(self._last_words, states_a_reason(words), f"The {USER_SERVICE} has given up: what it printed last")

    def sees_ended_well(self, service: str) -> None:
        """Check that a service that was ended by Ctrl-C has ended as if it was asked to."""
        what = f"The {service} was ended by Ctrl-C: its exit status, where 0 means success. It had printed last"
        assert_that(self.status, is_(0), f"{what}: {self._last_words}")

    def sees_offered_in_time(self, promise: Promise, percent: float) -> None:
        """Check that this percentage of the burst's offers is made within a service level's budget."""
        burst = self.burst
        self._wait.settle(burst.offers, has_all(OFFERS))
        distribution = burst.judge(promise, self._offset)
        distribution.require(promise, percent, lambda: burst.slowest_hop(promise, self._offset))

    def _see_all(self, count: Callable[[], Tally[Any]], matcher: Says) -> None:
        """Check that nothing is missing. The wait goes on while messages arrive: a slow one is not lost.

        When no more arrive, a page view behind them all shows whether they are lost or a service stands still.
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
    """Disturb a look-up of several users: half are returned, and the rest must be requested again."""
    if call.operation != "BatchGetItem" or not answer.ok:
        return answer
    found, left = dict(answer.told["Responses"]), {}
    for table, users in answer.told["Responses"].items():
        later = users[max(1, len(users) // 2) :]
        if later:
            found[table] = users[: -len(later)]
            left[table] = {"Keys": [{USER: user[USER]} for user in later], "ConsistentRead": True}
    return answer.telling(Responses=found, UnprocessedKeys=left)
