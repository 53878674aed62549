"""A page view's way through the topics, drawn: what it says in words, and what it shows of lateness."""

import re
from xml.etree import ElementTree

import pytest

from acceptance.service_levels.levels import judge
from acceptance.service_levels.timeline import Moment, Stamp, Timeline
from support.retail.answers import PROMOTIONS_CLOCK, USERS_CLOCK
from support.retail.dialect import ENRICHED, OFFER
from support.retail.operations import PROMOTIONS_SERVICE, USER_SERVICE
from support.retail.pictures import way_of_view
from support.retail.promises import OFFER_MADE
from support.retail.visits import VISITORS

BEGAN = 1_790_000_000_000


def timeline(*, enriched=20, taken_up=30, offered=912, tells=True):
    """Jo's view: enriched, taken up and offered something so many ms after it; a service may not tell of its work."""

    def at(ms, clock):
        return Stamp(BEGAN + ms, clock)

    moments = [Moment("person", "Jo", "views the checkout", at(0, VISITORS))]
    if enriched is not None:
        said = at(enriched, USERS_CLOCK)
        moments.append(Moment("message", "Messages", ENRICHED, said))
        if tells:
            moments.append(Moment("service", "Services", USER_SERVICE, at(5, USERS_CLOCK), said))
    if offered is not None:
        said = at(offered, PROMOTIONS_CLOCK)
        moments.append(Moment("message", "Messages", OFFER, said))
        if tells:
            moments.append(Moment("service", "Services", PROMOTIONS_SERVICE, at(taken_up, PROMOTIONS_CLOCK), said))
    return Timeline.of("1", moments)


def words(svg):
    return re.search("<desc>(.*)</desc>", svg)[1]


def judged(seen):
    return way_of_view(seen, [OFFER_MADE], judgements=[judge(OFFER_MADE, seen)])


def test_a_late_offer_says_how_late_and_where_the_time_went():
    told = words(judged(timeline()))
    assert "✗ An offer is made: 892 ms of 500 ms, missed by 392 ms" in told
    assert "882 ms of it passed in the Promotions Service" in told
    assert "Promotions, makes offers: waits 10 ms (20 ms); works 882 ms (30 ms)" in told


def test_time_that_passed_in_a_topic_is_not_the_service_s():
    told = words(judged(timeline(taken_up=900)))
    assert "880 ms of it passed between the enriched view and the Promotions Service" in told
    assert "Promotions, makes offers: waits 880 ms (20 ms); works 12 ms (900 ms)" in told


def test_an_offer_in_time_is_kept():
    told = words(judged(timeline(offered=60)))
    assert "✓ An offer is made: 40 ms of 500 ms, met" in told
    assert "passed in" not in told


def test_a_service_that_tells_nothing_of_its_work_is_shown_as_one_piece():
    told = words(judged(timeline(tells=False)))
    assert "Promotions, makes offers: waits or is worked on 892 ms (20 ms)" in told
    assert "892 ms of it passed between the enriched view and the offer" in told


@pytest.mark.parametrize(("enriched", "offered", "missing"), [(20, None, "makes offers"), (None, None, "adds what is")])
def test_what_did_not_come_is_not_drawn(enriched, offered, missing):
    svg = way_of_view(timeline(enriched=enriched, offered=offered), [OFFER_MADE])
    assert missing not in words(svg)
    assert "views the checkout" in words(svg)


def test_no_time_is_cut_out_however_late_it_is():
    assert "cut out" not in words(judged(timeline(offered=60_000)))


def test_it_stands_alone_and_is_well_formed():
    svg = judged(timeline())
    assert ElementTree.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own
    assert "http" not in svg.replace("http://www.w3.org/", "")
    assert "Jo’s page view: its way through the topics" in svg
