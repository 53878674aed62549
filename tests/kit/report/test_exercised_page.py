"""The page “Coverage” shows what a run covered, and why not the rest, for any names and reasons."""

import json
from pathlib import Path
from types import SimpleNamespace

import allure_commons
import pytest
import yaml
from places import FEATURES

from acceptance.aws.coverage import Coverage, CoverageItem, take_snapshot
from acceptance.aws.executions import Executions
from acceptance.aws.wiring import Wiring
from acceptance.report.coverage import TITLE, CoverageReport, attach_coverage, data, page
from acceptance.report.run import ScenarioOutcome
from acceptance.report.verdicts import BROKEN, PASSED, SKIPPED, Verdict
from support.serverlesspresso.parts import discover
from support.serverlesspresso.settings import ServerlesspressoSettings
from support.serverlesspresso.watched import ORDER

REASONS = FEATURES / "serverlesspresso" / "not_exercised.yaml"
OPEN, CLOSED, LEFT = (
    CoverageItem("state", "Ordering", "Open?", 12),
    CoverageItem("state", "Ordering", "Closed", 0),
    CoverageItem("branch", "Ordering", "Open? → Closed", 0),
)
ASKED, CALLED = CoverageItem("event", "shop", "Asked", 34), CoverageItem("rule", "rules", "Asked → Tell", 34)
ALL = (OPEN, CLOSED, LEFT, ASKED, CALLED)
WHY = "Nobody can close it."


def told(*items, reasons=None, trouble="", left_out=0, **facts):
    exercised = Coverage(items or ALL, {"Ordering": 12}, **facts)
    return CoverageReport(exercised, reasons or {}, trouble, 7, left_out)


def rows(html, heading):
    """The rows of the first table whose first column is headed so, without their tags."""
    table = html[html.index(f"<th>{heading}</th>") :]
    cells = table[table.index("<tbody>") : table.index("</tbody>")].split("</tr>")[:-1]
    return [" ".join(row.replace("<br>", " ").replace("</td><td", " <td").split()) for row in cells]


def text(row):
    return "".join(part.split(">")[-1] for part in row.split("<")).strip()


class TestPage:
    def test_the_percentage_comes_first(self):
        html = page(told())
        assert "<h1>Coverage: 60 %</h1>" in html
        assert "3 of the 5 parts of the deployed system were covered by this run of 7 scenarios." in html

    def test_it_says_how_many_scenarios_were_left_out(self):
        assert "7 scenarios. 3 scenarios were left out, which" in page(told(left_out=3))
        assert "7 scenarios.</p>" in page(told())

    def test_the_percentage_is_never_rounded_up(self):
        items = [CoverageItem("state", "Ordering", str(number), min(number, 1)) for number in range(2000)]
        assert "<h1>Coverage: 99.9 %</h1>" in page(told(*items))

    def test_where_nothing_is_known_no_percentage_is_told(self):
        html = page(CoverageReport(Coverage([], {}, gaps=["Everything could not be read."]), {}, "", 1, 0))
        assert "<h1>Coverage: nothing is known</h1>" in html
        assert "Everything could not be read." in html

    def test_each_kind_is_summed_up(self):
        summary = [text(row) for row in rows(page(told()), "")]
        assert [line.split(":")[0] for line in summary] == ["States", "Branches", "Event types", "Rules"]
        assert [line[-3:] for line in summary] == ["1 2", "0 1", "1 1", "1 1"]

    def test_a_workflow_shows_how_many_executions_passed_each_state_the_untouched_first(self):
        html = page(told(reasons={CLOSED.name: WHY}))
        assert "<h2>Ordering</h2>\n<p>12 executions in this run</p>" in html
        assert [text(row) for row in rows(html, "States")] == [f"Closed {WHY} 0", "Open? 12"]

    def test_what_is_untouched_is_told_with_its_reason_or_that_there_is_none(self):
        html = page(told(reasons={CLOSED.name: WHY}))
        told_first = html[html.index("Not covered, and") : html.index("<h2>Ordering")]
        assert told_first.index(CLOSED.name) < told_first.index(WHY) < told_first.index(LEFT.name)
        assert told_first.index("no reason given") > told_first.index(LEFT.name)

    def test_where_everything_is_touched_nothing_is_told_of_the_untouched(self):
        html = page(told(OPEN))
        assert "Not covered" not in html
        assert "100 %" in html

    def test_what_was_seen_what_is_not_looked_into_and_what_could_not_be_read_is_told(self):
        html = page(told(undefined=["shop › Sung"], blind=["a rule"], gaps=["The rules"], trouble="The reasons"))
        for heading, entry in (
            ("Seen, but not in any definition", "shop › Sung"),
            ("Not examined", "a rule"),
            ("Could not be read", "The rules</li><li>The reasons"),
        ):
            assert f"<li>{entry}</li>" in html[html.index(f"<h2>{heading}</h2>") :]

    def test_whatever_is_not_there_has_no_heading(self):
        html = page(told())
        assert not [text for text in ("Seen,", "Not examined", "Could not", "Outdated") if text in html]

    def test_nothing_that_it_shows_becomes_part_of_the_page(self):
        bad = "<script>alert('&')</script>"
        items = [
            CoverageItem("state", bad, bad, 0),
            CoverageItem("event", bad, bad, 1),
            CoverageItem("rule", bad, f"{bad} → {bad}", 0),
        ]
        html = page(
            told(
                *items,
                reasons={items[0].name: bad, bad: bad},
                undefined=[bad],
                blind=[bad],
            )
        )
        gone = page(told(trouble=bad, gaps=[bad]))
        assert "<script" not in html + gone
        assert html.count("&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;") > 9

    def test_no_secret_is_shown(self):
        gap = "The rules could not be read: token=abcdef"
        assert "abcdef" not in page(told(gaps=[gap])) + json.dumps(data(told(gaps=[gap])))

    def test_nothing_is_loaded_and_nothing_runs(self):
        assert not [word for word in ("src=", "href=", "http", "@import", "url(") if word in page(told())]


