"""An order, and a scan, as a scenario follows them: how they become, what is announced, and what serves them."""

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
    """Somebody in a scenario. A user id is unlike that of any other run; who signs in has the one of the app.

    `judgements`: what was judged of this person's orders, of service levels.
    """

    name: str
    user_id: str
    judgements: list[Judgement] = field(default_factory=list)


class TrackedOrder:
    """One customer's order. What is seen of it is waited for, and what is not to be is proved."""

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
        """See it become so."""
        self._wait.eventually(self._cafe.order, self.order_id, matcher)

    def never_becomes(self, matcher: Matcher[Any]) -> None:
        """See that it does not become so."""
        self._wait.never(self._cafe.order, self.order_id, matcher)

    def stays(self) -> None:
        """See that nothing that people see of it changes, when the café has done with all that was asked of it."""
        self._never_changes(has_changed_from(self.before))

    def stays_without_a_trace(self) -> None:
        """See that nothing at all changes in its record, when the café has done with all that was asked of it."""
        self._never_changes(has_a_trace_since(self.before))

    def never_appears(self) -> None:
        """See that it is not there, when the café has done with all that was asked of it."""
        self._never_changes(is_stored())

    def never_opens(self) -> None:
        """See that its scan opens no order, when that is decided, and that no workflow is left over."""
        self._wait.settle(self._cafe.decided, [self.order_id], equal_to(True))
        self.never_becomes(is_stored())
        self.is_served(is_not_served())

    def is_answered(self) -> Sequence[SeenAction]:
        """See the café answer each action that was taken on it, and return the answers."""
        taken = self._cafe.manager.taken(self.order_id)
        return [self._wait.eventually(self._cafe.manager.result, action, is_answered()) for action in taken]

    def _never_changes(self, change: Matcher[Any]) -> None:
        """See no such change. What was not refused may still have its effect when it is answered."""
        answers = self.is_answered()
        if not (answers and answers[-1].refused):
            self._wait.settle(self._cafe.order, self.order_id, change)
        self.never_becomes(change)

    def comes_right_after(self, other: "TrackedOrder") -> None:
        """See it have the very next number after that of another order."""
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

    # --- what is announced -------------------------------------------------------------------------

    def announces(self, matcher: Matcher[Any]) -> None:
        """See something announced about it."""
        self._wait.eventually(self._cafe.events, self.order_id, matcher)

    def never_announces(self, matcher: Matcher[Any]) -> None:
        """See that something is not announced about it."""
        self._wait.never(self._cafe.events, self.order_id, matcher)

    def tells_its_customer(self, detail_type: str, meaning: str, **detail: Any) -> None:
        """See its customer told something about it."""
        self.announces(tells(detail_type, meaning, userId=self.customer.user_id, **detail))

    def shows_the_baristas(self, matcher: Matcher[Any]) -> None:
        """See something announced about it, with the drink's name among the details."""
        self._wait.eventually(self._cafe.news_for_baristas, self.order_id, matcher)

    def reaches_the_baristas(self, drink: str) -> None:
        """See it wait for a barista, and remember it."""
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
        """Let the first message of a type about it be delivered a second time."""
        self._cafe.bus.deliver_again(self.message(detail_type))

    def has_heard_again(self, detail_type: str) -> None:
        """Have had the first message of a type about it delivered a second time, whatever the café has made of it."""
        self.hears_again(detail_type)
        self._wait.settle(self._cafe.order, self.order_id, has_a_trace_since(self.before), patience=self._wait.quiet)

    # --- the workflows behind it -------------------------------------------------------------------

    def is_over(self) -> None:
        """See the café be done with it, and remember it."""
        self.is_served(is_over())
        self.remember()

    def is_served(self, matcher: Matcher[Any]) -> None:
        """See its own workflow become so."""
        self._wait.eventually(self._cafe.processor.serving, self.order_id, matcher)

    def is_never_served(self, matcher: Matcher[Any]) -> None:
        """See that its own workflow does not become so."""
        self._wait.never(self._cafe.processor.serving, self.order_id, matcher)

    def is_served_once(self) -> None:
        """See one workflow serve it in the end, whether a café begins it anew for each scan or notices before that."""
        self._wait.settle(self._cafe.processor.all_of, self.order_id, has_begun(2))
        self._wait.eventually(self._cafe.processor.all_of, self.order_id, is_served_once())

    def keeps_nobody_busy(self) -> None:
        """See no workflow serve it in the end, not even one that a further scan has begun."""
        self._wait.settle(self._cafe.processor.all_of, self.order_id, has_begun(2))
        self.has_been_begun(is_not_served())

    def settles(self) -> None:
        """Let a second scan of it have its effect. Whether that is the right one, is not judged here."""
        self._wait.settle(self._cafe.processor.all_of, self.order_id, has_begun(2))
        self._wait.settle(self._cafe.processor.all_of, self.order_id, is_served_once())

    def has_been_begun(self, matcher: Matcher[Any]) -> None:
        """See all workflows that were ever started for it become so."""
        self._wait.eventually(self._cafe.processor.all_of, self.order_id, matcher)

    def times_out(self, wait: str) -> None:
        """Let the shop's own time for a wait pass, which is found by a word in its name."""
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
        """See how many different task tokens it is given."""
        self._wait.eventually(lambda: len(set(self.task_tokens())), matcher)

    # --- how long it takes -------------------------------------------------------------------------

    def meets(self, promise: Promise) -> None:
        """Judge a service level for it by what the cloud has stamped.

        Waits for it far longer than it may take, so that it can be told by how much it was missed.
        Raises Inconclusive when the stamps are not there.
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
    """A scan with something odd about it, whose order is found by the ids that it did carry, if there is one."""

    def __init__(self, cafe: Cafe, wait: Waiter, scan: Scan) -> None:
        self._cafe = cafe
        self._wait = wait
        self._scan = scan
        self.user_id = scan.user_id

    def opens(self, matcher: Matcher[Any]) -> None:
        """See the order that has come of it."""
        self._wait.eventually(self._cafe.order_of_scan, self._scan, matcher)

    def never_opens(self, matcher: Matcher[Any]) -> None:
        """See that no such order has come of it."""
        self._wait.never(self._cafe.order_of_scan, self._scan, matcher)

    def is_served(self, matcher: Matcher[Any]) -> None:
        """See the workflow that it has started, if any, become so."""
        self._wait.eventually(self._cafe.processor.of_scan, self._scan, matcher)
