"""The evidence of online orders on a scenario's page."""

from acceptance.report.attachments import attach, attach_picture, or_why_not
from support.durable_orders.pictures import steps_over_time
from support.durable_orders.scene import OrderScene


def keep(scene: OrderScene, *, failed: bool) -> None:
    """Attach the steps of each order over time; if the scenario has failed, also what is stored."""
    for name, order in scene.placed.items():
        with or_why_not(f"The steps of {name}'s online order over time") as title:
            for number, execution in enumerate(order.submissions().executions, 1):
                again = f", submission {number}" if number > 1 else ""
                attach_picture(title + again, steps_over_time(execution, scene.orders.parts.wait))
        if failed and order.order_id:
            with or_why_not(f"What is stored of {name}'s online order") as title:
                attach(title, order.stored())
            if scene.orders.parts.payments_table:
                with or_why_not(f"What was charged for {name}'s online order") as title:
                    attach(title, order.charges())
