"""Logins and failed logins, and what the terminal shows meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from acceptance.earlier import one_of
from acceptance.terminal.console import Console, Refusal, Reply
from acceptance.trouble import Trouble
from support.fulfilment.matchers import hides_what_is_typed, shows_what_is_typed
from support.fulfilment.workday import Workday

WRONG = "not the password"
# Variants of the right password that must be refused.
NEARLY_RIGHT: Mapping[str, Callable[[str], str]] = {
    "without its last letter": lambda password: password[:-1],
    "with one letter more": lambda password: f"{password}x",
    "with capital and small letters exchanged": str.swapcase,
    "that is empty": lambda _: "",
}
LOGIN_TRIES = 3


class Login:
    """A person at a program's login prompt."""

    def __init__(self, day: Workday, name: str) -> None:
        self._day = day
        self._fulfilment = day.fulfilment
        self._name = name

    def begins_anew(self) -> None:
        """Start their program and log in, even if they were already at work."""
        self._fulfilment.send_home(self._name)
        self._day.at_work(self._name)

    def tries(self, password: str | None = None) -> None:
        """Start their program and try to log in, with their own password or another one."""
        right = self._fulfilment.password
        self._log_in(self._fulfilment.sits_down(self._name), right if password is None else password)

    def tries_at_the_program_of(self, colleague: str) -> None:
        """Try to log in at a colleague's program, with their own name and password."""
        program = self._fulfilment.person(colleague).role
        self._log_in(self._fulfilment.sits_at(program, self._name), self._fulfilment.password)

    def tries_nearly_right_ones(self, kinds: Sequence[str]) -> None:
        """Try to log in with each of these passwords (NEARLY_RIGHT), and record every reply."""
        replies = dict[str, Reply]()
        console = self._fulfilment.sits_down(self._name)
        for kind in kinds:
            if replies and console.has_ended:  # a program may end after several wrong passwords
                console = self._fulfilment.sits_down(self._name)
            password = NEARLY_RIGHT[one_of(NEARLY_RIGHT, kind, "kind of password")](self._fulfilment.password)
            reply = replies[f"the password {kind}"] = self._log_in(console, password)
            if not isinstance(reply, Refusal):
                break
        self._day.attempts = replies

    def tries_beside_someone_unknown(self) -> None:
        """Try to log in with a wrong password, then with a user name that no one has, and record both replies."""
        replies, right = dict[str, Reply](), self._fulfilment.person(self._name).user
        console = self._fulfilment.sits_down(self._name)
        for who, user in (("who is known", right), ("who is unknown", f"un{right}")):
            if replies and console.has_ended:
                console = self._fulfilment.sits_down(self._name)
            if not self._day.has_started(console):
                self._day.starts(console)
            replies[who] = console.log_in(user, WRONG)
        self._day.attempts = replies

    def tries_wrong_ones(self) -> None:
        """Enter wrong passwords at their program until it stops asking."""
        console = self._fulfilment.sits_down(self._name)
        for _ in range(LOGIN_TRIES):
            if not isinstance(self._log_in(console, WRONG), Refusal):
                return

    def orders_where_somebody_failed(self, other: str, count: int) -> None:
        """Log in where another person's login has just failed, and order so many lamps there."""
        day, name, console = self._day, self._name, self._fulfilment.sits_down(self._name)
        day.starts(console)
        failed = console.log_in(self._fulfilment.person(other).user, WRONG)
        if not isinstance(failed, Refusal):
            raise Trouble(f"{other} was let in with a wrong password, so the next person cannot be checked.")
        day.succeed(name, "log in", self._log_in(console, self._fulfilment.password))
        day.succeed(name, "order", day.handle(name, console, "order", day.new_order(count, name), None))

    def comes_to_the_password(self) -> None:
        """Start their program, and type their user name."""
        console = self._fulfilment.sits_down(self._name)
        self._day.starts(console)
        console.come_to_the_password(self._fulfilment.person(self._name).user)

    def gives_up_at_the_password(self, key: str = "Ctrl-C") -> None:
        """Press Ctrl-C or Ctrl-D at the password prompt."""
        self.comes_to_the_password()
        self._day.program_of(self._name).press(key)

    def gives_up_an_order(self, key: str, count: int) -> None:
        """Log in, and press Ctrl-C or Ctrl-D at the last question about an order of so many lamps."""
        console = self._fulfilment.sits_down(self._name)
        self._day.starts(console)
        self._day.succeed(self._name, "log in", self._log_in(console, self._fulfilment.password))
        self._day.new_order(count, self._name).come_to_the_last_line(console, "order")
        console.press(key)

    def has_ended(self) -> bool:
        """Whether the program at which they tried to log in has ended. Raises Trouble without an attempt."""
        return self._day.program_of(self._name).has_ended

    def last_line(self) -> str:
        """Return the last line printed by the program at which they tried to log in, "" if none."""
        entries = self._day.program_of(self._name).transcript.entries
        lines = [line.strip() for entry in entries if entry.kind == "printed" for line in entry.text.splitlines()]
        return next((line for line in reversed(lines) if line), "")

    def see_typing_hidden(self) -> None:
        """Check that typed input is not shown now."""
        self._day.wait.eventually(self._shows_typing, hides_what_is_typed())

    def see_typing_shown(self) -> None:
        """Check that typed input is shown now."""
        self._day.wait.eventually(self._shows_typing, shows_what_is_typed())

    def _shows_typing(self) -> bool:
        return self._day.program_of(self._name).shows_typing()

    def _log_in(self, console: Console, password: str) -> Reply:
        if not self._day.has_started(console):
            self._day.starts(console)
        reply = console.log_in(self._fulfilment.person(console.person).user, password)
        self._day.replies[console.person] = reply
        return reply
