"""The people of a scenario about retail, on real services: what they see, what is proved, and what is missing."""

import pytest
from hamcrest import assert_that

from acceptance.kafka.topics import Message
from acceptance.service_levels.timeline import Clock, Stamp
from acceptance.trouble import Trouble
from support.retail.burst import Burst
from support.retail.dialect import CANONICAL, ENRICHED, OFFER
from support.retail.matchers import come, does_not_say, has_all_once
from support.retail.outcome import check_stamps
from support.retail.promises import OFFER_MADE

pytestmark = pytest.mark.cloud


@pytest.fixture
def scene(shop):
    scene = shop.scene()
    yield scene
    scene.end()


def test_two_people_s_views_are_told_apart(scene):
    for name, plan in (("Jo", "Free"), ("Max", "Premium")):
        scene.visitor(name).is_on(plan)
        scene.visitor(name).goes_to_checkout()
    assert [scene.outcome(name).enriched()[0].content["PLANTYPE"] for name in ("Jo", "Max")] == ["Free", "Premium"]
    assert scene.outcome().enriched()[0].content["PLANTYPE"] == "Premium", "the last one, where nobody is named"


def test_an_offer_is_seen_and_nobody_else_is_offered_anything(scene):
    scene.visitor("Jo").is_on("Free")
    scene.visitor("Max").is_on("Premium")
    scene.visitor("Jo").goes_to_checkout()
    scene.visitor("Max").goes_to_checkout()
    scene.outcome("Jo").is_offered(1)
    scene.outcome("Max").is_offered_nothing()
    with pytest.raises(AssertionError, match="never an offer · but: there is one"):
        scene.outcome("Jo").is_offered_nothing()


def test_an_offer_that_is_made_twice_is_noticed(scene):
    scene.visitor("Jo").is_on("Free")
    scene.visitor("Jo").goes_to_checkout()
    scene.visitor("Jo").goes_to_checkout()
    with pytest.raises(AssertionError, match="never more than one offer · but: there are 2"):
        scene.outcome("Jo").is_offered(1)


def test_a_judgement_is_kept_for_the_figures(scene):
    scene.visitor("Jo").is_on("Free")
    scene.visitor("Jo").goes_to_checkout()
    with pytest.raises(AssertionError, match="late"):
        scene.outcome("Jo").is_offered_in_time(OFFER_MADE.within(-1))
    [(promise, distribution)] = scene.latencies()
    assert (promise.key, len(distribution)) == ("offer-made", 1)


@pytest.mark.parametrize(("budget", "apart"), [(-1, 0.07), (0, 0.9), (20, 20)])
def test_two_moments_within_one_millisecond_may_have_the_same_stamp(budget, apart):
    check_stamps(*_stamped_alike(apart), budget, 0)


@pytest.mark.parametrize(("budget", "apart"), [(0, 1.1), (20, 21)])
def test_a_stamp_that_was_handed_on_is_noticed(budget, apart):
    with pytest.raises(Trouble, match="the same time stamp"):
        check_stamps(*_stamped_alike(apart), budget, 0)


def _stamped_alike(apart):
    stamp = Stamp(1_795_820_317_392, Clock("a service", 1))
    return [Message("a topic", 0, offset, None, None, stamp, heard=1000 + offset * apart) for offset in (0, 1)]


def test_a_burst_that_is_not_complete_says_what_is_missing(scene):
    burst = Burst(scene.retail, 80)
    burst.come()
    lost = burst.views.pop()
    burst.views.append(type(lost)(lost.user, lost.page, lost.at + 10**6, lost.partition, lost.stamp))
    scene.rush.is_there = burst
    scene._day.markers.follow(burst.views)
    with pytest.raises(
        AssertionError,
        match=r"1 of 80 are missing \(visitor \d+ at .*\); 1 came that should not \(visitor \d+ at .* UTC\)",
    ):
        assert_that(burst.enriched(), has_all_once("enriched views"))


def test_a_burst_has_to_be_shared_out(scene):
    with pytest.raises(Trouble, match="take a multiple of 8"):
        Burst(scene.retail, 100)


def test_what_is_not_there_is_a_missing_given(scene):
    with pytest.raises(Trouble, match="Jo is unknown in this scenario: is a Given missing"):
        scene.visitor("Jo").goes_to_checkout()
    with pytest.raises(Trouble, match="No one has looked at a page: is a When missing"):
        scene.outcome().enriched()
    with pytest.raises(Trouble, match="There is no burst of page views"):
        scene.rush.sees_all_enriched()


def test_what_was_heard_tells_itself(scene):
    scene.visitor("Jo").is_on("Free")
    scene.visitor("Jo").goes_to_checkout()
    scene.outcome("Jo").enriched()
    offers = scene.outcome("Jo").offer()
    assert_that(offers, come(1, OFFER))
    assert offers.words.startswith("upsell_events/")
    assert offers.dead_end() is None
    assert any("PLANTYPE" in words for words in scene.retail.answers.said_last()["pageviews_enriched"])


def test_a_service_that_has_fallen_ends_a_wait_with_its_last_words(scene):
    scene.visitor("Jo").is_on("Free")
    scene.retail.programs.crash("User Service")
    scene.visitor("Jo").goes_to_checkout()
    with pytest.raises(AssertionError, match="it can no longer come: the User Service: it has ended with status"):
        scene.outcome().enriched()
    scene.end()
    assert scene.outcome().enriched()[0].content["PLANTYPE"] == "Free", (
        "it has been started again, and has lost nothing"
    )


def test_an_e_mail_address_is_private_whatever_its_field_is_called():
    private = does_not_say(CANONICAL, ENRICHED, "EMAIL")
    assert_that({"USERID": 7, "COUNTRY": "SE"}, private)
    with pytest.raises(AssertionError, match=r"there is one at who\.contact"):
        assert_that({"who": {"contact": "7@example.com"}}, private)
