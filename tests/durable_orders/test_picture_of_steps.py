"""The picture of an online order's steps says in words what it shows, and shows what is not over."""

import re
from datetime import UTC, datetime
from html import unescape

from acceptance.aws.durable import execution
from support.durable_orders.pictures import steps_over_time

BEGAN = 1_800_000_000


def at(seconds, exact=True):
    return datetime.fromtimestamp(BEGAN + (seconds if exact else int(seconds)), UTC)


def event(kind, seconds, name, exact, **details):
    return {
        "EventType": kind,
        "EventTimestamp": at(seconds, exact),
        "Name": name,
        "Id": name,
        f"{kind}Details": details,
    }


def invocation(began, ended):
    stamps = {"StartTimestamp": at(began), "EndTimestamp": at(ended)}
    return event("InvocationCompleted", ended, "", True, **stamps)


def seen(*, exact=True, over=True, status="SUCCEEDED"):
    events = [
        event("StepStarted", 0.011, "take_payment", exact),
        event("StepSucceeded", 0.051, "take_payment", exact),
        event("WaitStarted", 0.061, "wait_for_confirmation", exact),
        invocation(0.001, 0.071),
    ]
    if over:
        events += [
            event("WaitSucceeded", 10.061, "wait_for_confirmation", exact),
            event("StepStarted", 10.111, "store_order", exact),
            event(f"Step{status.title()}", 10.151, "store_order", exact),
            invocation(10.101, 10.201),
        ]
    found = {
        "DurableExecutionArn": "arn:x",
        "Status": status if over else "RUNNING",
        "StartTimestamp": at(0.001, exact),
    }
    return execution({**found, "EndTimestamp": at(10.211, exact) if over else None}, events)


def words(svg):
    return [unescape(told) for told in re.findall(r"<text [^>]*>(.*?)</text>", svg)]


def test_tells_how_long_the_order_took_and_how_long_it_was_to_wait():
    assert "succeeded, took 10.2 s; it was to wait for 10 s" in words(steps_over_time(seen(), 10))


def test_has_a_row_for_the_function_and_for_each_step_and_wait():
    told = words(steps_over_time(seen(), 10))
    rows = ["the function works", "take payment", "wait for confirmation", "store order"]
    assert [word for word in told if word in rows] == rows
    assert "2 times" in told
    assert "waits 10.0 s" in told


def test_stamps_of_whole_seconds_are_said_to_be_that_coarse():
    told = words(steps_over_time(seen(exact=False), 10))
    assert "waits about 10 s" in told
    assert any("whole seconds" in word for word in told)
    assert not any("whole seconds" in word for word in words(steps_over_time(seen(), 10)))


def test_an_order_that_waits_is_not_over():
    told = words(steps_over_time(seen(over=False), 10))
    assert "running, is not over; it was to wait for 10 s" in told
    assert "still waits" in told


def test_a_step_that_has_failed_is_called_so():
    told = words(steps_over_time(seen(status="FAILED"), 10))
    assert "failed" in told
    assert any(word.startswith("failed, took 10.2 s") for word in told)


def test_whoever_cannot_see_it_is_told_the_same():
    (description,) = re.findall(r"<desc>(.*?)</desc>", steps_over_time(seen(), 10))
    assert "store order: succeeded" in description
    assert "wait for confirmation: waits 10.0 s" in description
