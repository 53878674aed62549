"""The terminal output of flows: progress while they run, tables when they have ended. By rich."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import psutil
from rich.console import Console as Screen
from rich.console import Group
from rich.live import Live
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from acceptance.terminal.console import DONE, Console
from acceptance.terminal.output import plain
from support.fulfilment.flow_statistics import of_programs, of_steps, times
from support.fulfilment.flows.results import Results
from support.fulfilment.order import STEPS
from support.fulfilment.order_flows import Flow

# Above this number, flows are not shown individually while they run.
SHOWN = 20


def shown(text: str) -> str:
    """Return a printable text: without markup, and without terminal control sequences."""
    return escape(plain(text))


class LiveProgress:
    """Progress of running flows; without a terminal, one line for each that has ended."""

    def __init__(self, screen: Screen, count: int) -> None:
        self._screen = screen
        self._flows: dict[int, Flow] = {}
        self._ended: set[int] = set()
        self._lock = threading.Lock()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=screen)
        self._task = self._progress.add_task("steps", total=count * len(STEPS))
        self._live = Live(console=screen, refresh_per_second=8, transient=True, get_renderable=self._picture)

    def __enter__(self) -> LiveProgress:
        if self._screen.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._screen.is_terminal:
            self._live.stop()

    def on_step(self, flow: Flow) -> None:
        """Show a step that begins or ends. Called from the flow's own thread."""
        with self._lock:
            self._flows[flow.result.number] = flow
            self._progress.update(self._task, completed=sum(one.result.done for one in self._flows.values()))
            over = flow.result.steps and not flow.under_way and flow.result.number not in self._ended
            if over:
                self._ended.add(flow.result.number)
        if over and not self._screen.is_terminal:
            self._screen.print(shown(f"{flow.result.words}  ({flow.result.seconds:.1f} s)"), soft_wrap=True)

    def _picture(self) -> Group:
        with self._lock:
            running = [flow for flow in self._flows.values() if flow.result.number not in self._ended]
        table = Table("flow", "order", "step", "now", box=None)
        for flow in running[:SHOWN]:
            table.add_row(
                str(flow.result.number), shown(flow.result.order.id), str(flow.result.done + 1), flow.under_way
            )
        return Group(self._progress, table)


class Explanation:
    """Explains each step, and shows the typed input and the replies."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._explained: set[tuple[int, str]] = set()
        self._shown: dict[int, int] = {}

    def on_step(self, flow: Flow) -> None:
        """Explain a step that begins, show one that ends."""
        begun = (flow.result.number, flow.under_way)
        for number, step in enumerate(STEPS, 1):
            if step.name == flow.under_way and begun not in self._explained:
                self._explained.add(begun)
                self._screen.print(f"\n[bold]Step {number} of {len(STEPS)}: {step.name}.[/bold] {step.meaning}")
        for console in flow.result.consoles:
            self._show(console)
        if flow.result.steps and flow.result.steps[-1].name == flow.under_way:
            result = flow.result.steps[-1]
            self._screen.print(f"  {result.outcome}, {result.seconds:.2f} s {shown(result.words)}", style="dim")

    def _show(self, console: Console) -> None:
        first = self._shown.get(id(console), 0)
        text = console.transcript.text_from(first)
        if text:
            self._screen.print(shown(text), style="cyan", soft_wrap=True)
        self._shown[id(console)] = len(console.transcript)


def print_results(screen: Screen, results: Results) -> None:
    """Show the results of flows: each step, each role's programs, and the progress of incomplete flows."""
    through = sum(flow.went_through for flow in results.flows)
    took = f"{results.seconds:.1f} s, {results.parallel} side by side"
    steps = Table(title=f"{through} of {len(results.flows)} flows completed ({took})", title_justify="left")
    for heading in ("step", "done", "success", "average", "p50", "p95"):
        steps.add_column(heading, justify="left" if heading == "step" else "right")
    for one in of_steps(results.flows):
        rate = "—" if one.success_rate is None else f"{100 * one.success_rate:.0f} %"
        steps.add_row(one.name, f"{one.done} of {one.tried}", rate, *times(one.seconds))
    screen.print(steps)
    programs = Table(title="Programs", title_justify="left")
    for heading in ("program", "started", "start-up, average", "p50", "p95", "memory, at most"):
        programs.add_column(heading, justify="left" if heading == "program" else "right")
    for role, (starts, memory) in of_programs(results.flows).items():
        most = f"{memory.highest / 2**20:.0f} MB" if memory else "—"
        programs.add_row(role, str(starts.count if starts else 0), *times(starts), most)
    screen.print(programs)
    for flow in results.flows:
        if not flow.went_through:
            style = "yellow" if flow.steps and flow.steps[-1].outcome != DONE else ""
            screen.print(shown(flow.words), style=style, soft_wrap=True)
    if results.interrupted:
        screen.print("The run was interrupted.", style="yellow")


def list_running(screen: Screen, folder: Path, ours: Sequence[Console]) -> None:
    """Show every process that runs in the folder of the programs: ours, and those of other runs and users."""
    people = {console.session: console.person for console in ours}
    found = [one for one in psutil.process_iter(["pid", "cwd", "cmdline"]) if one.info["cwd"] == str(folder)]
    if not found:
        screen.print("No program is running.")
        return
    table = Table("process", "program", "person")
    for process in found:
        command = " ".join(Path(part).name for part in process.info["cmdline"] or ())
        table.add_row(
            str(process.pid), shown(" ".join(command.split())), shown(people.get(process.pid, "not of this run"))
        )
    screen.print(table)
