"""Fulfilment as its people use it: who works there, and the programs in front of which they sit.

Whoever works for several scenarios stays at their program in between, as people do; a program that did anything odd is
ended, and the next one who needs it starts it anew.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import threading
import uuid
from collections.abc import Mapping, Sequence
from weakref import WeakSet

from acceptance.aws.account import Account
from acceptance.aws.secret import SECRET
from acceptance.masking import remember_secret
from acceptance.settings import environment_prefixes
from acceptance.terminal.output import plain
from acceptance.terminal.transcripts import hidden
from acceptance.terminal.watcher import Watcher
from acceptance.trouble import OTHER_SYSTEM, Trouble
from acceptance.undo import undo_all
from support.fulfilment.books import Books
from support.fulfilment.consoles import Console, Desk, Refused
from support.fulfilment.dialogue import Dialogue, Person, Prepare, filled
from support.fulfilment.parts import FulfilmentTables

# How long it may take to let everybody in, in s.
PREPARE_SECONDS = 60.0
OURS = "acceptance-"


class Fulfilment:
    """One deployment of fulfilment, and everybody who works with its programs during a run."""

    def __init__(
        self,
        account: Account,
        tables: FulfilmentTables | None,
        dialogue: Dialogue,
        run_id: str,
        password: str = "",
        answer_within: float | None = None,
    ) -> None:
        """`tables` is None where the programs keep their data elsewhere.

        `password` is everybody's; without one, one is made up, for those whom `let_everybody_in` lets in.
        """
        if os.name != "posix":
            raise Trouble(
                "The fulfilment programs are worked through a terminal, which Windows lacks. "
                f"Run in WSL, or {OTHER_SYSTEM}"
            )
        self.dialogue = dialogue
        self._books = Books(account, tables) if tables else None
        self.password = remember_secret(password or secrets.token_urlsafe(16))
        self.watcher = Watcher()
        self._run_id = run_id
        places = _places(account, tables)
        within = dialogue.answer_within if answer_within is None else answer_within
        self.desk = Desk(dialogue, _environment(account, dialogue, places), places, self.watcher, within)
        self._at_work: dict[str, Console] = {}
        self._started: WeakSet[Console] = WeakSet()
        self._lock = threading.Lock()

    @property
    def books(self) -> Books:
        """The tables. Raises Trouble where the programs keep their data elsewhere."""
        if self._books is None:
            raise Trouble(
                "What the programs have written down cannot be looked up: their tables are not known. "
                "Name them with -D fulfilment_orders_table=… and its like."
            )
        return self._books

    def person(self, name: str) -> Person:
        """Return who that is. Raises Trouble for somebody whom the dialogue does not know."""
        if name not in self.dialogue.people:
            known = ", ".join(self.dialogue.people)
            raise Trouble(f"Nobody is called {name} in {self.dialogue.path}. Its people are: {known}.")
        return self.dialogue.people[name]

    def new_item(self, name: str) -> str:
        """Make up the name of an item that nobody else orders."""
        return f"{OURS}{self._run_id}-{uuid.uuid4().hex[:6]}-{name}"

    def let_everybody_in(self) -> None:
        """Let all of the dialogue's people log in from now on. Raises Trouble when that cannot be."""
        prepare = self.dialogue.prepare
        if prepare is None:
            raise Trouble(
                f"Nobody can be let in: {self.dialogue.path} does not say how (prepare). "
                "Add that, or give the password that its people have (ACCEPTANCE_FULFILMENT_PASSWORD)."
            )
        try:
            done = self._let_in(prepare)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Trouble(f"Nobody could be let in: {error}. Correct prepare in {self.dialogue.path}.") from error
        if done.returncode:
            said = " ".join(hidden(plain(done.stdout), {self.password}).split())[-500:]
            raise Trouble(f"Nobody could be let in: {prepare.command[-1]} ended with {done.returncode}: {said}")

    def _let_in(self, prepare: Prepare) -> subprocess.CompletedProcess[str]:
        command = [filled(part, self.desk.places) for part in prepare.command]
        people = self.dialogue.people.values()
        each = [filled(prepare.each, {"role": one.role, "user": one.user, "name": one.name}) for one in people]
        return subprocess.run(  # noqa: S603 - what the dialogue names
            [*command, *each],
            cwd=self.dialogue.folder,
            env={**self.desk.environment, prepare.password_in: self.password},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=PREPARE_SECONDS,
            check=False,
        )

    # --- people at their programs --------------------------------------------------------------

    def sits_down(self, name: str) -> Console:
        """Give somebody a program of their own that is not started. Whoever asks for it ends it."""
        return self.sits_at(self.person(name).role, name)

    def sits_at(self, role: str, name: str) -> Console:
        """Give somebody the program of a role, be it theirs or not."""
        console = Console(self.desk, role, name)
        with self._lock:  # flows side by side come from threads of their own
            self._started.add(console)
        return console

    def running(self) -> Sequence[Console]:
        """Return the programs that run."""
        with self._lock:
            return [console for console in self._started if console.session]

    def at_work(self, name: str) -> Console:
        """Return the program in front of which somebody works; `begin` if it does not run."""
        if name not in self._at_work:
            self._at_work[name] = self.sits_down(name)
        return self._at_work[name]

    def begin(self, console: Console) -> None:
        """Let somebody start their program and log in. Raises Trouble when that is refused: nothing can be judged."""
        person = self.person(console.person)
        console.start()
        outcome = console.log_in(person.user, self.password)
        if isinstance(outcome, Refused):
            raise Trouble(
                f"{person.name} cannot log in at {console.program.title} as {person.user}: “{outcome.words}” "
                "Check the password (ACCEPTANCE_FULFILMENT_PASSWORD) and who may log in."
            )

    def send_home(self, name: str) -> None:
        """End the program of somebody who is at work, however it stands."""
        console = self._at_work.pop(name, None)
        if console:
            console.end()

    def leave(self) -> None:
        """End every program. What goes wrong with one holds up no other; the first error is raised at the end."""
        undo_all([*(console.end for console in self.running()), self.watcher.stop])
        self._at_work = {}


def _places(account: Account, tables: FulfilmentTables | None) -> Mapping[str, str]:
    """What commands and the environment may name. An account of the caller's own needs no keys in there."""
    return {
        "endpoint": account.endpoint or os.environ.get("AWS_ENDPOINT_URL", ""),
        "region": account.region,
        "access_key": account.account_id,
        "secret_key": SECRET if account.account_id else "",
        **{table: getattr(tables, table, "") for table in ("orders", "stock", "deliveries", "staff")},
    }


def _environment(account: Account, dialogue: Dialogue, places: Mapping[str, str]) -> Mapping[str, str]:
    """The environment of the programs: the caller's without the suite's settings, and what the dialogue names.

    An embedded account has nothing to do with the caller's AWS settings; another one needs them.
    """
    if account.endpoint:
        inherited = account.environment()
    else:
        ours = environment_prefixes()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    told = {name: filled(template, places) for name, template in dialogue.environment.items()}
    return {**inherited, "TERM": "dumb", "PYTHONUNBUFFERED": "1", **{n: value for n, value in told.items() if value}}
