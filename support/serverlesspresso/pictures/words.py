"""What the café's messages, workflows, functions and records are called in a picture, for people who do not code.

Only what the café is known for stands here. Whatever has no word of its own keeps the name that it has.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from support.serverlesspresso import messages

MESSAGES: Mapping[str, str] = {
    messages.SCANNED: "a scan comes in",
    messages.UNAVAILABLE: "the shop is closed or full",
    messages.STARTED: "a drink may be chosen",
    messages.SECOND_WAIT: "it has a number",
    messages.WAITS: "the baristas are told",
    messages.CLAIMED: "a barista makes it",
    messages.COMPLETED: "the drink is ready",
    messages.CANCELLED: "the order is cancelled",
    messages.FINISHED: "the order is finished",
    messages.TIMED_OUT: "the order timed out",
}

# The lanes of the two workflows: what they are called, and what they are.
WORKFLOWS: Mapping[str, tuple[str, str]] = {
    "order workflow": ("The order", "from scan to cup"),
    "action workflow": ("The actions", "what people ask for"),
}

# The steps of the two workflows that tell something. Of several short ones in a row the last of these is shown.
TELLING: Mapping[str, str] = {
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
# Those where a workflow fails because it is meant to: the café refuses something.
REFUSALS: Mapping[str, str] = {
    "not a valid scan": "not a valid scan",
    "not a valid order": "not on the menu",
    "not a valid action": "nothing the café does",
    "No such order": "there is no such order",
    "Order refuses action": "the order does not allow it",
    "Order waits no longer": "the order is over",
}
# Those on the way, named only where they take long.
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
    "Emit - Making Order": "tells of the claim",
    "Unclaim Order": "takes the claim back",
    "Emit - Unmaking Order": "tells that it waits again",
    "Complete Order": "notes that it is ready",
    "Emit - Order Completed": "tells that it is ready",
    "Resume Order Processor to finish": "lets the order end",
    "Cancel Order": "notes that it is cancelled",
    "Emit - Order Cancelled": "tells that it is cancelled",
    "End Order Processor": "lets the order end",
    "Find order": "looks for the order",
}
STEPS: Mapping[str, str] = {**TELLING, **REFUSALS, **_ON_THE_WAY}

FUNCTIONS: Mapping[str, str] = {
    "WorkflowStarted": "stores the order",
    "WaitingCompletion": "tells the baristas",
    "SanitizeOrder": "checks the drink",
}

# How an execution ended that did not succeed; see Moment.note.
FAILURES: Mapping[str, str] = {
    "ExecutionFailed": "failed",
    "ExecutionAborted": "stopped",
    "ExecutionTimedOut": "timed out",
}

# Nobody makes an order any more when it is told that it is made by nobody.
NOBODY = "no barista makes it"

_ATTRIBUTES: Mapping[str, str] = {
    "drinkOrder": "drink",
    "orderNumber": "number",
    "baristaUserId": "barista",
    "ORDERSTATE": "state",
    "USERID": "customer",
    "cause": "reason",
}
_CHANGED = " changed"


def message(name: str, detail: Mapping[str, Any]) -> str:
    """Tell what a message means."""
    return NOBODY if detail.get("baristaUserId") == "" else MESSAGES.get(name, name)


def change(words: str) -> str:
    """Put a change of a record ("drinkOrder, cause changed") into the café's words."""
    if not words.endswith(_CHANGED):
        return words
    attributes = words.removesuffix(_CHANGED).split(", ")
    return " and ".join(_ATTRIBUTES.get(name, name) for name in attributes)


def passage(where: str) -> str:
    """Put a hop between two stamps (Hop.where) into the café's words."""
    where = re.sub(r"the bus \((.+?)\)", lambda bus: f"“{MESSAGES.get(bus[1], bus[1])}”", where)
    where = re.sub(r"the state (“(.+?)”)", lambda state: f"the step “{STEPS.get(state[2], state[2])}”", where)
    return re.sub(
        r"the function (\w+)",
        lambda run: f"the function that {FUNCTIONS[run[1]]}" if run[1] in FUNCTIONS else run[0],
        where,
    )


def shortened(text: str, longest: int = 40) -> str:
    """Make a text fit for a label: printable, on one line, and not too long."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return plain if len(plain) <= longest else f"{plain[: longest - 1]}…"


def listed(texts: Sequence[str]) -> str:
    """Join texts that follow each other, without naming the same one twice in a row."""
    return " · ".join(text for place, text in enumerate(texts) if place == 0 or texts[place - 1] != text)


def duration(ms: float) -> str:
    """Write a time as people do: `173 ms`, `2.53 s`, `5 min 3 s`."""
    if ms < 1000:
        return f"{ms:g} ms"
    return f"{ms / 1000:.3g} s" if ms < 59_950 else time_of(round(ms, -3))


def time_of(ms: float) -> str:
    """Write a time in full: `0`, `250 ms`, `2.25 s`, `5 min 2.1 s`."""
    if abs(ms) < 1000:
        return f"{ms:g} ms" if ms else "0"
    minutes, seconds = divmod(ms / 1000, 60)
    return " ".join([f"{minutes:g} min"] * (minutes > 0) + [f"{round(seconds, 3):g} s"] * (seconds > 0))
