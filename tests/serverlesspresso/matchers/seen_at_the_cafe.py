"""What matchers are asked about: orders, actions, events and workflows, as they are seen at a moment."""

from acceptance.aws.executions import Execution
from acceptance.aws.tap import Event
from support.serverlesspresso.menu import MenuItem
from support.serverlesspresso.orders import Action, Order, SeenAction, SeenOrder, Workflows

ADA, EVE, BEN, CLEO = "Ada-0123abcd", "Eve-0123abcd", "Ben-0123abcd", "Cleo-0123abcd"
TOKEN = "AQDEAAAAKgAAAAMAAAAA"
NOTHING = SeenOrder("2", None, ())


def order(state="CREATED", user=ADA, number=None, barista="", drink="", modifiers=(), cause="", **content):
    content = {"ORDERSTATE": state, "baristaUserId": barista, **content}
    return SeenOrder("2", Order(state, user, number, barista, drink, modifiers, cause, content), ())


def execution(status="RUNNING", error="", cause=""):
    return Execution(f"arn:{status}", status, "event", "2", error, cause)


def action(status, error="", cause="", last_state=""):
    return SeenAction(Action("make", "2", "arn"), execution(status, error, cause), last_state)


def event(detail_type, **detail):
    return Event("id", "shop", detail_type, detail, 0)


def service(*statuses):
    return Workflows("2", [execution(status) for status in statuses])


WAITING = order()
NUMBERED = order(number=7, drink="Latte")
UNNUMBERED = order(drink="Latte")
CLAIMED = order(number=7, drink="Latte", barista=BEN)
COMPLETED = order("COMPLETED", number=7, drink="Latte", barista=BEN)
CANCELLED = order("CANCELLED", number=7, drink="Latte")
LATE = order("CANCELLED", cause="Customer timedout")
TEA, MILK = MenuItem("Tea", "Milk: Whole", "tea"), MenuItem("Milk", "", "glass")
MADE, READY = event("OrderManager.MakeOrder", baristaUserId=BEN), event("OrderManager.OrderCompleted")
