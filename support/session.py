"""One session: assembles the account, the café, its event tap and the waiting verbs, and takes them apart again."""

import os
import time
import uuid
from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from pathlib import Path

from support.cloud.account import Account
from support.cloud.deployment import deploy
from support.cloud.discovery import discover
from support.cloud.embedded import EmbeddedAccount
from support.cloud.settings import Settings
from support.cloud.trouble import Trouble
from support.drivers.front_door import FrontDoor, NoFrontDoor
from support.drivers.serverlesspresso import Cafe
from support.observe.exercised import Look
from support.observe.tap import EventTap
from support.observe.waiting import AWS_PACE, EMBEDDED_PACE, SHARED_PACE, Waiter, use
from support.scene import Scene
from support.service_levels import Levels

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "systems" / "serverlesspresso" / "template.yaml"
LOG = ROOT / "reports" / "embedded-account.log"
# MiniStack keeps one account per access key id. Calls without a signature (the HTTP API's) reach the first one.
ACCOUNT_ID = "000000000000"
# Only one of the two times is short in each, so that a slow machine cannot end an order before its time.
IMPATIENT_SHOPS = {
    "customers": ("111111111111", {"CustomerTimeoutSeconds": 1}),
    "baristas": ("222222222222", {"BaristaTimeoutSeconds": 1}),
}


