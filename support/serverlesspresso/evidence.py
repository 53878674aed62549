"""The evidence of orders on a scenario's page."""

from typing import Any

from acceptance.report.attachments import attach, attach_links, attach_picture, attach_table, attach_text, or_why_not
from acceptance.report.pictures import latencies
from acceptance.report.pictures.course import HEADINGS, course_of
from support.serverlesspresso.orders import differences
from support.serverlesspresso.pictures import CAFE, way_of_order
from support.serverlesspresso.promises import PROMISES
from support.serverlesspresso.scene import Scene
from support.serverlesspresso.tracked_order import TrackedOrder

# Above this number, orders have no individual pictures.
MOST = 3


def keep(scene: Scene, *, failed: bool) -> None:
    """Attach the history of the scenario's orders; if it has failed, also their states and logs."""
    for name, order in list(scene.orders_of_people().items())[:MOST]:
        with or_why_not(f"The way of {name}'s order through the café") as title:
            _keep_order(scene, name, order, title, failed=failed)
    if scene.rushed():
        with or_why_not("How long people had to wait in the rush hour") as title:
            attach_picture(title, latencies(scene.rushed()))
    attach_text("What was done at the same moment", "\n".join(scene.overlap_notes()))
    if failed:
        with or_why_not("Where the orders are now") as title:
            attach(title, scene.cafe.evidence(scene.orders_in_question()))
        with or_why_not("Where the console shows the orders"):
            attach_links(scene.cafe.links(scene.orders_in_question()))


def _keep_order(scene: Scene, name: str, order: TrackedOrder, title: str, *, failed: bool) -> None:
    timeline = scene.cafe.timeline(order.order_id, with_functions=failed)
    if timeline.moments:
        judgements = order.customer.judgements
        picture = way_of_order(
            timeline,
            PROMISES,
            scene.names(),
            judgements=judgements,
            offset=scene.cafe.clock_offset,
            unmet=scene.unmet,
        )
        attach_picture(title, picture)
    if failed:
        attach_table(f"What happened to {name}'s order, in turn", HEADINGS, course_of(timeline, CAFE, scene.names()))
    changed = differences(order.remembered, scene.cafe.table.order(order.order_id))
    if changed:
        rows = [(what, _shown(was), _shown(now)) for what, (was, now) in changed.items()]
        attach_table(f"What has changed in the record of {name}'s order", ("", "before", "after"), rows)


def _shown(value: Any) -> str:
    return "—" if value is None else str(value)
