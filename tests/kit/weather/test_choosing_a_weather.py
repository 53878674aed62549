"""How a run chooses its weather: by name or by seed, before an embedded account only."""

import os

import pytest

from acceptance.settings import Settings, read_settings
from acceptance.target import Target
from acceptance.trouble import Trouble
from acceptance.weather.chosen import BEARABLE, announced, by_seed, draw_seed, weather_of
from acceptance.weather.weathers import WEATHERS, weather_called


def test_weather_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(Trouble, match='weather cannot be "drizzle": it is one of none, calm, aws, rain, storm, any'):
        read_settings({"weather": "drizzle"}, {}, {})
    with pytest.raises(Trouble, match=r"No weather is called “drizzle”\. There are: calm, aws, rain, storm\."):
        weather_called("drizzle")


def test_weather_is_refused_where_an_account_has_its_own():
    with pytest.raises(Trouble, match="rain is made before an embedded account only, and this run's target is aws"):
        read_settings({"weather": "rain", "target": "aws"}, {}, {})


@pytest.mark.parametrize("seed", ["-1", "x", "1.5"])
def test_seed_is_a_whole_number(seed):
    with pytest.raises(Trouble, match="weather_seed cannot be"):
        read_settings({"weather": "rain", "weather_seed": seed}, {}, {})


def test_seed_that_is_not_given_is_drawn_once_and_told(monkeypatch):
    monkeypatch.delenv("ACCEPTANCE_WEATHER_SEED", raising=False)
    assert draw_seed(read_settings({"weather": "rain"}, {}, {}))
    settings = read_settings({"weather": "rain"}, os.environ, {})
    seed = settings.weather_seed
    assert not draw_seed(settings)
    assert announced(settings) == f"Weather: rain; to repeat it: -D weather=rain -D weather_seed={seed}\n"
    assert Target(settings).facts()["Weather"] == f"rain, seed {seed}"
    monkeypatch.delenv("ACCEPTANCE_WEATHER_SEED")


def test_run_without_weather_says_nothing_of_it():
    assert announced(Settings()) == ""
    assert not draw_seed(Settings())
    assert "Weather" not in Target(Settings()).facts()


def test_seed_chooses_each_bearable_weather_and_always_the_same():
    assert {by_seed(seed).name for seed in range(30)} == set(BEARABLE)
    assert weather_of(Settings(weather="any", weather_seed=5)) == (by_seed(5), 5)


def test_run_in_weather_is_as_patient_as_on_aws():
    rain, aws = Settings(weather="rain"), Settings(target="aws")
    assert (rain.patience_seconds, rain.quiet_seconds, rain.clock_offset_ms) == (
        aws.patience_seconds,
        aws.quiet_seconds,
        aws.clock_offset_ms,
    )
    assert rain.exclusive_allowed, "the account is its own"


@pytest.mark.parametrize("figure", ["throttled", "unavailable", "cut_after", "list_lag", "message_delay"])
def test_each_weather_is_worse_than_the_one_before(figure):
    values = [getattr(weather, figure) for weather in WEATHERS.values()]
    assert values == sorted(values)
