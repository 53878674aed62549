"""Programs that behave oddly at a terminal: each is reported in a sentence, and nothing is left running."""

import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest
from odd import LOGIN, MENU, NEVER, PASSWORD, console, desk
from places import ROOT

from acceptance.terminal.console import EndedHalfWay, NoAnswer, Refusal, Success, Unexpected
from acceptance.terminal.watcher import members
from acceptance.trouble import Trouble

pytestmark = pytest.mark.slow


@pytest.fixture
def at(tmp_path):
    """Somebody at a program, which is ended in the end."""
    opened = []

    def start(program="", command="", within=30):
        place = desk(tmp_path, program, command, within)
        one = console(place)
        opened.append((one, place.watcher))
        return one

    yield start
    for one, watcher in opened:
        one.end()
        watcher.stop()


def logged_in(one):
    one.start()
    assert isinstance(one.log_in("pia", PASSWORD), Success)
    return one


def test_a_program_is_started_worked_with_and_left(at, gone):
    one = logged_in(
        at(LOGIN + 'while True:\n    choice = input("> ")\n    if choice == "x": break\n    print("Done 17")\n')
    )
    assert one.act("order") == Success({"order": "17"})
    session = one.session
    one.leave()
    one.end()
    gone(session)
    assert [span.what for span in one.activities] == ["starts", "logs in", "order", "leaves"]
    assert {span.outcome for span in one.activities} == {"done"}
    assert one.startup_seconds > 0
    assert one.memory > 2**20
    assert one.transcript.entries[-1].text == "ended with exit status 0"


# --- it cannot be started ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("[no-such-program]", "The portal cannot be started: there is no program no-such-program."),
        ("[./missing]", "The portal cannot be started: there is no program {programs}/missing."),
        ("[./program.py]", "The portal cannot be started: {programs}/program.py is not executable."),
        ('["{python}", absent.py]', "The portal cannot be started: there is no file {programs}/absent.py."),
    ],
)
def test_a_program_that_cannot_be_started_is_named(at, tmp_path, command, words):
    one = at(command=command)
    with pytest.raises(Trouble) as raised:
        one.start()
    assert words.replace("{programs}", str(tmp_path / "programs")) in str(raised.value)
    assert f"Correct its command in {tmp_path / 'dialogue.yaml'}, or the program." in str(raised.value)
    assert one.session is None


def test_a_program_that_the_system_cannot_execute_is_named(at, tmp_path):
    one = at(command="[./strange]")
    strange = tmp_path / "programs" / "strange"
    strange.write_text("neither a script nor a program")
    strange.chmod(0o755)
    with pytest.raises(Trouble, match=r"The portal cannot be started: .*Exec format error.*"):
        one.start()


def test_a_folder_that_is_not_there_is_named(at, tmp_path):
    one = at()
    (tmp_path / "programs").rename(tmp_path / "elsewhere")
    with pytest.raises(Trouble, match=r"the folder .*programs of the programs does not exist"):
        one.start()


def test_surroundings_are_blamed_by_the_exit_status(at):
    one = at('print("The table orders is missing."); sys.exit(3)\n')
    with pytest.raises(Trouble) as raised:
        one.start()
    assert str(raised.value) == (
        "The portal ended half-way, with exit status 3, when Pia wanted to start. "
        "It had printed last: “The table orders is missing.”."
    )


# --- it does not do what was expected --------------------------------------------------------------


def test_a_program_that_never_answers_is_given_up(at, gone):
    one = logged_in(at(LOGIN + 'input("> "); print("One moment …")\n' + NEVER, within=4))
    session = one.session
    with pytest.raises(NoAnswer) as raised:
        one.act("browse")
    assert str(raised.value) == (
        "The portal gave no answer within 4 s when Pia wanted to do “browse”. It had printed last: “One moment …”. "
        "Awaited was “>”."
    )
    one.end()
    gone(session)
    assert one.activities[-1].outcome == "broken"


