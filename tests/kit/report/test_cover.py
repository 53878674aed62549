"""The cover answers whether to release, from what lies in a folder of results, and says no more than is known."""

import json
import re
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator
from places import ROOT

from acceptance.report.cover import kept, summary
from acceptance.report.cover.beside import as_plain, summary_beside, write_cover, write_text
from acceptance.report.cover.history import points_in
from acceptance.report.cover.kept import Covered, Level, RunFacts, Untouched
from acceptance.report.cover.markdown import markdown, text
from acceptance.report.cover.page import page
from acceptance.report.cover.summary import Rule, summary_of
from acceptance.report.cover.words import told_gate, told_parts
from acceptance.report.specification import contents

SCHEMA = json.loads((ROOT / "docs" / "summary.schema.json").read_text(encoding="utf-8"))
GATE = [Rule("no scenario fails", success=True, message="No scenario failed.")]
BREACHED = Rule("scan-p95", success=False, message="A scan: 3 s; it must be at most 2 s.")
TOO_FEW = Rule("enough scenarios", success=False, message="Only 4 of at least 9.", measured=False)
DEVIATES = Rule(summary.DEVIATIONS_RULE, success=False, message="1 known deviation counts.")
LEVEL = Level("scan-p95", "A scan is acknowledged", "bakery", 2000, 1500, 1501, 20, "met")
COVERED = Covered(75.0, 3, 4, [Untouched("Oven › Burnt", "Nobody burns anything.")], [], 2, 3, ["bus › Sold"])


def key(number):
    return f"features/bakery/orders.feature: Rule {number % 2}: scenario {number}"


class Folder:
    """A folder of results, as a run leaves it: four scenarios of one system, in two rules."""

    def __init__(self, path):
        self.path = path
        path.mkdir()
        self._written = 0
        scenarios = [contents.Scenario(f"place-{n}", key(n), f"scenario {n}", "", [], [], []) for n in range(4)]
        scenarios.append(contents.Scenario("place-load", key(9), "a load", "", ["load"], [], [], on_demand=True))
        rules = [contents.Rule(f"rule-{n}", f"Rule {n}", "", [], [], scenarios[n::2]) for n in range(2)]
        feature = contents.Feature("f", "features/bakery/orders.feature", "Orders", "en", "", [], [], rules)
        system = contents.System("bakery", "bakery", [feature], [], [])
        (path / contents.SPECIFICATION.file).write_bytes(
            contents.SPECIFICATION.as_json(contents.Specification([system]))
        )
        self.facts()

    def facts(self, levels=(LEVEL,), **more):
        (self.path / kept.RUN_FACTS.file).write_bytes(
            kept.RUN_FACTS.as_json(RunFacts(levels=levels, covered={"bakery": COVERED}, **more))
        )

    def result(self, number, word="passed", message="", cause="", name="", also=()):
        self._written += 1
        labels = [{"name": "feature", "value": "Orders"}, *([{"name": "cause", "value": cause}] if cause else [])]
        labels += [{"name": "another cause", "value": one} for one in also]
        told = {
            "uuid": f"u{self._written}",
            "name": name or f"scenario {number}",
            "fullName": f"Outside any scenario: {name}" if name else key(number),
            "status": word,
            "statusDetails": {"message": message},
            "labels": labels,
            "stop": 1_795_854_000_000 + self._written,
            "attachments": [{"name": "The way", "source": "way.svg", "type": "image/svg+xml"}],
        }
        (self.path / f"{self._written}-result.json").write_text(json.dumps(told), encoding="utf-8")

    def results(self, *words):
        for number, word in enumerate(words):
            cause = "Expected: bread · but: there is none" if word in ("failed", "broken") else ""
            self.result(number, word, cause, cause)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(summary, "known", lambda: {"bakery": ""})
    return Folder(tmp_path / "results")


def answer(folder, gate=GATE):
    found = summary_of(folder.path, gate=gate)
    return found.state, found.sentence


