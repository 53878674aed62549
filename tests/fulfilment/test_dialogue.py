"""A dialogue file is read whole, and a mistake is reported with its line."""

import re
import signal
from pathlib import Path

import pytest
from places import ROOT

from acceptance.terminal.dialogue import filled
from acceptance.trouble import Trouble
from support.fulfilment.dialogue import ROLES, read_dialogue, why_not_worked

SHIPPED = ROOT / "features" / "fulfilment" / "dialogue.yaml"
OTHER = Path(__file__).parent / "other_programs" / "dialogue.yaml"


@pytest.mark.parametrize("file", [SHIPPED, OTHER])
def test_a_dialogue_is_read(file):
    dialogue = read_dialogue(file)
    assert list(dialogue.programs) == list(ROLES)
    assert dialogue.folder.is_dir()
    assert all(dialogue.of_role(role) for role in ROLES)
    for role, acts in ROLES.items():
        wanted = [name for name, signature in acts.items() if not signature.optional or file == SHIPPED]
        assert list(dialogue.programs[role].acts) == wanted


def test_what_the_shipped_programs_show_is_compared_whole():
    shown = {"state", "available", "reserved", "delivery", "payment"}
    programs = read_dialogue(SHIPPED).programs.values()
    assert all(shown <= set(program.acts["look"].done[0].groupindex) for program in programs)


def test_the_states_of_others_are_called_as_here():
    assert read_dialogue(OTHER).states["unterwegs"] == "under way"
    assert read_dialogue(SHIPPED).states["under way"] == "under way"


def test_a_prompt_is_the_last_that_is_printed():
    ready = read_dialogue(SHIPPED).programs["customer"].ready
    menu = "1  See what is on offer\n2  Order\n3  Look up one of my orders\n0  Leave\nYour choice: "
    assert ready.search(menu)
    assert not ready.search(f"{menu}is printed in the middle of this")
    assert not ready.search(menu.replace("2  Order", "2  Order now")), "what can be chosen is in so many words"


# The mistake, the changed line, its new text, and the message.
MISTAKES = [
    ("no YAML", "answer_within: 10", "answer_within: 10: 10", "this is not YAML: mapping values are not allowed here"),
    (
        "a name that nobody knows",
        "answer_within: 10",
        "answers_within: 10",
        "the file has no answers_within; ",
    ),
    ("no time", "answer_within: 10", "answer_within: soon", "answer_within must be a number of seconds, up to 3600"),
    ("no exit statuses", "surroundings: [3, 4]", "surroundings: [three]", "surroundings are exit statuses"),
    (
        "a signal that is misspelt",
        "surroundings: [3, 4]",
        "surroundings: [3, SIGKIL]",
        "surroundings name SIGKIL, which is no signal (did you mean SIGKILL?)",
    ),
    (
        "a signal that there is not",
        "surroundings: [3, 4]",
        "surroundings: [SIGFOO]",
        "surroundings name SIGFOO, which is no signal",
    ),
    ("a signal in short", "surroundings: [3, 4]", "surroundings: [segv]", "(did you mean SIGSEGV?)"),
    ("a signal's number", "surroundings: [3, 4]", "surroundings: [-11]", "(did you mean SIGSEGV?)"),
    (
        "no exit status",
        "surroundings: [3, 4]",
        "surroundings: [300]",
        "surroundings are exit statuses from 0 to 255 and signals such as SIGSEGV, not 300",
    ),
    ("no list of them", "surroundings: [3, 4]", "surroundings: SIGSEGV", "surroundings must be a list"),
    (
        "nobody of that kind",
        "role: customer, user: pia",
        "role: king, user: pia",
        "role is king, which is none of ",
    ),
    ("no user name", "{role: customer, user: pia}", "{role: customer}", "Pia lacks user"),
    ("a place that nobody knows", '"{endpoint}"', '"{address}"', "{address} is unknown here; known are python"),
    ("a brace", '"{endpoint}"', '"{endpoint"', "cannot be filled in: "),
    ("a value that nobody knows", '"{quantity}"', '"{number}"', "{number} is unknown here; known are item, quantity"),
    ("no pattern", "'1  See what", "'1  See (what", "ready is no regular expression: "),
    ("no id", "(?P<order>ORD-[0-9A-F]{8}), ", "ORD-[0-9A-F]{8}, ", "done does not yield order: it needs a group"),
    ("a kind of refusal", "wrong amount:", "wrong sum:", "refused has no wrong sum; it may have wrong password, "),
    ("an act that is missing", "      browse:", "      brows:", "acts has no brows; it may have browse, order, look"),
    (
        "a program that is missing",
        "  warehouse:\n",
        "  storehouse:\n",
        "programs has no storehouse; ",
    ),
    ("a turn without a line", "{see: 'Item:', type: \"{item}\"}", "{see: 'Item:'}", "turns lacks type"),
    ("a turn that is not there", '[{type: "1"}]', "[]", "turns must be a list"),
    ("a mapping that is a text", "{role: customer, user: pia}", "pia", "Pia must be a mapping"),
    ("a text that is a list", "title: the customer portal", "title: [portal]", "title must be a text"),
    ("nothing where a text is", "title: the customer portal", "title:", "title must be a text"),
    ("a secret that is none", "secret: true", "secret: perhaps", "secret is perhaps, which is none of true, false"),
]