class TestReasons:
    def test_a_reason_for_what_was_touched_is_out_of_date(self):
        assert told(reasons={OPEN.name: WHY, CLOSED.name: WHY}).stale == {OPEN.name: "it was touched"}

    def test_a_reason_for_what_is_not_there_is_out_of_date(self):
        assert told(reasons={"Ordering › Gone": WHY}).stale == {"Ordering › Gone": "there is no such part"}

    def test_what_could_not_be_read_is_not_missed(self):
        reasons = {"Ordering › Gone": WHY, OPEN.name: WHY}
        assert told(reasons=reasons, gaps=["The rules could not be read."]).stale == {OPEN.name: "it was touched"}

    def test_the_page_tells_of_it(self):
        html = page(told(reasons={OPEN.name: WHY}))
        assert f"<li>{OPEN.name}: it was touched</li>" in html[html.index("<h2>Outdated reasons</h2>") :]


class TestFigures:
    def test_everything_is_there_for_machines(self):
        figures = data(told(reasons={CLOSED.name: WHY, "x": "y"}, undefined=["u"], blind=["b"]))
        assert json.loads(json.dumps(figures)) == {
            "percent": 60.0,
            "touched": 3,
            "all": 5,
            "scenarios": 7,
            "scenarios left out": 0,
            "executions": {"Ordering": 12},
            "items": [
                {"kind": "state", "name": "Ordering › Open?", "count": 12},
                {"kind": "state", "name": "Ordering › Closed", "count": 0, "reason": WHY},
                {"kind": "branch", "name": "Ordering › Open? → Closed", "count": 0, "reason": "no reason given"},
                {"kind": "event", "name": "shop › Asked", "count": 34},
                {"kind": "rule", "name": "rules › Asked → Tell", "count": 34},
            ],
            "seen, but not defined": ["u"],
            "not looked into": ["b"],
            "could not be read": [],
            "reasons out of date": {"x": "there is no such part"},
        }


def run(*words, results=Path("results")):
    outcomes = [ScenarioOutcome(None, None, Verdict(word), ran=ran) for word, ran in words]
    return SimpleNamespace(results=results, outcomes=dict(enumerate(outcomes)))


A_RUN = run((PASSED, True), (BROKEN, True), (SKIPPED, True), (BROKEN, False))


@pytest.fixture
def attached():
    """What is attached to the whole run, by its name."""
    attached = {}

    class Listener:
        @allure_commons.hookimpl
        def global_attach_data(self, body, name, attachment_type, extension):
            attached[name] = body

    listener = Listener()
    allure_commons.plugin_manager.register(listener)
    yield attached
    allure_commons.plugin_manager.unregister(listener)


@pytest.fixture
def reasons(tmp_path):
    def write(content):
        path = tmp_path / "why_not.yaml"
        path.write_bytes(content)
        return path

    return write


