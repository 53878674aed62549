"""What a scenario says of customers who came by a schedule: a broken promise, or that it cannot be told."""

import pytest

from acceptance.breach import Breach
from acceptance.load import Stream
from acceptance.service_levels.levels import Distribution, Latency, Promise
from acceptance.trouble import Inconclusive

TICKET = Promise("ticket", "A ticket is shown", "", "", "", 100, lambda _: None, counted="tickets")
AT_ITS_LIMIT = "Inconclusive: the machine was at its limit for 10 s of these 20 s."


def stream(ms, limited="", **verdicts):
    level = {"histograms": list(Distribution([Latency(ms, ms)] * 20).packed())}
    told = {key: {"status": status, "message": f"{key}: {status}"} for key, status in verdicts.items()}
    return Stream({"levels": {TICKET.key: level}, "limited": limited, "verdicts": told})


def test_a_service_level_that_is_met_is_kept_for_the_report():
    seen = stream(50)
    seen.meets(TICKET, 95)
    assert len(seen.judged[TICKET]) == 20


def test_a_service_level_that_is_missed_is_the_systems():
    with pytest.raises(Breach, match="the service level is 100 ms"):
        stream(300).meets(TICKET, 95)


def test_on_a_machine_at_its_limit_it_cannot_be_told():
    with pytest.raises(Inconclusive, match=r"the service level is 100 ms.*at its limit for 10 s of these 20 s"):
        stream(300, AT_ITS_LIMIT).meets(TICKET, 95)


@pytest.mark.parametrize(("status", "raised"), [("failed", Breach), ("broken", Inconclusive)])
def test_a_promise_without_a_time_is_judged_by_the_run(status, raised):
    with pytest.raises(raised, match=f"doubled: {status}"):
        stream(50, doubled=status).keeps("doubled")


def test_a_promise_without_a_time_that_was_kept_says_nothing():
    stream(50, doubled="passed").keeps("doubled")
