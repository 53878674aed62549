"""The workflows behind an order, as a scenario follows them."""

from typing import Any

from hamcrest.core.matcher import Matcher

from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.messages import tells
from support.serverlesspresso.matchers.workflows import has_begun, is_not_served, is_served_once
from support.serverlesspresso.messages import TIMED_OUT


class TrackedWorkflows:
    """All workflows that a customer's order has started; the last one is that of its last scan."""

    def __init__(self, cafe: Cafe, wait: Waiter, order_id: str) -> None:
        self._cafe = cafe
        self._wait = wait
        self._order_id = order_id

    def last_becomes(self, matcher: Matcher[Any]) -> None:
        """Wait for the last one to match."""
        self._wait.eventually(self._cafe.processor.serving, self._order_id, matcher)

    def last_never_becomes(self, matcher: Matcher[Any]) -> None:
        """Check that the last one does not match."""
        self._wait.never(self._cafe.processor.serving, self._order_id, matcher)

    def become(self, matcher: Matcher[Any]) -> None:
        """Wait for all of them to match."""
        self._wait.eventually(self._cafe.processor.all_of, self._order_id, matcher)

    def serve_once(self) -> None:
        """Check that one serves the order in the end, whether the café starts one for each scan or not."""
        self._wait.settle(self._cafe.processor.all_of, self._order_id, has_begun(2))
        self.become(is_served_once())

    def leave_no_work_open(self) -> None:
        """Check that none serves the order in the end, not even that of a further scan."""
        self._wait.settle(self._cafe.processor.all_of, self._order_id, has_begun(2))
        self.become(is_not_served())

    def settle(self) -> None:
        """Wait for a second scan of the order to take effect. The effect is not checked here."""
        self._wait.settle(self._cafe.processor.all_of, self._order_id, has_begun(2))
        self._wait.settle(self._cafe.processor.all_of, self._order_id, is_served_once())

    def time_out(self, wait: str) -> None:
        """Wait for the shop's own time limit of a wait to pass; a word in its name identifies the wait."""
        timed_out = tells(TIMED_OUT, "the order timed out")
        self._wait.eventually(self._cafe.events, self._order_id, timed_out, more=self._cafe.processor.time_out_of(wait))
