"""How long a queue keeps what nobody takes, and whether an alarm tells of it."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hamcrest import assert_that

from acceptance.aws.queues import are_all_watched, kept_for, outlast, unwatched


def test_time_is_what_the_queue_is_set_to():
    def get_queue_attributes(QueueUrl, AttributeNames):
        return {"Attributes": {AttributeNames[0]: "345600"}} if QueueUrl == "queue" else {}

    account = SimpleNamespace(sqs=SimpleNamespace(get_queue_attributes=get_queue_attributes))
    assert kept_for(account, "queue") == timedelta(days=4)


def test_what_is_kept_long_enough_or_longer_passes():
    for days in (4, 14):
        assert_that(timedelta(days=days), outlast(4))


@pytest.mark.parametrize(
    ("kept", "words"), [(timedelta(hours=1), "they are deleted after 1 hour"), (None, "nothing keeps them")]
)
def test_what_is_kept_too_short_is_said(kept, words):
    with pytest.raises(AssertionError, match=words):
        assert_that(kept, outlast(4))


def _account_with_alarm(**other):
    alarm = {
        "MetricName": "ApproximateNumberOfMessagesVisible",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0.0,
        "Dimensions": [{"Name": "QueueName", "Value": "letters"}],
        **other,
    }
    pages = SimpleNamespace(paginate=lambda: [{"MetricAlarms": [alarm]}])
    return SimpleNamespace(client=lambda _: SimpleNamespace(get_paginator=lambda _: pages))


@pytest.mark.parametrize(
    "other", [{}, {"ComparisonOperator": "GreaterThanOrEqualToThreshold", "Threshold": 1.0}, {"Threshold": 0.5}]
)
def test_a_queue_is_watched_whose_alarm_goes_off_from_the_first_message_on(other):
    assert_that(unwatched(_account_with_alarm(**other), ["letters"]), are_all_watched())


@pytest.mark.parametrize(
    "other",
    [
        {"Threshold": 1.0},
        {"Threshold": -1.0},
        {"TreatMissingData": "breaching"},
        {"ComparisonOperator": "LessThanThreshold"},
        {"MetricName": "SentMessageSize"},
        {"ActionsEnabled": False},
        {"Dimensions": [{"Name": "QueueName", "Value": "others"}]},
    ],
)
def test_a_queue_whose_alarm_goes_off_for_something_else_is_named(other):
    with pytest.raises(AssertionError, match="there is none for letters"):
        assert_that(unwatched(_account_with_alarm(**other), ["letters"]), are_all_watched())
