"""By which words a message is known: blanks do not count, and … stands for anything."""

from time import process_time

import pytest

from acceptance.profile.words import fits, says_something, words_of

MESSAGE = 'Expected: a completed order · but: it has the\n  unknown state "DONE" · still so after 5.0 s (17 events)'


@pytest.mark.parametrize(
    "words",
    [
        "a completed order",
        'has the unknown state "DONE"',
        "the  unknown\nstate",
        "Expected: a completed order … still so after … s",
        "Expected … (… events)",
        "still so after ... s",
        "… unknown state …",
        MESSAGE,
    ],
)
def test_words_fit(words):
    assert fits(words, MESSAGE)


@pytest.mark.parametrize(
    "words",
    [
        "A completed order",
        "still so … Expected",
        "after 6.0 s",
        "after .... s",
        "completed.order",
        "(.* events)",
        "a completed order … unknown … cancelled",
    ],
)
def test_other_words_do_not(words):
    assert not fits(words, MESSAGE)


@pytest.mark.parametrize("words", ["", " ", "…", "... …", '" · "'])
def test_words_that_fit_anything_say_nothing(words):
    assert not says_something(words)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (
            MESSAGE,
            'Expected: a completed order · but: it has the unknown state "DONE" · still so after … s (… events)',
        ),
        ("of 20 orders, acceptance-1a2b3c-7 has number 12, at 10:04:17.2", "of … orders, … has number …, at …"),
        ("it was None and is Ben-e79bc29a-4e2c087b, 0.1 s after", "it was None and is …, … s after"),
        ("nothing is by chance", "nothing is by chance"),
    ],
)
def test_words_of_a_message_leave_out_what_differs_from_run_to_run(message, words):
    assert words_of(message) == words
    assert fits(words_of(message), message)


@pytest.mark.parametrize(
    "seen_first",
    [
        "The order came 2,295 ms later; so that is 1,295 ms late.",
        "The order came between 1,901 ms and 2,295 ms later; so that is at least 901 ms late.",
    ],
)
@pytest.mark.parametrize(
    "seen_then",
    [
        "The order came 2,004 ms later; so that is 1,004 ms late.",
        "The order came between 1,204 ms and 4,001 ms later; so that is at least 204 ms late.",
    ],
)
def test_a_late_order_is_known_however_precisely_its_time_is(seen_first, seen_then):
    assert fits(words_of(seen_first), seen_then)


def least_time(work, message):
    """Return the least seconds of processor that the work took of three."""
    took = []
    for _ in range(3):
        began = process_time()
        work(message)
        took.append(process_time() - began)
    return min(took)


@pytest.mark.parametrize("part", ["x", "1", "a1", "a-", "é", "x_", "1.", "a:", ". ", "… ", "a b "])
@pytest.mark.parametrize("work", [words_of, lambda message: fits("a…b…c…d", message)], ids=["words_of", "fits"])
def test_time_grows_with_the_length_only(work, part):
    """Four times the text may take four times as long; what grew with the square would take sixteen times as long."""
    short, long = (part * (length // len(part)) for length in (8_000, 32_000))
    assert any(least_time(work, long) < 9 * max(least_time(work, short), 0.002) for _ in range(4))
