"""Links into the specification stay the same from run to run, and two names never share one."""

import re

import pytest

from acceptance.report.specification.ids import feature_id, rule_id, scenario_id, slug, system_id

KEY = "features/bookings/rooms.feature: A room has one guest: A taken room is refused"


def test_an_id_says_what_it_is_about_and_never_changes():
    assert scenario_id(KEY) == "a-room-has-one-guest-a-taken-room-is-refused-6da7f3f7"


def test_equal_words_of_different_kinds_and_places_stay_apart():
    path, name = "features/bookings/rooms.feature", "Rooms"
    ids = [
        feature_id(path),
        feature_id("features/trains/rooms.feature"),
        rule_id(path, name),
        rule_id("features/trains/rooms.feature", name),
        scenario_id(f"{path}: {name}"),
        scenario_id(f"{path}: {name} [2]"),
        system_id("rooms"),
    ]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "name",
    ["", "李雷 bestellt", "<b>&\"'</b>", "a" * 5000, "Zimmer für zwei — “jetzt”", "50 % / 3 $", "\u202ereversed\x00"],
)
def test_whatever_the_name_an_id_can_stand_in_a_link_as_it_is(name):
    assert re.fullmatch(r"[a-z0-9-]{3,80}", scenario_id(f"features/bookings/rooms.feature: {name}"))


def test_values_of_an_example_belong_to_the_id():
    assert scenario_id(f"{KEY} | room=1") != scenario_id(f"{KEY} | room=2")


def test_accents_and_apostrophes_are_written_plainly():
    assert slug("Ada's Café au lait") == "adas-cafe-au-lait"
