"""The weather of a run: named by a setting, or chosen by the seed; a seed that is not given is drawn once for all."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

from acceptance.settings import variable
from acceptance.weather.weathers import WEATHERS, Weather, weather_called

if TYPE_CHECKING:
    from acceptance.settings import Settings

# Those that a run must tolerate. In a storm it may be unable to check a scenario, and reports it.
BEARABLE = ("calm", "aws", "rain")
ANY = "any"
SEEDS = 1_000_000
_VARIABLE = variable("weather_seed")


def draw_seed(settings: Settings) -> bool:
    """Draw the seed of a run's weather, if it wants one and names none. The run's workers inherit it.

    Returns whether one was drawn: the settings are to be read again then.
    """
    if settings.weather == "none" or settings.weather_seed is not None:
        return False
    os.environ[_VARIABLE] = str(random.SystemRandom().randrange(SEEDS))
    return True


def weather_of(settings: Settings) -> tuple[Weather, int]:
    """Return the weather of a run and its seed, 0 if it names none and none was drawn."""
    seed = settings.weather_seed or 0
    return (by_seed(seed) if settings.weather == ANY else weather_called(settings.weather)), seed


def by_seed(seed: int) -> Weather:
    """Return the weather that a seed chooses of those that a run must tolerate."""
    return WEATHERS[random.Random(f"weather {seed}").choice(BEARABLE)]  # noqa: S311 - it is to be repeated


def chosen_weather(settings: Settings) -> str:
    """Describe a run's weather and its seed."""
    weather, seed = weather_of(settings)
    return f"{weather.name}, seed {seed}"


def announced(settings: Settings) -> str:
    """Describe a run's weather, and how to repeat it; "" for none."""
    if settings.weather == "none":
        return ""
    weather, seed = weather_of(settings)
    return f"Weather: {weather.name}; to repeat it: -D weather={weather.name} -D weather_seed={seed}\n"
