"""Prompts as programs write them: coloured, rewritten, split. Each is recognized, and each line typed once."""

import textwrap

import pytest
from odd import LOGIN, PASSWORD, console, desk

from acceptance.terminal.console import Success

pytestmark = pytest.mark.slow

SIMPLE = "while True:\n    choice = input({prompt})\n    if choice == 'x': break\n    print('Done 17')\n"
SHOWN = (
    "while True:\n    print({text}, end={end}, flush=True)\n    choice = input()\n    if choice == 'x': break\n"
    "    print('Done 17')\n"
)
BYTES = (
    "while True:\n    os.write(1, {first}); time.sleep({pause}); os.write(1, {second})\n"
    "    choice = input()\n    if choice == 'x': break\n    print('Done 17')\n"
)
RAW = (
    "import termios, tty\n"
    "def key():\n    return os.read(0, 1).decode()\n"
    "def until(last):\n    got = ''\n    while not got.endswith(last): got += key()\n    return got\n"
    "before = termios.tcgetattr(0)\n"
    "tty.setraw(0)\n"
)


def asks(prompt):
    return SIMPLE.format(prompt=ascii(prompt))


def shows(text, end=""):
    return SHOWN.format(text=ascii(text), end=ascii(end))


def writes(first, second=b"", pause=0.0):
    return BYTES.format(first=first, second=second, pause=pause)


def raw(text):
    return RAW + textwrap.dedent(text)


# Bodies of programs, and the pattern of their prompt if it is another one than ">".
PROMPTS = {
    "plain": asks("> "),
    "colour around the prompt": asks("\033[1;32m>\033[0m "),
    "reset behind the space": asks("\033[32m> \033[0m"),
    "colours in the modern way": asks("\033[38:2::10:20:30m>\033[0;48;5;12m \033[m"),
    "cursor shown behind it": shows("> ", "\033[?25h"),
    "bracketed paste behind it": shows("> ", "\033[?2004h"),
    "bracketed paste before it": shows("\033[?2004h> "),
    "an end of the line behind it": shows(">", "\n"),
    "colour and an end of the line behind it": shows("\033[1m>\033[0m", "\n"),
    "an end of the line and colour behind it": shows(">\n\033[0m"),
    "two ends of the line behind it": shows(">", "\n\n"),
    "a carriage return and a line feed behind it": shows(">", "\r\n"),
    "a title that BEL ends": shows("> ", "\033]0;portal\007"),
    "a title that ST ends": shows("> ", "\033]0;portal\033\\"),
    "a title that 8-bit ST ends": shows("> ", "\033]2;portal\x9c"),
    "a link around it": asks("\033]8;;https://example.org/\033\\>\033]8;;\033\\ "),
    "marks of a shell's integration": asks("\033]133;A\007> \033]133;B\007"),
    "a title in screen's way": shows("\033kportal\033\\> "),
    "a string for devices": shows("> ", "\033Ptmux;\033\033]0;portal\007\033\\"),
    "erases the rest of the line": shows("> ", "\033[K"),
    "erases the rest of the screen": shows("> ", "\033[J"),
    "clears the screen before it": shows("\033[2J\033[H> "),
    "clears the screen in the other way": shows("\033[H\033[J> "),
    "resets the terminal": shows("\033c> "),
    "another screen": shows("\033[?1049h\033[H> "),
    "back from another screen": shows("\033[?1049h\033[2JBusy\033[?1049l> "),
    "a charset behind it": shows("> ", "\033(B\017"),
    "a keypad mode": shows("\033=> ", "\033>"),
    "a cursor's look": shows("> ", "\033[5 q"),
    "8-bit controls": shows("\x9b32m> \x9b0m"),
    "8-bit controls as bytes": writes(b"\x9b32m> ", b"\x9b0m"),
    "a bell": shows("\a> ", "\a"),
    "NUL and DEL": shows("> ", "\0\x7f\0"),
    "a no-break space behind it": asks(">\u00a0"),
    "a narrow no-break space behind it": asks(">\u202f"),
    "a zero-width space behind it": asks("> \u200b"),
    "a byte order mark before it": asks("\ufeff> "),
    "marks of direction": asks("\u200e>\u200f \u2068\u2069"),
    "rewritten by a carriage return": shows("Loading …\r> "),
    "rewritten and the rest erased": shows("Loading …\r\033[2K> "),
    "a spinner before it": shows("|\r/\r-\r\\\r", "> "),
    "a spinner by backspaces": shows("|\b/\b-\b\\\b", "> "),
    "overprinted": shows(">\b> "),
    "a wrong key and a backspace": shows("> x\b \b"),
    "a placeholder": shows("> ____\b\b\b\b"),
    "a field in brackets": (shows("[      ]\033[6D"), r"\["),
    "a hint to its right": shows("> \033[s\033[40C(x leaves)\033[u"),
    "a line of status below it": shows("> ", "\0337\033[50;1H\033[7mready\033[0m\0338"),
    "a toolbar below it": shows("\033[J> ", "\r\n[F1 help]\033[1A\r\033[2C").replace("Done", "\\033[JDone"),
    "column by its number": shows("\033[1G> ", "\033[3G"),
    "two lines in one": (shows("What now?\n\033[1m", "> \033[0m"), r"What now\?\s+>"),
    "a colon": (asks("\033[36mYour choice\033[0m: "), "Your choice:"),
    "Python's": (asks("\033[1;35m>>> \033[0m"), ">>>"),
    "an arrow": (asks("\033[32m❯\033[0m "), "❯"),
    "French spaces": (asks("Choix\u00a0: "), "Choix :"),
    "French spaces in the pattern too": (asks("Choix\u00a0: "), "Choix\u00a0:"),
    "a pattern that names the space": (asks("Choix\u00a0: "), r"Choix\xa0:"),
    "letters in two parts": (asks("Gro\u0308\u00dfe: "), "Gr\u00f6\u00dfe:"),
    "letters in one part": (asks("Gr\u00f6\u00dfe: "), "Gro\u0308\u00dfe:"),
    "Latin-1": (writes("Größe: ".encode("latin-1")), "Größe:"),
    "a letter split in two reads": (writes(b"Gr\xc3", b"\xb6\xc3\x9fe: ", 0.2), "Größe:"),
    "a sequence split in two reads": writes(b"> \x1b[3", b"2m", 0.2),
    "a title split in two reads": writes(b"> \x1b]0;por", b"tal\x1b\\", 0.2),
    "what stands behind it comes late": writes(b"> ", b"\x1b[?25h\x1b[K", 0.2),
    "a pattern with the controls themselves": (asks("\033[32m$ \033[0m"), r"\x1b\[32m\$ \x1b\[0m"),
    "an end of the line that comes late": writes(b">", b"\r\n", 0.2),
    "asks for the cursor and takes no answer": shows("> ", "\033[6n"),
    "asks for the cursor": raw(
        """
        while True:
            os.write(1, b'\\x1b[6n'); row, column = until('R').strip('\\x1b[R').split(';')
            assert int(row) >= 1 and int(column) >= 1, (row, column)
            os.write(1, b'\\r\\x1b[2K> ')
            if until('\\r').strip() == 'x': break
            os.write(1, b'\\r\\nDone 17\\r\\n')
        """
    ),
    "draws its line anew with each key": raw(
        """
        while True:
            line = ''
            os.write(1, b'\\x1b[?2004h\\r\\x1b[32m> \\x1b[0m')
            while not line.endswith('\\r'):
                line += key()
                os.write(1, b'\\r\\x1b[K\\x1b[32m> \\x1b[0m' + line.strip().encode())
            os.write(1, b'\\r\\x1b[?2004l\\r\\n')
            if line.strip() == 'x': break
            os.write(1, b'Done 17\\r\\n')
        """
    ),
    "draws its prompt anew before it reads": raw(
        """
        import select
        while True:
            os.write(1, b'\\r> ')
            select.select([0], [], [])
            os.write(1, b'\\r\\x1b[K> '); time.sleep(0.05)
            line = until('\\r')
            if line.strip() == 'x': break
            os.write(1, line.encode() + b'\\n' + b'Done 17\\r\\n')
        """
    ),
    "a whole screen with a field": raw(
        """
        said = b''
        while True:
            os.write(1, b'\\x1b[1;1HThe portal\\x1b[K\\x1b[3;1H' + said + b'\\x1b[K\\x1b[5;1H> \\x1b[K')
            line = until('\\r')
            if line.strip() == 'x': break
            said = b'Done 17'
        """
    ),
}
CASES = {name: case if isinstance(case, tuple) else (case, ">") for name, case in PROMPTS.items()}


