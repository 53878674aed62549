"""An order, and a scan, as a scenario follows them: their states, events, and workflows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hamcrest import empty, equal_to, not_
from hamcrest.core.matcher import Matcher

from acceptance.aws.tap import Event
from acceptance.earlier import left
from acceptance.service_levels.levels import Judgement, Promise, budget_words
from acceptance.trouble import Inconclusive, Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers import (
    are_numbered_without_gap_after,
    has_a_trace_since,
    has_begun,
    has_changed_from,
    is_answered,
    is_kept,
    is_not_served,
    is_over,
    is_served_once,
    is_stored,
    tells,
    waits_for_a_barista,
)
from support.serverlesspresso.menu import ChosenDrink
from support.serverlesspresso.messages import SECOND_WAIT, STARTED, TIMED_OUT, WAITS
from support.serverlesspresso.orders import Order, Scan, SeenAction


@dataclass
class Person:
    """A person in a scenario. Their user id is unique to this run; app users have the app's.

    `judgements`: the service levels checked for this person's orders.
    """

    name: str
    user_id: str
    judgements: list[Judgement] = field(default_factory=list)


class TrackedOrder:
    """One customer's order. Expected results are waited for, and the absence of others is proved."""

    drink: str = left("No step before this one has chosen a drink for this order: is a Given missing?")
    chosen: ChosenDrink = left(
        "No step before this one has chosen from the menu's choices for a drink: is a When missing?"
    )

    def __init__(self, cafe: Cafe, wait: Waiter, order_id: str, customer: Person) -> None:
        self._cafe = cafe
        self._wait = wait
        self.order_id = order_id
        self.customer = customer
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
        self.is_served(is_not_served())

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

    # --- events -----------------------------------------------------------------------------------

    def announces(self, matcher: Matcher[Any]) -> None:
        """Wait for an event about it."""
        self._wait.eventually(self._cafe.events, self.order_id, matcher)

    def never_announces(self, matcher: Matcher[Any]) -> None:
        """Check that there is no such event about it."""
        self._wait.never(self._cafe.events, self.order_id, matcher)

    def tells_its_customer(self, detail_type: str, meaning: str, **detail: Any) -> None:
        """Wait for an event to its customer about it."""
        self.announces(tells(detail_type, meaning, userId=self.customer.user_id, **detail))

    def shows_the_baristas(self, matcher: Matcher[Any]) -> None:
        """Wait for an event about it, with the drink's name among the details."""
        self._wait.eventually(self._cafe.news_for_baristas, self.order_id, matcher)

    def reaches_the_baristas(self, drink: str) -> None:
        """Wait until it awaits a barista, and remember it."""
        self.becomes(waits_for_a_barista(drink))
        self.announces(tells(WAITS, f"{self.customer.name}'s order waits for a barista"))
        self.remember()

    def message(self, detail_type: str) -> Event:
        """Return the first message of a type about it, which may still be on its way. Raises Trouble if none comes."""
        messages: Sequence[Event] = self._wait.settle(self._messages, detail_type, not_(empty()))
        if messages:
            return messages[0]
        name = self.customer.name
        raise Trouble(
            f"There is no notification about {name}'s order that is called {detail_type}: is a Given missing?"
        )

    def _messages(self, detail_type: str) -> Sequence[Event]:
        return [event for event in self._cafe.events(self.order_id) if event.detail_type == detail_type]

    def is_kept_as_dead_letter(self, detail_type: str) -> None:
        """See a message of a type about it be kept among the dead letters."""
        kept = is_kept(self._cafe.dialect.called(detail_type), self.customer.name)
        self._wait.eventually(self._cafe.dead_letters.of, self.order_id, kept)

    def hears_again(self, detail_type: str) -> None:
        """Redeliver the first message of a type about it."""
        self._cafe.bus.deliver_again(self.message(detail_type))

    def has_heard_again(self, detail_type: str) -> None:
        """Have redelivered the first message of a type about it, regardless of the café's reaction."""
        self.hears_again(detail_type)
        self._wait.settle(self._cafe.order, self.order_id, has_a_trace_since(self.before), patience=self._wait.quiet)

    # --- the workflows behind it -------------------------------------------------------------------

    def is_over(self) -> None:
        """Wait until the café has finished it, and remember it."""
        self.is_served(is_over())
        self.remember()

    def is_served(self, matcher: Matcher[Any]) -> None:
        """Wait for its own workflow to match."""
        self._wait.eventually(self._cafe.processor.serving, self.order_id, matcher)

    def is_never_served(self, matcher: Matcher[Any]) -> None:
        """Check that its own workflow does not match."""
        self._wait.never(self._cafe.processor.serving, self.order_id, matcher)

    def is_served_once(self) -> None:
        """Check that one workflow serves it in the end, whether the café starts one for each scan or not."""
        self._wait.settle(self._cafe.processor.all_of, self.order_id, has_begun(2))
        self._wait.eventually(self._cafe.processor.all_of, self.order_id, is_served_once())

    def keeps_nobody_busy(self) -> None:
        """Check that no workflow serves it in the end, not even one of a further scan."""
        self._wait.settle(self._cafe.processor.all_of, self.order_id, has_begun(2))
        self.has_been_begun(is_not_served())

    def settles(self) -> None:
        """Wait for a second scan of it to take effect. The effect is not checked here."""
        self._wait.settle(self._cafe.processor.all_of, self.order_id, has_begun(2))
        self._wait.settle(self._cafe.processor.all_of, self.order_id, is_served_once())

    def has_been_begun(self, matcher: Matcher[Any]) -> None:
        """Wait for all workflows ever started for it to match."""
        self._wait.eventually(self._cafe.processor.all_of, self.order_id, matcher)

    def times_out(self, wait: str) -> None:
        """Wait for the shop's own time limit of a wait to pass; a word in its name identifies the wait."""
        timed_out = tells(TIMED_OUT, "the order timed out")
        self._wait.eventually(self._cafe.events, self.order_id, timed_out, more=self._cafe.processor.time_out_of(wait))

    def task_tokens(self) -> Sequence[str]:
        """Return its task tokens, in the order they were given: one for each wait so far."""
        given = (e for e in self._cafe.events(self.order_id) if e.detail_type in (STARTED, SECOND_WAIT))
        return [event["TaskToken"] for event in given]

    def task_token(self, number: int = 0) -> str:
        """Return one of its task tokens, counted from 1; 0: the last one. Raises Trouble when there is none."""
        given = self.task_tokens()
        if not given or number > len(given):
            wanted = f"confirmation code number {number}" if number else "a confirmation code"
            name = self.customer.name
            raise Trouble(f"{name}'s order has been given {len(given)} so far, and not {wanted}: is a Given missing?")
        return given[number - 1]

    def gets_task_tokens(self, matcher: Matcher[Any]) -> None:
        """Check how many different task tokens it is given."""
        self._wait.eventually(lambda: len(set(self.task_tokens())), matcher)

    # --- how long it takes -------------------------------------------------------------------------

    def meets(self, promise: Promise) -> None:
        """Check a service level for it by the cloud's timestamps.

        Waits far longer than it may take, so that the excess can be reported.
        Raises Inconclusive when the timestamps are missing.
        """
        budget = budget_words(promise.budget)
        meaning = f"{promise.title[:1].lower()}{promise.title[1:]} (the service level is {budget})"
        self.announces(tells(promise.heard, meaning))
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
