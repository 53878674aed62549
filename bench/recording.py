"""A runner that records the features' actions, from the account's executions before the account ends."""

import json
import os
from pathlib import Path
from typing import Any

from acceptance.runner.step_files import RunnerBySystem

RECORDING = "BENCH_RECORDING"


class RecordingRunner(RunnerBySystem):  # type: ignore[misc]
    """The suite's runner, which writes every execution of every café to a file before the account is taken down."""

    def run_hook(self, hook_name: str, *args: Any) -> Any:
        """Run a hook; before the last one, write the recording."""
        if hook_name == "after_all":
            session = self.context.session
            serverlesspresso = session.system("serverlesspresso")
            cafes = {"patient": serverlesspresso.cafe, **serverlesspresso.cafes.impatient}
            rows = [row for name, cafe in cafes.items() for row in _executions(name, cafe)]
            Path(os.environ[RECORDING]).write_text(json.dumps(rows))
        return super().run_hook(hook_name, *args)


def _executions(name: str, cafe: Any) -> list[dict[str, Any]]:
    rows = []
    for kind, executions in (("scan", cafe.processor.executions), ("action", cafe.manager.executions)):
        pages = cafe.account.stepfunctions.get_paginator("list_executions").paginate(
            stateMachineArn=executions.state_machine_arn
        )
        for page in pages:
            for listed in page["executions"]:
                described = cafe.account.stepfunctions.describe_execution(executionArn=listed["executionArn"])
                rows.append(
                    {
                        "cafe": name,
                        "kind": kind,
                        "started": described["startDate"].timestamp(),
                        "ended": described["stopDate"].timestamp() if "stopDate" in described else None,
                        "stopped": described["stopDate"].timestamp() if described["status"] == "ABORTED" else None,
                        "input": json.loads(described["input"]),
                        "last_state": executions.last_state(listed["executionArn"]),
                    }
                )
    return rows
