"""Where a run takes place: an embedded account of its own, or the account of boto3's own settings."""

from __future__ import annotations

import functools
import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from acceptance.aws.account import Account, Service
from acceptance.aws.console import has_console
from acceptance.aws.deployment import NotDeployed, UnusableTemplate, deploy, update
from acceptance.aws.embedded import Ahead, EmbeddedAccount
from acceptance.aws.secret import SECRET
from acceptance.root import ROOT
from acceptance.settings import Settings
from acceptance.standstill.watch import watch_local_account, watch_this_process
from acceptance.trouble import Lost, Trouble
from acceptance.undo import undo_all
from acceptance.weather.chosen import chosen_weather, weather_of

if TYPE_CHECKING:
    from acceptance.weather.station import Station

# The prefix of all that a run creates on an account: ids, names, and the tap.
OURS = "acceptance-"
LOG = ROOT / "reports" / "embedded-account.log"
# MiniStack keeps one account per access key id. Calls without a signature (the HTTP API's) reach the first one.
ACCOUNT_ID = "000000000000"


def template_of(setting: str, shipped: Path) -> Path:
    """Return the template that a setting names, or the shipped one if it names none."""
    return Path(setting).resolve() if setting else shipped


class Target:
    """The target of one session. `start()` it, and always `stop()` it."""

    def __init__(self, settings: Settings, log: Path = LOG, number: int = 0) -> None:
        """`log` is where the embedded account writes; `number` is that of the session, from 0."""
        self.settings = settings
        self.run_id = uuid.uuid4().hex[:8]
        self.log = log
        self._number = number
        self._account: Account | None = None
        self._embedded: EmbeddedAccount | None = None
        self._station: Station | None = None
        self._undo: list[Callable[[], object]] = []

    @property
    def account(self) -> Account:
        """The account. Raises RuntimeError before `start()`."""
        if self._account is None:
            raise RuntimeError("The target has not been started.")
        return self._account

    @property
    def processes(self) -> Sequence[int]:
        """The processes that are the embedded account, with all that they have started; none for any other one."""
        return [self._embedded.pid] if self._embedded else []

    def facts(self) -> dict[str, str]:
        """Return facts about where the run took place, for readers of the report."""
        return {
            "Target": self.settings.target,
            "Region": self._account.region if self._account else self.settings.region or "unknown",
            "Run": self.run_id,
            **({"Weather": chosen_weather(self.settings)} if self.settings.weather != "none" else {}),
        }

    def start(self) -> None:
        """Reach the account, or start an embedded one. Raises Trouble when that fails."""
        watch_this_process()
        if self.settings.on_aws:
            self._account = Account(self.settings.region)
            self._account.check()
            if not has_console(address := str(self._account.sqs.meta.endpoint_url)):
                watch_local_account(address)
        else:
            begun = None if self._port else Ahead.take()
            self._embedded = begun or EmbeddedAccount(self._port, self.log)
            self.at_the_end(self._embedded.stop)
            if begun:
                begun.log_to(self.log)
            self._put_weather_before(self._embedded)
            self._account = self.embedded_account(ACCOUNT_ID)

    def stop(self) -> None:
        """Undo everything, the last first, and end the embedded account. The first error is raised at the end."""
        if self._embedded:
            try:
                self.check_alive(in_doubt=True)
            except Trouble:  # it cannot be asked to remove anything, and its contents are lost with it
                self._undo = [self._embedded.stop]
        undo_all(self._last_first())

    def _last_first(self) -> Iterator[Callable[[], object]]:
        while self._undo:
            yield self._undo.pop()

    def at_the_end(self, *undo: Callable[[], object]) -> None:
        """Register a step for `stop()` to undo."""
        self._undo += undo

    def check_alive(self, *, in_doubt: bool = False) -> None:
        """Raise Trouble when the embedded account has died. When `in_doubt`, the account must also answer, soon."""
        if self._embedded and not self._embedded.alive:
            raise self._lost(f"has died: {self._embedded.why_it_died()}")
        if in_doubt and self._account:
            self._ask(self._account)

    def embedded_account(self, account_id: str) -> Account:
        """Return one of the accounts that the embedded one keeps."""
        assert self._embedded is not None  # noqa: S101 - for the type checker
        url = self._embedded.url
        endpoint = self._station.url if self._station else url
        account = Account(self.settings.region or "us-east-1", endpoint, account_id, behind=url)
        account.hear_of_failures(self._end_retries)
        return account

    def deploy(
        self,
        account: Account,
        template: Path,
        parameters: Mapping[str, str | int] | None = None,
        *,
        setting: str,
        services: Sequence[Service] = (),
    ) -> None:
        """Deploy a system into an embedded account. Raises Trouble, with the setting to correct, when that fails.

        `services` are those that the run needs next: their clients are created while CloudFormation works.
        """
        how = functools.partial(deploy, meanwhile=lambda: account.load(services))
        self._deploy(how, account, template, parameters, setting=setting)

    def update(
        self,
        account: Account,
        template: Path,
        parameters: Mapping[str, str | int] | None = None,
        *,
        setting: str,
    ) -> None:
        """Update a system that was deployed into an embedded account. Raises Trouble as `deploy` does."""
        self._deploy(update, account, template, parameters, setting=setting)

    def _deploy(
        self,
        how: Callable[..., None],
        account: Account,
        template: Path,
        parameters: Mapping[str, str | int] | None = None,
        *,
        setting: str,
    ) -> None:
        try:
            how(account.directly(), template, parameters)
        except UnusableTemplate as error:
            raise Trouble(f"{error} Correct the setting {setting}, or leave it out.") from error
        except NotDeployed as error:
            raise Trouble(f"{str(error).rstrip('.')}. The account's log is {os.path.relpath(self.log)}.") from error

    def _put_weather_before(self, embedded: EmbeddedAccount) -> None:
        """Route the run's calls through a weather station, if weather is wanted. Each session has one of its own."""
        if self.settings.weather == "none":
            return
        from acceptance.weather.station import Station  # its library takes long to load

        weather, seed = weather_of(self.settings)
        self._station = Station(embedded.url, weather, seed + self._number, secret=SECRET)
        self.at_the_end(self._station.close)

    @property
    def _port(self) -> int:
        """A free port, or the requested one; further sessions of the run take those after it."""
        wanted = self.settings.embedded_port
        return wanted and wanted + self._number

    def _ask(self, account: Account) -> None:
        """Check that the account answers. An embedded one that does not is ended, or each further call would wait."""
        try:
            account.check(in_doubt=True)
        except Trouble:
            if self._embedded is None:
                raise
            self._embedded.kill()
            raise self._lost("does not answer any more, so it was ended") from None

    def _lost(self, what: str) -> Lost:
        return Lost(
            f"The embedded account {what}. "
            f"Its log is {os.path.relpath(self.log)}. Nothing can be said about the system from here on; run again."
        )

    def _end_retries(self, caught_exception: Exception | None = None, **_: object) -> None:
        """End calls early once the account has died; botocore would keep asking for half a minute."""
        if caught_exception and self._embedded and not self._embedded.alive:
            raise caught_exception
