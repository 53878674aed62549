"""Which system a feature is about, by its folder; a folder that belongs to none is refused."""

import pytest

from acceptance.session import kept_together
from acceptance.settings import Settings
from acceptance.system import system_of
from acceptance.trouble import Trouble


@pytest.mark.parametrize(
    ("path", "system"),
    [
        ("features/retail/offers.feature", "retail"),
        ("/tmp/features/durable_orders/late/one.feature", "durable_orders"),  # noqa: S108 - nothing is written there
        ("features/serverlesspresso/menu.feature", "serverlesspresso"),
        ("/home/retail/features/fulfilment/one.feature", "fulfilment"),
        ("/home/retail/one.feature", "retail"),
    ],
)
def test_the_folder_below_features_names_the_system(path, system):
    assert system_of(path) == system


@pytest.mark.parametrize(
    ("folder", "system"),
    [
        ("retial", "retail"),
        ("Retail", "retail"),
        ("fulfillment", "fulfilment"),
        ("durable-orders", "durable_orders"),
        ("durable_order", "durable_orders"),
        ("serverlespresso", "serverlesspresso"),
    ],
)
def test_a_misspelt_folder_is_refused_with_the_nearest_name(folder, system):
    with pytest.raises(Trouble, match=f"No system is called “{folder}”, .*Did you mean {system}"):
        system_of(f"features/{folder}/one.feature")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("features/menu.feature", "is in no system.s folder"),
        ("/home/retails/features/menu.feature", "is in no system.s folder"),
        ("somewhere/menu.feature", "is in no system.s folder"),
        ("features/night_cafe/menu.feature", "No system is called “night_cafe”"),
        ("features/bookings/one.feature", "No system is called “bookings”"),
    ],
)
def test_what_belongs_to_no_system_is_not_taken_for_one(path, words):
    with pytest.raises(Trouble, match=f"{words}.*There are: durable_orders, fulfilment, retail, serverlesspresso"):
        system_of(path)


class TestKeptTogether:
    ALL = ("durable_orders", "fulfilment", "retail", "serverlesspresso")

    def test_the_busiest_begin_first_and_those_that_wait_beside_them(self):
        assert kept_together(self.ALL, Settings()) == ["crowd", "online", "slow", "retail", "terminals"]

    def test_it_is_the_same_whatever_the_order_of_the_systems_that_are_busy(self):
        assert kept_together(self.ALL[::-1], Settings())[0] == "crowd"

    def test_a_run_of_one_system_has_its_own(self):
        assert kept_together(["retail"], Settings()) == ["retail"]

    def test_a_run_of_none_has_none(self):
        assert kept_together([], Settings()) == []
