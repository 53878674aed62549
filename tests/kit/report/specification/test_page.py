"""The page shows promises and verdicts; a scenario that has not run is never shown as passed."""

import base64
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from acceptance.report.specification.beside import write_specification
from acceptance.report.specification.contents import SPECIFICATION, Specification, Word
from acceptance.report.specification.outcomes import outcomes_in
from acceptance.report.specification.page import page

RULE = "features/hotel/rooms.feature: A room has one guest at a time: "
REFUSED = f"{RULE}A taken room is refused"
CANCELS, GOES = (f"{RULE}A guest who {how} frees the room | leaves={how}" for how in ("cancels", "goes home"))


class Shown(HTMLParser):
    """What a page shows, by the ids of its articles and rows."""

    def __init__(self, html):
        super().__init__()
        self.ids, self.links, self.loaded, self.verdicts, self.places = [], [], [], {}, []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if "id" in told:
            self.ids.append(told["id"])
        if "data-v" in told:
            self.verdicts[told["id"]] = told["data-v"]
        if tag == "a":
            self.links.append(told["href"])
        self.loaded += [told[name] for name in ("src", "data", "action") if name in told]
        self.loaded += [told["href"] for _ in (1,) if tag in ("link", "base")]


def text_of(html):
    html = re.sub(r"<(script|style)\b.*?</\1>", "", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


@pytest.fixture
def after_a_run(hotel):
    """The page after a run in which one scenario failed, one could not be checked, and one did not run."""
    levels = "A room is booked: 191 ms (limit 2 s)"
    hotel.ended(REFUSED, "passed", stop=1)
    hotel.ended(
        REFUSED,
        "failed",
        stop=2,
        message='Expected <refused>, received "ok"',
        fell=["Then Eve is refused"],
        svg=("The way of Ada's room", "<svg>é</svg>"),
        txt=("Service levels", levels),
    )
    hotel.ended(CANCELS, "broken", message="The hotel did not answer.")
    hotel.ended("Outside any scenario: The run", "broken")
    return page(hotel.read(), outcomes_in(hotel.results))


def test_each_scenario_has_its_last_verdict_and_the_rest_is_not_part_of_the_run(hotel, after_a_run):
    without, rule = hotel.feature().rules
    refused, outline = rule.scenarios
    cancels, goes = outline.examples[0].rows
    assert Shown(after_a_run).verdicts == {
        without.scenarios[0].id: "not-run",
        refused.id: "failed",
        outline.id: "broken not-run",
        cancels.id: "broken",
        goes.id: "not-run",
    }
    text = text_of(after_a_run)
    assert "1 failed 1 could not be checked 2 not part of this run" in text
    assert not re.search(r"\bpassed\b", text)


def test_messages_figures_and_pictures_stand_with_their_scenario(after_a_run):
    article = re.search(r"<article id=\"[^\"]*taken-room.*?</article>", after_a_run, re.DOTALL).group()
    text = text_of(article)
    assert re.search(r'<li class="fell failed"><b>Then</b>.*Eve', article)
    assert article.count("fell") == 1
    assert "Expected &lt;refused&gt;, received &#34;ok&#34;" in text
    assert "A room is booked: 191 ms (limit 2 s)" in text
    assert "<details class=p data-n=0><summary>The way of Ada&#39;s room</summary>" in article
    packed = re.search(r"class=packed>([^<]*)<", after_a_run).group(1)
    assert json.loads(zlib.decompress(base64.b64decode(packed))) == ["<svg>é</svg>"]


def test_markup_in_features_is_text(hotel):
    odd = "<script>alert(1)</script> & \"quotes' <b>"
    hotel.write(
        "hotel/odd.feature",
        f"Feature: {odd}\n  {odd}\n  Rule: {odd}\n    @a<b>\n    Scenario: {odd}\n      Then {odd}\n      "
        f'  """\n        </pre>{odd}\n        """\n',
    )
    hotel.write("hotel/glossary.md", f"| word | meaning |\n|---|---|\n| alert | {odd} |\n")
    html = page(hotel.read())
    assert "<script>alert" not in html
    assert "</pre><script" not in html
    assert html.count("&lt;script&gt;") >= 6


def test_words_and_tags_lead_to_their_meanings_and_every_link_leads_somewhere(after_a_run):
    shown = Shown(after_a_run)
    inside = [link[1:] for link in shown.links if link.startswith("#")]
    assert len(inside) > 10
    assert set(inside) <= set(shown.ids)
    assert [link for link in shown.links if not link.startswith("#")] == ["index.html"]
    assert len(shown.ids) == len(set(shown.ids))
    assert '<a class=w href="#w-hotel-4">@slow</a>' in after_a_run
    assert '<a class=w href="#w-shared-0">@core</a>' in after_a_run
    assert "<dt>is refused</dt><dd>The hotel has said no.</dd>" in after_a_run


def test_the_page_loads_nothing_and_may_not(after_a_run):
    assert Shown(after_a_run).loaded == []
    assert "default-src 'none'" in after_a_run


def test_without_a_run_there_are_no_verdicts(hotel):
    html = page(hotel.read())
    assert Shown(html).verdicts == {}
    assert "without a run, so there are no verdicts" in text_of(html)
    assert "not part of this run" not in text_of(html)


def test_without_features_it_says_so():
    assert "There are no features." in text_of(page(Specification([])))


def test_a_file_that_cannot_be_read_is_named_where_its_promises_would_be(hotel):
    hotel.write("hotel/broken.feature", "Feature: Rooms\n  Senario: One\n")
    assert text_of(page(hotel.read())).count("features/hotel/broken.feature:2: “Senario: One”") == 2


def test_kinds_are_those_of_the_scenario_before_those_around_it(after_a_run):
    kinds = dict(re.findall(r'<article id="(.*?)-[0-9a-f]{8}" data-k="(.*?)"', after_a_run))
    assert list(kinds.values()) == ["-", "core", "house_rule"]


@pytest.mark.parametrize("status", ["skipped", "unknown", "passed"])
def test_known_deviations_and_what_was_left_out_are_named_so(hotel, status):
    hotel.ended(REFUSED, status, message="Known deviation: see issue 7" if status != "passed" else "")
    html = page(hotel.read(), outcomes_in(hotel.results))
    assert {"skipped": "1 left out", "unknown": "1 known deviation", "passed": "1 passed"}[status] in text_of(html)
    assert ("see issue 7" in html) == (status != "passed")


def test_the_page_of_a_run_is_written_beside_its_report(hotel):
    output = hotel.folder / "allure-report"
    output.mkdir()
    (hotel.results / "specification.json").write_bytes(SPECIFICATION.as_json(hotel.read()))
    hotel.ended(REFUSED, "passed")
    write_specification(hotel.results, output)
    assert "1 passed" in text_of((output / "specification.html").read_text("utf-8"))


def test_results_without_a_specification_leave_no_older_page(hotel):
    (hotel.folder / "specification.html").write_text("of an older run", encoding="utf-8")
    write_specification(hotel.results, hotel.folder)
    assert not (hotel.folder / "specification.html").exists()


def test_lost_pictures_and_odd_results_spoil_nothing(hotel):
    hotel.ended(REFUSED, "no status", svg=("Gone", ""), txt=("Service levels", ""))
    for file in [*hotel.results.glob("*.svg"), *hotel.results.glob("*.txt")]:
        file.unlink()
    (hotel.results / "x-result.json").write_text("[]", encoding="utf-8")
    html = page(hotel.read(), outcomes_in(hotel.results))
    assert "1 could not be checked" in text_of(html)
    assert "Gone" not in html


def test_systems_with_shared_words_of_their_own_are_explained_by_these(hotel):
    (system,) = hotel.read().systems
    other = replace(
        system, id="trains", name="trains", shared_words=[Word("`@house_rule`", "Here."), Word("room", "R.")]
    )
    html = page(Specification([system, other]))
    assert set(re.findall(r'href="#(w-shared-\d)">(?:@house_rule|rooms?)<', html)) == {"w-shared-1", "w-shared-3"}
    assert '<div id="w-shared-3"><dt>room</dt><dd>R.</dd></div>' in html
