"""The order manager, as apps use it: each action on an order starts one of its workflows."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from acceptance.aws.executions import Executions
from support.serverlesspresso.dialect import Dialect
from support.serverlesspresso.menu import ICON_PREFIX
from support.serverlesspresso.orders import Action, SeenAction

ICON = f"{ICON_PREFIX}cappuccino-alternative"


class OrderManager:
    """The actions of customers and baristas, and their results."""

    def __init__(self, executions: Executions, dialect: Dialect) -> None:
        self.executions = executions
        self._dialect = dialect
        self._taken: dict[str, list[Action]] = defaultdict(list)

    def submit(
        self, order_id: str, user_id: str, drink: str | None, modifiers: Sequence[str] | None = (), **besides: str
    ) -> Action:
        """Choose a drink for an order, as its customer. `besides` are fields that nobody has asked for.

        Modifiers that are no list are sent as they are.
        """
        body: dict[str, Any] = {"userId": user_id, "modifiers": modifiers, "icon": ICON, **besides}
        if drink is not None:
            body["drink"] = drink
        return self._act("", order_id, body=body)

    def cancel(self, order_id: str, *, user_id: str | None = None, barista: str = "") -> Action:
        """Cancel an order, as a customer or a barista; None leaves the customer out."""
        return self._act("cancel", order_id, body={} if user_id is None else {"userId": user_id}, barista=barista)

    def claim(self, order_id: str, barista: str | None) -> Action:
        """Claim an order, as a barista; None leaves the barista out."""
        return self._act("make", order_id, barista=barista)

    def give_back(self, order_id: str, barista: str | None) -> Action:
        """Give an order back, as a barista; None leaves the barista out."""
        return self._act("unmake", order_id, barista=barista)

    def complete(self, order_id: str, barista: str) -> Action:
        """Complete an order, as a barista."""
        return self._act("complete", order_id, barista=barista)

    def note(self, action: Action) -> Action:
        """Record an action that was started in any way, and return it."""
        self.executions.note(action.execution)
        self._taken[action.order_id].append(action)
        return action

    def taken(self, order_id: str) -> Sequence[Action]:
        """Return the actions that were taken on an order, in their order."""
        return self._taken.get(order_id, [])

    def all(self) -> Sequence[Action]:
        """Return every action that was taken."""
        return [action for taken in self._taken.values() for action in taken]

    def result(self, action: Action) -> SeenAction:
        """Return the progress of an action, and its message."""
        execution = self.executions.describe(action.execution)
        last_state = self.executions.last_state(action.execution) if execution.succeeded else ""
        return SeenAction(action, execution, last_state)

    def was_tried(self, action: Action) -> bool:
        """Whether an action has ended, or something in it has failed, which may be tried again."""
        return not self.executions.describe(action.execution).running or self.executions.has_failed(action.execution)

    def _act(self, action: str, order_id: str, body: dict[str, Any] | None = None, barista: str | None = "") -> Action:
        who = {} if barista is None else {"baristaUserId": barista}
        given = {"action": action, "body": body or {}, "orderId": order_id, **who}
        started = self.executions.start(self._dialect.action(given))
        return self.note(Action(action, order_id, started, barista or str((body or {}).get("userId", ""))))
