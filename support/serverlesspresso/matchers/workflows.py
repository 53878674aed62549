"""The workflows behind an order."""

from acceptance.aws.executions import Execution
from acceptance.matchers import Says, how_often
from support.serverlesspresso.orders import Workflows


def _served(seen: Workflows) -> str:
    if not seen.executions:
        return "no workflow has started for it"
    if len(seen.executions) == len(seen.open) == 1:
        return "its workflow is still running"
    return f"it was begun {how_often(len(seen.executions))}, and {len(seen.open)} of these are still being served"


def is_served_once() -> Says:
    """An order that exactly one open workflow serves, regardless of how often it was begun."""
    return Says("the order to be served exactly once", lambda seen: len(seen.open) == 1, _served)


def is_not_served_once() -> Says:
    """An order that no workflow serves any more, or more than one."""
    return Says("the order to be left alone, or served more than once", lambda seen: len(seen.open) != 1, _served)


def was_begun(times: int, *, well: bool = False) -> Says:
    """An order that was begun so many times, of which one is still open. `well`: all others came to a good end."""
    return Says(
        f"the order to have been begun {how_often(times)}, and to be served once",
        lambda seen: (
            len(seen.executions) == times
            and len(seen.open) == 1
            and (not well or all(execution.running or execution.succeeded for execution in seen.executions))
        ),
        lambda seen: f"{_served(seen)}{_bad_ends(seen)}",
    )


def _bad_ends(seen: Workflows) -> str:
    bad = [e for e in seen.executions if not (e.running or e.succeeded)]
    return "".join(f"; one ended {e.status} {e.error}".rstrip() for e in bad)


def is_not_served() -> Says:
    """An order that no workflow serves, whether or not one has begun to."""
    return Says("no work to be left open", lambda seen: not seen.open, _served)


def has_begun(times: int) -> Says:
    """An order that was begun so many times at least."""
    return Says(f"the order to have been begun {how_often(times)}", lambda seen: len(seen.executions) >= times, _served)


def is_over() -> Says:
    """An order that no workflow serves any more."""
    return Says("the café to be done with the order", lambda seen: seen.are_over, _served)


def has_come_to_a_good_end() -> Says:
    """An order that no workflow serves any more, none of which has failed."""
    return Says(
        "the café to be done with the order, and nothing to have gone wrong",
        lambda seen: bool(seen.executions) and all(execution.succeeded for execution in seen.executions),
        lambda seen: f"{_served(seen)}{_bad_ends(seen)}",
    )


def all_are_over() -> Says:
    """Orders that no workflow serves any more."""
    return Says(
        "the café to be done with all the orders",
        lambda seen: bool(seen) and all(is_over().matches(service) for service in seen),
        lambda seen: f"it is done with {sum(map(is_over().matches, seen))} of {len(seen)}",
    )


def has_ended(because: str = "") -> Says:
    """A workflow that no longer runs, or none at all; with these words, if any are given."""
    if not because:
        return Says(
            "no work to be left open",
            lambda execution: execution is None or not execution.running,
            lambda execution: "the scan keeps a workflow running",
        )
    return Says(
        f"the scan to be refused because of: {because}",
        lambda execution: execution is not None and f"{execution.error}: {execution.cause}" == because,
        _said_at_the_end,
    )


def _said_at_the_end(execution: Execution | None) -> str:
    if execution is None:
        return "the scan has started no workflow"
    if execution.running:
        return "the scan's workflow still runs"
    said = f"{execution.error}: {execution.cause}".strip(": ")
    return f"it ended {execution.status}{f', and says {said}' if said else ', without a reason'}"
