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


# Executions of two accounts, of which some have ended; how many were looked at for the running ones.
RUNNING = """
import json
from acceptance.aws.emulator_mends import find_running_executions_among_the_running
find_running_executions_among_the_running()
from ministack.core.responses import set_request_account_id
from ministack.services import stepfunctions

looked_at = []

class Execution(dict):
    def __getitem__(self, name):
        looked_at.append(dict.__getitem__(self, "name"))
        return dict.__getitem__(self, name)

def begin(name, status="RUNNING", machine="orders"):
    stepfunctions._executions[name] = Execution(
        executionArn=name, stateMachineArn=machine, name=name, status=status, startDate=1.0, stopDate=None
    )

def listed(**asked):
    looked_at.clear()
    answer = json.loads(stepfunctions._list_executions({"stateMachineArn": "orders", **asked})[2])
    return sorted(one["name"] for one in answer["executions"])

set_request_account_id("111111111111")
begin("a neighbour's")
set_request_account_id("000000000000")
for number in range(50):
    begin(f"ended {number:02}", "SUCCEEDED")
begin("first"), begin("second"), begin("stopped"), begin("gone"), begin("another's", machine="actions")
before = listed(statusFilter="RUNNING")
dict.__setitem__(stepfunctions._executions["stopped"], "status", "ABORTED")
stepfunctions._executions.pop("gone")
after = listed(statusFilter="RUNNING")
again = listed(statusFilter="RUNNING"), sorted(set(looked_at))
all_of_them = len(listed())
print(json.dumps([before, after, again, all_of_them, listed(statusFilter="ABORTED")]))
"""


def test_running_executions_are_found_without_a_look_at_those_that_have_ended():
    done = subprocess.run([sys.executable, "-c", RUNNING], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    before, after, (again, looked_at), all_of_them, stopped = json.loads(done.stdout)
    assert before == ["first", "gone", "second", "stopped"]
    assert after == again == ["first", "second"]
    assert looked_at == ["a neighbour's", "another's", "first", "second"]
    assert (all_of_them, stopped) == (53, ["stopped"])


def test_the_collector_does_not_look_again_at_what_is_kept():
    code = (
        "import gc\n"
        "from acceptance.aws.emulator_mends import look_for_new_garbage_only\n"
        "look_for_new_garbage_only()\n"
        "kept = [[] for _ in range(10_000)]\n"
        "gc.collect()\n"
        "print(len(gc.get_objects()), gc.get_freeze_count())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    looked_at, kept = map(int, done.stdout.split())
    assert looked_at < 1_000 < 10_000 < kept
