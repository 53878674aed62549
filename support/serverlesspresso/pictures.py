"""An order's way through the café, drawn with the names that people in a café give to its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from acceptance.report.pictures import Wording, way_of
from acceptance.service_levels.levels import Judgement, Promise
from acceptance.service_levels.timeline import Timeline
from acceptance.waiting import Unmet
from support.serverlesspresso import messages

_MESSAGES: Mapping[str, str] = {
    messages.SCANNED: "a scan comes in",
    messages.UNAVAILABLE: "the shop is closed or full",
    messages.STARTED: "a drink may be chosen",
    messages.SECOND_WAIT: "it has a number",
    messages.WAITS: "the baristas are notified",
    messages.CLAIMED: "a barista makes it",
    messages.COMPLETED: "the drink is ready",
    messages.CANCELLED: "the order is cancelled",
    messages.FINISHED: "the order is finished",
    messages.TIMED_OUT: "the order timed out",
}

# The lanes of the two workflows: their names and explanations.
_WORKFLOWS: Mapping[str, tuple[str, str]] = {
    "order workflow": ("The order", "from scan to cup"),
    "action workflow": ("The actions", "what people ask for"),
}

# The informative steps of the two workflows. Of several short ones in a row the last is shown.
_TELLING: Mapping[str, str] = {
    "Is capacity available?": "checks the shop",
    "Emit - Workflow Started TT": "waits for the customer",
    "Generate Order Number": "takes a number",
    "Emit - Awaiting Completion TT": "waits for a barista",
    "Emit - order finished": "finished",
    "Order finished": "finished",
    "Order cancelled": "cancelled",
    "Emit - Order timed out": "timed out",
    "Order timed out": "timed out",
    "Order ended before": "had ended before",
    "Scanned before": "was scanned before",
    "Emit - Shop not ready": "closed or full",
    "Shop not ready": "closed or full",
    "Sanitize order": "checks the drink",
    "Drink submitted": "drink noted",
    "Order claimed": "claim noted",
    "Order unclaimed": "given back",
    "Order completed": "completed",
}
# States in which a workflow fails by design: the café refuses an action.
_REFUSALS: Mapping[str, str] = {
    "not a valid scan": "not a valid scan",
    "not a valid order": "not on the menu",
    "not a valid action": "nothing the café does",
    "No such order": "there is no such order",
    "Order refuses action": "the order does not allow it",
    "Order waits no longer": "the order is over",
}
# Intermediate states, named only where they take long.
_ON_THE_WAY: Mapping[str, str] = {
    "Is the scan valid?": "checks the scan",
    "DynamoDB Get Shop status": "checks the shop",
    "Shop Open?": "checks the shop",
    "ListExecutions": "counts the open orders",
    "Customer timedout": "no drink in time",
    "Barista timedout": "not made in time",
    "Cancel timed out order": "cancels the order",
    "get menu": "gets the menu",
    "Update order": "notes the drink",
    "Resume Order Processor": "lets the order go on",
    "Claim Order": "notes the claim",
    "Emit - Making Order": "announces the claim",
    "Unclaim Order": "takes the claim back",
    "Emit - Unmaking Order": "announces that it waits again",
    "Complete Order": "notes that it is ready",
    "Emit - Order Completed": "announces that it is ready",
    "Resume Order Processor to finish": "lets the order end",
    "Cancel Order": "notes that it is cancelled",
    "Emit - Order Cancelled": "announces that it is cancelled",
    "End Order Processor": "lets the order end",
    "Find order": "looks for the order",
}
_FUNCTIONS: Mapping[str, str] = {
    "WorkflowStarted": "stores the order",
    "WaitingCompletion": "notifies the baristas",
    "SanitizeOrder": "checks the drink",
}

# An event without a barista ends the making of an order.
_NOBODY = "no barista makes it"

_ATTRIBUTES: Mapping[str, str] = {
    "drinkOrder": "drink",
    "orderNumber": "number",
    "baristaUserId": "barista",
    "ORDERSTATE": "state",
    "USERID": "customer",
    "cause": "reason",
}


class _CafeWording(Wording):
    def message(self, name: str, detail: Mapping[str, Any]) -> str:
        return _NOBODY if detail.get("baristaUserId") == "" else super().message(name, detail)


CAFE = _CafeWording(
    item="order",
    through="its way through the café",
    since="since the scan",
    first_action="scan",
    staff="barista",
    staff_actions={"make", "unmake", "complete"},
    messages_role="the café's notifications",
    functions_role="the café’s helpers",
    messages=_MESSAGES,
    workflows=_WORKFLOWS,
    telling_steps=_TELLING,
    refusals=_REFUSALS,
    steps=_ON_THE_WAY,
    functions=_FUNCTIONS,
    attributes=_ATTRIBUTES,
)


def way_of_order(
    timeline: Timeline,
    promises: Sequence[Promise],
    people: Mapping[str, str] | None = None,
    *,
    judgements: Sequence[Judgement] = (),
    offset: float = 0,
    unmet: Iterable[Unmet] = (),
) -> str:
    """Draw an order's way through the café; see `way_of`. Returns an SVG."""
    return way_of(timeline, promises, CAFE, people, judgements=judgements, offset=offset, unmet=unmet)
