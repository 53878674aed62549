"""A set of programs, and all people who work at them during a run."""

from __future__ import annotations

import secrets
import subprocess
import threading
from collections.abc import Mapping, Sequence
from weakref import WeakSet

from acceptance.masking import remember_secret
from acceptance.terminal.console import Console, ConsoleSetup, Refusal
from acceptance.terminal.dialogue import Dialogue, Person, Prepare, filled
from acceptance.terminal.output import plain
from acceptance.terminal.transcripts import hidden
from acceptance.terminal.watcher import Watcher
from acceptance.trouble import Trouble
from acceptance.undo import undo_all

# How long it may take to create everyone's login, in s.
PREPARE_SECONDS = 60.0
# A generated password has 64 letters, which every program should take (NIST SP 800-63B): all of them must count.
GENERATED_BYTES = 48


class Workplace:
    """A set of programs, and all people who work at them during a run. Always call `leave()`.

    People stay at their program from one scenario to the next. A program that did anything unexpected is ended, and
    restarted when it is needed again.
    """

    def __init__(
        self,
        dialogue: Dialogue,
        environment: Mapping[str, str],
        places: Mapping[str, str],
        password: str = "",
        answer_within: float | None = None,
        password_setting: str = "",
    ) -> None:
        """`environment` is what the programs inherit; the dialogue adds to it, with `places` filled in.

        `password` is shared by all; without one, one is generated, for the users that `let_everybody_in` creates.
        Advice names the setting that it comes from.
        """
        named = {name: filled(template, places) for name, template in dialogue.environment.items()}
        usual = {"TERM": "dumb", "PYTHONUNBUFFERED": "1"}
        whole = {**environment, **usual, **{name: value for name, value in named.items() if value}}
        within = dialogue.answer_within if answer_within is None else answer_within
        self.dialogue = dialogue
        self.password = remember_secret(password or secrets.token_urlsafe(GENERATED_BYTES))
        self.watcher = Watcher()
        self.setup = ConsoleSetup(dialogue, whole, places, self.watcher, within)
        self._password_setting = password_setting
        self._at_work: dict[str, Console] = {}
        self._started: WeakSet[Console] = WeakSet()
        self._lock = threading.Lock()

    def person(self, name: str) -> Person:
        """Return the person of a name. Raises Trouble for a name that the dialogue does not contain."""
        return self.dialogue.person(name)

    # --- logins --------------------------------------------------------------------------------

    def let_everybody_in(self) -> None:
        """Create logins for all of the dialogue's people. Raises Trouble when that fails."""
        prepare = self.dialogue.prepare
        if prepare is None:
            raise Trouble(
                f"Test users cannot be created: {self.dialogue.path} does not say how (prepare). "
                f"Add that, or give the password that its people have{self._setting}."
            )
        try:
            done = self._let_in(prepare)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Trouble(
                f"Creating the test users failed: {error}. Correct prepare in {self.dialogue.path}."
            ) from error
        if done.returncode:
            said = " ".join(hidden(plain(done.stdout), {self.password}).split())[-500:]
            raise Trouble(f"Creating the test users failed: {prepare.command[-1]} ended with {done.returncode}: {said}")

    def _let_in(self, prepare: Prepare) -> subprocess.CompletedProcess[str]:
        command = [filled(part, self.setup.places) for part in prepare.command]
        people = self.dialogue.people.values()
        each = [filled(prepare.each, {"role": one.role, "user": one.user, "name": one.called}) for one in people]
        return subprocess.run(  # noqa: S603 - the dialogue's command
            [*command, *each],
            cwd=self.dialogue.folder,
            env={**self.setup.environment, prepare.password_in: self.password},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=PREPARE_SECONDS,
            check=False,
        )

    @property
    def _setting(self) -> str:
        return f" ({self._password_setting})" if self._password_setting else ""

    # --- people at their programs --------------------------------------------------------------

    def sits_down(self, name: str) -> Console:
        """Return a new console at a person's own program, not started yet. The caller ends it."""
        return self.sits_at(self.person(name).role, name)

    def sits_at(self, role: str, name: str) -> Console:
        """Return a new console for a person at the program of a role, their own or not. The caller ends it."""
        console = Console(self.setup, role, name)
        with self._lock:  # people side by side come from threads of their own
            self._started.add(console)
        return console

    def running(self) -> Sequence[Console]:
        """Return the programs that run."""
        with self._lock:
            return [console for console in self._started if console.session]

    def at_work(self, name: str) -> Console:
        """Return the console at which a person works from scenario to scenario; `begin` if it does not run."""
        if name not in self._at_work:
            self._at_work[name] = self.sits_down(name)
        return self._at_work[name]

    def begin(self, console: Console) -> None:
        """Start a person's program and log in. Raises Trouble when that is refused: nothing can be checked."""
        person = self.person(console.person)
        console.start()
        reply = console.log_in(person.user, self.password)
        if isinstance(reply, Refusal):
            raise Trouble(
                f"{person.name} cannot log in at {console.program.title} as {person.user}: “{reply.words}” "
                f"Check the password{self._setting} and who may log in."
            )

    def send_home(self, name: str) -> None:
        """End the program at which a person works, in any state."""
        console = self._at_work.pop(name, None)
        if console:
            console.end()

    def leave(self) -> None:
        """End every program. An error with one does not hold up the others; the first error is raised at the end."""
        undo_all([*(console.end for console in self.running()), self.watcher.stop])
        self._at_work = {}
