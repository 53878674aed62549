"""The menu of `python -m support.fulfilment.flows` without a flag."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from rich.console import Console as Screen

from acceptance.trouble import Trouble
from support.fulfilment.flows.display import list_running, print_results, shown
from support.fulfilment.flows.results import save
from support.fulfilment.flows.runner import FlowRunner

WORDS = {
    "1": "Run one flow",
    "2": "Run many flows",
    "3": "View the last results",
    "4": "Save the last results",
    "5": "List running programs",
    "6": "Clean up",
    "0": "Exit",
}
MOST = 1000


class Menu:
    """Asks what to do until the user leaves."""

    def __init__(self, runner: FlowRunner, screen: Screen) -> None:
        self._runner = runner
        self._screen = screen
        self._all_well = True

    def work(self) -> bool:
        """Run until the user leaves or the input ends. True if every flow completed."""
        acts: Mapping[str, Callable[[], None]] = {
            "1": lambda: self._run(1, 1),
            "2": self._run_many,
            "3": self._view,
            "4": self._save,
            "5": self._list_running,
            "6": self._clean_up,
        }
        while True:
            self._screen.print()
            for choice, words in WORDS.items():
                self._screen.print(f"{choice}  {words}", highlight=False)
            chosen = self._ask("Your choice: ")
            if chosen in (None, "0"):
                return self._all_well
            try:
                acts.get(chosen or "", lambda: self._screen.print("There is no such choice."))()
            except Trouble as trouble:
                self._screen.print(shown(str(trouble)), style="yellow", soft_wrap=True)

    def _ask(self, words: str) -> str | None:
        """Ask for a line; None when the input has ended."""
        try:
            return self._screen.input(words).strip()
        except EOFError:
            return None

    def _number(self, words: str) -> int:
        answer = self._ask(words) or ""
        if not answer.isdecimal() or not 1 <= int(answer) <= MOST:
            raise Trouble(f"That is not a number from 1 to {MOST}.")
        return int(answer)

    def _run_many(self) -> None:
        self._run(self._number("How many flows: "), self._number("How many side by side: "))

    def _run(self, count: int, parallel: int) -> None:
        results = self._runner.run(count, parallel)
        self._all_well = self._all_well and results.all_went_through
        print_results(self._screen, results)

    def _view(self) -> None:
        if self._runner.last is None:
            raise Trouble("Nothing was run yet.")
        print_results(self._screen, self._runner.last)

    def _save(self) -> None:
        if self._runner.last is None:
            raise Trouble("Nothing was run yet.")
        file = self._ask("File: ")
        if not file:
            raise Trouble("Without a name nothing is saved.")
        save(self._runner.last, Path(file))
        self._screen.print(f"Saved to {shown(file)}.")

    def _list_running(self) -> None:
        fulfilment = self._runner.fulfilment
        list_running(self._screen, fulfilment.dialogue.folder, fulfilment.running())

    def _clean_up(self) -> None:
        self._screen.print(f"{self._runner.clean_up()} programs ended, the orders of this run removed.")