class TestTheAnswer:
    def test_a_whole_run_that_passed_may_be_released(self, folder):
        folder.results("passed", "passed", "passed", "passed")
        assert answer(folder) == ("release", "Release: all 4 checks passed")

    def test_of_some_systems_only_those_may_be_released(self, folder, monkeypatch):
        monkeypatch.setattr(summary, "known", lambda: {"bakery": "", "dairy": ""})
        folder.results("passed", "passed", "passed", "passed")
        assert answer(folder, [TOO_FEW]) == ("release", "Release Bakery: all 4 checks passed")

    def test_failures_are_counted_by_cause(self, folder):
        folder.results("failed", "broken", "broken", "passed")
        assert answer(folder) == ("do not release", "Do not release: 1 cause, 1 failed, 2 could not be checked")

    def test_nothing_failed_and_something_could_not_be_checked(self, folder):
        folder.results("broken", "passed", "passed", "passed")
        assert answer(folder) == ("do not release", "Do not release: nothing failed, but 1 could not be checked")

    def test_a_reason_why_nothing_could_be_checked_is_no_cause_of_a_failure(self, folder):
        folder.result(0, "failed", "It is stale.", "It is stale.")
        folder.result(1, "broken", "The machine stood still.", "The machine stood still.")
        folder.results()
        folder.result(2)
        folder.result(3)
        assert answer(folder) == ("do not release", "Do not release: 1 cause, 1 failed, 1 could not be checked")
        html = page(summary_of(folder.path), folder.path)
        why, _, unchecked = html.partition("What could not be checked")
        assert "It is stale." in why
        assert "The machine stood still." not in why
        assert "The machine stood still." in unchecked

    def test_trouble_outside_of_scenarios_counts(self, folder):
        folder.results("passed", "passed", "passed", "passed")
        folder.result(0, "broken", "Selected, but not reported: one", name="after_all")
        assert answer(folder) == ("do not release", "Do not release: nothing failed, but 1 could not be checked")

    def test_known_deviations_are_named_in_the_sentence(self, folder):
        folder.results("unknown", "passed", "passed", "passed")
        assert answer(folder, [DEVIATES]) == (
            "release with known deviations",
            "Release with 1 known deviation: the other 3 checks passed",
        )

    @pytest.mark.parametrize("rule", [BREACHED, TOO_FEW])
    def test_a_breached_gate_forbids_it(self, folder, rule):
        folder.results("passed", "passed", "passed", "passed")
        assert answer(folder, [*GATE, rule]) == (
            "do not release",
            "Do not release: all 4 checks passed, but the quality gate is breached",
        )
        assert rule.message in summary_of(folder.path, gate=[rule]).remarks

    def test_a_part_of_a_run_is_no_answer(self, folder):
        folder.facts(selection="--tags smoke")
        folder.results("passed", "passed")
        assert answer(folder) == ("no answer", "No answer: only 2 checks of 4 ran, and all of them passed")
        (remark,) = summary_of(folder.path).remarks
        assert remark == "This was a part of a run: 2 of 4 checks were not selected. It was asked for: --tags smoke."

    def test_a_failure_in_a_part_of_a_run_is_one(self, folder):
        folder.results("failed")
        assert answer(folder) == ("do not release", "Do not release: 1 cause, 1 failed")

    def test_an_interrupted_run_is_no_answer_whatever_passed(self, folder):
        folder.facts(interrupted=True)
        folder.results("passed", "broken")
        folder.result(2, "broken", "Not run: the run was interrupted.")
        folder.result(3, "broken", "Not run: the run was interrupted.")
        state, sentence = answer(folder)
        assert (state, sentence) == ("no answer", "No answer: the run was interrupted after 1 of 4 checks")

    def test_a_run_in_which_nothing_ran_is_no_answer(self, folder):
        for number in range(4):
            folder.result(number, "broken", "Not run: there is no such account.")
        assert answer(folder) == ("no answer", "No answer: nothing was checked")

    def test_what_was_left_out_is_told_with_its_reason(self, folder):
        folder.results("passed", "passed", "passed")
        folder.result(3, "skipped", "not promised: There is no spa.")
        found = summary_of(folder.path, gate=GATE)
        assert found.sentence == "Release: all 3 checks passed"
        assert found.remarks == ["1 check was left out; the reasons are below."]
        assert found.left_out == {"not promised: There is no spa.": 1}

    def test_a_run_in_which_everything_was_left_out_is_no_answer(self, folder):
        folder.results("skipped", "skipped", "skipped", "skipped")
        assert answer(folder)[0] == "no answer"

    def test_what_failed_at_first_and_passed_in_a_rerun_is_told(self, folder):
        folder.results("failed", "passed", "passed", "passed")
        folder.result(0)
        found = summary_of(folder.path, gate=GATE)
        assert found.state == "release"
        assert found.remarks == ["1 check failed at first, and passed only when run again."]


