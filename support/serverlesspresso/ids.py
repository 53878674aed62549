"""The ids of a run's orders and people: new ones in each scenario, and each carries the id of its run."""

import re
import uuid

from acceptance.target import OURS


def new_order_id(run_id: str, ending: str = "") -> str:
    """Create an unused order id with this ending."""
    return f"{OURS}{run_id}-{uuid.uuid4().hex[:8]}{ending}"


def new_user_id(name: str, run_id: str) -> str:
    """Create an unused user id that begins with a name."""
    return f"{name}-{uuid.uuid4().hex[:8]}-{run_id}"


def is_made_up(user_id: str) -> bool:
    """Whether a user id looks like one that a run created."""
    return bool(re.fullmatch(r".+-[0-9a-f]{8}-\w+x*", user_id))