@pytest.fixture
def at(tmp_path):
    """Somebody at a program with this prompt, which is ended in the end."""
    opened = []

    def start(body, ready=">"):
        place = desk(tmp_path, LOGIN + body, ready=ready)
        one = console(place)
        opened.append((one, place.watcher))
        one.start()
        assert isinstance(one.log_in("pia", PASSWORD), Success)
        return one

    yield start
    for one, watcher in opened:
        one.end()
        watcher.stop()


@pytest.mark.parametrize(("body", "ready"), CASES.values(), ids=CASES.keys())
def test_a_prompt_is_recognized(at, body, ready):
    one = at(body, ready)
    assert one.act("order") == Success({"order": "17"})
    assert one.act("order") == Success({"order": "17"})
    one.leave()
    one.end()
    assert "\x1b" not in one.transcript.text
    assert [entry.text for entry in one.transcript.entries if entry.kind == "typed"][2:] == ["order", "order", "x"]


def test_a_line_that_ends_like_a_prompt_is_not_the_prompt_once_that_was_seen(at):
    """This program's prompt never ends its line, so its answer never ends."""
    slowly = "    print('Connecting to <bus>'); time.sleep(0.8); print('Done 17')\n"
    one = at("while True:\n    choice = input('> ')\n" + slowly)
    assert one.act("order") == Success({"order": "17"})


def test_what_is_typed_is_not_taken_for_a_prompt(at):
    one = at("while True:\n    choice = input('>\\n'); time.sleep(0.8)\n    print('Done 17')\n")
    one.program.acts["order"].turns[0].__dict__["type"] = "this >"
    assert one.act("order") == Success({"order": "17"})


def test_a_line_whose_end_comes_a_moment_later_is_not_the_prompt(at):
    slowly = (
        "    sys.stdout.write('Connecting to <bus>'); sys.stdout.flush()\n    time.sleep(0.001); print('\\nDone 17')\n"
    )
    one = at("while True:\n    choice = input('> ')\n" + slowly)
    assert one.act("order") == Success({"order": "17"})
