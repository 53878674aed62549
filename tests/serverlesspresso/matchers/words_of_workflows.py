"""What the matchers of `workflows` say, word for word."""

from seen_at_the_cafe import execution, service

from support.serverlesspresso.matchers import workflows as m
from support.serverlesspresso.orders import Workflows

# matcher, its expectation, what matches
EXPECTED = [
    (m.is_not_served(), "no work to be left open", service("FAILED")),
    (m.is_not_served(), "no work to be left open", service()),
    (m.has_begun(2), "the order to have been begun 2 times", service("SUCCEEDED", "RUNNING")),
    (m.is_over(), "the café to be done with the order", service("SUCCEEDED", "FAILED")),
    (
        m.has_come_to_a_good_end(),
        "the café to be done with the order, and nothing to have gone wrong",
        service("SUCCEEDED", "SUCCEEDED"),
    ),
    (m.all_are_over(), "the café to be done with all the orders", [service("SUCCEEDED"), service("SUCCEEDED")]),
    (m.is_served_once(), "the order to be served exactly once", service("SUCCEEDED", "RUNNING")),
    (m.was_begun(2), "the order to have been begun 2 times, and to be served once", service("SUCCEEDED", "RUNNING")),
    (m.is_over(), "the café to be done with the order", service("SUCCEEDED", "SUCCEEDED")),
    (m.has_ended(), "no work to be left open", execution("FAILED")),
    (m.has_ended(), "no work to be left open", None),
    (
        m.has_ended("Closed: It is late."),
        "the scan to be refused because of: Closed: It is late.",
        execution("FAILED", "Closed", "It is late."),
    ),
    (
        m.was_begun(2, well=True),
        "the order to have been begun 2 times, and to be served once",
        service("SUCCEEDED", "RUNNING"),
    ),
]

# matcher, what does not match, the message
OTHERWISE = [
    (m.all_are_over(), [service("SUCCEEDED"), service("RUNNING"), service("FAILED")], "it is done with 2 of 3"),
    (m.all_are_over(), [], "it is done with 0 of 0"),
    (m.is_served_once(), service(), "no workflow has started for it"),
    (m.is_served_once(), service("RUNNING", "RUNNING"), "it was begun 2 times, and 2 of these are still being served"),
    (m.was_begun(2), service("RUNNING", "RUNNING"), "it was begun 2 times, and 2 of these are still being served"),
    (m.was_begun(2), service("RUNNING"), "its workflow is still running"),
    (m.was_begun(2), service(), "no workflow has started for it"),
    (m.is_over(), service(), "no workflow has started for it"),
    (m.is_over(), service("SUCCEEDED", "RUNNING"), "it was begun 2 times, and 1 of these are still being served"),
    (m.has_come_to_a_good_end(), service(), "no workflow has started for it"),
    (m.has_begun(2), service("RUNNING"), "its workflow is still running"),
    (m.is_not_served(), service("RUNNING"), "its workflow is still running"),
    (
        m.has_come_to_a_good_end(),
        Workflows("2", [execution("SUCCEEDED"), execution("FAILED", "States.Runtime"), execution()]),
        "it was begun 3 times, and 1 of these are still being served; one ended FAILED States.Runtime",
    ),
    (m.has_ended(), execution(), "the scan keeps a workflow running"),
    (m.has_ended("Closed: It is late."), None, "the scan has started no workflow"),
    (m.has_ended("Closed: It is late."), execution(), "the scan's workflow still runs"),
    (m.has_ended("Closed: It is late."), execution("SUCCEEDED"), "it ended SUCCEEDED, without a reason"),
    (
        m.has_ended("Closed: It is late."),
        execution("FAILED", "Closed", "Why?"),
        "it ended FAILED, and says Closed: Why?",
    ),
    (
        m.was_begun(2, well=True),
        Workflows("2", [execution("FAILED", "Twice"), execution()]),
        "it was begun 2 times, and 1 of these are still being served; one ended FAILED Twice",
    ),
]

# matcher, what must never be, what is said when it is
THERE = [
    (m.has_ended(), execution(), "the scan keeps a workflow running"),
]