def test_a_program_that_says_nothing_at_all_is_given_up(at):
    one = at(NEVER, within=1)
    with pytest.raises(NoAnswer, match=r"gave no answer within 1 s when Pia wanted to start. It had printed nothing\."):
        one.start()


def test_a_program_that_crashes_half_way_is_told_with_its_status(at, gone):
    one = logged_in(at(LOGIN + 'input("> "); raise SystemExit("Out of order.")\n'))
    session = one.session
    with pytest.raises(EndedHalfWay) as raised:
        one.act("browse")
    assert str(raised.value) == (
        "The portal ended half-way, with exit status 1, when Pia wanted to do “browse”. "
        "It had printed last: “Out of order.”."
    )
    one.end()
    gone(session)


def test_a_program_that_is_ended_by_a_signal_of_its_own_is_told_with_it(at):
    one = logged_in(at(LOGIN + 'input("> "); os.kill(os.getpid(), signal.SIGSEGV)\n'))
    with pytest.raises(EndedHalfWay, match="with signal SIGSEGV, when Pia wanted to do “browse”"):
        one.act("browse")


def test_each_answer_that_an_act_may_have_is_one(at):
    one = logged_in(at(LOGIN + 'for answer in ("Done.", "Nothing."):\n    input("> "); print(answer)\ninput("> ")\n'))
    assert [one.act("browse"), one.act("browse")] == [Success({}), Success({})]


def test_a_program_that_contradicts_itself_is_quoted(at):
    one = logged_in(at(LOGIN + 'input("> "); print("Done: a lamp."); print("Nothing there."); input("> ")\n'))
    with pytest.raises(Unexpected) as raised:
        one.act("browse")
    assert str(raised.value) == (
        "The portal printed what cannot both be true, when Pia wanted to do “browse”: “Done: a lamp.” and "
        "“Nothing there.”."
    )


def test_a_program_that_says_something_else_is_quoted(at):
    one = logged_in(at(LOGIN + 'input("> "); print("Have a nice day."); input("> ")\n'))
    with pytest.raises(Unexpected) as raised:
        one.act("browse")
    assert str(raised.value).startswith(
        "The portal printed neither that it was done nor why not, when Pia wanted to do “browse”."
    )
    assert str(raised.value).endswith("It had printed last: “Have a nice day.”."), "without the menu behind it"


def test_a_program_that_leaves_with_an_error_is_noticed(at):
    one = logged_in(at(LOGIN + 'input("> "); sys.exit(9)\n'))
    with pytest.raises(EndedHalfWay, match="The portal ended with exit status 9 when Pia left"):
        one.leave()


def test_a_program_that_closes_its_terminal_and_goes_on_is_ended(at, gone):
    one = logged_in(at(LOGIN + 'input("> "); [os.close(one) for one in (0, 1, 2)]\n' + NEVER, within=4))
    session = one.session
    with pytest.raises(NoAnswer, match="gave no answer within 4 s when Pia wanted to do “browse”"):
        one.act("browse")
    gone(session)


# --- it says no --------------------------------------------------------------------------------------


def test_a_refusal_is_an_answer(at):
    one = logged_in(at(LOGIN + 'while True:\n    input("> "); print("Too few lamps, sorry.")\n'))
    assert one.act("order") == Refusal("not enough in stock", "Too few lamps, sorry.")
    assert one.activities[-1].outcome == "refused"


def test_a_login_that_is_refused_is_an_answer(at):
    one = at('while True:\n    input("User: "); input("Password: "); print("Wrong, sorry.")\n')
    one.start()
    assert one.log_in("pia", "guess") == Refusal("wrong password", "Wrong, sorry.")
    assert one.log_in("pia", "another guess") == Refusal("wrong password", "Wrong, sorry."), "it asks again"


def test_a_login_after_whose_refusal_the_program_ends_is_an_answer(at):
    one = at('input("User: "); input("Password: "); print("Wrong, sorry."); sys.exit(5)\n')
    one.start()
    assert one.log_in("pia", "guess") == Refusal("wrong password", "Wrong, sorry.")


