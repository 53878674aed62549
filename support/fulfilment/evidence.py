"""The evidence of people at their programs on a scenario's page."""

from collections.abc import Sequence

from acceptance.report.attachments import attach, attach_picture, attach_table, attach_text, or_why_not
from support.fulfilment.flow_statistics import of_programs, of_steps, times
from support.fulfilment.order_flows import FlowResult
from support.fulfilment.pictures import Stay, way_through_people
from support.fulfilment.scene import FulfilmentScene


def keep(scene: FulfilmentScene, *, failed: bool) -> None:
    """Attach who did what and when, and each terminal's transcript; if the scenario failed, also the records."""
    with or_why_not("The way through the people") as title:
        _keep_ways(title, scene)
    if scene.many_orders.flows:
        with or_why_not("How the orders went") as title:
            _keep_figures(title, scene.many_orders.flows)
    for console, first, _ in scene.consoles:
        with or_why_not(f"What {console.person} typed and saw at {console.program.title}") as title:
            attach_text(title, console.transcript.text_from(first))
    if failed:
        for customer in scene.books.orders:
            with or_why_not(f"The records of {customer}'s order") as title:
                entry = scene.books.record(customer)
                attach(title, {"order": entry.order, "delivery": entry.delivery, "stock": entry.stock})


def _keep_ways(title: str, scene: FulfilmentScene) -> None:
    """Attach a picture of what people did, and one for each order of many."""
    if not scene.many_orders.flows:
        stays = [Stay(one.person, one.program.title, one.activities[first:]) for one, _, first in scene.consoles]
        if any(stay.spans for stay in stays):
            attach_picture(title, way_through_people(title, stays))
    for flow in scene.many_orders.flows:
        if not flow.consoles:
            continue
        whose = f"The way of {flow.order.id or f'order {flow.number}'} through the people"
        stays = [Stay(one.person, one.program.title, one.activities) for one in flow.consoles]
        attach_picture(whose, way_through_people(whose, stays))


def _keep_figures(title: str, flows: Sequence[FlowResult]) -> None:
    """Attach each step's success and times, and each program's start-up time and memory."""
    steps = [(one.name, f"{one.done} of {one.tried}", *times(one.seconds)) for one in of_steps(flows)]
    attach_table(title, ("step", "done", "average", "50th percentile", "95th percentile"), steps)
    programs = [
        (role, *times(starts), f"{memory.highest / 2**20:.0f} MB" if memory else "—")
        for role, (starts, memory) in of_programs(flows).items()
    ]
    headings = ("program", "start-up, average", "50th percentile", "95th percentile", "memory, at most")
    attach_table("How the programs started, and what memory they took", headings, programs)
