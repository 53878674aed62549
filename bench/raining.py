"""How much longer scenarios take in rain than in AWS's usual weather, run side by side on one machine."""

import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from acceptance.weather.weathers import weather_called
from trust.weather.guest import Row, run_in

USUAL, RAIN = "aws", "rain"
FEATURE = "features/serverlesspresso/completing.feature"
MOST = 2.5  # times


def measure(seed: int) -> Mapping[str, tuple[float, float]]:
    """Return the duration of each scenario of one feature in both weathers, in s, if it passed in both."""
    with ThreadPoolExecutor(2) as pool:
        usual, rain = pool.map(lambda name: _row(name, seed), (USUAL, RAIN))
    return {name: (seconds, rain.each[name]) for name, seconds in usual.each.items() if name in rain.each}


def _row(weather: str, seed: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        return run_in(weather_called(weather), seed, "serverlesspresso", Path(folder), FEATURE)
