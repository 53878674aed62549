"""What queues are set to do."""

from collections.abc import Sequence
from datetime import timedelta

from acceptance.aws import alarms
from acceptance.aws.account import Account
from acceptance.matchers import Says
from acceptance.plurals import how_long

KEPT = "MessageRetentionPeriod"
# The metrics of SQS that say that messages are in a queue.
MESSAGES = ("ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent", "ApproximateAgeOfOldestMessage")


def kept_for(account: Account, url: str) -> timedelta:
    """Return how long a message that nobody takes stays in a queue."""
    found = account.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[KEPT])["Attributes"]
    return timedelta(seconds=int(found[KEPT]))


def unwatched(account: Account, queues: Sequence[str]) -> Sequence[str]:
    """Return those of these queues, by name, for which no alarm goes off when one message is in them."""
    return alarms.unwatched(account, MESSAGES, "QueueName", queues)


def are_all_watched() -> Says:
    """The queues of dead letters without an alarm: none."""
    return alarms.each_has_one("queue of dead letters, from the first message on")


def outlast(days: int) -> Says:
    """How long dead letters are kept, None without a queue: at least so many days."""
    return Says(
        f"dead letters that are kept for at least {days} days",
        lambda kept: kept is not None and kept >= timedelta(days=days),
        lambda kept: "nothing keeps them" if kept is None else f"they are deleted after {how_long(kept)}",
    )