class TestTold:
    def test_page_and_figures_belong_to_the_whole_run(self, attached, reasons):
        exercised = Coverage(ALL, {})
        assert (
            attach_coverage(lambda: exercised, [reasons(f"{CLOSED.name}: {WHY}".encode())], A_RUN).exercised
            is exercised
        )
        assert list(attached) == [TITLE, f"{TITLE} (figures)"]
        assert WHY in attached[TITLE]
        assert json.loads(attached[f"{TITLE} (figures)"])["percent"] == 60

    def test_only_scenarios_that_ran_are_counted(self, attached, reasons):
        attach_coverage(lambda: Coverage(ALL, {}), [reasons(b"")], A_RUN)
        assert "run of 2 scenarios. 2 scenarios were left out, " in attached[TITLE]

    @pytest.mark.parametrize(
        "nothing", [run(), run((SKIPPED, True), (BROKEN, False)), run((PASSED, True), results=None)]
    )
    def test_a_run_without_results_or_scenarios_is_not_looked_back_on(self, attached, reasons, nothing):
        assert attach_coverage(lambda: pytest.fail("It was looked back on."), [reasons(b"")], nothing) is None
        assert not attached

    def test_trouble_with_it_is_told_on_the_page_and_nowhere_else(self, attached, reasons):
        def trouble():
            raise ValueError("<no definition>")

        assert attach_coverage(trouble, [reasons(b"")], A_RUN) is None
        assert list(attached) == [TITLE]
        assert "Coverage could not be measured. ValueError: &lt;no definition&gt;" in attached[TITLE]

    @pytest.mark.parametrize(
        "content",
        [b"a: [", b"- a\n- b", b"a: 3", b"1: text", b"a:", b"\xff\xfe\xff"],
        ids=lambda content: repr(content),
    )
    def test_reasons_that_cannot_be_read_are_a_gap(self, attached, reasons, content):
        assert attach_coverage(lambda: Coverage(ALL, {}), [reasons(content)], A_RUN)
        assert "<li>The reasons in why_not.yaml could not be read: " in attached[TITLE]

    def test_a_file_without_reasons_is_none(self, attached, reasons):
        attach_coverage(lambda: Coverage(ALL, {}), [reasons(b"# Nothing yet.")], A_RUN)
        assert "Could not be read" not in attached[TITLE]

    def test_a_system_need_not_give_reasons(self, attached, tmp_path, reasons):
        files = [tmp_path / "none.yaml", reasons(f"{CLOSED.name}: {WHY}".encode())]
        assert attach_coverage(lambda: Coverage(ALL, {}), files, A_RUN)
        assert "Could not be read" not in attached[TITLE]
        assert WHY in attached[TITLE]


class TestInARun:
    ENVIRONMENT = """\
from pathlib import Path
from acceptance.aws.coverage import Coverage, CoverageItem
from acceptance.report import coverage as exercised
from acceptance.report.run import Run, reported

@reported
def before_all(context): pass

@reported
def after_all(context):
    look_back = lambda: {answer}
    exercised.attach_coverage(look_back, [Path("why_not.yaml")], Run.of(context.config))
"""

    def run(self, project, answer):
        project.write("environment.py", self.ENVIRONMENT.format(answer=answer))
        project.feature("Feature: Ordering\n\n  Scenario: one\n    Given it works\n")
        ran = project.run()
        results = project.folder / "reports" / "allure-results"
        found = [json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*-globals.json")]
        return ran, {told["name"]: results / told["source"] for entry in found for told in entry["attachments"]}

    def test_the_page_is_among_the_results_but_belongs_to_no_scenario(self, project):
        ran, attached = self.run(project, "Coverage([CoverageItem('state', 'Ordering', 'Open?', 1)], {})")
        assert ran.status == 0
        assert "100 %" in attached[TITLE].read_text(encoding="utf-8")
        assert not ran.result("one").get("attachments")

    def test_a_run_is_not_red_because_the_page_could_not_be_made(self, project):
        ran, attached = self.run(project, "1 / 0")
        assert ran.status == 0
        assert ran.verdicts() == {"one": "passed"}
        assert "Coverage could not be measured." in attached[TITLE].read_text(encoding="utf-8")


@pytest.mark.cloud
def test_every_reason_is_for_a_part_of_the_deployed_cafe(cafe_account):
    account = cafe_account[1]
    parts = discover(account, ServerlesspressoSettings())
    arns = [parts.order_processor, parts.order_manager]
    wiring = Wiring(account.events, account.stepfunctions, parts.event_bus, arns)
    idle = {Executions(account.stepfunctions, arn, ORDER): list for arn in arns}
    there = Coverage.of([take_snapshot(wiring, idle, list)])
    reasons = yaml.safe_load(REASONS.read_text(encoding="utf-8"))
    assert CoverageReport(there, reasons, "", 0, 0).stale == {}
    assert all(text.endswith(".") for text in reasons.values())
