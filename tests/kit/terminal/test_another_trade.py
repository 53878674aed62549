"""Console programs of an undeclared domain are driven by their dialogue file alone."""

import re
import sys
from pathlib import Path

import pytest

import acceptance.terminal
from acceptance.terminal.console import Refusal, Success
from acceptance.terminal.dialogue import Signature, Vocabulary
from acceptance.terminal.dialogue_file import read_dialogue
from acceptance.terminal.workplace import Workplace
from acceptance.trouble import Trouble

pytestmark = pytest.mark.slow

# A library's desk: books are lent to readers, each once.
DESK = """
import getpass
lent = {}
name = input("Card: ")
if getpass.getpass("PIN: ") != "1234":
    raise SystemExit("Unknown card.")
while True:
    choice = input("lend, find or quit? ")
    if choice == "quit":
        break
    book = input("Book: ")
    if choice == "find":
        print(f"{book}: {lent.get(book, 'on the shelf')}")
    elif book in lent:
        print(f"{book} is out, with {lent[book]}")
    else:
        lent[book] = input("Reader: ")
        print(f"Lent as L{len(lent)}")
"""
DIALOGUE = r"""
folder: .
environment: {}
people:
  Hana: {role: librarian, user: hana}
refused:
  wrong password: 'Unknown card'
  lent: 'is out, with \w+'
states: {on the shelf: free}
programs:
  librarian:
    title: the lending desk
    command: ["{python}", desk.py]
    login:
      - {see: 'Card:', type: "{user}"}
      - {see: 'PIN:', type: "{password}", secret: true}
    ready: 'quit\?'
    leave: quit
    acts:
      lend:
        turns:
          - {type: lend}
          - {see: 'Book:', type: "{book}"}
          - {see: 'Reader:', type: "{reader}"}
        done: 'Lent as (?P<loan>L\d+)'
      find:
        turns: [{type: find}, {see: 'Book:', type: "{book}"}]
        done: ': (?P<state>.+)'
"""


@pytest.fixture
def dialogue_file(tmp_path):
    (tmp_path / "desk.py").write_text(DESK, encoding="utf-8")
    file = tmp_path / "dialogue.yaml"
    file.write_text(DIALOGUE, encoding="utf-8")
    return file


@pytest.fixture
def library(dialogue_file):
    place = Workplace(read_dialogue(dialogue_file), {"PATH": "/usr/bin:/bin"}, {"python": sys.executable}, "1234")
    yield place
    place.leave()


def test_somebody_works_by_the_dialogue_alone(library):
    hana = library.at_work("Hana")
    library.begin(hana)
    assert hana.act("lend", book="Emma", reader="Ole") == Success({"loan": "L1"})
    assert hana.act("lend", book="Emma", reader="Pia") == Refusal("lent", "Emma is out, with Ole")
    state = hana.act("find", book="Iliad").found["state"]
    assert library.dialogue.states[state] == "free"
    hana.leave()
    assert [one.what for one in hana.activities] == ["starts", "logs in", "lend", "lend", "find", "leaves"]


def test_a_step_that_gives_too_little_is_told_which_value_is_missing(library):
    hana = library.at_work("Hana")
    library.begin(hana)
    with pytest.raises(Trouble, match=r"“\{reader\}” is to be typed, and nothing was given for 'reader'"):
        hana.act("lend", book="Emma")
    assert library.running() == []


def test_an_act_that_the_dialogue_lacks_is_told_with_those_it_has(library):
    with pytest.raises(Trouble, match=r"the lending desk has no act “order”\. It has: lend, find\."):
        library.at_work("Hana").act("order")


def test_what_a_system_relies_on_is_demanded_of_the_file(dialogue_file):
    acts = {"lend": Signature(("book", "reader"), ("loan",)), "find": Signature(("book",)), "renew": Signature()}
    wanted = Vocabulary(roles={"librarian": acts})
    with pytest.raises(Trouble, match=r"acts lacks renew"):
        read_dialogue(dialogue_file, wanted)
    dialogue_file.write_text(DIALOGUE.replace("librarian", "clerk", 1), encoding="utf-8")
    with pytest.raises(Trouble, match=r"line 5: role is clerk, which is none of librarian"):
        read_dialogue(dialogue_file)


def test_the_kit_knows_no_trade():
    """Words of the system behind these terminals; “in order to” is not about an order."""
    words = re.compile(
        r"\b(fulfil\w*|orders?|stock|deliver\w*|courier|warehouse|inventory|logistics|lamps?|CAFE_\w+)\b"
    )
    folder = Path(acceptance.terminal.__file__).parent
    found = {path.name: words.findall(path.read_text("utf-8")) for path in folder.glob("*.py")}
    assert {name: those for name, those in found.items() if those} == {}
