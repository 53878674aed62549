"""The retail features on a cluster that drops connections: no service is blamed, and no fault goes unnoticed."""

import re

import pytest
from lossy_kafka import AFTER, BEFORE, FETCH, LIST_OFFSETS, METADATA, PRODUCE, LossyKafka
from test_retail_trouble import MODULES, account, cluster, guest, serve  # noqa: F401 - these are fixtures

from trust.faults.retail import FAULTS
from trust.system_copy import copy_of

pytestmark = pytest.mark.cloud
KINDS = (PRODUCE, FETCH, LIST_OFFSETS, METADATA)
# Fetches are answered 200 times a second, so connections would be lost all the time.
AT_LEAST_SECONDS = 0.5


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_nobody_is_blamed_for_answers_that_are_lost(guest, cluster, serve, when):  # noqa: F811
    serve(cluster, *MODULES)
    proxy = LossyKafka(cluster.address, KINDS, 5, when, AT_LEAST_SECONDS)
    try:
        run = guest(proxy.address, "features/retail", "--tags=not @service_level", "-D", "patience=10")
        run.ended(300)
    finally:
        proxy.close()
    assert len(proxy.lost) > 10, "something was lost"
    assert "failed" not in run.words(), run.output
    assert run.words().count("passed") > 10, run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize("name", ["a page view that comes again is answered again", "a dead letter is written twice"])
def test_a_fault_is_noticed_although_answers_are_lost(guest, cluster, serve, tmp_path, name):  # noqa: F811
    [fault] = [one for one in FAULTS if one.name == name]
    system = copy_of("retail", tmp_path)
    fault.plant(system)
    serve(cluster, *MODULES, folder=system)
    proxy = LossyKafka(cluster.address, KINDS, 5, AFTER, AT_LEAST_SECONDS)
    try:
        scenario = f"^{re.escape(fault.scenario)}"
        run = guest(proxy.address, f"features/retail/{fault.feature}.feature", "--name", scenario, "-D", "patience=10")
        run.ended(120)
    finally:
        proxy.close()
    assert run.words(), run.output
    assert "passed" not in run.words(), run.output
