"""What a program prints becomes plain text, wherever it is split, and without what only a terminal understands."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acceptance.terminal.output import MIXED, TerminalOutput, plain, plain_pattern
from acceptance.terminal.screen import COLUMNS, ROWS

pytestmark = pytest.mark.slow

TEXTS = {
    "colours": ("\x1b[1;31mDone\x1b[0m 17\r\n", "Done 17\n"),
    "a title": ("a\x1b]0;tïtle\x07b\x1b]2;title\x1b\\c\x9d0;title\x9cd", "abcd"),
    "a title that never ends": ("a\x1b]0;title\r\nb", "a\nb"),
    "the console's palette": ("a\x1b]P1aabbccb\x1b]Rc", "abc"),
    "a picture": ("a\x1bPq#0;2;0\r\n~~@@\x1b\\b", "ab"),
    "rewritten": ("10 %\r20 %\rdone\r\n", "done\n"),
    "overprinted": ("b\bbo\bol\bld _\bx", "bold x"),
    "erased": ("12345\x1b[3D\x1b[K!", "12!"),
    "two lines of progress": ("a 1\r\nb 1\r\n\x1b[2A\x1b[2Ka 2\r\nb 2\r\n", "a 2\nb 2\n"),
    "cleared": ("Done 17\r\n\x1b[2J\x1b[HMenu\r\n> ", "Done 17\nMenu\n> "),
    "cleared from the top": ("Done 17\r\n\x1b[H\x1b[JMenu", "Done 17\nMenu"),
    "a frame in line drawing": ("\x1b(0lqk\x1b(B\x1b)0\x0ex\x0fx", "┌─┐│x"),
    "tabs": ("a\tb\r\n12345678\tc", "a\tb\n12345678\tc"),
    "characters deleted and inserted": ("abcd\x1b[3D\x1b[P\x1b[1@x", "axcd"),
    "repeated": ("-\x1b[4b", "-----"),
    "empty lines": ("a\r\n\r\n\r\nb\r\n", "a\n\n\nb\n"),
    "marks on letters": ("u\u0308\u0301 e\u0301", "\u01d8 é"),
    "wide letters, one taken back": ("日本\b\b  \b\b語", "日語"),
    "what nobody sees": ("a\u200b\u200d\ufeff\u00ad\u202eb\u2066c\u2069", "abc"),
    "spaces": ("a\u00a0b\u202fc\u3000d", "a b c d"),
    "other controls": ("a\0\a\x7f\x1a\x84\x1b#8b", "a\nb"),
    "cancelled": ("a\x1b[31\x18b\x1b]0;x\x1ac", "abc"),
    "a control within a sequence": ("a\x1b[3\r1mb", "b"),
    "a sequence within a sequence": ("a\x1b[3\x1b[1mb\x1b\x1b[mc", "abc"),
    "half of a character": ("a\ud83db", "a\ufffdb"),
    "nonsense": ("\x1b[999999999A\x1b[99999;99999H\x1b[?;;;hx\x1b[99999b\x1b[;Hy\x1b[999999P", None),
}


@pytest.mark.parametrize(("printed", "text"), TEXTS.values(), ids=TEXTS.keys())
def test_text_is_plain_wherever_it_is_split(printed, text):
    whole = plain(printed)
    assert text is None or whole == text
    assert not any(sign < " " and sign not in "\n\t" for sign in whole)
    for cut in range(len(printed)):
        output = TerminalOutput()
        output.feed(printed[:cut])
        assert isinstance([*output.ends()], list)
        output.feed(printed[cut:])
        assert output.text == whole, cut


def test_a_line_that_is_longer_than_the_screen_is_not_broken():
    line = "x" * (3 * COLUMNS + 1)
    assert plain(f"{line}\r\nb") == f"{line}\nb"


def test_what_has_left_the_screen_is_kept():
    lines = "".join(f"{number}\r\n" for number in range(5 * ROWS))
    assert plain(lines) == lines.replace("\r\n", "\n")


def test_an_answer_begins_behind_the_prompt():
    output = TerminalOutput()
    output.feed("Hello.\r\n> ")
    output.begin("order")
    for part in ("or", "der", "\r\n"):
        output.feed(part)
        assert output.text == ""
    output.feed("Done 17\r\n> ")
    assert output.text == "Done 17\n> "


def test_a_line_that_is_not_repeated_takes_nothing_away():
    output = TerminalOutput()
    output.feed("> ")
    output.begin("1")
    output.feed("\r\n12 lamps\r\n")
    assert output.text == "\n12 lamps\n"


def test_bytes_that_are_no_text_become_some():
    assert b"Gr\xf6\xdfe \xc3\xbc \xff\xe2\x82".decode("utf-8", MIXED) == "Größe ü ÿâ\x82"
    assert "a\ud800b".encode("utf-8", MIXED) == b"a?b"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Choix\u00a0:", "Choix\u00a0:"),
        (r"Choix\xa0:", "Choix\u00a0:"),
        (r"Choix[\u00A0 ]:", "Choix\u00a0:"),
        ("Choix\\\u00a0:", "Choix\u202f:"),
        (r"(?x) Choix \N{NO-BREAK SPACE} :", "Choix\u00a0:"),
        ("e\u0301t\u00e9", "\u00e9te\u0301"),
        ("a\u200bb", "a\u200bb"),
        (r"\s+:", "\u2003:"),
    ],
)
def test_a_pattern_finds_what_it_found_in_printed_text(source, text):
    assert re.search(plain_pattern(source), plain(text))


def test_much_output_takes_no_longer_than_it_has_to():
    """Each read looks at its own rows and the last ones, so the work grows with the text and not with its square."""
    steps = []
    for size in (2_000, 8_000):
        output, looked_at = TerminalOutput(), 0
        for number in range(size):
            output.feed(f"line {number}\r\n")
            looked_at += sum(len(end) for end in output.ends()) if number % 100 == 0 else 0
        steps.append(looked_at)
    assert steps[1] < 6 * steps[0]


SEQUENCES = re.findall(
    r"\S+", r"[2J [H [9999A [3;7H [K [1K [J [L [2M [4P [2@ [?1049h [6n 7 8 M c [ ] ]0;title P k \ (0 [31"
)
PIECES = st.sampled_from(
    [
        *(f"\x1b{one}" for one in SEQUENCES),
        *"\x1b\x9b\x9d\x9c\x07\r\n\b\t\x0e\x18;5?aü日\u0301\u200b\u00a0",
        "> ",
        "x" * 199,
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=40), st.lists(st.integers(0, 400), max_size=4))
@settings(max_examples=60, deadline=None)
def test_whatever_is_printed_becomes_text_and_splitting_it_changes_nothing(pieces, cuts):
    printed = "".join(pieces)
    whole, parts = TerminalOutput(), TerminalOutput()
    whole.feed(printed)
    for begin, end in pairwise([0, *sorted(cuts), len(printed) + 400]):
        parts.feed(printed[begin:end])
        assert len([*parts.ends()]) == 2
    assert parts.text == whole.text == plain(printed)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", whole.text)
    assert plain(whole.text) == whole.text
    whole.begin()
    assert whole.text == ""
