"""The two retail services as programs: what they say, what they put aside, and how they end."""

import json
import os
import signal

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from deployed import deployed
from places import SYSTEMS

SYSTEM = SYSTEMS / "retail"
USERS, PROMOTIONS = "services.user_service", "services.promotions_service"
VIEW = {"USERID": 12345, "PAGEID": 200, "TIMESTAMP": 1652012999698}
ENRICHED = {**VIEW, "PAGENAME": "Checkout", "COUNTRY": "US", "PLANTYPE": "Free", "INTERESTS": "Gaming"}

pytestmark = [pytest.mark.cloud, pytest.mark.trust("programs")]


@pytest.fixture(scope="module")
def account():
    with deployed(SYSTEM) as (_, account):
        [table] = account.dynamodb.list_tables()["TableNames"]
        known = {"PLANTYPE": "Free", "COUNTRY": "US", "INTERESTS": "Gaming", "CREDITCARD": "4111"}
        for user in range(12345, 12345 + 130):
            account.dynamodb.put_item(
                TableName=table,
                Item={"USERID": {"N": str(user)}, **{name: {"S": value} for name, value in known.items()}},
            )
        yield account


@pytest.fixture
def environment(cluster, account):
    [table] = account.dynamodb.list_tables()["TableNames"]
    return {
        **account.environment(),
        "KAFKA_CLIENT_BOOTSTRAP_SERVERS": cluster.address,
        "KAFKA_CONSUMER_GROUP_PROTOCOL": "consumer",
        "KAFKA_CONSUMER_FETCH_WAIT_MAX_MS": "5",
        "USERS_TABLE": table,
    }


@pytest.fixture
def say(cluster):
    """Produce messages into a topic."""
    producer = Producer({"bootstrap.servers": cluster.address, "linger.ms": 0})

    def said(topic, *contents, key=b"12345"):
        for content in contents:
            producer.produce(topic, content if isinstance(content, bytes) else json.dumps(content).encode(), key)
        assert producer.flush(10) == 0

    return said


@pytest.fixture
def hear(cluster, wait_until):
    """Read a topic from its beginning until it has this many messages."""
    consumers = []

    def heard(topic, count):
        settings = {"bootstrap.servers": cluster.address, "group.id": "test", "fetch.wait.max.ms": 5}
        consumer = Consumer({**settings, "enable.auto.commit": False})
        consumers.append(consumer)
        consumer.assign([TopicPartition(topic, partition, 0) for partition in range(4)])
        messages = []

        def enough():
            messages.extend(message for message in consumer.consume(1000, timeout=0.05) if not message.error())
            return len(messages) >= count

        wait_until(enough, f"{count} messages in {topic}; there are {messages}", 15)
        enough()
        return messages

    yield heard
    for consumer in consumers:
        consumer.close()


def test_a_view_is_enriched_with_what_is_to_be_told_and_no_more(start_service, say, hear):
    start_service(USERS)
    say("pageviews", VIEW)
    [message] = hear("pageviews_enriched", 1)
    assert json.loads(message.value()) == ENRICHED
    assert message.key() == b"12345"


def test_more_users_than_dynamodb_finds_at_once(start_service, say, hear):
    say("pageviews", *({**VIEW, "USERID": 12345 + number} for number in range(130)))
    start_service(USERS)
    told = [json.loads(message.value()) for message in hear("pageviews_enriched", 130)]
    assert {one["PLANTYPE"] for one in told} == {"Free"}
    assert len({one["USERID"] for one in told}) == 130


def test_a_dead_letter_says_what_it_was_and_why(start_service, say, hear, tmp_path):
    start_service(USERS)
    say("pageviews", b"not 4111 but secret")
    [letter] = hear("retail_dead_letters", 1)
    headers = {name: value.decode() for name, value in letter.headers()}
    assert (letter.key(), letter.value()) == (b"12345", b"not 4111 but secret")
    assert headers["error"].startswith("It is not JSON")
    assert headers["service"] == "user-service"
    assert headers["origin"].startswith("pageviews/")
    assert "secret" not in (tmp_path / "log").read_text()


def test_the_promotions_service_lives_on_after_what_it_cannot_read(start_service, say, hear):
    start_service(PROMOTIONS)
    say("pageviews_enriched", b"{", [], {**ENRICHED, "USERID": "12345"}, ENRICHED)
    [offer] = hear("upsell_events", 1)
    assert {**json.loads(offer.value()), **VIEW, "PRODUCT": "Premium"} == json.loads(offer.value())
    assert len(hear("retail_dead_letters", 3)) == 3


def test_a_view_that_was_answered_before_a_restart_is_not_answered_again(start_service, say, hear, wait_until):
    first = start_service(PROMOTIONS)
    say("pageviews_enriched", ENRICHED)
    hear("upsell_events", 1)
    first.send_signal(signal.SIGTERM)
    assert first.wait(10) == 0
    start_service(PROMOTIONS)
    say("pageviews_enriched", ENRICHED, {**ENRICHED, "TIMESTAMP": 7})
    told = [json.loads(message.value())["TIMESTAMP"] for message in hear("upsell_events", 2)]
    assert told == [VIEW["TIMESTAMP"], 7]


def test_what_could_not_be_answered_is_read_again(start_service, say, hear, tmp_path):
    failing = start_service(USERS, USERS_TABLE="nope")
    say("pageviews", VIEW)
    assert failing.wait(20) == 1
    assert "Looking up the users failed" in (tmp_path / "log").read_text()
    start_service(USERS)
    assert len(hear("pageviews_enriched", 1)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_ends_when_it_is_asked_to(start_service, say, hear, number, tmp_path):
    service = start_service(USERS)
    say("pageviews", VIEW)
    hear("pageviews_enriched", 1)
    os.kill(service.pid, number)
    assert service.wait(10) == 0
    assert "user-service: has stopped" in (tmp_path / "log").read_text()


@pytest.mark.parametrize(
    ("module", "without", "sentence"),
    [
        (
            USERS,
            "KAFKA_CLIENT_BOOTSTRAP_SERVERS",
            "Set KAFKA_CLIENT_BOOTSTRAP_SERVERS to the host:port of Kafka.",
        ),
        (
            PROMOTIONS,
            "KAFKA_CLIENT_BOOTSTRAP_SERVERS",
            "Set KAFKA_CLIENT_BOOTSTRAP_SERVERS to the host:port of Kafka.",
        ),
        (USERS, "USERS_TABLE", "Set USERS_TABLE to the name of the users' table."),
    ],
)
def test_what_a_service_must_be_told_it_asks_for(start_service, module, without, sentence, tmp_path):
    assert start_service(module, **{without: None}).wait(20) == 1
    assert sentence in (tmp_path / "log").read_text()


def test_a_topic_that_is_not_there_ends_a_service(start_service, tmp_path):
    assert start_service(USERS, PAGEVIEWS_TOPIC="nope").wait(20) == 1
    assert "There is no topic nope" in (tmp_path / "log").read_text()


def test_topics_with_unequal_partitions_end_the_promotions_service(start_service, cluster, tmp_path):
    cluster.create_topic("few", 1)
    assert start_service(PROMOTIONS, OFFERS_TOPIC="few").wait(20) == 1
    assert "pageviews_enriched and few must have the same number of partitions." in (tmp_path / "log").read_text()
