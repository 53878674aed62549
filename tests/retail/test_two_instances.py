"""Instances of the services that come and go, on a broker that is no mock: nothing is lost, offers are made once."""

import json
import signal
from collections import Counter

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from deployed import deployed
from places import SYSTEMS
from real_kafka import PROGRAM, real_kafka
from topics import TOPICS

SYSTEM = SYSTEMS / "retail"
PARTITIONS = dict.fromkeys(TOPICS, 4)
PEOPLE, ROUNDS, VIEWS = 50, 6, 100

pytestmark = [
    pytest.mark.trust("programs"),
    pytest.mark.cloud,
    pytest.mark.skipif(not PROGRAM, reason="noida-db is not installed"),
]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """A broker, and an account in which everybody is on the Free plan."""
    with deployed(SYSTEM) as (_, account), real_kafka(tmp_path_factory.mktemp("broker"), PARTITIONS) as address:
        [table] = account.dynamodb.list_tables()["TableNames"]
        for user in range(PEOPLE):
            account.dynamodb.put_item(TableName=table, Item={"USERID": {"N": str(user)}, "PLANTYPE": {"S": "Free"}})
        yield {
            **account.environment(),
            "KAFKA_CLIENT_BOOTSTRAP_SERVERS": address,
            "KAFKA_CONSUMER_FETCH_WAIT_MAX_MS": "5",
            "KAFKA_CONSUMER_HEARTBEAT_INTERVAL_MS": "300",
            "USERS_TABLE": table,
        }


@pytest.fixture
def listener(environment):
    """Count the messages about each page view, by its time."""
    settings = {"bootstrap.servers": environment["KAFKA_CLIENT_BOOTSTRAP_SERVERS"], "group.id": "test", "log_level": 0}
    consumer = Consumer({**settings, "enable.auto.commit": False, "fetch.wait.max.ms": 5})
    topics = ("pageviews_enriched", "upsell_events")
    consumer.assign([TopicPartition(topic, partition, 0) for topic in topics for partition in range(4)])
    told = {topic: Counter() for topic in topics}

    def listen(seconds):
        for message in consumer.consume(1000, timeout=seconds):
            if not message.error():
                told[message.topic()][json.loads(message.value())["TIMESTAMP"]] += 1
        return told

    yield listen
    consumer.close()


def test_instances_that_come_and_go_lose_nothing_and_make_each_offer_once(
    start_service, listener, environment, wait_until
):
    producer = Producer(
        {"bootstrap.servers": environment["KAFKA_CLIENT_BOOTSTRAP_SERVERS"], "linger.ms": 0, "log_level": 0}
    )
    sent = 0

    def view(number):
        nonlocal sent
        for _ in range(number):
            content = {"USERID": sent % PEOPLE, "PAGEID": 200, "TIMESTAMP": sent}
            producer.produce("pageviews", json.dumps(content).encode(), str(sent % PEOPLE).encode())
            sent += 1
        assert producer.flush(20) == 0

    def has_all(topic):
        return lambda: len(listener(0.1)[topic]) == sent

    start_service("services.user_service"), start_service("services.promotions_service")
    view(VIEWS)
    wait_until(has_all("upsell_events"), "both services work", 60)
    for module in ("user_service", "promotions_service", "user_service"):
        second = start_service(f"services.{module}")
        for _ in range(ROUNDS):
            view(VIEWS)
            listener(0.5)
        second.send_signal(signal.SIGTERM)
        view(VIEWS)
        assert second.wait(20) == 0
    for topic in ("pageviews_enriched", "upsell_events"):
        wait_until(has_all(topic), f"nothing is lost in {topic}", 60)
    listener(2)
    assert set(listener(1)["upsell_events"].values()) == {1}