def test_an_answer_is_not_taken_before_it_is_complete(at):
    slowly = 'for part in ("Done 12", "34", "5\\n", "> "):\n        print(part, end="", flush=True); time.sleep(0.05)\n'
    one = logged_in(at(LOGIN + f'print(end="> ", flush=True)\nwhile True:\n    input()\n    {slowly}'))
    assert one.act("order") == Success({"order": "12345"})


# --- what is kept ----------------------------------------------------------------------------------------


def test_a_password_is_masked_whatever_the_program_repeats(at):
    repeats = (
        'input("User: "); p = input("Password: "); print(f"You typed {p}!"); input(f"{p} > "); print(p); sys.exit(1)\n'
    )
    one = at(repeats)
    one.start()
    one.log_in("pia", PASSWORD)
    with pytest.raises(EndedHalfWay) as raised:
        one.act("browse")
    one.end()
    for text in (one.transcript.text, str(one.transcript.entries), str(raised.value)):
        assert PASSWORD not in text
        assert "•••" in text
    assert "You typed •••!" in one.transcript.text


def test_a_transcript_says_who_typed_what_and_what_came_of_it(at):
    one = logged_in(at(LOGIN + MENU + '    print("\\033[1mDone\\033[0m")\n'))
    one.act("browse")
    one.leave()
    one.end()
    kinds = [(entry.kind, entry.text.strip()) for entry in one.transcript.entries]
    assert kinds == [
        ("happened", "started"),
        ("printed", "User:"),
        ("typed", "pia"),
        ("printed", "Password:"),
        ("typed", "•••"),
        ("printed", "Hello.\n>"),
        ("typed", "browse"),
        ("printed", "Done\n>"),
        ("typed", "x"),
        ("happened", "ended with exit status 0"),
    ]


# --- nothing is left ------------------------------------------------------------------------------------


def test_a_program_that_does_not_want_to_end_is_ended_with_all_it_has_started(at, gone):
    stubborn = (
        "for one in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT): signal.signal(one, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '600'])\n"
        "subprocess.Popen(['sleep', '601'], process_group=0)\n"
    )
    one = logged_in(at(stubborn + LOGIN + 'input("> ")\n' + NEVER))
    everybody = members(one.session)
    assert len(everybody) == 3
    one.end()
    gone(*everybody)
    one.end()  # the second time does nothing


def test_the_terminals_of_ended_programs_are_closed(at):
    before = _terminals()
    for _ in range(3):
        one = logged_in(at(LOGIN + MENU))
        assert _terminals() > before
        one.end()
    assert _terminals() == before


def _terminals():
    return sum("ptmx" in str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink())


@pytest.mark.parametrize("ignores", [False, True])
def test_no_program_outlives_a_suite_that_is_killed(tmp_path, gone, wait_until, ignores):
    stubborn = 'signal.signal(signal.SIGHUP, signal.SIG_IGN)\nprint("User: ", end="", flush=True)\n' + NEVER
    program = stubborn if ignores else LOGIN + MENU
    script = textwrap.dedent(
        f"""
        import sys, threading
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        from pathlib import Path
        from odd import console, desk
        one = console(desk(Path({str(tmp_path)!r}), {program!r}))
        one.start()
        print(one.session, flush=True)
        threading.Event().wait()
        """
    )
    suite = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        session = int(suite.stdout.readline())
        watcher = next(one for one in psutil.Process(suite.pid).children() if one.pid != session)
        assert psutil.pid_exists(session)
    finally:
        suite.kill()
        suite.wait(timeout=10)
        suite.stdout.close()
    gone(session, watcher.pid)


def test_a_watcher_that_was_ended_is_replaced_and_told_who_runs(tmp_path, gone):
    """What was started before is ended too when the run ends without a word."""
    place = desk(tmp_path, "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" + LOGIN + MENU)
    first, second = logged_in(console(place)), console(place)
    watcher = place.watcher._process
    watcher.kill()
    watcher.wait(timeout=10)
    second.start()
    sessions = first.session, second.session
    place.watcher.stop()
    gone(*sessions)
    first.end()
    second.end()
