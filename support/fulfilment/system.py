"""Deploys fulfilment to a run's target, or finds it there: its tables, its programs, and people's logins."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from acceptance.aws.items import as_json
from acceptance.examination import Finding
from acceptance.root import ROOT
from acceptance.service_levels.wall_clock import watch
from acceptance.settings import Settings
from acceptance.system import System
from acceptance.target import Target, template_of
from acceptance.terminal.dialogue import Dialogue
from acceptance.trouble import Trouble
from support.fulfilment import examination
from support.fulfilment.dialogue import read_dialogue, why_not_worked
from support.fulfilment.driver import Fulfilment
from support.fulfilment.parts import WHAT, FulfilmentTables, discover_fulfilment
from support.fulfilment.scene import FulfilmentScene
from support.fulfilment.settings import FulfilmentSettings

TEMPLATE = ROOT / "systems" / "fulfilment" / "template.yaml"
DIALOGUE = ROOT / "features" / "fulfilment" / "dialogue.yaml"


class FulfilmentSystem(System):
    """Fulfilment of a session, with everyone's login."""

    name: ClassVar[str] = "fulfilment"
    policy: ClassVar[str] = "docs/iam-policy-fulfilment.json"
    published: ClassVar[str] = "systems/fulfilment/contracts"
    falls_away: ClassVar[Mapping[str, str]] = examination.FALLS_AWAY
    harms: ClassVar[Sequence[str]] = (
        r"amount|collect|paid",
        r"stock|twice|lost",
        "",
        r"\b(told|says?|shows?|words?)\b",
    )
    _found: Mapping[str, str] = {}

    @classmethod
    def kept_together(cls, settings: Settings) -> Mapping[str, int]:
        """Return the tag of all scenarios at terminals, which share people's programs."""
        return {"terminals": 2}

    def deploy(self) -> None:
        """Deploy the tables."""
        deploy(self.target)

    def examine(self) -> Iterator[Finding]:
        """Look for the tables, start each program once, and check whether people can log in."""
        own, account = self.settings.of(FulfilmentSettings), self.target.account
        self._found = found = dict[str, str]()
        try:
            dialogue = dialogue_of(own)
        except Trouble as trouble:
            yield Finding.of_trouble("readiness", "dialogue", trouble)
            return
        sought = own if own.on_aws else FulfilmentSettings()
        yield from examination.examine_tables(account, sought, dialogue, self.profile.parts, found)
        yield from examination.examine_login(own)
        tables = (
            FulfilmentTables(**{table: found[f"{table}_table"] for table in WHAT}) if len(found) == len(WHAT) else None
        )
        if tables or dialogue.texts.get("item"):
            yield from examination.examine_programs(Fulfilment(account, tables, dialogue, self.target.run_id))

    def names(self) -> Mapping[str, str]:
        """Return the names of the parts that the policy names."""
        return examination.names(self._found)

    def described(self) -> Mapping[str, Any]:
        """Return a profile's content for the deployment: its parts, unless the run deploys them."""
        return {"parts": self._found} if self.settings.on_aws else {}

    def bring_up(self) -> None:
        """Find the tables and the programs, and create the logins."""
        self.fulfilment = enter(self.target)

    def scene(self) -> FulfilmentScene:
        """Create the scenario's stage."""
        watch()
        return FulfilmentScene(self.fulfilment, self.waiter())

    def concerns(self, scene: FulfilmentScene) -> Collection[str]:
        """Return the records of the scenario's orders."""
        for entry in scene.books.own_entries() if self.contracts.contracts else ():
            about = [str(entry.order.get("order_id"))]
            self.contracts.finds("orders", as_json(entry.order), about, scene.began, entry.done)
            if entry.delivery_id:
                self.contracts.finds("deliveries", as_json(entry.delivery), about, scene.began, entry.done)
        return list(scene.books.order_ids)

    def why_not(self, tags: Collection[str]) -> str:
        """Also skip acts that these programs lack, and injected failures outside the embedded account."""
        if "embedded" in tags and self.settings.on_aws:
            return "it lets calls to the account fail, which only the embedded one allows"
        return super().why_not(tags) or why_not_worked(self._dialogue, tags)

    @cached_property
    def _dialogue(self) -> Dialogue:
        return dialogue_of(self.settings.of(FulfilmentSettings))

    def keep_evidence(self, scene: FulfilmentScene, *, failed: bool) -> None:
        """Attach who did what and when, and each terminal's transcript."""
        from support.fulfilment.evidence import keep  # loads the drawing library, not needed earlier

        keep(scene, failed=failed)


def deploy(target: Target) -> None:
    """Deploy the tables into an embedded account."""
    template = template_of(target.settings.of(FulfilmentSettings).template, TEMPLATE)
    target.deploy(target.account, template, setting="fulfilment_template")


def dialogue_of(settings: FulfilmentSettings) -> Dialogue:
    """Read the programs' dialogue. Raises Trouble with the line of a mistake."""
    return read_dialogue(Path(settings.dialogue) if settings.dialogue else DIALOGUE)


def enter(target: Target) -> Fulfilment:
    """Return fulfilment with its logins created; the target ends it. Raises Trouble when it cannot be tested."""
    settings = target.settings.of(FulfilmentSettings)
    dialogue = dialogue_of(settings)
    account, password = target.account, settings.password.get_secret_value()
    if not settings.on_aws:
        deploy(target)
    tables = _tables(target, settings, dialogue)
    fulfilment = Fulfilment(account, tables, dialogue, target.run_id, password, settings.answer)
    target.at_the_end(fulfilment.leave)
    if settings.lets_people_in:
        fulfilment.let_everybody_in()
    elif not password:
        raise Trouble(
            "Logging in to the fulfilment programs is impossible: the password is not known. "
            "Set ACCEPTANCE_FULFILMENT_PASSWORD, or have the run create its test users: -D fulfilment_prepare=yes."
        )
    return fulfilment


def _tables(target: Target, settings: FulfilmentSettings, dialogue: Dialogue) -> FulfilmentTables | None:
    """Find the tables. Programs that keep their data elsewhere name something to order instead."""
    try:
        return discover_fulfilment(target.account, settings if settings.on_aws else FulfilmentSettings())
    except Trouble:
        if dialogue.texts.get("item"):
            return None
        raise
