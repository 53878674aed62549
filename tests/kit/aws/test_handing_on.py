"""An event that reaches nobody is put into the dead-letter queue of its rule, if the queue admits it, as on AWS."""

import json

import pytest

from acceptance.aws.account import Account
from acceptance.aws.embedded import EmbeddedAccount

pytestmark = pytest.mark.cloud
GONE = "arn:aws:lambda:us-east-1:000000000000:function:gone"
RULE = "arn:aws:events:us-east-1:000000000000:rule/{}"


def policy(rule, service="events.amazonaws.com", action="sqs:SendMessage"):
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": "*",
        "Condition": {"ArnEquals": {"aws:SourceArn": RULE.format(rule)}},
    }
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [statement]})}


# The attributes of a rule's queue, by the rule's name, and whether it takes the rule's dead letters.
QUEUES = {
    "admitted": (policy("admitted"), True),
    "encrypted-by-sqs": (policy("encrypted-by-sqs") | {"SqsManagedSseEnabled": "true"}, True),
    "key-of-its-own": (policy("key-of-its-own") | {"KmsMasterKeyId": "alias/letters"}, True),
    "without-a-policy": ({}, False),
    "another-rule": (policy("admitted"), False),
    "another-service": (policy("another-service", service="sns.amazonaws.com"), False),
    "another-action": (policy("another-action", action="sqs:ReceiveMessage"), False),
    "key-of-aws": (policy("key-of-aws") | {"KmsMasterKeyId": "alias/aws/sqs"}, False),
}


@pytest.fixture(scope="module")
def letters():
    """How many dead letters of two events each rule's queue has."""
    with EmbeddedAccount() as embedded:
        account = Account("us-east-1", embedded.url, "000000000000")
        urls = {}
        for name, (attributes, _) in QUEUES.items():
            urls[name] = account.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
            queue = f"arn:aws:sqs:us-east-1:000000000000:{name}"
            account.events.put_rule(Name=name, EventPattern=json.dumps({"source": ["shop"]}))
            target = {"Id": "gone", "Arn": GONE, "DeadLetterConfig": {"Arn": queue}}
            account.events.put_targets(Rule=name, Targets=[target])
        for _ in range(2):  # once the second one is there, the first one has been given to all
            account.events.put_events(Entries=[{"Source": "shop", "DetailType": "order", "Detail": "{}"}])
            for name, (_, takes) in QUEUES.items():
                if takes:
                    assert account.sqs.receive_message(QueueUrl=urls[name], WaitTimeSeconds=20)["Messages"]
        yield {name: _number(account, url) for name, url in urls.items()}


def _number(account, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    return sum(map(int, account.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()))


@pytest.mark.parametrize(("name", "takes"), [(name, takes) for name, (_, takes) in QUEUES.items()])
def test_queue_takes_dead_letters_by_its_policy_and_its_key(letters, name, takes):
    assert letters[name] == (2 if takes else 0)
