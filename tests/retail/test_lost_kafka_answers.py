"""Dropped connections to Kafka: no message is silently missed or received twice, and no service is blamed."""

import pytest
from confluent_kafka import IsolationLevel, Producer
from lossy_kafka import AFTER, BEFORE, FETCH, INIT_PRODUCER_ID, LIST_OFFSETS, METADATA, PRODUCE, LossyKafka
from real_kafka import real_kafka

from acceptance.kafka.cluster import Kafka
from acceptance.kafka.mock_cluster import MockCluster
from acceptance.kafka.topics import Topics
from acceptance.service_levels.timeline import Clock
from acceptance.trouble import Trouble
from support.retail.page_views import PageViews

pytestmark = [pytest.mark.slow, pytest.mark.trust("losses")]

CLOCK = Clock("the producer's", 1)
PARTITIONS, TURNS = 3, 3


@pytest.fixture
def said():
    """A cluster with one topic."""
    cluster = MockCluster()
    cluster.create_topic("said", PARTITIONS)
    yield cluster
    cluster.close()


@pytest.fixture
def lossy(said):
    """Make a proxy that loses answers, and topics that are read through it."""
    opened = []

    def made(kinds, every, when, **more):
        proxy = LossyKafka(said.address, kinds, every, when, **more)
        topics = Topics(Kafka({"bootstrap.servers": proxy.address}), {"said": PARTITIONS}, {"said": CLOCK}, 5)
        opened.extend((topics, proxy))
        return proxy, topics

    yield made
    for one in opened:
        one.close()


@pytest.mark.parametrize("when", [BEFORE, AFTER])
@pytest.mark.parametrize(
    ("kinds", "every"),
    [((FETCH,), 4), ((FETCH,), 2), ((LIST_OFFSETS,), 2), ((METADATA,), 3), ((FETCH, LIST_OFFSETS, METADATA), 4)],
)
def test_all_is_heard_once_or_there_is_a_word_however_many_answers_are_lost(said, lossy, kinds, every, when):
    proxy, topics = lossy(kinds, every, when)
    # The mock cluster hands out one batch at a time, so let there be few.
    producer = Producer({"bootstrap.servers": said.address, "linger.ms": 20, "log_level": 0})
    caught_up = 0
    for part in range(TURNS):
        values = [f"{part} {number}".encode() for number in range(60)]
        try:
            topics.listen()
            for value in values:
                producer.produce("said", value)
                if value.endswith(b"30"):
                    assert producer.flush(10) == 0
            assert producer.flush(10) == 0
            topics.catch_up()
            heard = topics.messages("said")
        except Trouble:
            continue  # it is known that something may be missing
        assert sorted(one.value for one in heard) == sorted(values)
        caught_up += 1
    assert proxy.lost, "something was lost"
    assert caught_up, "losses are got over"


@pytest.mark.parametrize("when", [BEFORE, AFTER])
def test_topics_are_found_although_an_answer_is_lost(said, when):
    proxy = LossyKafka(said.address, [METADATA], 2, when)
    try:
        for _ in range(TURNS):
            assert Kafka({"bootstrap.servers": proxy.address}).partitions({"said": "a setting"}) == {"said": PARTITIONS}
    finally:
        proxy.close()
    assert proxy.lost


def test_ends_that_nobody_has_told_are_no_ends(said, lossy):
    """Where the answer to ListOffsets is lost, librdkafka gives offset -1001 and no error: anything is behind that."""
    proxy, topics = lossy((LIST_OFFSETS,), 2, AFTER)
    for _ in range(TURNS):
        assert set(topics._ends(IsolationLevel.READ_COMMITTED).values()) == {0}
    assert proxy.lost


# --- what the suite itself sends -------------------------------------------------------------------


@pytest.fixture
def sender(said):
    """Make what sends page views through a proxy, with the topics that it reads."""
    opened = []

    def made(address, every=2, when=AFTER):
        proxy = LossyKafka(address, (PRODUCE,), every, when)
        kafka = Kafka({"bootstrap.servers": proxy.address})
        topics = Topics(kafka, {"said": PARTITIONS}, {"said": CLOCK}, 5)
        opened.extend((topics, proxy))
        topics.listen()
        return proxy, topics, PageViews(kafka, topics, "said")

    yield made
    for one in opened:
        one.close()


def test_a_view_that_was_written_twice_is_told_before_anybody_is_blamed(said, sender):
    """The mock cluster writes whatever an idempotent producer sends again."""
    proxy, _, page_views = sender(said.address)
    page_views.send([(b"7", b"one")])
    page_views.check()
    page_views.send([(b"7", b"two")])
    with pytest.raises(
        Trouble, match=r"sent once was written 2 times, at said/\d/\d, said/\d/\d: an answer .* was lost"
    ):
        page_views.check()
    assert proxy.lost == [PRODUCE]


def test_a_view_that_was_sent_twice_on_purpose_is_none(said, sender):
    _, topics, page_views = sender(said.address, every=1000)
    for _ in range(2):
        page_views.send([(b"7", b"one")])
    page_views.check()
    topics.catch_up()
    assert len(topics.messages("said")) == 2


def test_a_request_that_was_lost_on_its_way_is_sent_again(said, sender):
    proxy, topics, page_views = sender(said.address, when=BEFORE)
    for number in range(10):
        page_views.send([(b"7", b"%d" % number)])
    page_views.check()
    topics.catch_up()
    assert [one.value for one in topics.messages("said")] == [b"%d" % number for number in range(10)]
    assert proxy.lost


def test_a_real_broker_writes_once_what_is_sent_again(tmp_path, sender):
    with real_kafka(tmp_path, {"said": PARTITIONS}) as address:
        proxy, topics, page_views = sender(address, every=3)
        for number in range(10):
            page_views.send([(b"7", b"%d" % number), (b"7", b"and %d" % number)])
        page_views.check()
        topics.catch_up()
        heard = [one.value for one in topics.messages("said")]
        assert heard == [b"%s%d" % (word, number) for number in range(10) for word in (b"", b"and ")]
        assert proxy.lost


@pytest.mark.parametrize("refusal", [31, 35])  # CLUSTER_AUTHORIZATION_FAILED, UNSUPPORTED_VERSION
def test_a_cluster_that_wants_no_idempotent_producer_gets_another_one(said, sender, refusal, capfd):
    said.refuse_requests(INIT_PRODUCER_ID, refusal)
    _, topics, page_views = sender(said.address, every=3)
    taken = page_views.send([(b"7", b"one"), (b"8", b"two")], partition=1)
    assert [one.partition for one in taken] == [1, 1]
    page_views.send([(b"7", b"three")], partition=1)
    page_views.check()
    topics.catch_up()
    assert [one.value for one in topics.messages("said")] == [b"one", b"two", b"three"]
    assert "FATAL" not in capfd.readouterr().err, "librdkafka writes nothing to the screen"


def test_a_topic_that_takes_nothing_is_trouble(said, sender):
    page_views = sender(said.address, every=1000)[2]
    said.refuse_topic("said", 29)  # TOPIC_AUTHORIZATION_FAILED
    with pytest.raises(Trouble, match="does not allow the suite what it asks about said"):
        page_views.send([(b"7", b"one"), (b"8", b"two")])
