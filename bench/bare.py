"""The bare script: make the recorded orders' calls with only boto3 and tight polling.

It checks and explains nothing: it is the baseline for the features.
"""

import json
import time
from typing import Any

SOURCE = "awsserverlessda.serverlesspresso"
TOGETHER_SECONDS = 0.06
GIVE_UP_SECONDS = 60


class BareCafe:
    """A deployed café, and the few calls of its users."""

    def __init__(self, account: Any) -> None:
        machines = account.stepfunctions.list_state_machines()["stateMachines"]
        arns = {machine["name"]: machine["stateMachineArn"] for machine in machines}
        self.processor, self.manager = arns["OrderProcessorWorkflow"], arns["OrderManagerStateMachine"]
        self.account = account
        self.begun: dict[str, str] = {}
        self.serving: dict[str, str] = {}
        self.described: set[str] = set()
        self.of_event: dict[str, str] = {}

    def begin(self, row: dict[str, Any]) -> Any:
        """Start the recorded call, and return what `wait` needs."""
        if row["kind"] == "scan":
            detail = json.dumps(row["input"]["detail"])
            entry = {
                "EventBusName": "Serverlesspresso",
                "Source": SOURCE,
                "DetailType": "Validator.NewOrder",
                "Detail": detail,
            }
            return self.account.events.put_events(Entries=[entry])["Entries"][0]["EventId"]
        return self.account.stepfunctions.start_execution(stateMachineArn=self.manager, input=json.dumps(row["input"]))[
            "executionArn"
        ]

    def wait(self, row: dict[str, Any], started: Any) -> None:
        """Poll until the call has had its effect."""
        if row["kind"] == "scan":
            self._wait_for_scan(row, started)
            return
        status = self._until(lambda: self._ended(started))
        order_id, action = row["input"]["orderId"], row["input"]["action"]
        if row["times_out"]:
            self._until(lambda: self._ended(self.serving[order_id]))
        elif status == "SUCCEEDED" and action == "":
            self._until(lambda: "orderNumber" in (self._order(order_id) or {}))

    def stop(self, row: dict[str, Any]) -> None:
        """End the executions that the end of the scenario ended."""
        arn = self.begun[row["input"]["id"]]
        if not self._ended(arn):
            self.account.stepfunctions.stop_execution(executionArn=arn)

    def _wait_for_scan(self, row: dict[str, Any], event_id: str) -> None:
        arn = self.begun[row["input"]["id"]] = self._until(lambda: self._execution_of(event_id))
        detail = row["input"]["detail"]
        order_id = detail.get("orderId") if isinstance(detail, dict) else None
        self.serving[str(order_id)] = arn
        if row["times_out"] or row["last_state"] == "not a valid scan" or not isinstance(order_id, str):
            self._until(lambda: self._ended(arn))
        else:
            self._until(lambda: self._ended(arn) or self._order(order_id))

    def _execution_of(self, event_id: str) -> str | None:
        """Find the execution of a scan. A crowd starts more than a page of them at once; each is described once."""
        pages = self.account.stepfunctions.get_paginator("list_executions").paginate(stateMachineArn=self.processor)
        for execution in (one for page in pages for one in page["executions"]):
            arn = str(execution["executionArn"])
            if arn in self.described:
                break
            described = self.account.stepfunctions.describe_execution(executionArn=arn)
            self.described.add(arn)
            self.of_event[json.loads(described["input"])["id"]] = arn
        return self.of_event.get(event_id)

    def _ended(self, arn: str) -> str | None:
        status = str(self.account.stepfunctions.describe_execution(executionArn=arn)["status"])
        return None if status == "RUNNING" else status

    def _order(self, order_id: str) -> Any:
        key = {"PK": {"S": "orders"}, "SK": {"S": order_id}}
        table = "serverlesspresso-order-table"
        return self.account.dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")

    def _until(self, ask: Any) -> Any:
        deadline = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < deadline:
            answer = ask()
            if answer:
                return answer
            time.sleep(0.005)  # noqa: TID251 - the bare script does without the waiting verbs
        raise TimeoutError("the bare script waited in vain")


def walk(rows: list[dict[str, Any]], cafes: dict[str, BareCafe]) -> float:
    """Replay the recording and return the seconds it took."""
    _mark_time_outs(rows)
    began = time.monotonic()
    for group in _together(rows):
        started = [(row, cafes[row["cafe"]].begin(row)) for row in group if not row.get("stop")]
        for row, what in started:
            cafes[row["cafe"]].wait(row, what)
        for row in group:
            if row.get("stop"):
                cafes[row["cafe"]].stop(row)
    return time.monotonic() - began


def _mark_time_outs(rows: list[dict[str, Any]]) -> None:
    """Mark the last call on each order that timed out, which is the one to wait after."""
    for row in rows:
        row["times_out"] = False
    for scan in (row for row in rows if row["last_state"] == "Order timed out"):
        order_id = scan["input"]["detail"]["orderId"]
        submits = [
            r for r in rows if r["kind"] == "action" and (r["input"]["orderId"], r["input"]["action"]) == (order_id, "")
        ]
        early = [r for r in submits if r["started"] < scan["ended"]]
        (early or [scan])[-1]["times_out"] = True


def _together(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Group the calls that the features made simultaneously, so that the bare script does the same."""
    stops = [{**row, "stop": True, "started": row["stopped"]} for row in rows if row["stopped"]]
    groups: list[list[dict[str, Any]]] = []
    for row in sorted([*rows, *stops], key=lambda row: row["started"]):
        last = groups[-1][-1] if groups else None
        if last and row["started"] - last["started"] < TOGETHER_SECONDS and row.get("stop") == last.get("stop"):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups
