"""Words of a glossary are found in sentences in each of their forms, and once in each part of the page."""

import pytest

from acceptance.report.specification.contents import Word
from acceptance.report.specification.glossary import Explained, meaning_of, tags_in, words_in

WORDS = [
    "order",
    "waits for its drink",
    "is … in all records",
    "refuses what … brings",
    "menu, choice",
    "*equal to*, *not equal to*",
    "cancel",
    'has "…" … the text, the number',
    "`@slow`",
    "…",
]


def marked(sentence, language="en", words=WORDS, seen=None):
    explained = Explained([Word(word, "") for word in words], language)
    parts = explained.parts(sentence, set() if seen is None else seen)
    assert "".join(part.text for part in parts) == sentence
    return [part.text for part in parts if part.word is not None]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Ada's order is served", ["order"]),
        ("Two orders of Ada's were ordered", ["orders"]),  # the same word a second time
        ("Ada's order waits for its drink", ["order", "waits for its drink"]),
        ("The orders wait for their drinks", ["orders", "wait for their drinks"]),
        ("Everything is paid and settled in all records", ["is paid and settled in all records"]),
        ("It is said that a man and a woman and a child stand in all records", []),  # too far apart
        ("Pia refuses what Vic brings", ["refuses what Vic brings"]),
        ("The menu's choices", ["menu's"]),
        ("7 is not equal to 8", ["not equal to"]),
        ("Pia cancelled; cancelling is free", ["cancelled"]),
        ('the view has "PLAN" equal to the text "Free"', ['has "PLAN" equal to the text']),
        ("a slow border reorders", []),
        ("", []),
        ("…", []),
        ("<b>order</b> & “menu”", ["order", "menu"]),
    ],
)
def test_each_form_of_a_word_is_found_once(sentence, found):
    assert marked(sentence) == found


def test_what_was_explained_already_is_not_explained_again():
    seen = set()
    assert [marked("an order", seen=seen), marked("an order of the menu", seen=seen)] == [["order"], ["menu"]]


def test_other_languages_have_their_own_forms():
    assert marked("Zwei Zimmern", "de", ["Zimmer"]) == ["Zimmern"]
    assert marked("Zwei Zimmern und Zimmer", "xx", ["Zimmer"]) == ["Zimmer"]


def test_a_glossary_is_any_file_with_tables(tmp_path):
    file = tmp_path / "glossary.md"
    file.write_text(
        "Prose with a | in it.\n\n## People *here*\n| a | b | c |\n|:--|--|--|\n| Ada | a \\| b | more |\n"
        "| | none |\n|Eve|\n\n| no | table |\n",
        encoding="utf-8",
    )
    assert words_in(file) == [Word("Ada", "a | b", "People here")]


def test_no_file_and_no_text_are_no_words(tmp_path):
    (tmp_path / "odd.md").write_bytes(b"\xff\x00| a | b |")
    assert [words_in(tmp_path / name) for name in ("missing.md", "odd.md", ".")] == [[], [], []]


def test_a_meaning_is_shown_as_it_is_meant_and_does_nothing():
    assert meaning_of("`-D a=<b>`, *now* and **then**: [here](https://example.org) <script>") == (
        "<code>-D a=&lt;b&gt;</code>, <em>now</em> and <strong>then</strong>: here &lt;script&gt;"
    )


def test_the_first_meaning_of_a_tag_counts():
    words = [Word("`@slow`, `@big`", "own"), Word("slow", "no tag"), Word("`@slow`", "shared")]
    assert tags_in(words) == {"slow": 0, "big": 0}