class TestWhatIsBehindIt:
    def test_the_rules_of_a_system_are_counted(self, folder):
        folder.results("failed", "passed", "passed", "skipped")
        (system,) = summary_of(folder.path).systems
        assert system.rules == summary.Rules(met=1, breached=1)
        assert (system.title, system.covered) == ("Bakery", COVERED)

    def test_each_cause_comes_once_with_its_scenarios_and_a_picture(self, folder):
        folder.results("broken", "failed", "passed", "failed")
        (cause,) = summary_of(folder.path, page_of="allure.html").causes
        assert [(one.title, one.word) for one in cause.scenarios] == [
            ("Orders › scenario 1", "failed"),
            ("Orders › scenario 3", "failed"),
            ("Orders › scenario 0", "broken"),
        ]
        assert (cause.scenarios[0].place, cause.picture) == ("place-1", "way.svg")
        assert cause.scenarios[0].page == "allure.html#place-1"

    def test_an_error_outside_of_scenarios_has_a_page_and_no_place(self, folder):
        folder.result(0, "broken", "It did not end.", name="after_all")
        (cause,) = summary_of(folder.path, page_of="allure.html").causes
        assert re.fullmatch(r"allure\.html#[0-9a-f]{32}", cause.scenarios[0].page)
        assert cause.scenarios[0].place == ""

    def test_a_scenario_that_shows_several_causes_is_named_below_each(self, folder):
        folder.result(0, "failed", "It is stale.", "It is stale.", also=["It is late."])
        folder.result(1, "failed", "It is late.", "It is late.")
        stale, late = summary_of(folder.path).causes
        assert [one.title for one in late.also] == ["Orders › scenario 0"]
        assert stale.also == []
        assert "also seen in" in page(summary_of(folder.path), folder.path)
        assert "also seen in: Orders › scenario 0" in markdown(summary_of(folder.path))

    def test_a_service_level_that_may_have_been_met_breaches_no_rule(self, folder):
        unsure = replace(LEVEL, earliest_ms=1900, latest_ms=2100, compliance="inconclusive")
        folder.facts(levels=[unsure])
        folder.results("broken", "passed", "passed", "passed")
        found = summary_of(folder.path, gate=[BREACHED])
        (rule,) = found.gate
        assert rule.message == f"{BREACHED.message} That is inconclusive: it took 1,900 ms to 2,100 ms."
        assert told_gate(found.gate) == "1 inconclusive"
        assert "0 of 1 service levels met, 1 inconclusive" in page(found, folder.path)

    def test_what_was_expected_and_what_was_received_are_cut_apart(self, folder):
        folder.results("failed", "passed", "passed", "passed")
        assert told_parts(summary_of(folder.path).causes[0]) == ("Expected: bread ·", "but: there is none")
        folder.result(1, "failed", "It is stale.", "It is stale.")
        assert told_parts(summary_of(folder.path).causes[1]) == ("It is stale.",)

    def test_without_earlier_runs_there_is_no_column_for_them(self, folder):
        folder.results("passed", "passed", "passed", "passed")
        assert "over the runs" not in page(summary_of(folder.path), folder.path)

    def test_results_without_a_cause_are_grouped_by_their_messages(self, folder):
        for number in range(3):
            folder.result(number, "failed", f"Expected: bread · but: it is {number} h old · after {number} s")
        assert len(summary_of(folder.path).causes) == 1

    def test_the_last_run_is_compared_in_what_both_ran(self, folder, tmp_path):
        folder.results("passed", "failed", "passed", "passed")
        before = {
            str(n): {"id": str(n), "fullName": key(n), "status": word}
            for n, word in enumerate(["failed", "passed", "passed"])
        }
        point = {"timestamp": 1_795_800_000_000, "testResults": before, "metrics": {"scan-p95": 1200}}
        history = tmp_path / "history.jsonl"
        history.write_text(f"no JSON\n{json.dumps(point)}\n", encoding="utf-8")
        found = summary_beside(folder.path, history, GATE, linked=True)
        assert (found.news.red, found.news.green) == (["Orders › scenario 1"], ["Orders › scenario 0"])
        assert found.news.since == "2026-11-27T17:20:00Z"
        assert found.systems[0].levels[0].trend == [1200]

    def test_a_history_that_is_not_there_is_none(self, tmp_path):
        assert points_in(tmp_path / "history.jsonl") == []


