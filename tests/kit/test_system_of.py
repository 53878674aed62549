"""Which system a feature is about, by its folder; a folder that is nearly called like one is no café."""

import pytest

from acceptance.session import system_of
from acceptance.trouble import Trouble


@pytest.mark.parametrize(
    ("path", "system"),
    [
        ("features/retail/offers.feature", "retail"),
        ("/tmp/features/durable_orders/late/one.feature", "durable_orders"),  # noqa: S108 - nothing is written there
        ("features/serverlesspresso/menu.feature", "serverlesspresso"),
        ("features/menu.feature", "serverlesspresso"),
        ("features/night_cafe/menu.feature", "serverlesspresso"),
        ("/home/retails/features/menu.feature", "serverlesspresso"),
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
def test_a_misspelt_folder_is_not_taken_for_the_cafe(folder, system):
    with pytest.raises(Trouble, match=f"No system is called “{folder}”, .*Did you mean {system}"):
        system_of(f"features/{folder}/one.feature")
