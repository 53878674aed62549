"""doctor's report on deployed retail services: their topics and consumers."""

from acceptance.trouble import Trouble
from support.retail.examination import examine_topics
from support.retail.parts import topics_of
from support.retail.settings import RetailSettings

SETTINGS = RetailSettings()


class Cluster:
    """A cluster with all topics, which these groups read; None: it does not tell."""

    def __init__(self, readers):
        self._readers = readers

    def partitions(self, topics):
        if self._readers == "unreachable":
            raise Trouble("Kafka at x:1 does not answer.")
        return dict.fromkeys(topics, 1)

    def read_by_groups(self):
        if self._readers is None:
            raise Trouble("Kafka at x:1 does not allow the suite what it asks.")
        return self._readers


def look(readers):
    return {one.subject: one for one in examine_topics(Cluster(readers), SETTINGS)}


def test_topics_and_their_readers_are_told():
    told = look({"pageviews": {"users"}, "pageviews_enriched": {"promotions"}})
    assert len(told) == len(topics_of(SETTINGS)) + 2
    assert {one.verdict for one in told.values()} == {"ok"}
    assert told["who reads pageviews"].what == "consumer group users"


def test_service_that_is_not_seen_is_noted():
    assert look({"pageviews": {"users"}})["who reads pageviews_enriched"].verdict == "note"


def test_groups_that_are_not_shown_are_no_problem():
    assert look(None)["services"].verdict == "note"


def test_cluster_that_does_not_answer_is_one():
    (told,) = look("unreachable").values()
    assert (told.verdict, told.stops, told.subject) == ("problem", True, "topics")
