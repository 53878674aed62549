"""What arrives while a part of the shop fails for a moment, or is stopped."""

from collections.abc import Callable, Mapping

from hamcrest import anything, is_not

from acceptance.earlier import one_of
from acceptance.weather.words import throttled
from support.retail.dialect import ENRICHED
from support.retail.matchers import is_there
from support.retail.operations import PROMOTIONS_SERVICE, USER_SERVICE
from support.retail.shop_day import ShopDay

Act = Callable[[], None]
# What another program may have written among the offers.
NO_OFFERS: Mapping[str, bytes | None] = {"a text": b"Closed on Monday", "a tombstone": None, "a list": b"[1, 2]"}


class Outages:
    """Lets a part fail while somebody acts. The run keeps its services running: one that has ended is started again."""

    def __init__(self, day: ShopDay) -> None:
        self._day = day
        self._retail = day.retail

    def while_users_are_throttled(self, seconds: float, act: Act) -> None:
        """Act, and let all look-ups of users be refused for so many seconds, as of a table that is asked too often."""
        with self._retail.disturbed_users(lambda call, _: throttled(call)):
            act()
            self._let_pass(seconds)
        self._retail.own_services.begin_all()

    def while_kafka_is_away(self, seconds: float, act: Act) -> None:
        """Act, and let Kafka accept no message of the services for so many seconds."""
        own = self._retail.own_services
        with own.amid_work(USER_SERVICE, act, lambda: self._let_pass(seconds)):
            pass
        own.begin_all()

    def while_users_are_shown_late(self, act: Act) -> None:
        """Act, and let look-ups of users show what was before the last change until the page view is enriched."""
        with self._retail.users_shown_late():
            act()
            view = self._day.last_view(self._day.last_visitor())
            self._day.wait.settle(self._retail.answers.enriched, view, is_there(f"an {ENRICHED}"))

    def hold_among_the_offers(self, what: str) -> None:
        """Send something that is no offer into the topic of the offers."""
        value = NO_OFFERS[one_of(NO_OFFERS, what, "thing among the offers")]
        self._retail.write_among_the_offers(value)

    def after_restart(self, service: str, act: Act) -> None:
        """Restart a service, and act."""
        self._retail.operations.restart(service)
        act()

    def while_services_are_stopped(self, act: Act) -> None:
        """Stop both services gracefully, act, and start them."""
        operations = self._retail.operations
        for service in (USER_SERVICE, PROMOTIONS_SERVICE):
            operations.ask_to_end(service)
            operations.see_ended(service)
        act()
        for service in (USER_SERVICE, PROMOTIONS_SERVICE):
            operations.begin(service)

    def _let_pass(self, seconds: float) -> None:
        """Listen for this long."""
        self._day.wait.settle(self._retail.answers.all_offers, is_not(anything()), patience=seconds)
