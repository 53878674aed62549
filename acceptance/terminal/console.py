"""A person at a program: it is started, logged in at, operated by a dialogue, and always ended.

An answer is everything that a program prints until it waits for the next line, that is, until its next prompt is the
last thing printed. So no incomplete text is taken for an answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

from acceptance.terminal.dialogue import WRONG_PASSWORD, Dialogue, Program, Turn, filled
from acceptance.terminal.exit_status import in_words, was_killed
from acceptance.terminal.pseudo_terminal import ENDED, SILENT, Answer, PseudoTerminal
from acceptance.terminal.transcripts import Transcript
from acceptance.terminal.watcher import Watcher
from acceptance.terminal.yaml_file import written
from acceptance.trouble import Inconclusive, Trouble

LAST_LINES = 4
STARTS, LOGS_IN, LEAVES = "starts", "logs in", "leaves"
# How an activity ends.
DONE, REFUSED, BROKEN = "done", "refused", "broken"


class ConsoleFault(AssertionError):
    """A program did not do what was expected. Not a refusal: that is an answer."""


class NoAnswer(ConsoleFault):
    """It printed nothing of what was expected, within its timeout."""


class EndedHalfWay(ConsoleFault):
    """It ended in the middle of its work."""


class Unexpected(ConsoleFault):
    """It printed something unexpected."""


@dataclass(frozen=True)
class Success:
    """It was done; `found` are the patterns' groups, and `printed` is the program's output."""

    found: Mapping[str, str] = field(default_factory=dict)
    printed: str = field(default="", compare=False)


@dataclass(frozen=True)
class Refusal:
    """The program refused: the kind, by the dialogue, the program's words, its pattern's groups, and its output."""

    kind: str
    words: str
    found: Mapping[str, str] = field(default_factory=dict, compare=False)
    printed: str = field(default="", compare=False)


Reply = Success | Refusal


@dataclass(frozen=True)
class Activity:
    """What a person did at a program, from when to when (monotonic s), and how it ended: done, refused, or broken."""

    what: str
    began: float
    ended: float
    outcome: str

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.ended - self.began


@dataclass(frozen=True)
class ConsoleSetup:
    """What all consoles of a set of programs share: dialogue, environment, and the watcher that ends them.

    `places` fills in the commands. `answer_within` (s) is how long a program may take for an answer.
    """

    dialogue: Dialogue
    environment: Mapping[str, str]
    places: Mapping[str, str]
    watcher: Watcher
    answer_within: float


class Console:
    """One person at one program. Always call `end()`."""

    def __init__(self, setup: ConsoleSetup, role: str, person: str) -> None:
        self.program: Program = setup.dialogue.programs[role]
        self.person = person
        self.activities: list[Activity] = []
        self.memory = 0
        self.transcript = Transcript(f"{person} at {self.program.title}")
        self._setup = setup
        self._terminal: PseudoTerminal | None = None
        self._began = time.monotonic()
        self._printed = ""

    # --- what people do ------------------------------------------------------------------------

    def start(self) -> None:
        """Start the program and wait until it asks for a login. Raises Trouble when it cannot be started."""
        setup = self._setup
        with self._activity(STARTS):
            self._began = time.monotonic()
            command = [filled(part, setup.places) for part in self.program.command]
            pause = setup.dialogue.typing_pause
            try:
                self._terminal = PseudoTerminal(command, setup.dialogue.folder, setup.environment, setup.watcher, pause)
            except Trouble as trouble:
                advice = f"Correct its command in {setup.dialogue.path}, or the program."
                raise Trouble(f"{self._who} cannot be started: {trouble}. {advice}") from trouble
            self.transcript.happened(0.0, "started")
            first = self.program.login[0]
            self._wait_for([_prompt(first)], "to start", max(setup.answer_within, setup.dialogue.start_within))

    def log_in(self, user: str, password: str) -> Reply:
        """Log in. A refusal is an answer; the program then asks again, or has ended."""
        self.transcript.secrets.add(password)
        first, *others = self.program.login
        values = {"user": user, "password": password}
        with self._activity(LOGS_IN) as ends:
            for turn, following in zip([first, *others], [*map(_prompt, others), self.program.ready], strict=True):
                self._type(turn, values)
                answer = self._wait_for([following, _prompt(first)], "to log in", or_end=True)
                refusal = self._refusal(answer.text, [WRONG_PASSWORD])
                if refusal and not (following is self.program.ready and answer.seen == 0):
                    return ends(refusal)
                if refusal:  # it refuses, and logs the person in
                    raise self._unexpected("to log in")
                if answer.seen == ENDED:
                    raise self._ended_half_way("to log in")
                if answer.seen == 1:
                    raise self._unexpected("to log in")
            return ends(Success())

    def act(self, name: str, *, before_the_last_line: Callable[[], object] | None = None, **values: str) -> Reply:
        """Do one of the program's acts, with these values. A refusal is an answer.

        `before_the_last_line` is called when the program waits for that: people who act at the same moment
        wait for each other there.
        """
        act, ready, known, answer = self.program.act(name), self.program.ready, dict(values), Answer(ENDED, "")
        asked: dict[str, str] = {}
        with self._activity(name) as ends:
            for turn, following in zip(act.turns, [*act.turns[1:], None], strict=True):
                if following is None and before_the_last_line:
                    before_the_last_line()
                self._type(turn, known)
                prompts = [_prompt(following), ready] if following else [ready]
                answer = self._wait_for(prompts, f"to do “{name}”")
                if following is None or answer.seen == 1:
                    break
                asked |= _groups(answer.prompt)
                known |= asked
            found = [match for pattern in act.done if (match := pattern.search(answer.text))]
            if len(found) > 1:
                raise self._contradictory(found, f"to do “{name}”")
            if found:
                return ends(Success(asked | _groups(found[0]), answer.text))
            refusal = self._refusal(answer.text, self._setup.dialogue.refused)
            if refusal:
                return ends(refusal)
            raise self._unexpected(f"to do “{name}”")

    def come_to_the_last_line(self, name: str, **values: str) -> None:
        """Begin one of these acts, up to the point where the program waits for its last line."""
        act = self.program.act(name)
        with self._activity(name):
            for turn, following in zip(act.turns[:-1], act.turns[1:], strict=True):
                self._type(turn, values)
                self._wait_for([_prompt(following)], f"to do “{name}”")

    def break_off(self, name: str, **values: str) -> None:
        """Begin one of these acts, and lose the program before the last line is typed."""
        self.come_to_the_last_line(name, **values)
        self.transcript.happened(self._at, "breaks down")
        self.end()

    def come_to_the_password(self, user: str) -> None:
        """Log in up to the point where the program waits for a secret line."""
        login = self.program.login
        with self._activity(LOGS_IN):
            for turn, following in pairwise(login):
                if turn.secret:
                    return
                self._type(turn, {"user": user})
                self._wait_for([_prompt(following)], "to log in")

    def shows_typing(self) -> bool:
        """Return whether the terminal now shows typed text."""
        return self._running().echoes()

    def press(self, key: str) -> None:
        """Press a key that ends a program, Ctrl-C or Ctrl-D, and check that it does."""
        with self._activity(LEAVES):
            self.transcript.happened(self._at, key)
            self._running().press(key)
            self._wait_for([], "to leave", or_end=True)

    def leave(self) -> None:
        """Choose what ends the program, and check that it ends well."""
        with self._activity(LEAVES):
            terminal = self._running()
            self.memory = max(self.memory, terminal.memory())
            self._say(self.program.leave)
            self._wait_for([], "to leave", or_end=True)
            status = terminal.status()
            if status:
                raise self._ended(status, f"ended with {in_words(status)} when {self.person} left.")

    def end(self) -> None:
        """End the program with its children, in any state. The second call does nothing."""
        terminal, self._terminal = self._terminal, None
        if terminal is None:
            return
        self.memory = max(self.memory, terminal.memory())
        self.transcript.printed(self._at, terminal.end())
        self.transcript.happened(self._at, f"ended with {in_words(terminal.status())}")

    # --- the program -----------------------------------------------------------------------------

    @property
    def session(self) -> int | None:
        """The id of the program's session, None when none runs."""
        return self._terminal.session if self._terminal else None

    @property
    def has_ended(self) -> bool:
        """Whether its program has ended by itself, or none runs."""
        return self._terminal is None or self._terminal.has_ended()

    @property
    def startup_seconds(self) -> float:
        """How long the program took from its start to its first prompt; 0 if it did not reach one."""
        starts = (one.seconds for one in self.activities if one.what == STARTS and one.outcome == DONE)
        return next(starts, 0.0)

    @property
    def _who(self) -> str:
        return self.program.title[:1].upper() + self.program.title[1:]

    @property
    def _at(self) -> float:
        return time.monotonic() - self._began

    def _running(self) -> PseudoTerminal:
        if self._terminal is None:
            raise LookupError(f"{self.person} is not at {self.program.title}: it was not started, or has ended.")
        return self._terminal

    def _type(self, turn: Turn, values: Mapping[str, str]) -> None:
        line = filled(turn.type, values)
        if turn.secret:
            self.transcript.secrets.add(line)
        self._say(line, secretly=turn.secret)

    def _say(self, line: str, *, secretly: bool = False) -> None:
        terminal = self._running()
        self.transcript.typed(self._at, line)
        (terminal.type_secretly if secretly else terminal.type)(line)

    def _wait_for(
        self, prompts: Sequence[re.Pattern[str]], what: str, seconds: float | None = None, *, or_end: bool = False
    ) -> Answer:
        """Wait for one of the prompts, or for the end if it may come, and return all output until then."""
        seconds = self._setup.answer_within if seconds is None else seconds
        answer = self._running().wait_for(prompts, seconds)
        seen, self._printed = answer.seen, answer.text
        self.transcript.printed(self._at, answer.text)
        if seen == SILENT:
            sentence = (
                f"{self._who} gave no answer within {seconds:g} s when {self.person} wanted {what}.{self._last()}"
            )
            if self._running().is_suspended():
                raise Trouble(f"{sentence} It was suspended from outside (SIGSTOP): see who did so, and run again.")
            if self._running().stood_still:
                raise Inconclusive(
                    f"{sentence} It is not known whether it would have come: {self._running().stood_still}."
                )
            awaited = " or ".join(f"“{written(prompt)}”" for prompt in prompts)
            raise NoAnswer(f"{sentence} Awaited was {awaited}." if awaited else sentence)
        if seen == ENDED and not or_end:
            raise self._ended_half_way(what)
        return answer

    def _refusal(self, text: str, kinds: Collection[str]) -> Refusal | None:
        refused = self._setup.dialogue.refused
        found = ((kind, pattern.search(text)) for kind in kinds for pattern in refused[kind])
        for kind, match in found:
            if match:
                words, printed = (self.transcript.hide(one) for one in (_line_at(text, match.start()), text))
                return Refusal(kind, words, _groups(match), printed)
        return None

    def _unexpected(self, what: str) -> Unexpected:
        neither = f"printed neither that it was done nor why not, when {self.person} wanted {what}"
        return Unexpected(f"{self._who} {neither}.{self._last()}")

    def _contradictory(self, found: Sequence[re.Match[str]], what: str) -> Unexpected:
        lines = " and ".join(f"“{self.transcript.hide(_line_at(one.string, one.start()))}”" for one in found)
        return Unexpected(f"{self._who} printed what cannot both be true, when {self.person} wanted {what}: {lines}.")

    def _ended_half_way(self, what: str) -> Exception:
        status = self._running().status()
        return self._ended(status, f"ended half-way, with {in_words(status)}, when {self.person} wanted {what}.")

    def _ended(self, status: int | None, how: str) -> Exception:
        """Report that the program has ended: its own fault, unless it was killed or reports an environment error."""
        sentence = f"{self._who} {how}{self._last()}"
        if was_killed(status):
            return Trouble(f"{sentence} It was killed from outside: see who did so, or whether the memory was full.")
        return (Trouble if self._setup.dialogue.blames_surroundings(status) else EndedHalfWay)(sentence)

    def _last(self) -> str:
        """Return the last output in words, without the menu if there was more than that."""
        before, printed = self.program.ready.sub("", self._printed), self._printed
        shown = self.transcript.hide(before if before.strip() else printed)
        lines = [line.strip() for line in shown.splitlines() if line.strip()]
        return f" It had printed last: “{' / '.join(lines[-LAST_LINES:])}”." if lines else " It had printed nothing."

    @contextmanager
    def _activity(self, what: str) -> Iterator[Callable[[Reply], Reply]]:
        began, outcome = time.monotonic(), BROKEN

        def ends(reply: Reply) -> Reply:
            nonlocal outcome
            outcome = REFUSED if isinstance(reply, Refusal) else DONE
            return reply

        try:
            yield ends
            outcome = outcome if outcome == REFUSED else DONE
        except (ConsoleFault, Trouble) as error:
            self.transcript.happened(self._at, str(error))
            self.end()  # otherwise a late answer would be taken for the next line's
            raise
        finally:
            self.activities.append(Activity(what, began, time.monotonic(), outcome))


def _prompt(turn: Turn) -> re.Pattern[str]:
    assert turn.see is not None  # noqa: S101 - the dialogue ensures it
    return turn.see


def _groups(match: re.Match[str] | None) -> dict[str, str]:
    return {name: value for name, value in match.groupdict().items() if value is not None} if match else {}


def _line_at(text: str, position: int) -> str:
    """The line of a text in which this position is."""
    return text[text.rfind("\n", 0, position) + 1 :].split("\n", 1)[0].strip()
