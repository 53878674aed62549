"""The report on fulfilment before a run: its tables, its programs, and whether people can log in."""

import os
from collections.abc import Iterator, Mapping

from acceptance.aws.account import Account
from acceptance.aws.parts import Sought
from acceptance.examination import Finding, examine_parts
from acceptance.terminal.dialogue import Dialogue
from acceptance.trouble import Trouble
from support.fulfilment.driver import Fulfilment
from support.fulfilment.parts import WHAT
from support.fulfilment.settings import FulfilmentSettings

FALLS_AWAY: Mapping[str, str] = {
    "FindTheTables": "The tables cannot be found.",
    "PassOrdersOn": "The programs can neither read nor write orders.",
    "FindOrdersOfAnItem": "Orders of a scenario's item cannot be found, nor removed.",
    "FillTheShelf": "Stock can neither be added nor removed.",
    "PlanDeliveries": "The programs can neither read nor write deliveries.",
    "SeeWhatWaits": "The programs cannot list the orders and deliveries that wait.",
    "LogIn": "Logging in to the programs is impossible.",
}


def examine_tables(
    account: Account, settings: FulfilmentSettings, dialogue: Dialogue, named: Mapping[str, str], found: dict[str, str]
) -> Iterator[Finding]:
    """Look for the tables, and put them into `found`. Programs may keep their data elsewhere."""
    sought = {
        f"{table}_table": Sought(
            what,
            "table",
            f"fulfilment-{table}",
            f"{settings.prefix()}{table}_table",
            getattr(settings, f"{table}_table"),
        )
        for table, what in WHAT.items()
    }
    for finding in examine_parts(account, sought, named, found=found):
        if finding.verdict == "problem" and dialogue.texts.get("item"):
            what = "Not found; the dialogue says that the programs store their data elsewhere (item)."
            yield Finding("parts", finding.subject, "note", what)
        else:
            yield finding


def examine_programs(fulfilment: Fulfilment) -> Iterator[Finding]:
    """Start each program, and wait for its login prompt."""
    people = {person.role: person.name for person in fulfilment.dialogue.people.values()}
    for role, program in fulfilment.dialogue.programs.items():
        console = fulfilment.sits_at(role, people.get(role, role))
        try:
            console.start()
            yield Finding("readiness", program.title, "ok", "starts and asks for a login")
        except (Trouble, AssertionError) as error:
            advice = f"Start it by hand, as {os.path.relpath(fulfilment.dialogue.path)} says, to see what is missing."
            yield Finding("readiness", program.title, "problem", str(error), advice, stops=True)
        finally:
            console.end()


def examine_login(settings: FulfilmentSettings) -> Iterator[Finding]:
    """Report whether people have a password."""
    if settings.lets_people_in:
        yield Finding("readiness", "logins", "ok", "A run creates its users, with a generated password.")
    elif settings.password.get_secret_value():
        yield Finding("readiness", "logins", "ok", "The password of the dialogue's users is set.")
    else:
        what = "The password of the dialogue's users is not set, so they cannot log in."
        advice = "Set ACCEPTANCE_FULFILMENT_PASSWORD, or have the run create its test users: -D fulfilment_prepare=yes."
        yield Finding("readiness", "logins", "problem", what, advice, stops=True)


def names(found: Mapping[str, str]) -> Mapping[str, str]:
    """Return the names of the parts that the policy names."""
    return {f"fulfilment-{table}": found[f"{table}_table"] for table in WHAT if f"{table}_table" in found}
