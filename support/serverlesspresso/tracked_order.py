"""An order, and a scan, as a scenario follows them."""

from collections.abc import Sequence
from typing import Any

from hamcrest import equal_to
from hamcrest.core.matcher import Matcher

from acceptance.earlier import left
from acceptance.service_levels.levels import Promise
from acceptance.trouble import Inconclusive, Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.actions import is_answered
from support.serverlesspresso.matchers.many_orders import are_numbered_without_gap_after
from support.serverlesspresso.matchers.messages import tells
from support.serverlesspresso.matchers.orders import has_a_trace_since, has_changed_from, is_stored, waits_for_a_barista
from support.serverlesspresso.matchers.workflows import is_not_served, is_over
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.messages import WAITS
from support.serverlesspresso.orders import Order, Scan, SeenAction
from support.serverlesspresso.person import Person
from support.serverlesspresso.tracked_messages import TrackedMessages
from support.serverlesspresso.tracked_workflows import TrackedWorkflows


class TrackedOrder:
    """One customer's order. Expected results are waited for, and the absence of others is proved.

    `messages` and `workflows`: what the café announces about it, and what works on it.
    """

    drink: str = left("No step before this one has chosen a drink for this order: is a Given missing?")
    chosen: ChosenDrink = left(
        "No step before this one has chosen from the menu's choices for a drink: is a When missing?"
    )

    def __init__(self, cafe: Cafe, wait: Waiter, order_id: str, customer: Person) -> None:
        self._cafe = cafe
        self._wait = wait
        self.order_id = order_id
        self.customer = customer
        self.messages = TrackedMessages(cafe, wait, order_id, customer)
        self.workflows = TrackedWorkflows(cafe, wait, order_id)
        self._before: Order | None = None

    # --- how it is ---------------------------------------------------------------------------------

    def becomes(self, matcher: Matcher[Any]) -> None:
        """Wait for it to match."""
        self._wait.eventually(self._cafe.order, self.order_id, matcher)

    def never_becomes(self, matcher: Matcher[Any]) -> None:
        """Check that it does not match."""
        self._wait.never(self._cafe.order, self.order_id, matcher)

    def stays(self) -> None:
        """Check that no visible part of it changes, once the café has processed all requests about it."""
        self._never_changes(has_changed_from(self.before))

    def stays_without_a_trace(self) -> None:
        """Check that its record does not change, once the café has processed all requests about it."""
        self._never_changes(has_a_trace_since(self.before))

    def never_appears(self) -> None:
        """Check that it does not exist, once the café has processed all requests about it."""
        self._never_changes(is_stored())

    def never_opens(self) -> None:
        """Check that its scan opens no order, once that is decided, and that no workflow is left."""
        self._wait.settle(self._cafe.decided, [self.order_id], equal_to(True))
        self.never_becomes(is_stored())
        self.workflows.last_becomes(is_not_served())

    def is_answered(self) -> Sequence[SeenAction]:
        """Wait for the result of each action on it, and return the results."""
        taken = self._cafe.manager.taken(self.order_id)
        return [self._wait.eventually(self._cafe.manager.result, action, is_answered()) for action in taken]

    def _never_changes(self, change: Matcher[Any]) -> None:
        """Check that there is no such change. An accepted action may still take effect after its result."""
        answers = self.is_answered()
        if not (answers and answers[-1].refused):
            self._wait.settle(self._cafe.order, self.order_id, change)
        self.never_becomes(change)

    def comes_right_after(self, other: "TrackedOrder") -> None:
        """Check that it has the next number after that of another order."""
        right_after = are_numbered_without_gap_after(other.number)
        self._wait.eventually(self._cafe.orders, [self.order_id], right_after)

    def record(self) -> Order:
        """Return how it is stored now. Raises Trouble when it is not."""
        record = self._cafe.table.order(self.order_id)
        if record is None:
            raise Trouble(
                f"{self.customer.name}'s order is not stored, so it cannot be looked at: "
                "is a Given missing that sees it?"
            )
        return record

    def places_of(self, text: str) -> Sequence[str]:
        """Return where a text stands: in its record, and in what the café has announced of it so far."""
        announced = {event.detail_type: str(event.detail) for event in self._cafe.events(self.order_id)}
        said = {"its record": str(self.record().content), **announced}
        return [place for place, words in said.items() if text in words]

    def remember(self) -> None:
        """Remember how it is now. Raises Trouble when it is not stored."""
        self._before = self.record()

    @property
    def remembered(self) -> Order | None:
        """How it was when it was remembered last, if it was."""
        return self._before

    @property
    def before(self) -> Order:
        """How it was before the last step that may have changed it. Raises Trouble when it was not remembered."""
        if self._before is None:
            name = self.customer.name
            raise Trouble(f"No step before this one has seen {name}'s order as it was: is a Given missing?")
        return self._before

    @property
    def number(self) -> int:
        """The number that is called out, as it was remembered. Raises Trouble when it had none."""
        number = self.before.number
        if not isinstance(number, int):
            there = "no number yet" if number is None else f"“{number}” for its number"
            raise Trouble(f"{self.customer.name}'s order had {there}: is a Given missing that submits it?")
        return number

    # --- what the café does with it ----------------------------------------------------------------

    def reaches_the_baristas(self, drink: str) -> None:
        """Wait until it awaits a barista, and remember it."""
        self.becomes(waits_for_a_barista(drink))
        self.messages.include(tells(WAITS, f"{self.customer.name}'s order waits for a barista"))
        self.remember()

    def has_heard_again(self, detail_type: str) -> None:
        """Have redelivered the first message of a type about it, regardless of the café's reaction."""
        self.messages.deliver_again(detail_type)
        self._wait.settle(self._cafe.order, self.order_id, has_a_trace_since(self.before), patience=self._wait.quiet)

    def is_over(self) -> None:
        """Wait until the café has finished it, and remember it."""
        self.workflows.last_becomes(is_over())
        self.remember()

    # --- how long it takes -------------------------------------------------------------------------

    def meets(self, promise: Promise) -> None:
        """Check a service level for it by the cloud's timestamps.

        Waits far longer than it may take, so that the excess can be reported.
        Raises Inconclusive when the timestamps are missing.
        """
        self.messages.include(tells(promise.heard, f"{promise.title[:1].lower()}{promise.title[1:]}"))
        self.becomes(is_stored())
        judgement = self._cafe.judge(promise, self.order_id, self._wait)
        if judgement is None:
            raise Inconclusive(
                f"“{promise.title}” cannot be checked: the cloud's stamps of its two ends are not there."
            )
        self.customer.judgements.append(judgement)
        judgement.require(customer=self.customer.name)


class TrackedScan:
    """An irregular scan, whose order, if any, is found by the ids in it."""

    def __init__(self, cafe: Cafe, wait: Waiter, scan: Scan) -> None:
        self._cafe = cafe
        self._wait = wait
        self._scan = scan
        self.user_id = scan.user_id

    def opens(self, matcher: Matcher[Any]) -> None:
        """Wait for its order to match."""
        self._wait.eventually(self._cafe.order_of_scan, self._scan, matcher)

    def never_opens(self, matcher: Matcher[Any]) -> None:
        """Check that it has no such order."""
        self._wait.never(self._cafe.order_of_scan, self._scan, matcher)

    def is_served(self, matcher: Matcher[Any]) -> None:
        """Wait for its workflow, if any, to match."""
        self._wait.eventually(self._cafe.processor.of_scan, self._scan, matcher)
