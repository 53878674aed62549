"""Reads everything that a deployed system has left of one key: events, executions, changes of records, logs."""

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
    """Observes one deployed system by what it declares. Executions and changes are grouped by what people call them.

    `open` it before the first event and `close` it at the end of the run, unless its tap is somebody else's.
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
        """Put one together. Without `parts`, it tells of executions that were met by somebody else; it lists none."""
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
        """Make one of what a system declares; `parts` are those that were found, `options` are the event tap's.

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
        """The key that everything is about."""
        return self._watched.key

    def log_group(self, function: str) -> str:
        """Return where a function logs, "" for Lambda's usual place."""
        return self._functions().get(function, "")

    def open(self) -> None:
        """Begin to listen."""
        self.tap.open()
        for executions in self.executions.values():
            executions.from_now_on()
        for changes in self.changes.values():
            changes.open()

    def close(self) -> None:
        """Remove what it has laid."""
        self.tap.close()

    def events_of(self, value: str) -> Sequence[Event]:
        """Return the events about a key."""
        return self.tap.of_key(value)

    def executions_of(self, value: str) -> Mapping[str, Sequence[Execution]]:
        """Return the executions of a key, by the workflows."""
        return {
            lane: executions.of_key(value)
            if self._parts is not None
            else [executions.describe(arn) for arn in executions.known(value)]
            for lane, executions in self.executions.items()
        }

    def changes_of(self, value: str) -> Mapping[str, Sequence[Change]]:
        """Return the changes of a key's records, by the tables."""
        return {lane: changes.of_key(value) for lane, changes in self.changes.items()}

    def runs(self, value: str) -> Sequence[Invocation]:
        """Return the runs of the system's functions that logged a key; none where logs cannot be read."""
        self.why_no_logs = ""
        try:
            return self._runs(value)
        except (ClientError, BotoCoreError) as error:  # they only say where the time went
            self.why_no_logs = f"the logs could not be read: {error}"
            return []

    def all_is_logged(self, value: str) -> bool:
        """Whether each run that the events about a key have set off is logged by now, or never will be for us."""
        logged = len(self.runs(value))
        return bool(self.why_no_logs) or logged >= self._runs_expected(value)

    def evidence(self, value: str) -> dict[str, Any]:
        """Tell what was told about a key last, how its workflows fare, what functions logged."""
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
        """Return where the console of AWS shows a key's executions and the functions' logs, by what is to be seen.

        There is nothing to be seen of an emulator.
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