HOSTILE = "<script>alert(1)</script> | `x` @everybody #1 [x](javascript:1)"


class TestThePages:
    def test_the_page_needs_no_script_and_shows_what_was_said_as_it_was_said(self, folder):
        folder.result(0, "failed", HOSTILE, HOSTILE)
        (folder.path / "way.svg").write_text("<svg><script>alert(1)</script></svg>", encoding="utf-8")
        html = page(summary_of(folder.path), folder.path)
        assert "<script" not in html
        assert "&lt;script&gt;" in html
        assert 'src="data:image/svg+xml;base64,' in html
        assert not re.findall(r'(?:src|href)="(?!data:|#)', html)

    def test_it_links_to_the_pages_that_are_there(self, folder, tmp_path):
        folder.results("failed", "passed", "passed", "passed")
        report = tmp_path / "report"
        report.mkdir()
        (report / "specification.html").touch()
        html = write_cover(summary_of(folder.path), folder.path, report).read_text(encoding="utf-8")
        assert 'href="specification.html#place-0"' in html
        assert "allure.html" not in html

    def test_the_text_shows_what_was_said_as_text(self):
        assert text(HOSTILE) == (
            "&lt;script>alert(1)&lt;/script> \\| \\`x\\` @\u200beverybody #\u200b1 \\[x\\](javascript:1)"
        )

    def test_the_text_says_what_the_page_says(self, folder):
        folder.results("failed", "passed", "passed", "passed")
        told = markdown(summary_of(folder.path, gate=[BREACHED]))
        assert told.startswith("## ❌ Do not release: 1 cause, 1 failed\n")
        assert "1. **Expected: bread · but: there is none** (1 failed)\n   - failed: Orders › scenario 0" in told
        assert (
            "| Bakery | rules: 1 met, 1 breached | 1 of 1 service levels met | 75 % covered: 3 of its 4 parts were used"
            in told
        )
        assert "| A scan is acknowledged | 1,501 ms | 2,000 ms | met |" in told
        assert "- breached: A scan: 3 s; it must be at most 2 s." in told

    @pytest.mark.parametrize("words", [("passed",) * 4, ("failed", "broken", "unknown", "skipped"), ()])
    def test_the_figures_are_as_the_schema_says(self, folder, tmp_path, words):
        folder.results(*words)
        write_text(summary_of(folder.path, gate=[*GATE, TOO_FEW]), tmp_path)
        figures = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
        Draft202012Validator(SCHEMA).validate(figures)
        assert sorted(figures) == sorted(SCHEMA["properties"])

    def test_figures_of_another_shape_are_refused(self, folder):
        folder.results("passed")
        figures = as_plain(summary_of(folder.path))
        assert not Draft202012Validator(SCHEMA).is_valid({**figures, "state": "perhaps"})
        assert not Draft202012Validator(SCHEMA).is_valid({**figures, "more": 1})
