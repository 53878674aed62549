"""Shards of a run: each scenario is in exactly one, and their merge reports the same as one whole run."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from places import ROOT
from small_project import Project

from acceptance.report import render
from acceptance.report.__main__ import main
from acceptance.report.node import RenderError
from acceptance.report.shards.shard import SHARD

OTHERS = """\
Feature: Others
  Scenario Outline: for <who>
    Then it works for <who>
    Examples:
      | who |
      | Ada |
      | Ben |
  Scenario: twice
    Then it works
  Scenario: twice
    Then it works
  Scenario: a Given that another scenario checks
    Given a promise is broken
    Then it works
  Scenario: "odd", 100 % | ü / 漢 › name: [2]
    Then it works
"""
ONLY_IN_GIVENS = """\
Feature: Givens
  Scenario: one
    Given a promise is broken
    Then it works
  Scenario: two
    Given a promise is broken
    Then it works
  Scenario: three
    Given it works
    Then it works
"""
GREEN = "Feature: Green\n" + "".join(f"  Scenario: {n}\n    Given it works\n" for n in "abcdef")
PROFILE = """\
system: cafe
deviations:
  - {scenario: Ordering › a promise, message: there is none, reason: Orders get lost., until: 2999-12-31}
  - {scenario: Others › twice, message: there is none, reason: Orders get lost., until: 2999-12-31}
