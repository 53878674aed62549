"""Which system a feature is about, by its folder; a folder that belongs to none is refused."""

import pytest

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
        ("features/menu.feature", "lies in no folder of a system"),
        ("/home/retails/features/menu.feature", "lies in no folder of a system"),
        ("somewhere/menu.feature", "lies in no folder of a system"),
        ("features/night_cafe/menu.feature", "No system is called “night_cafe”"),
        ("features/bookings/one.feature", "No system is called “bookings”"),
    ],
)
def test_what_belongs_to_no_system_is_not_taken_for_one(path, words):
    with pytest.raises(Trouble, match=f"{words}.*There are: durable_orders, fulfilment, retail, serverlesspresso"):
        system_of(path)
