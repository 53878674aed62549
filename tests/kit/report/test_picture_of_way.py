"""The picture of an item's way needs no drawing by a system: a timeline and the names of its parts are enough."""

import re
import subprocess
import sys
from xml.etree import ElementTree

from acceptance.report.pictures import Wording, way_of
from acceptance.service_levels.timeline import QUEUE, STEP_FUNCTIONS, Moment, Stamp, Timeline

T0 = 1_790_000_000_000


def at(ms, clock=STEP_FUNCTIONS):
    return Stamp(T0 + ms, clock)


BOOKING = Timeline.of(
    "b-1",
    [
        Moment("person", "Ada", "asks for a room", at(0, QUEUE), detail={"action": "ask"}),
        Moment("event", "bus", "Booking.Asked", at(5, QUEUE)),
        Moment("execution", "booking", "booking", at(20), at(300)),
        Moment("state", "booking", "StoreBooking", at(30), at(300)),
        Moment("function", "functions", "Price", at(40), at(200)),
        Moment("record", "record", "stored", at(250)),
        Moment("person", "Ida", "hands over the key", at(400), detail={"action": "hand over"}),
        Moment("change", "record", "st, room changed", at(0)),
    ],
)
NAMES = Wording(
    item="booking",
    through="its way through the hotel",
    since="since the question",
    first_action="ask",
    customer="guest",
    staff="porter",
    staff_actions={"hand over"},
    messages={"Booking.Asked": "a room is wanted"},
    workflows={"booking": ("The booking", "from question to key")},
    telling_steps={"StoreBooking": "stores it"},
    functions={"Price": "says the price"},
    attributes={"st": "state"},
)


def told(timeline, *given):
    svg = way_of(timeline, [], *given)
    texts = [text.text for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314
    return svg, texts


def test_without_names_parts_are_called_as_they_are():
    svg, texts = told(BOOKING)

    for words in ("Ada’s item", "Ada", "Ida", "Booking.Asked", "booking", "Price", "stored", "since the start"):
        assert words in texts
    assert "its way through the system" in svg


def test_with_names_parts_are_called_by_them():
    svg, texts = told(BOOKING, NAMES)

    expected = ("Ada’s booking", "guest", "porter", "a room is wanted", "The booking", "from question to key")
    for words in (*expected, "says the price", "since the question"):
        assert words in texts
    assert "stores it · 280 ms" in texts
    assert any(text.endswith("state and room") for text in texts)
    assert "its way through the hotel" in svg


def test_the_staff_stand_below_whatever_works_by_itself():
    _, texts = told(BOOKING, NAMES)
    assert [name for name in texts if name in ("Ada", "The booking", "Functions", "The record", "Ida")] == [
        "Ada",
        "The booking",
        "Functions",
        "The record",
        "Ida",
    ]


def test_an_item_without_moments_is_said_to_be_unknown():
    assert told(Timeline.of("b-2", []), NAMES)[1] == ["Nothing is known about this booking."]


def test_to_draw_for_the_kit_loads_no_pictures_of_a_system():
    code = "import sys, acceptance.report.pictures as _; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "acceptance.report.pictures.way" in loaded
    assert not [name for name in loaded if re.fullmatch(r"support\..*(pictures|evidence|scene)", name)]
