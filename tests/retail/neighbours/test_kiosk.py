"""Whole runs in a neighbour's kiosk: all green where every promise is kept, and red on exactly what is broken."""

import sys

import pytest
from kiosk_run import TOPICS, VISITORS, kiosk, red, said
from real_kafka import PROGRAM, real_kafka

from acceptance.kafka.mock_cluster import MockCluster

pytestmark = [pytest.mark.cloud, pytest.mark.runs, pytest.mark.slow, pytest.mark.trust("neighbours")]
PARTITIONS = 4
ONE = ("--name", "The visitor's plan is known", "-D", "patience=2")
EVERYTHING = ("enrichment", "offers", "dead_letters", "rush")
# The defects of a kiosk, and the scenarios that they must turn red.
DEFECTS = {
    "team": ("A visitor on the Team plan is offered nothing at the checkout", "Details are passed on unchanged: 東京"),
    "latin": (
        "Details are passed on unchanged: 東京",
        "Details are passed on unchanged: Côte d'Ivoire",
        "Details are passed on unchanged: Ελλάδα",
    ),
    "again": ("A page view that arrives again after a restart leads to one offer",),
}


@pytest.fixture
def cluster():
    """A cluster with the kiosk's topics."""
    cluster = MockCluster()
    for topic in (*TOPICS.values(), VISITORS):
        cluster.create_topic(topic)
    yield cluster.address
    cluster.close()


def test_a_kiosk_that_keeps_every_promise_is_green(cluster, tmp_path):
    with kiosk(tmp_path, cluster, PROTOCOL="consumer") as neighbour:
        ran = neighbour.runs(neighbour.profile(services=neighbour.commands), EVERYTHING)
    assert (ran.status, red(ran)) == (0, []), f"{said(ran)}\n{ran.output}"
    assert len(ran.passed) >= 30


def test_a_kiosk_with_three_defects_is_red_on_these(cluster, tmp_path):
    with kiosk(tmp_path, cluster, PROTOCOL="consumer", DEFECTS=" ".join(DEFECTS)) as neighbour:
        ran = neighbour.runs(neighbour.profile(services=neighbour.commands), ("enrichment", "offers"))
    assert red(ran) == sorted({name for several in DEFECTS.values() for name in several}), f"{said(ran)}\n{ran.output}"


@pytest.fixture
def broker(tmp_path):
    """A broker that is no mock, with the kiosk's topics; it shows how far groups have read."""
    with real_kafka(tmp_path, dict.fromkeys((*TOPICS.values(), VISITORS), PARTITIONS)) as address:
        yield address


@pytest.mark.skipif(not PROGRAM, reason="noida-db is not installed")
@pytest.mark.parametrize("keyed_by", ["page", "nothing"])
def test_that_nothing_is_offered_is_proved_whatever_messages_are_keyed_by(broker, tmp_path, keyed_by):
    file = tmp_path / "visitors.jsonl"
    with kiosk(tmp_path, broker, KEYED_BY=keyed_by, VISITORS_FILE=str(file)) as neighbour:
        profile = neighbour.profile()
        profile["dialect"]["keyed_by"] = keyed_by
        add = f"{sys.executable} -c \"import sys; open('{file}', 'a').write(sys.stdin.read())\""
        profile["users"] = {name: one for name, one in profile["users"].items() if name != "topic"} | {"add": add}
        ran = neighbour.runs(profile, ("offers",))
    assert (ran.status, red(ran)) == (0, []), f"{said(ran)}\n{ran.output}"


def test_what_the_profile_does_not_say_is_told_by_what_was_received(cluster, tmp_path):
    with kiosk(tmp_path, cluster, PROTOCOL="consumer") as neighbour:
        profile = neighbour.profile()
        elsewhere = {**profile["dialect"], "enriched_view": {"USERID": "visitor"}, "offer": {"USERID": "visitor"}}
        told = [
            " ".join(neighbour.runs({**profile, **other}, ("enrichment",), *ONE).output.split())
            for other in (
                {"dialect": {}},
                {"dialect": elsewhere},
                {"dialect": {**elsewhere, "keyed_by": "nothing"}},
                {"users": {**profile["users"], "fields": {}}},
            )
        ]
    put_aside, no_place, nobody, unknown = told
    assert "The User Service does not answer: page views are not enriched. It runs, and moves page views" in put_aside
    assert "kafka_dlt-exception-message: unreadable" in put_aside
    assert "came without “visitor”. What they have: event.kind, event.from, who.id" in no_place
    assert "no visitor's number stands at “visitor”. What they have: event.kind" in nobody
    assert "have no “who.tier”, by which it is known whom to make an offer" in unknown
    assert "Is it running" not in " ".join(told)
