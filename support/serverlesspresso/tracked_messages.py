"""What the café announces about an order, as a scenario follows it: its messages, and the task tokens in them."""

from collections.abc import Sequence
from typing import Any

from hamcrest import empty, not_
from hamcrest.core.matcher import Matcher

from acceptance.aws.tap import Event
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.messages import is_kept, tells
from support.serverlesspresso.messages import SECOND_WAIT, STARTED
from support.serverlesspresso.person import Person


class TrackedMessages:
    """The messages about one customer's order. Expected ones are waited for, and the absence of others is proved."""

    def __init__(self, cafe: Cafe, wait: Waiter, order_id: str, customer: Person) -> None:
        self._cafe = cafe
        self._wait = wait
        self._order_id = order_id
        self._customer = customer

    def include(self, matcher: Matcher[Any]) -> None:
        """Wait for such a message."""
        self._wait.eventually(self._cafe.events, self._order_id, matcher)

    def never_include(self, matcher: Matcher[Any]) -> None:
        """Check that there is no such message."""
        self._wait.never(self._cafe.events, self._order_id, matcher)

    def tell_the_customer(self, detail_type: str, meaning: str, **detail: Any) -> None:
        """Wait for a message to the order's customer."""
        self.include(tells(detail_type, meaning, userId=self._customer.user_id, **detail))

    def show_the_baristas(self, matcher: Matcher[Any]) -> None:
        """Wait for such a message, with the drink's name among the details."""
        self._wait.eventually(self._cafe.news_for_baristas, self._order_id, matcher)

    def first(self, detail_type: str) -> Event:
        """Return the first message of a type, which may still be on its way. Raises Trouble if none comes."""
        messages: Sequence[Event] = self._wait.settle(self._of_type, detail_type, not_(empty()))
        if messages:
            return messages[0]
        name = self._customer.name
        raise Trouble(
            f"There is no notification about {name}'s order that is called {detail_type}: is a Given missing?"
        )

    def deliver_again(self, detail_type: str) -> None:
        """Redeliver the first message of a type."""
        self._cafe.bus.deliver_again(self.first(detail_type))

    def include_dead_letter(self, detail_type: str) -> None:
        """Wait for a message of a type among the dead letters."""
        kept = is_kept(self._cafe.dialect.called(detail_type), self._customer.name)
        self._wait.eventually(self._cafe.dead_letters.of, self._order_id, kept)

    def _of_type(self, detail_type: str) -> Sequence[Event]:
        return [event for event in self._cafe.events(self._order_id) if event.detail_type == detail_type]

    # --- task tokens -------------------------------------------------------------------------------

    def task_tokens(self) -> Sequence[str]:
        """Return the order's task tokens, in the order they were given: one for each wait so far."""
        given = (e for e in self._cafe.events(self._order_id) if e.detail_type in (STARTED, SECOND_WAIT))
        return [event["TaskToken"] for event in given]

    def task_token(self, number: int = 0) -> str:
        """Return one of the task tokens, counted from 1; 0: the last one. Raises Trouble when there is none."""
        given = self.task_tokens()
        if not given or number > len(given):
            wanted = f"confirmation code number {number}" if number else "a confirmation code"
            name = self._customer.name
            raise Trouble(f"{name}'s order has been given {len(given)} so far, and not {wanted}: is a Given missing?")
        return given[number - 1]

    def give_task_tokens(self, matcher: Matcher[Any]) -> None:
        """Check how many different task tokens the order is given."""
        self._wait.eventually(lambda: len(set(self.task_tokens())), matcher)
