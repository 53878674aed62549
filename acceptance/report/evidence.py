"""What a reader finds on a scenario's page besides its steps, with every secret masked."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import singledispatch
from typing import Any

import allure

from acceptance.masking import masked
from acceptance.report import pictures
from acceptance.report.verdicts import describe
from support.durable_orders.pictures import steps_over_time
from support.durable_orders.scene import OrderScene
from support.fulfilment.many_flows import Figures, FlowResult, of_programs, of_steps
from support.fulfilment.pictures import Stay, way_through_people
from support.fulfilment.scene import FulfilmentScene
from support.retail.pictures import way_of_view
from support.retail.promises import OFFER_MADE
from support.retail.scene import RetailScene
from support.serverlesspresso.orders import differences
from support.serverlesspresso.pictures import way_of_order
from support.serverlesspresso.promises import PROMISES
from support.serverlesspresso.scene import Scene

# More orders than these have no picture of their own each.
MOST = 3


@singledispatch
def keep(scene: Any, *, failed: bool) -> None:
    """Attach what a reader of a scenario's page wants to see besides its steps.

    What cannot be shown says why on the page. That tells nothing of the system, so it changes no verdict.
    """
    raise TypeError(f"There is nothing to keep of {scene!r}.")


@keep.register
def _keep_orders(scene: Scene, *, failed: bool) -> None:
    """Attach what became of the scenario's orders; if it has failed, also where they are now and what was logged."""
    for name, order_id in list(scene.orders_of_people().items())[:MOST]:
        with _or_why_not(f"The way of {name}'s order through the café") as title:
            _keep_order(scene, name, order_id, title, failed=failed)
    if scene.rush and scene.rush.judged:
        with _or_why_not("How long people had to wait in the rush hour") as title:
            attach_picture(title, pictures.latencies(list(scene.rush.judged.items())))
    if failed:
        with _or_why_not("Where the orders are now") as title:
            attach(title, scene.cafe.evidence(scene.orders_in_question()))


@keep.register
def _keep_online_orders(scene: OrderScene, *, failed: bool) -> None:
    """Attach the steps of each order over time; if the scenario has failed, also what is stored."""
    for name, placed in scene.placed.items():
        with _or_why_not(f"The steps of {name}'s online order over time") as title:
            for number, execution in enumerate(scene.orders.executions(placed), 1):
                again = f", submission {number}" if number > 1 else ""
                attach_picture(title + again, steps_over_time(execution, scene.orders.parts.wait))
        if failed and placed.order_id:
            with _or_why_not(f"What is stored of {name}'s online order") as title:
                attach(title, scene.stored(name))
            if scene.orders.parts.payments_table:
                with _or_why_not(f"What was charged for {name}'s online order") as title:
                    attach(title, scene.charges(name))


@keep.register
def _keep_views(scene: RetailScene, *, failed: bool) -> None:
    """Attach each page view's way through the topics; if the scenario has failed, also what was said about it."""
    seen = [(name, view) for name, views in scene.visits.items() for view in views]
    for name, view in seen[:MOST]:
        with _or_why_not(f"The way of {name}'s page view through the topics") as title:
            [timeline] = scene.retail.timelines([view], scene.names)
            judgements = scene.judgements.get(name, [])
            attach_picture(title, way_of_view(timeline, [OFFER_MADE], judgements=judgements, offset=scene.offset))
    if scene.judged:
        with _or_why_not("How long the offers had to wait in the burst") as title:
            attach_picture(title, pictures.latencies(scene.judged))
    if failed:
        with _or_why_not("What was said last in the topics") as title:
            attach(title, scene.retail.said_last())
        if scene.retail.programs:
            with _or_why_not("What the services have logged last") as title:
                attach(title, scene.retail.programs.last_words())


