"""The order processor: the workflow that serves an order, its bounds, and the task tokens by which it goes on."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.aws.executions import Execution, Executions
from support.serverlesspresso.orders import Scan, Workflows

REFUSALS = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


class OrderProcessor:
    """The workflows that serve orders."""

    def __init__(
        self,
        account: Account,
        executions: Executions,
        definition: Callable[[], Mapping[str, Any]],
        scan_of: Callable[[str], str],
    ) -> None:
        """`definition` reads the deployed workflow; `scan_of` returns the id of the event that scanned an order."""
        self.executions = executions
        self._account = account
        self._definition = definition
        self._scan_of = scan_of

    @property
    def capacity(self) -> int:
        """How many orders may be under way at once, as the deployed workflow says."""
        return capacity_of(self._definition())

    def time_out_of(self, wait: str) -> int:
        """How many seconds the deployed workflow gives a wait, found by a word in its name; 0: no end."""
        bounds = ("TimeoutSeconds", "HeartbeatSeconds")
        waits = [state for name, state in self._definition()["States"].items() if wait in name]
        return max((state[bound] for state in waits for bound in bounds if bound in state), default=0)

    def free_places(self) -> int:
        """How many more orders the shop can serve now."""
        return self.capacity - len(self.executions.running())

    def serving(self, order_id: str) -> Workflows:
        """Return the workflow that was started by the order's last scan, if there is one."""
        event_id = self._scan_of(order_id)
        first = self.executions.of_event(event_id) if event_id else None
        return Workflows(order_id, [first] if first else [])

    def all_of(self, order_id: str) -> Workflows:
        """Return every workflow that was ever started for the order."""
        return Workflows(order_id, self.executions.of_key(order_id))

    def of_scan(self, scan: Scan) -> Execution | None:
        """Return the workflow that a scan started, or None while there is none."""
        return self.executions.of_event(scan.event_id) if scan.event_id else None

    def use_task_token(self, task_token: str) -> str:
        """Let an order go on with a task token. Return "" when it is accepted, or the refusal's name."""
        try:
            self._account.stepfunctions.send_task_success(taskToken=task_token, output="{}")
        except ClientError as error:
            code = str(error.response["Error"]["Code"])
            if code in REFUSALS:
                return code
            raise
        return ""

    def stop(self, orders: Collection[str], scans: Collection[str]) -> None:
        """End the workflows of these orders, and those that these events have started."""
        for execution in self.executions.running():
            if execution.key in orders or execution.event_id in scans:
                self.executions.stop(execution.arn, "The acceptance scenario has ended.")


def capacity_of(definition: Mapping[str, Any]) -> int:
    """Read the bound of the state that decides about capacity; the café's usual 20 if it cannot be read."""
    for name, state in definition["States"].items():
        if "capacity" in name.lower():
            for rule in state.get("Choices", []):
                if "NumericGreaterThan" in rule:
                    return int(rule["NumericGreaterThan"])
    return 20