class Session:
    """The session of a run against one target. `start()` it, and `stop()` it whatever happens."""

    def __init__(self, settings: Settings, log: Path = LOG, number: int = 0, of: int = 1) -> None:
        """`log` is where the embedded account writes. This is session `number`, from 0, `of` so many side by side."""
        self.settings = settings
        self._log = log
        self._number = number
        self._pace = AWS_PACE if settings.on_aws else EMBEDDED_PACE if of == 1 else SHARED_PACE
        self.run_id = uuid.uuid4().hex[:8]
        self._template = Path(settings.template).resolve() if settings.template else TEMPLATE
        self.account: Account | None = None
        self._embedded: EmbeddedAccount | None = None
        self._undo: list[Callable[[], object]] = []
        self._taps: list[EventTap] = []
        self.impatient_cafes: dict[str, Cafe] = {}
        self.levels = Levels()
        self.began_ms = round(time.time() * 1000)

    @property
    def alone(self) -> Collection[str]:
        """The tags of scenarios that bear no other session beside theirs, for all of them share one account.

        They change what everybody sees, or use the one user that is given.
        """
        return {"exclusive", "app"} if self.settings.on_aws else ()

    @property
    def kept_together(self) -> Sequence[str]:
        """The tags of scenarios that one session plays before all others, those of each tag apart.

        Crowds start many functions at once, which once is enough for. The slow ones play in cafés of their own and
        mostly wait, which serves best beside others that do not.
        """
        return () if self.settings.on_aws else ("crowd", "slow")

    def facts(self) -> dict[str, str]:
        """Return what a reader of the report wants to know about where the run took place."""
        return {
            "Target": self.settings.target,
            "Region": self.account.region if self.account else self.settings.region or "unknown",
            "Run": self.run_id,
        }

    def start(self) -> None:
        """Bring the café up, or find the deployed one. Raises Trouble when it cannot be tested."""
        if self.settings.on_aws:
            account = self.account = Account(self.settings.region)
            account.check()
        else:
            if not self._template.is_file():
                raise Trouble(f"There is no template {self._template}. Correct the setting template, or leave it out.")
            self._embedded = EmbeddedAccount(self._port, self._log)
            self._undo.append(self._embedded.stop)
            account = self.account = self._embedded_account(ACCOUNT_ID)
            deploy(account, self._template)
        self.cafe = self._enter(account)

    def stop(self) -> None:
        """Remove all that the run created and end the embedded account. The first error is raised at the end."""
        errors: list[Exception] = []
        if self._embedded:
            try:
                self.check_alive(in_doubt=True)
            except Trouble:  # it cannot be asked to remove anything, and takes everything along
                self._undo = [self._embedded.stop]
        while self._undo:
            undo = self._undo.pop()
            try:
                undo()
            except Exception as error:  # noqa: BLE001 - every part must get its turn; it is raised below
                errors.append(error)
        if errors:
            raise errors[0]

    def check_alive(self, *, in_doubt: bool = False) -> None:
        """Raise Trouble when the account or a tap is lost. When `in_doubt`, the account must also answer, soon."""
        if self._embedded and not self._embedded.alive:
            raise self._lost(f"has died: {self._embedded.why_it_died()}")
        if in_doubt and self.account:
            self._ask()
        for tap in self._taps:
            tap.check()

    def _ask(self) -> None:
        """See that the account answers. An embedded one that does not is ended, or each further call would wait."""
        assert self.account is not None  # noqa: S101 - for the type checker
        try:
            self.account.check()
        except Trouble:
            if self._embedded is None:
                raise
            self._embedded.kill()
            raise self._lost("does not answer any more, so it was ended") from None

    def _lost(self, what: str) -> Trouble:
        return Trouble(
            f"The embedded account {what}. "
            f"Its log is {os.path.relpath(self._log)}. Nothing can be said about the café from here on; run again."
        )

    def move_to_impatient_cafe(self, scene: Scene, people: str) -> None:
        """Let a scenario play in a café that does not wait long for `people`: customers, or baristas.

        That is a café of its own on the embedded account, and the deployed one elsewhere.
        """
        if not self.settings.on_aws:
            if people not in self.impatient_cafes:
                account_id, time_outs = IMPATIENT_SHOPS[people]
                account = self._embedded_account(account_id)
                deploy(account, self._template, time_outs)
                self.impatient_cafes[people] = self._enter(account)
            scene.cafe = self.impatient_cafes[people]
        self.attend(scene)

    @cached_property
    def front_door(self) -> FrontDoor:
        """The shop's HTTP API. Raises NoFrontDoor, with the reason, where nobody can use one."""
        return FrontDoor(self.cafe.account, self.settings, self.run_id)

    def why_not(self, tags: Collection[str]) -> str:
        """Tell why this run must leave a scenario with these tags out, "" if it need not."""
        if "exclusive" in tags and not self.settings.exclusive_allowed:
            return "it changes what everybody in the shop sees; allow it with -D exclusive=yes"
        if "slow" in tags and not self.settings.slow_allowed:
            return "it waits for the shop's own time-outs; allow it with -D slow=yes"
        if "app" in tags:
            try:
                self.front_door  # noqa: B018 - looked up once, and kept
            except NoFrontDoor as reason:
                return str(reason)
        return ""

    def attend(self, scene: Scene) -> None:
        """Let the waiting verbs listen to the café of this scene."""
        cafe = scene.cafe
        use(
            Waiter(
                patience=self.settings.patience_seconds,
                quiet=self.settings.quiet_seconds,
                pace=self._pace,
                pause=cafe.tap.pause,
                prove_listening=cafe.tap.prove_listening,
            )
        )

    def look_back(self) -> Sequence[Look]:
        """Return what the session has done with each of its cafés. Ask before `stop()`."""
        self.check_alive(in_doubt=True)
        return [cafe.look_back() for cafe in [self.cafe, *self.impatient_cafes.values()]]

    @property
    def _port(self) -> int:
        """A free one, or the one that was asked for; further sessions of the run take those after it."""
        wanted = self.settings.embedded_port
        return wanted and wanted + self._number

    def _embedded_account(self, account_id: str) -> Account:
        assert self._embedded is not None  # noqa: S101 - for the type checker
        account = Account(self.settings.region or "us-east-1", self._embedded.url, account_id)
        account.hear_of_failures(self._end_retries)
        return account

    def _end_retries(self, caught_exception: Exception | None = None, **_: object) -> None:
        """Nobody answers any more once the account has died; botocore would go on asking for half a minute."""
        if caught_exception and self._embedded and not self._embedded.alive:
            raise caught_exception

    def _enter(self, account: Account) -> Cafe:
        parts = discover(account, self.settings if self.settings.on_aws else Settings())
        tap = EventTap(account, parts.event_bus, self.run_id, long_poll=self.settings.on_aws, gap=self._pace.gap)
        self._undo.append(tap.close)
        tap.open()
        self._taps.append(tap)
        cafe = Cafe(account, parts, self.run_id, tap, clock_offset=self.settings.clock_offset_ms)
        cafe.chronicle.open()
        if self.settings.on_aws:
            # Once more at the end: a run that was killed just before this one began counts as alive for a while.
            self._undo += [cafe.sweep, cafe.leave]
            cafe.sweep()
        else:  # nobody was there before
            self._undo.append(cafe.leave)
        return cafe
