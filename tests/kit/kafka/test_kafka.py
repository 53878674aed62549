"""Kafka errors as sentences."""

import pytest
from confluent_kafka import KafkaError

from acceptance.kafka.cluster import Kafka
from acceptance.trouble import Trouble

WHERE = "kafka.example:9093"


@pytest.fixture
def kafka():
    return Kafka({"bootstrap.servers": WHERE}, prefix="retail_")


def told(kafka, code, *, heard=(), **about):
    for one in heard:
        kafka._hear(KafkaError(one))
    return str(kafka.trouble(KafkaError(code), **about))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (KafkaError._TRANSPORT, "does not answer"),
        (KafkaError._RESOLVE, "does not answer"),
        (KafkaError._TIMED_OUT, "does not answer"),
        (KafkaError._SSL, "did not complete the TLS handshake"),
        (KafkaError._AUTHENTICATION, "does not let the suite in"),
        (KafkaError.SASL_AUTHENTICATION_FAILED, "does not let the suite in"),
        (KafkaError.TOPIC_AUTHORIZATION_FAILED, "does not allow the suite what it asks"),
        (KafkaError._INVALID_ARG, "cannot be used"),
        (KafkaError.POLICY_VIOLATION, "refuses something"),
    ],
)
def test_each_error_has_its_sentence(kafka, code, words):
    assert f"Kafka at {WHERE} " in told(kafka, code)
    assert words in told(kafka, code)


def test_a_broker_that_does_not_answer_tells_what_was_heard_before(kafka):
    assert "does not let the suite in" in told(kafka, KafkaError._TRANSPORT, heard=[KafkaError._AUTHENTICATION])


def test_an_error_at_hand_counts_more_than_what_was_heard_before(kafka):
    sentence = told(kafka, KafkaError.UNKNOWN_TOPIC_OR_PART, heard=[KafkaError._SSL], topic="views", setting="name")
    assert sentence == f"Kafka at {WHERE} has no topic views. Create it, or name another one with -D name=…."


def test_what_was_heard_is_forgotten_when_all_is_well(kafka):
    told(kafka, KafkaError._ALL_BROKERS_DOWN, heard=[KafkaError._SSL, KafkaError._ALL_BROKERS_DOWN])
    assert kafka.is_in_doubt
    kafka.found_well()
    assert not kafka.is_in_doubt
    assert "does not answer" in told(kafka, KafkaError._TRANSPORT)


def test_a_certificate_file_that_is_not_there_is_a_setting_to_correct(tmp_path):
    settings = {"security.protocol": "ssl", "ssl.ca.location": str(tmp_path / "nope.pem")}
    with pytest.raises(Trouble, match=r"The settings for Kafka at .* cannot be used: .*retail_… settings"):
        Kafka({"bootstrap.servers": WHERE, **settings}, prefix="retail_").partitions({"views": "name"})
