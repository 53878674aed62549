"""An online order as a scenario follows it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hamcrest import any_of, assert_that

from acceptance.aws.durable import DurableExecution
from acceptance.earlier import left
from acceptance.service_levels.levels import Judgement, Latency, Promise, allowing_for_standstill, milliseconds
from acceptance.service_levels.timeline import Hop, Stamp, Timeline
from acceptance.trouble import Trouble
from acceptance.waiting import Waiter
from support.durable_orders.driver import DurableOrders, Placed
from support.durable_orders.matchers import (
    are_all_over,
    has_failed_for_its_id,
    has_gone_through,
    is_over,
    kept_among_them,
    waits_for_its_confirmation,
    was_not_taken_up_again,
    was_taken_up_again,
)

# How long the retries of failed steps may take, in s.
TRIED_AGAIN_SECONDS = 10.0


def in_time(wait: float, more: float, *, failing: bool = False) -> Promise:
    """The service level: an order completes within so many seconds of its wait, also of one that met with failures."""
    despite = " despite a failure" if failing else ""
    return Promise(
        key="durable-order-after-failure" if failing else "durable-order",
        title=f"An online order completes{despite}",
        told=f"{{customer}}'s online order completed{despite}",
        since="it was submitted",
        heard="",
        budget=(wait + more) * 1000,
        ends=_in_no_timeline,
        counted="orders",
    )


def _in_no_timeline(_: Timeline) -> None:
    """The execution's own timestamps give its duration; there is no timeline to look them up in."""


class OnlineOrder:
    """One customer's online order. Expected results are waited for."""

    stored_before: Mapping[str, Any] = left("No step before this one has tried to order: is a When missing?")

    def __init__(self, orders: DurableOrders, wait: Waiter, customer: str, placed: Placed) -> None:
        self._orders = orders
        self._wait = wait
        self._customer = customer
        self.placed = placed
        self.order_id = placed.order_id
        self.judgements: list[Judgement] = []
        self.leave_alone: Callable[[], None] | None = None  # stops its injected failures, if there are any
        self.rehearses = "rehearse" in (placed.content or ())

    def submissions(self) -> "Submissions":
        """Return the progress of each submission."""
        return Submissions(self._orders.executions(self.placed))

    def first(self) -> DurableExecution:
        """Return the progress of the first submission."""
        return self.submissions().executions[0]

    def is_stopped(self) -> None:
        """Stop it, as an operator does."""
        self._orders.stop(self.placed)

    def is_kept_among_the_dead_letters(self) -> None:
        """Check that it is among the dead letters once it has ended."""
        self._wait.eventually(self._orders.dead_letters, kept_among_them(self.order_id))

    def awaits_confirmation(self) -> None:
        """Wait until it awaits its confirmation."""
        self._wait.eventually(self.first, waits_for_its_confirmation())

    def has_been_retried(self) -> None:
        """Check that one of its steps was retried. The history shows it when the attempt has ended."""
        self._wait.eventually(self.first, was_taken_up_again())

    def has_not_been_retried(self) -> None:
        """Check that no step of it was retried, from its beginning to its end."""
        is_decided = any_of(is_over(), was_taken_up_again())
        assert_that(self._wait.eventually(self.first, is_decided), was_not_taken_up_again())

    def completes(self) -> None:
        """Wait for each submission to complete."""
        self._wait.eventually(self.submissions, has_gone_through(), more=self._usual_seconds())
        self._is_left_alone()

    def fails_for_its_id(self) -> None:
        """Check that it fails for its id, once it has ended, or is refused in spite of retries."""
        fails = has_failed_for_its_id()
        seen = self._wait.eventually(self.first, any_of(is_over(), fails), more=self._orders.parts.wait)
        assert_that(seen, fails)

    def ends(self) -> DurableExecution:
        """Wait until it has ended, and return its progress."""
        seen: DurableExecution = self._wait.eventually(self.first, is_over(), more=self._usual_seconds())
        self._is_left_alone()
        return seen

    def all_end(self) -> None:
        """Wait until each submission has ended."""
        self._wait.eventually(self.submissions, are_all_over(), more=self._usual_seconds())
        self._is_left_alone()

    def price(self) -> str:
        """Return what it costs by now: its amount if it is stored, else nothing."""
        stored = self.stored()
        return str(stored["amount"]) if stored else "0.00"

    def _is_left_alone(self) -> None:
        if self.leave_alone:
            self.leave_alone()

    def _usual_seconds(self) -> float:
        """Return how long it takes at most: its wait plus the time for retries, of each step that fails."""
        fails = self.rehearses, bool(self.leave_alone)
        return self._orders.parts.wait + TRIED_AGAIN_SECONDS * sum(fails)

    def _gone_through(self) -> DurableExecution:
        """Return the submission that completed first. Raises Trouble when none has."""
        successful = self.submissions().successful
        if not successful:
            raise Trouble(f"{self._customer}'s online order has not gone through: is a When missing that waits for it?")
        return successful[0]

    def receipt(self) -> Any:
        """Return the result of the first submission that completed."""
        return self._orders.returned(self._gone_through().arn)

    def receipts(self) -> Sequence[Any]:
        """Return the result of each completed submission."""
        return [self._orders.returned(one.arn) for one in self.submissions().successful]

    def stored(self) -> Mapping[str, Any] | None:
        """Return its stored item."""
        return self._orders.tables.stored(self.order_id)

    def charges(self) -> Sequence[Mapping[str, Any]]:
        """Return the charges for it."""
        return self._orders.tables.charges(self.order_id)

    def kept(self) -> Mapping[str, Any]:
        """Return all its stored data, by place."""
        payment = self._orders.tables.booked(self.order_id)
        return {"the receipt": self.receipt(), "the stored order": self.stored(), "the payment": payment}

    def reason(self) -> Sequence[str]:
        """Return why it has failed, as an operator can read it, and what failed last in it."""
        seen = self.first()
        return [seen.error, seen.last_failure]

    def log(self) -> Sequence[str]:
        """Return what the shop has logged since it was placed."""
        return self._orders.log(self.placed)

    def stored_besides(self) -> Sequence[str]:
        """Return the orders stored or changed since it was tried that no submission names.

        On a shared account others' orders may appear at any time; each has a submission that names it.
        """
        known = self.stored_before
        appeared = {one for one, item in self._orders.tables.all_stored().items() if item != known.get(one)}
        if not appeared:
            return ()
        began = self.first().started.ms
        return sorted(appeared - self._orders.submitted_order_ids(began))

    def processed(self) -> tuple[datetime, datetime, datetime]:
        """Return when it began, when it first completed, and when its wait was over, or should have been."""
        first = self._gone_through()
        waits = [one.ended.ms for one in first.operations if one.kind != "Step" and one.ended]
        confirmed = max(waits, default=first.started.ms + self._orders.parts.wait * 1000)
        return _moment(first.started.ms), _moment(_end_of(first).latest), _moment(confirmed)

    def takes_at_least_its_wait(self) -> None:
        """Check that it has taken at least its wait."""
        taken, wait = _taken(self.first()), self._orders.parts.wait * 1000
        period = milliseconds(wait)
        if taken.latest < wait:
            raise AssertionError(
                f"Expected: an order that takes no less than its wait of {period} · but: {taken.words}"
            )
        if taken.earliest < wait:
            raise Trouble(f"It is not known whether an order has waited for {period}: it took {taken.words}.")

    def completes_within(self, seconds: float, *, failing: bool = False) -> None:
        """Check that it has taken at most so many seconds longer than its wait, in spite of failures."""
        execution = self.first()
        clocks = [f"{execution.started.clock.name} (to {milliseconds(execution.started.clock.resolution)})"]
        promise = in_time(self._orders.parts.wait, seconds, failing=failing)
        taken = allowing_for_standstill(
            _taken(execution), promise.budget, execution.started, _end_of(execution), idle=self._timer(execution)
        )
        judgement = Judgement(promise, taken, slowest_part(execution), clocks)
        self.judgements.append(judgement)
        judgement.require(customer=self._customer)

    def _timer(self, execution: DurableExecution) -> tuple[float, float]:
        """Return the start and end (epoch ms) of its confirmation wait, which uses no processor."""
        began = next((one.began.ms for one in execution.operations if one.kind != "Step"), execution.started.ms)
        return began, began + self._orders.parts.wait * 1000


