"""What the café declares about itself: where the ids of orders and of people stand."""

from acceptance.aws.watched import Key, Watched
from acceptance.target import OURS

ORDER = Key(
    "order",
    events=("detail.orderId",),
    # One workflow is started by an event, the other one by an action.
    executions=("input.detail.orderId", "input.orderId"),
    records=("SK",),
    prefix=f"{OURS}{{run}}-",
)
USER = Key("user", events=("detail.userId",), suffix="-{run}")
WATCHED = Watched(keys=(ORDER, USER))
