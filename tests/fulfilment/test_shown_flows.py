"""What programs, people and files are called and print does nothing to the terminal in which flows are shown."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT
from rich.console import Console as Screen

from acceptance.trouble import Trouble
from support.fulfilment.flows.display import list_running, print_results
from support.fulfilment.flows.results import Results, save
from support.fulfilment.order import STEPS, Order
from support.fulfilment.order_flows import FlowResult, ManyFlows, Plan, StepResult

pytestmark = pytest.mark.slow

HOSTILE = "No\x1b]0;owned\x07 \x1b[2J\x00\x9b31m\u202eevil\u2066 \ud83d [bold]x[/bold] \x1b[5"
CLEAN = "evil \ufffd [bold]x[/bold] "


def hostile():
    steps = [StepResult(STEPS[0].name, "broken", 0.0, 1.0, HOSTILE)]
    order = Order(order=HOSTILE, delivery=HOSTILE, amount=HOSTILE)
    return Results([FlowResult(1, {"customer": HOSTILE}, steps, order)], 1, 0.0, 1.0)


def is_plain(text):
    return not any((sign < " " and sign != "\n") or "\x7f" <= sign <= "\x9f" or sign in "\u202e\u2066" for sign in text)


def test_what_is_saved_is_plain_text(tmp_path):
    save(hostile(), tmp_path / "results.json")
    text = (tmp_path / "results.json").read_text("utf-8")
    flow = json.loads(text)["flows"][0]
    for words in (flow["words"], flow["people"]["customer"], flow["order"], flow["steps"][0]["words"]):
        assert CLEAN in words
        assert is_plain(words)


def test_what_is_shown_is_plain_text():
    said = io.StringIO()
    print_results(Screen(file=said, width=300, force_terminal=False), hostile())
    assert CLEAN in said.getvalue()
    assert is_plain(said.getvalue())


def test_commands_of_other_peoples_programs_are_shown_as_plain_text(tmp_path):
    said = io.StringIO()
    argument = HOSTILE.replace("\0", "").replace("\ud83d", "\n").replace("/", "")
    somebody = subprocess.Popen([sys.executable, "-c", "input()", argument], cwd=tmp_path, stdin=subprocess.PIPE)
    try:
        list_running(Screen(file=said, width=300), tmp_path, ())
    finally:
        somebody.communicate(b"\n", timeout=10)
    assert "evil" in said.getvalue()
    assert is_plain(said.getvalue())


@pytest.mark.parametrize("coding", ["utf-8", "ascii", "latin-1"])
def test_a_name_that_is_no_text_is_told_in_a_sentence(tmp_path, coding):
    done = subprocess.run(
        [
            os.fsencode(sys.executable),
            b"-m",
            b"support.fulfilment.flows",
            b"-D",
            b"fulfilment_dialogue=\xff\x1b[2J\xe2\x80\xae.yaml",
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": coding},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    said = done.stdout.decode(coding)
    assert done.returncode == 2, said
    assert "There is no dialogue file" in said
    assert "Traceback" not in said
    assert is_plain(said)


def test_a_file_that_no_system_has_is_told(tmp_path):
    with pytest.raises(Trouble, match="The results cannot be saved: embedded null byte"):
        save(Results([], 1, 0.0, 0.0), Path(f"{tmp_path}/a\0b"))


def test_what_a_program_that_lets_people_in_prints_is_told_as_plain_text(others):
    (others.dialogue.folder / "amt.py").write_text(
        f"import os, sys; print({HOSTILE.replace(chr(0xD83D), '')!r} + os.environ['AMT_KENNWORT']); sys.exit(1)\n",
        encoding="utf-8",
    )
    with pytest.raises(Trouble, match="Creating the test users failed") as raised:
        others.let_everybody_in()
    assert is_plain(str(raised.value))
    assert others.password not in str(raised.value)
    assert "evil" in str(raised.value)


def test_a_program_that_prints_escapes_in_its_answers_shows_and_saves_none(others, tmp_path):
    program = others.dialogue.folder / "amt.py"
    text = program.read_text("utf-8")
    program.write_text(
        text.replace(
            'print(f"Angenommen unter', 'print("\\x1b[2J\\u202e\\x00", end=""); print(f"\\x1b[1mAngenommen unter'
        ),
        encoding="utf-8",
    )
    flows = ManyFlows(others, Plan("Lampe"), 1).run()
    assert flows[0].went_through, flows[0].words
    save(Results(flows, 1, 0.0, 1.0), tmp_path / "results.json")
    assert is_plain("".join(str(part) for part in _texts(json.loads((tmp_path / "results.json").read_text("utf-8")))))


def _texts(value):
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []
