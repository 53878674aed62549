"""Differences between emulator and AWS are corrected where a verdict depends on them."""

import json
import subprocess
import sys

import pytest
from places import ROOT

pytestmark = pytest.mark.cloud
# Threads as MiniStack runs workflows; the processor is taken from each of them after a microsecond, as at load.
COUNT = """
import contextvars, json, sys, threading
from ministack.services import dynamodb

if "mended" in sys.argv:
    from acceptance.aws.emulator_mends import make_calls_of_dynamodb_atomic
    make_calls_of_dynamodb_atomic()

THREADS, TIMES = 8, 25
key = {"name": {"S": "counter"}}
taken = []
dynamodb._create_table({
    "TableName": "numbers",
    "KeySchema": [{"AttributeName": "name", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "name", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
})

def count(number):
    for _ in range(TIMES):
        dynamodb._update_item({
            "TableName": "numbers", "Key": key, "UpdateExpression": "ADD counted :one",
            "ExpressionAttributeValues": {":one": {"N": "1"}},
        })
    status, *_ = dynamodb._put_item({
        "TableName": "numbers", "Item": {"name": {"S": "place"}, "taken": {"S": str(number)}},
        "ConditionExpression": "attribute_not_exists(taken)",
    })
    taken.append(status)

sys.setswitchinterval(1e-6)
threads = [threading.Thread(target=contextvars.copy_context().run, args=(count, number)) for number in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
counted = json.loads(dynamodb._get_item({"TableName": "numbers", "Key": key})[2])["Item"]["counted"]["N"]
print(json.dumps({"counted": int(counted), "wanted": THREADS * TIMES, "taken": taken.count(200)}))
"""


def counted(*arguments):
    done = subprocess.run(
        [sys.executable, "-c", COUNT, *arguments], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    return json.loads(done.stdout)


def test_calls_of_dynamodb_are_atomic():
    told = counted("mended")
    assert told["counted"] == told["wanted"]
    assert told["taken"] == 1


def test_without_the_mend_they_are_not():
    told = counted()
    assert told["counted"] < told["wanted"], "MiniStack locks items now: the mend is no longer needed"
