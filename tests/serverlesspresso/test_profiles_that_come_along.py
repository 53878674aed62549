"""The profiles that come along can be read, and say what is found in the deployments that they are about."""

from functools import partial

import pytest
from cafes_in_the_field import SHIPPED_MENU, SUCCESSOR, SUCCESSOR_MENU, WORKSHOP, WORKSHOP_MENU
from places import ROOT

from acceptance.profile.reading import read_profile
from support.serverlesspresso.dialect import CANONICAL
from support.serverlesspresso.menu import Menu, if_sold
from support.serverlesspresso.profile import ServerlesspressoProfile, ShopProfile

PROFILES = ROOT / "profiles" / "serverlesspresso"
CAFES = {
    "shipped": (CANONICAL, SHIPPED_MENU),
    "workshop": (WORKSHOP, WORKSHOP_MENU),
    "successor": (SUCCESSOR, SUCCESSOR_MENU),
}


def read(name):
    return read_profile(PROFILES / f"{name}.yaml", lambda system: ServerlesspressoProfile)


def test_there_is_one_for_each_of_them():
    assert {path.stem for path in PROFILES.glob("*.yaml")} == set(CAFES)


@pytest.mark.parametrize("name", CAFES)
def test_says_of_the_dialect_what_is_detected(name):
    detected, _ = CAFES[name]
    spoken = detected.overridden_by(read(name).dialect)
    # The token is found at the HTTP API.
    assert spoken.model_copy(update={"token": None}) == detected


@pytest.mark.parametrize("name", CAFES)
def test_says_of_the_menu_what_is_on_it(name):
    _, drinks = CAFES[name]
    said, found = Menu(drinks, read(name).shop), Menu(drinks)
    assert said.usual != said.another
    for wanted in ("usual", "another", "with_choices", "without_choices", "sold_out"):
        assert bool(if_sold(partial(getattr, said, wanted))) == bool(if_sold(partial(getattr, found, wanted)))


def test_shipped_one_says_nothing_that_a_run_would_not_assume():
    shipped = ServerlesspressoProfile.shipped("serverlesspresso")
    assert {**read("shipped").model_dump(), "name": ""} == shipped.model_dump()
    assert shipped.shop == ShopProfile()
