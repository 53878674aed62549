"""Small programs that do one odd thing, and a dialogue to drive them."""

import sys
from pathlib import Path

from acceptance.terminal.console import Console, ConsoleSetup
from acceptance.terminal.watcher import Watcher
from support.fulfilment.dialogue import ROLES, read_dialogue

PASSWORD = "open, Sesame 7"
HEAD = "import os, signal, subprocess, sys, time\n"
LOGIN = 'input("User: "); input("Password: "); print("Hello.")\n'
MENU = 'while True:\n    choice = input("> ")\n    if choice == "x": sys.exit(0)\n'
NEVER = "time.sleep(600)\n"

# One program for all roles: what is asked and answered matters here, not who does it.
DIALOGUE = """\
folder: programs
answer_within: WITHIN
start_within: WITHIN
typing_pause: 0
surroundings: [3]
environment: {}
people:
  Pia: {role: customer, user: pia}
  Rosa: {role: inventory, user: rosa}
  Tess: {role: warehouse, user: tess}
  Uma: {role: logistics, user: uma}
  Vic: {role: delivery, user: vic}
refused: {wrong password: 'Wrong', not enough in stock: 'Too few'}
programs:
"""


def desk(
    folder: Path,
    program: str = "",
    command: str = "",
    within: int = 30,
    ready: str = ">",
    surroundings: str = "[3]",
) -> ConsoleSetup:
    """Write a program and a dialogue for it. `command` starts it in another way; it answers `within` s."""
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "program.py").write_text(HEAD + program, encoding="utf-8")
    file = folder / "dialogue.yaml"
    text = _dialogue(command or '["{python}", program.py]', ready).replace("WITHIN", str(within))
    text = text.replace("surroundings: [3]", f"surroundings: {surroundings}")
    file.write_text(text, encoding="utf-8")
    dialogue = read_dialogue(file)
    environment = {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1"}
    return ConsoleSetup(dialogue, environment, {"python": sys.executable}, Watcher(), dialogue.answer_within)


def console(desk: ConsoleSetup) -> Console:
    """Pia at the program."""
    return Console(desk, "customer", "Pia")


def _dialogue(command: str, ready: str) -> str:
    lines = [DIALOGUE]
    for role, acts in ROLES.items():
        lines.append(f"  {role}:\n    title: the portal\n    command: {command}\n    ready: '{ready}'\n    leave: x\n")
        lines.append(
            "    login: [{see: 'User:', type: '{user}'}, {see: 'Password:', type: '{password}', secret: true}]\n"
        )
        lines.append("    acts:\n")
        for act, kind in acts.items():
            groups = "".join(rf" (?P<{name}>\w+)" for name in kind.yields)
            done = f"['Done{groups}', 'Nothing{groups}']"
            lines.append(f"      {act}: {{turns: [{{type: {act}}}], done: {done}}}\n")
    return "".join(lines)
