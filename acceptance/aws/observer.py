"""Reads all traces of one key in a deployed system: events, executions, changes of records, logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from acceptance.aws.account import Account
from acceptance.aws.changes import Change, RecordChanges
from acceptance.aws.console import execution_url, has_console, log_group_url
from acceptance.aws.coverage import Snapshot, events_about, take_snapshot
from acceptance.aws.executions import Execution, Executions
from acceptance.aws.function_logs import Invocation, invocations
from acceptance.aws.tap import Event, EventTap
from acceptance.aws.watched import Key, Watched
from acceptance.aws.wiring import FUNCTION, Wiring, short_name
from acceptance.trouble import Trouble

LAST_EVENTS = 10


class Observer:
    """Observes one deployed system by its declaration. Executions and changes are grouped by their parts' plain names.

    `open` it before the first event and `close` it at the end of the run, unless its tap belongs to another owner.
    """

    def __init__(
        self,
        account: Account,
        watched: Watched,
        wiring: Wiring,
        tap: EventTap,
        executions: Mapping[str, Executions],
        changes: Mapping[str, RecordChanges],
        parts: Mapping[str, str] | None = None,
    ) -> None:
        """Create an observer. Without `parts`, it reports executions that others have found, and lists none itself."""
        self.tap = tap
        self.wiring = wiring
        self.executions = executions
        self.changes = changes
        self.why_no_logs = ""
        self._account = account
        self._watched = watched
        self._parts = parts

    @classmethod
    def of(cls, account: Account, watched: Watched, parts: Mapping[str, str], run_id: str, **options: Any) -> Observer:
        """Create one from a system's declaration; `parts` are those that were found, `options` are the event tap's.

        Raises Trouble unless the system declares one event bus.
        """
        buses, machines = watched.roles("event bus"), watched.roles("state machine")
        if len(buses) != 1:
            raise Trouble(f"The system declares {len(buses)} event buses to listen to, and one is needed.")
        key, bus = watched.key, parts[buses[0]]
        return cls(
            account,
            watched,
            Wiring(account.events, account.stepfunctions, bus, [parts[role] for role in machines]),
            EventTap(account, bus, run_id, watched, **options),
            {_words(role): Executions(account.stepfunctions, parts[role], key) for role in machines if key.executions},
            {
                _words(role): RecordChanges(account.dynamodb, account.streams, parts[role], key)
                for role in watched.roles("table")
                if key.records
            },
            parts,
        )

    @property
    def key(self) -> Key:
        """The key by which everything is found."""
        return self._watched.key

    def log_group(self, function: str) -> str:
        """Return where a function logs, "" for Lambda's usual place."""
        return self._functions().get(function, "")

    def open(self) -> None:
        """Start listening."""
        self.tap.open()
        for executions in self.executions.values():
            executions.from_now_on()
        for changes in self.changes.values():
            changes.open()

    def close(self) -> None:
        """Remove the tap."""
        self.tap.close()

    def events_of(self, value: str) -> Sequence[Event]:
        """Return the events about a key."""
        return self.tap.of_key(value)

    def executions_of(self, value: str) -> Mapping[str, Sequence[Execution]]:
        """Return the executions of a key, by workflow."""
        return {
            lane: executions.of_key(value)
            if self._parts is not None
            else [executions.describe(arn) for arn in executions.known(value)]
            for lane, executions in self.executions.items()
        }

    def changes_of(self, value: str) -> Mapping[str, Sequence[Change]]:
        """Return the changes of a key's records, by table."""
        return {lane: changes.of_key(value) for lane, changes in self.changes.items()}

    def runs(self, value: str) -> Sequence[Invocation]:
        """Return the runs of the system's functions that logged a key; none where logs cannot be read."""
        self.why_no_logs = ""
        try:
            return self._runs(value)
        except (ClientError, BotoCoreError) as error:  # they only show where the time went
            self.why_no_logs = f"the logs could not be read: {error}"
            return []

    def all_is_logged(self, value: str) -> bool:
        """Whether each run set off by the events about a key is logged by now, or never will be visible to us."""
        logged = len(self.runs(value))
        return bool(self.why_no_logs) or logged >= self._runs_expected(value)

    def evidence(self, value: str) -> dict[str, Any]:
        """Describe the last event about a key, the state of its workflows, and the functions' logs."""
        events = [event.as_delivered for event in self.events_of(value)[-LAST_EVENTS:]]
        workflows = [one for several in self.executions_of(value).values() for one in several]
        logged = [
            {"function": run.function, "began (epoch ms)": run.began_ms, "lines": run.lines} for run in self.runs(value)
        ]
        return {
            "last events": [{"event": e.detail_type, "sent (epoch ms)": e.sent_ms, "detail": e.detail} for e in events],
            "workflows": [
                {"execution": e.arn, "status": e.status, "error": e.error, "cause": e.cause} for e in workflows
            ],
            "functions logged": logged or self.why_no_logs or "nothing",
        }

    def links(self, value: str) -> Mapping[str, str]:
        """Return the AWS console's addresses of a key's executions and of the functions' logs, by their titles.

        An emulator has none.
        """
        if not has_console(self._account.stepfunctions.meta.endpoint_url):
            return {}
        found = [one for several in self.executions_of(value).values() for one in several]
        links = {f"execution {one.arn.rpartition(':')[2]}": execution_url(one.arn) for one in found}
        if found:
            groups = {name: group or f"/aws/lambda/{name}" for name, group in self._functions().items()}
            links |= {f"logs of {name}": log_group_url(found[0].arn, group) for name, group in groups.items()}
        return links

    def look_back(self, values: Iterable[str], others: Mapping[str, Iterable[str]] | None = None) -> Snapshot:
        """Return what is deployed, and what was done with it about some keys; `others` as in `events_about`."""
        wanted = set(values)

        def arns_of(executions: Executions) -> Sequence[str]:
            return [one.arn for one in executions.all() if one.key in wanted]

        workflows = {one: lambda one=one: arns_of(one) for one in self.executions.values()}
        return take_snapshot(self.wiring, workflows, lambda: events_about(self.tap, wanted, others))

    def _runs(self, value: str) -> Sequence[Invocation]:
        events = self.events_of(value)
        if not events:
            return []
        since = min(event.sent_ms for event in events)
        return [
            replace(run, function=short_name(function))
            for function, group in self._functions().items()
            for run in invocations(self._account.logs, function, since, group)
            if run.mentions(value)
        ]

    def _functions(self) -> Mapping[str, str]:
        """The system's functions, each with its log group, "" for Lambda's usual one."""
        declared = {self._parts[role]: role for role in self._watched.roles("function")} if self._parts else {}
        groups = self._watched.log_groups
        names = dict.fromkeys([*self.wiring.functions, *declared])
        return {name: groups.get(name) or groups.get(declared.get(name, ""), "") for name in names}

    def _runs_expected(self, value: str) -> int:
        called = [rule for rule in self.wiring.rules if any(map(FUNCTION.match, rule.targets))]
        told = [event.as_delivered.detail_type for event in self.events_of(value)]
        return sum(1 for rule in called for name in told if name in rule.pattern.get("detail-type", []))


def _words(role: str) -> str:
    return role.replace("_", " ")
