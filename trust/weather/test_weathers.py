"""All features in each weather, as a guest: green in AWS's usual conditions, and never blamed for a storm.

The seed is random; `TRUST_SEED` repeats it. Each test stores its row in `reports/trust/weather/table.md`.
"""

import os
import random
import re

import pytest

from acceptance.weather.weathers import WEATHERS
from trust.weather.guest import ALL, run_in
from trust.weather.table import keep

pytestmark = [pytest.mark.cloud, pytest.mark.slow]
SEED = int(os.environ.get("TRUST_SEED") or random.SystemRandom().randrange(1_000_000))
JOBS = str(os.cpu_count() or 1)
# Minimum number of scenarios that a guest runs, by system.
LEAST = {"serverlesspresso": 150, "durable_orders": 20, "fulfilment": 60, "retail": 50}
# How messages name the weather's effects, in the words of AWS, botocore or the suite.
WORDS = re.compile(
    r"Thrott|Rate exceeded|TooManyRequests|ProvisionedThroughput|Too Many Requests|lost|50[0234]|Internal|Unavailable"
    r"|Connection|closed|not known|not heard|came twice|marker|sentinel"
)


@pytest.mark.parametrize("system", ALL)
@pytest.mark.parametrize("weather", WEATHERS)
def test_all_features_in_each_weather(weather, system, tmp_path):
    row = run_in(WEATHERS[weather], SEED, system, tmp_path, "-j", JOBS)
    keep(row)
    assert row.scenarios >= LEAST[system], (tmp_path / "console.log").read_text(encoding="utf-8")
    assert not row.verdicts.get("failed"), row.why
    if weather != "storm":
        assert not row.why
    assert all(WORDS.search(why) for why in row.why), "broken, in the weather's own words"