@keep.register
def _keep_fulfilment(scene: FulfilmentScene, *, failed: bool) -> None:
    """Attach who did what and when, and what each of them typed and saw; if it has failed, also the books."""
    with _or_why_not("The way through the people") as title:
        _keep_ways(title, scene)
    if scene.flows:
        with _or_why_not("How the orders went") as title:
            _keep_figures(title, scene.flows)
    for console, first, _ in scene.consoles:
        with _or_why_not(f"What {console.person} typed and saw at {console.program.title}") as title:
            text = console.transcript.text_from(first)
            if text:
                allure.attach(text, name=title, attachment_type=allure.attachment_type.TEXT)
    if failed:
        for customer in scene.orders:
            with _or_why_not(f"What the books hold of {customer}'s order") as title:
                entry = scene.entry(customer)
                attach(title, {"order": entry.order, "delivery": entry.delivery, "stock": entry.stock})


def _keep_ways(title: str, scene: FulfilmentScene) -> None:
    """Attach a picture of what people did, and one for each order of many."""
    if not scene.flows:
        stays = [Stay(one.person, one.program.title, one.spans[first:]) for one, _, first in scene.consoles]
        if any(stay.spans for stay in stays):
            attach_picture(title, way_through_people(title, stays))
    for flow in scene.flows:
        if not flow.consoles:
            continue
        whose = f"The way of {flow.order_id or f'order {flow.number}'} through the people"
        stays = [Stay(one.person, one.program.title, one.spans) for one in flow.consoles]
        attach_picture(whose, way_through_people(whose, stays))


def _keep_figures(title: str, flows: Sequence[FlowResult]) -> None:
    """Attach each step's success and times, and each program's start-up time and memory."""
    steps = [(one.name, f"{one.done} of {one.tried}", *_times(one.seconds)) for one in of_steps(flows)]
    attach_table(title, ("step", "done", "average", "50th percentile", "95th percentile"), steps)
    programs = [
        (role, *_times(starts), f"{memory.highest / 2**20:.0f} MB" if memory else "—")
        for role, (starts, memory) in of_programs(flows).items()
    ]
    headings = ("program", "start-up, average", "50th percentile", "95th percentile", "memory, at most")
    attach_table("How the programs started, and what memory they took", headings, programs)


def _times(figures: Figures | None) -> tuple[str, str, str]:
    if figures is None:
        return ("—", "—", "—")
    return (f"{figures.average:.2f} s", f"{figures.p50:.2f} s", f"{figures.p95:.2f} s")


def _keep_order(scene: Scene, name: str, order_id: str, title: str, *, failed: bool) -> None:
    timeline = scene.cafe.timeline(order_id, with_functions=failed)
    if timeline.moments:
        picture = way_of_order(
            timeline,
            PROMISES,
            scene.names(),
            judgements=scene.judgements[name],
            offset=scene.cafe.clock_offset,
        )
        attach_picture(title, picture)
    changed = differences(scene.before.get(name), scene.cafe.record(order_id))
    if changed:
        rows = [(what, _shown(was), _shown(now)) for what, (was, now) in changed.items()]
        attach_table(f"What has changed in the record of {name}'s order", ("", "before", "after"), rows)


@contextmanager
def _or_why_not(title: str) -> Iterator[str]:
    try:
        yield title
    except Exception as error:  # noqa: BLE001 - see `keep`
        why = str(masked(describe(error)))
        allure.attach(why, name=f"{title}: cannot be shown", attachment_type=allure.attachment_type.TEXT)


def attach(title: str, value: Any) -> None:
    """Attach a value to the page of the running scenario as indented JSON, masked."""
    text = json.dumps(masked(value), indent=2, ensure_ascii=False, default=str)
    allure.attach(text, name=title, attachment_type=allure.attachment_type.JSON)


def attach_picture(title: str, svg: str) -> None:
    """Attach a picture to the page of the running scenario."""
    allure.attach(svg, name=title, attachment_type=allure.attachment_type.SVG)


def attach_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Attach a table to the page of the running scenario, masked."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *masked(rows)])
    allure.attach(text.getvalue(), name=title, attachment_type=allure.attachment_type.CSV)


def _shown(value: Any) -> str:
    return "—" if value is None else str(value)
