"""The ids of a run's orders and people: new ones in each scenario, and each carries the id of its run."""

import uuid

from acceptance.target import OURS


def new_order_id(run_id: str) -> str:
    """Make up an order id that nobody has used."""
    return f"{OURS}{run_id}-{uuid.uuid4().hex[:8]}"


def new_user_id(name: str, run_id: str) -> str:
    """Make up a user id that begins with a name and that nobody has used."""
    return f"{name}-{uuid.uuid4().hex[:8]}-{run_id}"
