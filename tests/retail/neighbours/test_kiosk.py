"""Whole runs in a neighbour's kiosk: all green where every promise is kept, and red on exactly what is broken."""

import pytest
from kiosk_run import TOPICS, VISITORS, kiosk, red, said

from acceptance.kafka.mock_cluster import MockCluster

pytestmark = [pytest.mark.cloud, pytest.mark.runs, pytest.mark.slow, pytest.mark.trust("neighbours")]
PARTITIONS = 4
EVERYTHING = ("enrichment", "offers", "dead_letters", "rush")
# The defects of a kiosk, and the scenarios that they must turn red.
DEFECTS = {
    "team": ("A visitor on the Team plan at the checkout", "What is known is told letter by letter: 東京"),
    "latin": (
        "What is known is told letter by letter: 東京",
        "What is known is told letter by letter: Côte d'Ivoire",
        "What is known is told letter by letter: Ελλάδα",
    ),
    "again": ("A page view that arrives again after a restart",),
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
