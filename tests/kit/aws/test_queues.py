"""How long a queue keeps what nobody takes."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from hamcrest import assert_that

from acceptance.aws.queues import kept_for, outlast


def test_time_is_what_the_queue_is_set_to():
    def get_queue_attributes(QueueUrl, AttributeNames):
        return {"Attributes": {AttributeNames[0]: "345600"}} if QueueUrl == "queue" else {}

    account = SimpleNamespace(sqs=SimpleNamespace(get_queue_attributes=get_queue_attributes))
    assert kept_for(account, "queue") == timedelta(days=4)


def test_what_is_kept_long_enough_or_longer_passes():
    for days in (4, 14):
        assert_that(timedelta(days=days), outlast(4))


@pytest.mark.parametrize(
    ("kept", "words"), [(timedelta(hours=1), "they are deleted after 1:00:00"), (None, "nothing keeps them")]
)
def test_what_is_kept_too_short_is_said(kept, words):
    with pytest.raises(AssertionError, match=words):
        assert_that(kept, outlast(4))