"""


def told(folder):
    """What the results in a folder say of each scenario: the verdict, the message and the cause."""
    found = {}
    for path in folder.glob("*-result.json"):
        result = json.loads(path.read_text(encoding="utf-8"))
        causes = [label["value"] for label in result["labels"] if label["name"] == "cause"]
        assert result["fullName"] not in found
        found[result["fullName"]] = result["status"], (result.get("statusDetails") or {}).get("message"), causes
    return found


def in_shards(project, of, *arguments):
    """Run each shard into a folder of its own."""
    ran = [project.run("-D", f"shard={n}/{of}", "-D", f"results=s{n}", *arguments) for n in range(1, of + 1)]
    return ran, [project.folder / f"s{n}" for n in range(1, of + 1)]


@pytest.fixture
def merge(capsys, tmp_path_factory):
    """Merge these folders: the exit status, what was said, and the folder of the results."""

    def merged(*folders):
        results = tmp_path_factory.mktemp("merged") / "allure-results"
        status = main(["merge", "--no-report", "--results", str(results), *map(str, folders)])
        said = capsys.readouterr()
        return status, said.out + said.err, results

    return merged


@pytest.fixture(scope="module")
def green(tmp_path_factory):
    """A project in which everything passes, and its three shards."""
    project = Project(tmp_path_factory.mktemp("green"))
    project.feature(GREEN)
    ran, folders = in_shards(project, 3)
    assert [one.status for one in ran] == [0, 0, 0], ran[0].output
    return folders


@pytest.fixture
def shards(green, tmp_path):
    """Copies of these shards, to do something to."""
    return [Path(shutil.copytree(folder, tmp_path / folder.name)) for folder in green]


def change(folder, **values):
    """Change what a shard says of itself."""
    file = folder / SHARD.file
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **values}), encoding="utf-8")


class TestTheSameAsOneRun:
    def test_everything_that_can_go_wrong(self, project, everything, merge):
        project.feature(everything)
        project.feature(OTHERS, "cafe/others.feature")
        project.write("profile.yaml", PROFILE)
        one = project.run()
        alone = told(project.folder / "reports" / "allure-results")
        ran, folders = in_shards(project, 3)
        status, said, results = merge(*folders)
        assert (one.status, status) == (1, 1)
        assert all(part.differences == [] for part in ran)
        assert told(results) == alone
        assert len(alone) > 25
        assert f"{len(alone)} scenarios: " in said
        deviations = [
            json.loads((folder / "deviations.json").read_text("utf-8"))
            for folder in (one.folder / "reports/allure-results", results)
        ]
        assert {(d["scenario"], d["state"], *sorted(d["keys"])) for d in deviations[0]} == {
            (d["scenario"], d["state"], *sorted(d["keys"])) for d in deviations[1]
        }

    def test_a_promise_that_is_broken_in_givens_only_counts_once(self, project, merge):
        project.feature(ONLY_IN_GIVENS)
        project.run()
        alone = told(project.folder / "reports" / "allure-results")
        _, folders = in_shards(project, 2)
        project.run("-D", "shard=2/2", "-D", "results=s2", "-j", "2")
        status, _, results = merge(*folders)
        assert status == 1
        assert told(results) == alone
        assert sum(key.startswith("Outside any scenario: ") for key in alone) == 1

    @pytest.mark.parametrize("of", [1, 4])
    def test_one_shard_and_more_shards_than_scenarios(self, project, merge, of):
        project.feature("Feature: F\n  Scenario: one\n    Then it works\n  Scenario: two\n    Then it works\n")
        ran, folders = in_shards(project, of)
        assert [one.status for one in ran] == [0] * of, ran[-1].output
        assert f"Shard {of}/{of}: {2 if of == 1 else 0} of 2 scenarios." in ran[-1].output
        status, said, results = merge(*folders)
        assert status == 0, said
        assert len(told(results)) == 2

    def test_only_what_is_selected_is_divided(self, project, merge):
        project.feature("@yes\n" + GREEN)
        project.feature(OTHERS, "cafe/others.feature")
        _, folders = in_shards(project, 2, "--tags=@yes", "--name=[a-c]")
        status, said, results = merge(*folders)
        assert status == 0, said
        assert sorted(key[-1] for key in told(results)) == ["a", "b", "c"]
        _, folders = in_shards(project, 2, "features/cafe/others.feature:8", "features/cafe/ordering.feature:3")
        status, said, results = merge(*folders)
        assert status == 0, said
        assert len(told(results)) == 2

    def test_what_ran_again_counts_as_it_ended_last(self, project, merge):
        flaky = (
            "import pathlib\nfrom behave import step\n\n@step('it works when it runs again')\ndef again(context):\n"
            "    marker = pathlib.Path('again')\n    known = marker.exists()\n    marker.touch()\n    assert known\n"
        )
        project.write("steps/flaky.py", flaky)
        project.feature(GREEN + "  Scenario: flaky\n    Then it works when it runs again\n")
        ran, folders = in_shards(project, 2, "-f", "rerun", "-o", "rerun.txt", "-f", "progress_line")
        failed = next(n for n, one in enumerate(ran, 1) if one.status)
        project.write("rerun.txt", "features/cafe/ordering.feature:14\n")
        assert merge(*folders)[0] == 1
        again = project.run("-D", f"shard={failed}/2", "-D", f"results=s{failed}", "@rerun.txt")
        assert again.status == 0, again.output
        assert f"Shard {failed}/2: 1 scenario of it again." in again.output
        status, said, _ = merge(*folders)
        assert status == 0, said
        assert "7 scenarios: 7 passed" in said


class TestARun:
    def test_a_dry_run_shows_a_shard_and_writes_nothing(self, project):
        project.feature(GREEN)
        ran = project.run("--dry-run", "-D", "shard=1/2")
        assert ran.status == 0
        assert "3 of 6 scenarios" in ran.output
        assert len([line for line in ran.output.splitlines() if " untested " in line]) == 3
        assert not ran.results

    @pytest.mark.parametrize("shard", ["6/5", "0/1", "all", "1/"])
    def test_an_unknown_shard_is_refused_before_anything_runs(self, project, shard):
        project.feature(GREEN)
        ran = project.run("-D", f"shard={shard}")
        assert ran.status == 1
        assert "shard" in ran.output
        assert "Traceback" not in ran.output
        assert not ran.results

    def test_durations_decide_and_a_missing_file_is_refused(self, project):
        project.feature(GREEN)
        key = "features/cafe/ordering.feature: {}".format
        project.write("features/durations.json", json.dumps({key("a"): 50, **{key(n): 10 for n in "bcdef"}}))
        ran = project.run("-D", "shard=1/2")
        assert set(ran.verdicts()) == {"a"}
        assert "Shard 1/2: 1 of 6 scenarios, about 50 s of 100 s." in ran.output
        ran = project.run("-D", "shard=1/2", "-D", "durations=none.json")
        assert ran.status == 1
        assert "The durations in none.json cannot be read: No such file or directory." in ran.output

    def test_a_shard_that_cannot_begin_leaves_nothing_of_another_run(self, project, merge):
        project.feature(GREEN)
        _, folders = in_shards(project, 2)
        assert project.run("-D", "shard=1/2", "-D", "results=s1", "-D", "before_all=raise").status == 1
        status, said, _ = merge(*folders)
        assert status == 1, said
        assert "3 passed, 3 could not be checked" in said


class TestIntegrity:
    def test_three_green_shards_are_green(self, shards, merge):
        status, said, results = merge(*shards)
        assert status == 0, said
        assert said == "6 scenarios: 6 passed\n"
        assert not (results / SHARD.file).exists()

    def test_a_shard_that_is_missing(self, shards, merge):
        status, said, results = merge(shards[0], shards[2])
        assert status == 1
        assert "Shard 2/3 was not handed over. 2 scenarios were not checked." in said
        assert sorted(status for status, *_ in told(results).values()) == ["broken"] * 3 + ["passed"] * 4

    def test_a_shard_that_did_not_come_to_its_end(self, shards, merge):
        change(shards[1], finished=False, judged=[], said={})
        next(shards[1].glob("*-result.json")).unlink()
        status, said, _ = merge(*shards)
        assert status == 1
        assert "Shard 2/3 did not come to its end. 1 scenario was not checked." in said
        assert "5 passed, 1 could not be checked" in said

    def test_a_result_that_is_missing(self, shards, merge):
        next(shards[1].glob("*-result.json")).unlink()
        status, said, _ = merge(*shards)
        assert status == 1
        assert "Selected, but not reported: features/cafe/ordering.feature: " in said

    def test_a_result_that_two_shards_report(self, shards, merge):
        shutil.copy(next(shards[0].glob("*-result.json")), shards[1])
        status, said, _ = merge(*shards)
        assert status == 1
        assert "Reported 2 times: features/cafe/ordering.feature: " in said

    @pytest.mark.parametrize(
        ("field", "value", "complaint"),
        [
            ("status", "failed", "Reported as failed, but behave holds passed"),
            (
                "fullName",
                "features/cafe/other.feature: x",
                "Reported, but not selected: features/cafe/other.feature: x",
            ),
        ],
    )
    def test_a_result_that_says_something_else(self, shards, merge, field, value, complaint):
        path = next(shards[1].glob("*-result.json"))
        path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), field: value}), encoding="utf-8")
        status, said, _ = merge(*shards)
        assert status == 1
        assert complaint in said

    def test_a_result_that_cannot_be_read(self, shards, merge):
        next(shards[1].glob("*-result.json")).write_text("{", encoding="utf-8")
        status, said, _ = merge(*shards)
        assert status == 1
        assert "No result that can be read: " in said

    def test_a_shard_that_failed_beside_its_scenarios(self, shards, merge):
        change(shards[1], failed=True)
        status, said, results = merge(*shards)
        assert status == 1
        assert "Shard 2/3 failed, and none of its results says why: see its console." in said
        assert "broken" in {status for status, *_ in told(results).values()}

    def test_trouble_outside_of_scenarios_is_told_with_its_shard(self, project, merge):
        project.feature(GREEN)
        _, folders = in_shards(project, 2, "-D", "cleanup_all=raise")
        status, said, results = merge(*folders)
        assert status == 1
        outside = sorted(key for key in told(results) if key.startswith("Outside"))
        assert [key[-10:] for key in outside] == ["shard 1/2)", "shard 2/2)"]
        assert "no such house" in said


class TestRefused:
    @pytest.fixture
    def refused(self, merge):
        def said(*folders):
            status, words, results = merge(*folders)
            assert status == 2
            assert not results.exists() or not any(results.iterdir())
            assert "Traceback" not in words
            return words

        return said

    def test_a_shard_that_is_handed_over_twice(self, refused, shards, tmp_path):
        again = shutil.copytree(shards[1], tmp_path / "again")
        assert f"Shard 2/3 was handed over twice: {shards[1]} and {again}." in refused(*shards, again)

    @pytest.mark.parametrize(
        ("changed", "complaint"),
        [
            ({"commit": "abc"}, "their commits are "),
            ({"features": "abc"}, "their feature files differ."),
            ({"asked": {"target": "aws"}}, "their target is embedded and aws."),
            ({"of": 4}, "they are shard 1/3 and shard 2/4."),
            (
                {"plan": {"features/a.feature: b": 2}, "selection": "--tags @x"},
                "everything (6 scenarios) and for --tags @x (1 scenario).",
            ),
            ({"durations": "durations.json (abc)"}, ""),
        ],
    )
    def test_shards_of_different_runs(self, refused, merge, shards, changed, complaint):
        change(shards[1], **changed)
        if complaint:
            assert complaint in refused(*shards)
        else:  # another recording that divides the scenarios alike is none of the merge's business
            assert merge(*shards)[0] == 0

    def test_shards_that_were_divided_differently(self, refused, shards):
        plan = json.loads((shards[1] / SHARD.file).read_text("utf-8"))["plan"]
        change(shards[1], plan=dict.fromkeys(plan, 2), durations="durations.json (abc)")
        assert "by no recorded durations and by durations.json (abc). Hand the same file" in refused(*shards)

    def test_folders_that_are_no_shards(self, refused, shards, tmp_path):
        (tmp_path / "empty").mkdir()
        (tmp_path / "file").write_text("x", encoding="utf-8")
        assert "holds no results of a shard" in refused(*shards, tmp_path / "empty")
        assert "There is no folder" in refused(*shards, tmp_path / "none")
        assert "is no folder: expected one" in refused(*shards, tmp_path / "file")
        (shards[1] / SHARD.file).write_text("{}", encoding="utf-8")
        assert "cannot be read: it is damaged" in refused(*shards)
        (shards[1] / SHARD.file).unlink()
        assert "the results of a run that was no shard" in refused(*shards)

    def test_a_shard_is_not_overwritten(self, shards, capsys):
        assert main(["merge", "--no-report", "--results", str(shards[0]), *map(str, shards)]) == 2
        assert "would be overwritten" in capsys.readouterr().err
        assert SHARD.read(shards[0])

    def test_a_link_is_not_followed(self, shards, merge, tmp_path):
        (tmp_path / "secret").write_text("s3cret", encoding="utf-8")
        (shards[0] / "x-attachment.txt").symlink_to(tmp_path / "secret")
        status, _, results = merge(*shards)
        assert status == 0
        assert not (results / "x-attachment.txt").exists()


@pytest.mark.node
def test_the_report_of_a_shard_is_no_line_of_the_history(shards, tmp_path):
    assert main(["--results", str(shards[0]), "--output", str(tmp_path / "part" / "allure-report")]) == 0
    assert (tmp_path / "part" / "summary.json").exists()
    assert not (tmp_path / "part" / "history.jsonl").exists()


def test_that_of_all_is_one_and_changes_no_verdict_if_it_cannot_be_rendered(shards, tmp_path, monkeypatch, capsys):
    asked = {}

    def allure(_arguments, cwd, **variables):
        asked.update(variables)
        raise RenderError("there is no Node.")

    monkeypatch.setattr(render, "allure", allure)
    assert main(["merge", "--results", str(tmp_path / "whole" / "allure-results"), *map(str, shards)]) == 0
    assert asked["REPORT_APPEND_HISTORY"] == "yes"
    assert "There is no report: there is no Node.\nThe results are kept in " in capsys.readouterr().err


def test_the_commit_is_told_in_full(tmp_path):
    from acceptance.report.metadata import full_commit

    told = full_commit(ROOT).removesuffix(" with changes")
    git = shutil.which("git")
    assert told == subprocess.run([git, "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    assert full_commit(tmp_path) == os.environ.get("GITHUB_SHA", os.environ.get("CI_COMMIT_SHA", "unknown"))
