"""Weather does not hide faults of a system: they fail in rain, and never pass in a storm."""

import os
import random
import re

import pytest

from acceptance.weather.weathers import WEATHERS
from trust.faults.durable_orders import FAULTS as OF_DURABLE_ORDERS
from trust.faults.fulfilment import FAULTS as OF_FULFILMENT
from trust.faults.serverlesspresso import FAULTS as OF_THE_CAFE
from trust.system_copy import CAFE, copy_of
from trust.weather.guest import DURABLE, FULFILMENT, run_in

pytestmark = [pytest.mark.cloud, pytest.mark.slow, pytest.mark.planted]
SEED = int(os.environ.get("TRUST_SEED") or random.SystemRandom().randrange(1_000_000))
# Faults that do something twice or not at all, which could be mistaken for a lost response.
NAMES = (
    *("a completed order can be completed again", "a claim is not told"),
    *("another amount is charged", "an order is not written down"),
)
FAULTS = {CAFE: OF_THE_CAFE, DURABLE: OF_DURABLE_ORDERS, FULFILMENT: OF_FULFILMENT}
PLANTED = [(system, fault) for system, faults in FAULTS.items() for fault in faults if fault.name in NAMES]


@pytest.mark.parametrize("weather", ["rain", "storm"])
@pytest.mark.parametrize(("system", "fault"), PLANTED, ids=[f"{system}: {fault.name}" for system, fault in PLANTED])
def test_fault_is_noticed_in_weather(weather, system, fault, tmp_path):
    source = copy_of(system, tmp_path)
    fault.plant(source)
    feature = f"features/{system}/{fault.feature}.feature"
    name = f"^{re.escape(fault.scenario)}"
    row = run_in(WEATHERS[weather], SEED, system, tmp_path, feature, "--name", name, source=source)
    assert row.scenarios, (tmp_path / "console.log").read_text(encoding="utf-8")
    assert not row.verdicts.get("passed"), row
    if weather == "rain":
        assert row.verdicts.get("failed"), row.why
