"""The end of an order on which two people have acted at the same moment."""

from collections import Counter
from collections.abc import Mapping, Sequence

from acceptance.matchers import Says, how_often
from support.serverlesspresso.messages import CANCELLED, COMPLETED, TIMED_OUT
from support.serverlesspresso.orders import Order, SeenOrder

# The messages that an order has ended, each with the state that it has then.
ENDS: Mapping[str, str] = {COMPLETED: "COMPLETED", CANCELLED: "CANCELLED", TIMED_OUT: "CANCELLED"}
# The end that an action is about; others end nothing.
ENDS_BY: Mapping[str, str] = {"complete": COMPLETED, "cancel": CANCELLED}
# What an order's end changes of it.
CHANGED_BY_AN_END = ("state", "cause")


def _ends(seen: SeenOrder) -> Sequence[str]:
    """The messages about an order's end, in their order."""
    return [event.detail_type for event in seen.events if event.detail_type in ENDS]


def _told(seen: SeenOrder) -> str:
    each = (f"{message} {how_often(times)}" for message, times in Counter(_ends(seen)).items())
    return ", ".join(each) or "no end of it"


def has_ended_once(action: str = "") -> Says:
    """An order that has ended once, in the state sent to its customer; by this action, if one is given."""
    wanted = ENDS_BY.get(action)

    def ended(seen: SeenOrder) -> bool:
        ends = _ends(seen)
        return (
            seen.record is not None
            and len(ends) == 1
            and ends[0] == (wanted or ends[0])
            and seen.record.state == ENDS[ends[0]]
        )

    return Says(
        f"an order that has ended once{f', as it was {ENDS[wanted].lower()}' if wanted else ''}, "
        "and a customer who is notified of that outcome alone",
        ended,
        lambda seen: f"{seen.words}, and the notifications are {_told(seen)}",
    )


def ends_again() -> Says:
    """An order whose customer is notified of its end more than once."""
    return Says(
        "a customer who is notified of more than one outcome",
        lambda seen: len(_ends(seen)) > 1,
        lambda seen: f"{seen.words}, and the notifications are {_told(seen)}",
    )


def is_cancelled_and_nothing_else(before: Order) -> Says:
    """A cancelled order that is otherwise unchanged since an earlier moment."""

    def rest(order: Order) -> Mapping[str, object]:
        return {name: value for name, value in order.visible.items() if name not in CHANGED_BY_AN_END}

    def changes(seen: SeenOrder) -> str:
        if seen.record is None:
            return ""
        now, was = rest(seen.record), rest(before)
        return "".join(
            f"; its {name} was {was[name] or None} and is {now[name] or None}" for name in was if was[name] != now[name]
        )

    return Says(
        "a cancelled order of which nothing else has changed",
        lambda seen: seen.record is not None and seen.record.state == "CANCELLED" and rest(seen.record) == rest(before),
        lambda seen: f"{seen.words}{changes(seen)}",
    )
