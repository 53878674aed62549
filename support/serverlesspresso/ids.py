"""The ids of a run's orders and people: new ones in each scenario, and each carries the id of its run."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

# The orders of all runs begin so, then comes the run's id.
OURS = "acceptance-"


def new_order_id(run_id: str) -> str:
    """Make up an order id that nobody has used."""
    return f"{OURS}{run_id}-{uuid.uuid4().hex[:8]}"


def new_user_id(name: str, run_id: str) -> str:
    """Make up a user id that begins with a name and that nobody has used."""
    return f"{name}-{uuid.uuid4().hex[:8]}-{run_id}"


def events_of_run(run_id: str) -> Sequence[Mapping[str, Any]]:
    """Return the event patterns of what can concern a run: events about its orders, and those about its people."""
    return [
        {"detail": {"orderId": [{"prefix": f"{OURS}{run_id}-"}]}},
        {"detail": {"userId": [{"suffix": f"-{run_id}"}]}},
    ]
