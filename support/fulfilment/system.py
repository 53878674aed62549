"""Brings fulfilment up on a run's target, or finds it there: its tables, its programs, and people who may log in."""

from pathlib import Path

from acceptance.settings import Settings
from acceptance.target import ROOT, Target
from acceptance.trouble import Trouble
from support.fulfilment.dialogue import Dialogue
from support.fulfilment.dialogue_file import read_dialogue
from support.fulfilment.driver import Fulfilment
from support.fulfilment.parts import FulfilmentTables, discover_fulfilment

TEMPLATE = ROOT / "systems" / "fulfilment" / "template.yaml"
DIALOGUE = ROOT / "features" / "fulfilment" / "dialogue.yaml"


def enter(target: Target, settings: Settings) -> Fulfilment:
    """Return fulfilment with everybody let in; the target ends it. Raises Trouble when it cannot be tested."""
    dialogue = read_dialogue(Path(settings.fulfilment_dialogue) if settings.fulfilment_dialogue else DIALOGUE)
    account, password = target.account, settings.fulfilment_password
    if not settings.on_aws:
        own = Path(settings.fulfilment_template).resolve() if settings.fulfilment_template else TEMPLATE
        target.deploy(account, own, setting="fulfilment_template")
    tables = _tables(target, settings, dialogue)
    fulfilment = Fulfilment(account, tables, dialogue, target.run_id, password, settings.fulfilment_answer)
    target.at_the_end(fulfilment.leave)
    if settings.lets_people_in:
        fulfilment.let_everybody_in()
    elif not password:
        raise Trouble(
            "Nobody can log in to the fulfilment programs: their password is not known. "
            "Set CAFE_FULFILMENT_PASSWORD, or let the run let its people in: -D fulfilment_prepare=yes."
        )
    return fulfilment


def _tables(target: Target, settings: Settings, dialogue: Dialogue) -> FulfilmentTables | None:
    """Find the tables. Programs that keep their data elsewhere name something to order instead."""
    try:
        return discover_fulfilment(target.account, settings if settings.on_aws else Settings())
    except Trouble:
        if dialogue.item:
            return None
        raise
