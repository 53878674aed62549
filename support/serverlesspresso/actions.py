"""The last actions in a scenario, and the café's responses."""

from collections.abc import Sequence
from typing import Any

from hamcrest.core.matcher import Matcher

from acceptance.earlier import left
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.serverlesspresso.cafe import Cafe
from support.serverlesspresso.matchers.actions import is_answered
from support.serverlesspresso.orders import Action, SeenAction


class Actions:
    """The last actions: one, or several at the same moment."""

    drinks: Sequence[str] = left("No step before this one has ordered several drinks at once: is a When missing?")

    def __init__(self, cafe: Cafe, wait: Waiter) -> None:
        self._cafe = cafe
        self._wait = wait
        self._last: Sequence[Action] = ()

    def note(self, *actions: Action, drinks: Sequence[str] | None = None) -> None:
        """Record the latest actions; `drinks` are those that they ordered, if there were several."""
        self._last = actions
        if drinks is not None:
            self.drinks = drinks

    @property
    def all(self) -> Sequence[Action]:
        """The actions of the last moment. Raises Trouble when there are none."""
        if not self._last:
            raise Trouble("No one has acted in this scenario: is a When missing?")
        return self._last

    @property
    def last(self) -> Action:
        """The last action. Raises Trouble when there is none."""
        return self.all[-1]

    def seen(self) -> Sequence[SeenAction]:
        """Return the progress of each of them."""
        return [self._cafe.manager.result(action) for action in self.all]

    def last_is(self, matcher: Matcher[Any]) -> None:
        """Check that the last action is accepted, or refused."""
        self._wait.eventually(self._cafe.manager.result, self.last, matcher)

    def are(self, matcher: Matcher[Any]) -> None:
        """Check that the simultaneous actions are accepted, or refused."""
        self._wait.eventually(self.seen, matcher)

    def are_answered(self) -> None:
        """Check that the last actions are carried out, or refused."""
        for action in self.all:
            self._wait.eventually(self._cafe.manager.result, action, is_answered())

    def accepted_drink(self) -> str:
        """Return the first of the drinks that were ordered last which the café has accepted."""
        accepted = [drink for drink, action in zip(self.drinks, self.seen(), strict=True) if action.accepted]
        if not accepted:
            raise AssertionError("Expected: one of the drinks to be accepted · but: none of them is")
        return accepted[0]
