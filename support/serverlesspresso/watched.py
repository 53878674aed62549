"""The café's declaration: where the ids of orders and of people stand."""

from acceptance.aws.watched import Key, Watched
from acceptance.target import OURS
from support.serverlesspresso.dialect import CANONICAL, Dialect

ORDER = Key(
    "order",
    events=("detail.orderId",),
    # One workflow is started by an event, the other one by an action.
    executions=("input.detail.orderId", "input.orderId"),
    records=("SK",),
    prefix=f"{OURS}{{run}}-",
)
USER = Key("user", events=("detail.userId",), suffix="-{run}")


def watched_in(dialect: Dialect) -> Watched:
    """Return the declaration of a café with this dialect: its events are received by their canonical names."""
    return Watched(keys=(ORDER, USER), reads=dialect.event)


WATCHED = watched_in(CANONICAL)
