"""The picture of an order's way through the people says in words what it shows, and what went wrong."""

import re
from html import unescape

from acceptance.terminal.console import Activity
from support.fulfilment.pictures import Stay, way_through_people

BEGAN = 1_800_000_000.0


def stay(person, program, *spans):
    at = [Activity(what, BEGAN + began, BEGAN + ended, outcome) for what, began, ended, outcome in spans]
    return Stay(person, program, at)


ROSA = stay("Rosa", "the inventory program", ("starts", 2, 2.5, "done"), ("process", 3, 3.25, "refused"))
PIA = stay(
    "Pia", "the customer portal", ("starts", 0, 0.5, "done"), ("logs in", 0.5, 1, "done"), ("order", 1, 2, "done")
)
VIC = stay("Vic", "the delivery program", ("starts", 4, 14, "broken"))


def words(svg):
    return [unescape(told) for told in re.findall(r"<text [^>]*>(.*?)</text>", svg)]


def test_has_a_row_for_each_person_in_the_order_of_their_coming():
    told = words(way_through_people("The way", [VIC, ROSA, PIA, stay("Uma", "the logistics program")]))
    assert [word for word in told if word in ("Pia", "Rosa", "Uma", "Vic")] == ["Pia", "Rosa", "Vic"]
    assert "the customer portal" in told


def test_tells_how_long_everything_took():
    told = words(way_through_people("The way", [PIA]))
    assert "1 at work for 2.0 s" in told
    assert "starts 0.50 s · logs in 0.50 s · order 1.00 s" in told


def test_what_was_refused_or_went_wrong_is_told_in_words():
    told = words(way_through_people("The way", [PIA, ROSA, VIC]))
    assert "starts 0.50 s · process 0.25 s (refused)" in told
    assert "starts 10.00 s (broken)" in told
    assert "3 at work for 14.0 s; 1 of what they did went wrong" in told


def test_whoever_cannot_see_it_is_told_the_same():
    (description,) = re.findall(r"<desc>(.*?)</desc>", way_through_people("The way", [PIA, ROSA]))
    assert "Pia at the customer portal: starts 0.50 s" in description
    assert "Rosa at the inventory program: " in description


def test_a_long_stay_is_told_in_several_lines():
    much = stay("Pia", "the customer portal", *(("look", at, at + 0.5, "done") for at in range(30)))
    told = words(way_through_people("The way", [much]))
    assert sum("look 0.50 s" in line for line in told) > 3