@pytest.mark.parametrize(("old", "new", "words"), [one[1:] for one in MISTAKES], ids=[one[0] for one in MISTAKES])
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, words):
    text = SHIPPED.read_text("utf-8")
    assert old in text
    file = tmp_path / "dialogue.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Trouble) as raised:
        read_dialogue(file)
    said = re.fullmatch(rf"{re.escape(str(file))}, line (\d+): (.*)\.", str(raised.value))
    assert said, raised.value
    assert words in said[2]
    assert int(said[1]) == text[: text.index(old)].count("\n") + 1


def test_surroundings_name_exit_statuses_and_signals(tmp_path):
    file = tmp_path / "dialogue.yaml"
    text = SHIPPED.read_text("utf-8").replace("surroundings: [3, 4]", "surroundings: [3, SIGSEGV]")
    file.write_text(text, encoding="utf-8")
    dialogue = read_dialogue(file)
    blamed = [status for status in range(-64, 256) if dialogue.blames_surroundings(status)]
    assert blamed == [-signal.SIGSEGV, 3, 128 + signal.SIGSEGV]


def test_a_mistake_in_a_list_is_told_with_its_own_line(tmp_path):
    file = tmp_path / "dialogue.yaml"
    text = SHIPPED.read_text("utf-8").replace("surroundings: [3, 4]", "surroundings:\n  - 3\n  - SIGKIL")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Trouble, match=f"line {text[: text.index('- SIGKIL')].count(chr(10)) + 1}: "):
        read_dialogue(file)


def test_what_is_there_twice_is_told_with_the_second_line(tmp_path):
    file = tmp_path / "dialogue.yaml"
    file.write_text("folder: .\nfolder: ..\n")
    with pytest.raises(Trouble, match="line 2: folder is there twice"):
        read_dialogue(file)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "is empty"), (b"\xff\xfe\xff", "cannot be read"), (b"- 1\n", "line 1: the file must be a mapping")],
)
def test_a_file_that_is_no_dialogue_is_named(tmp_path, content, words):
    file = tmp_path / "dialogue.yaml"
    file.write_bytes(content)
    with pytest.raises(Trouble, match=words):
        read_dialogue(file)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(
        Trouble, match=r"There is no dialogue file .*nowhere.yaml. Correct the setting fulfilment_dialogue"
    ):
        read_dialogue(tmp_path / "nowhere.yaml")


def test_what_is_typed_is_filled_in():
    assert filled("{item} x {quantity}", {"item": "a {lamp}", "quantity": "2"}) == "a {lamp} x 2"


def test_what_programs_cannot_be_asked_is_left_out():
    others = read_dialogue(OTHER)
    assert why_not_worked(read_dialogue(SHIPPED), {"lists", "stock_list", "menus"}) == ""
    assert why_not_worked(others, {"critical"}) == ""
    assert why_not_worked(read_dialogue(SHIPPED), {"namesakes"}) == ""
    assert "has nobody called Pia Berg whom the programs call Pia" in why_not_worked(others, {"namesakes"})
    assert why_not_worked(others, {"stock_list"}) == (
        "dialogue.yaml has no act “stock” for the store; describe it there (docs/dialogue.md)"
    )
