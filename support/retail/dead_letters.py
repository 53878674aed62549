"""Unreadable messages in place of a page view in a scenario, and their dead letters."""

from hamcrest import assert_that

from acceptance.earlier import one_of
from acceptance.trouble import Trouble
from support.retail.dialect import ENRICHED
from support.retail.matchers import (
    come,
    comes_more_than_once,
    is_there,
    names_its_place,
    was_put_aside_with_its_reason,
)
from support.retail.shop_day import ShopDay
from support.retail.unreadable import UNREADABLE, Unreadable
from support.retail.visits import Sent


class DeadLetters:
    """An unreadable message, and its outcome."""

    def __init__(self, day: ShopDay) -> None:
        self._day = day
        self._retail = day.retail
        self._sent: list[Sent] = []

    def arrives(self, what: str, name: str = "") -> None:
        """Send one of UNREADABLE in place of a page view, of a visitor's if one is named."""
        make = UNREADABLE[one_of(UNREADABLE, what, "thing to arrive in place of a page view")]
        mark = self._day.meet("nobody")
        value = make(Unreadable(self._retail.dialect, self._retail.parts.checkout, mark))
        self._sent.append(self._retail.visits.send(value, self._day.users[name] if name else mark))

    def restarts(self, service: str) -> None:
        """Restart a service once it has moved the unreadable message to the dead letters."""
        self._day.wait.settle(self._retail.answers.put_aside, self._last_sent, is_there("a dead letter"))
        self._retail.operations.restart(service)

    def sees_put_aside(self, words: str = "") -> None:
        """Check that the unreadable message is only in the dead letters, once, with a reason that has these words."""
        sent, wait, answers = self._last_sent, self._day.wait, self._retail.answers
        wait.eventually(
            answers.put_aside, sent, was_put_aside_with_its_reason(self._retail.dialect.reason_header, words)
        )
        self._day.markers.follow([sent])
        wait.never(answers.put_aside, sent, comes_more_than_once("dead letter"))
        assert_that(answers.enriched_of(sent.user), come(0, ENRICHED))

    def sees_its_place(self) -> None:
        """Check that the dead letter names the place in the topic of the page views at which its message lies."""
        sent = self._last_sent
        place = f"{self._retail.parts.pageviews}/{sent.partition}/{sent.offset}"
        self._day.wait.eventually(self._retail.answers.put_aside, sent, names_its_place(place))

    @property
    def _last_sent(self) -> Sent:
        if not self._sent:
            raise Trouble("Nothing has arrived in place of a page view in this scenario: is a When missing?")
        return self._sent[-1]