class Submissions:
    """The progress of each submission of an order."""

    def __init__(self, executions: Sequence[DurableExecution]) -> None:
        self.executions = executions

    @property
    def successful(self) -> Sequence[DurableExecution]:
        """The completed submissions, ordered by their end."""
        done = [one for one in self.executions if one.status == "SUCCEEDED" and one.ended]
        return sorted(done, key=lambda one: one.ended.ms if one.ended else 0)

    @property
    def words(self) -> str:
        """All of them in words."""
        return "; ".join(one.words for one in self.executions)

    def dead_end(self) -> str | None:
        """Return why none of them can still succeed, None while one can."""
        over = [one for one in self.executions if one.is_over]
        return over[0].dead_end() if len(over) == len(self.executions) and not self.successful else None


def _moment(ms: float) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def _taken(execution: DurableExecution) -> Latency:
    return Latency.between(execution.started, _end_of(execution))


def _end_of(execution: DurableExecution) -> Stamp:
    if execution.ended is None:
        raise Trouble("The online order has not come to its end: is a When missing that waits for it?")
    return execution.ended


def slowest_part(execution: DurableExecution) -> Hop | None:
    """Return where most of the time went besides the waits."""
    parts = []
    at = execution.started.ms
    for span in execution.operations:
        parts.append(Hop(f"before {span.name}", span.began.ms - at))
        at = span.ended.ms if span.ended else span.began.ms
        if span.kind == "Step":
            parts.append(Hop(f"in {span.name}", at - span.began.ms))
    if execution.ended:
        parts.append(Hop("at the end", execution.ended.ms - at))
    return max(parts, key=lambda hop: hop.ms, default=None)
