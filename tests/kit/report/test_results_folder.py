"""The results folder: the last report stays until there is a new one, and two runs leave each other alone."""

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import rendered
from places import ROOT

from acceptance.report import render

pytestmark = pytest.mark.trust("results")

TWO = "Feature: F\n  Scenario: one\n    Given it works\n  Scenario: two\n    When {}\n"
RESULTS = "reports/allure-results"
GATE = """
import pathlib, time
from behave import step

@step("it waits for the test")
def waits(context):
    pathlib.Path("waiting").touch()
    end = time.monotonic() + 60
    while not pathlib.Path("go").exists():
        assert time.monotonic() < end
        time.sleep(0.02)
"""


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def real(project):
    """A project in which a real run has left its results."""
    project.feature(TWO.format("it works"))
    project.run()
    return project


@pytest.mark.parametrize("jobs", [(), ("-j", "2")], ids=["alone", "workers"])
class TestRunThatTestsNothing:
    @pytest.mark.parametrize("kind", ["raise", "assert", "interrupt"])
    def test_leaves_the_last_results_alone(self, real, jobs, kind):
        before = contents(real.folder / "reports")
        ran = real.run(*jobs, "-D", f"before_all={kind}")
        assert ran.status == 1
        if jobs:  # its workers could not begin
            assert "no such house" in ran.output or kind != "raise"
        assert contents(real.folder / "reports") == before
        assert ran.differences == []

    def test_reports_where_there_is_no_other_report(self, project, jobs):
        project.feature(TWO.format("it works"))
        for kind in ("raise", "assert"):  # the second one takes the place of the first
            ran = project.run(*jobs, "-D", f"before_all={kind}")
            assert ran.status == 1
            assert ran.verdicts() == {"one": "broken", "two": "broken"}
        assert "the house is not in order" in ran.message("one")

    def test_is_followed_by_a_real_one(self, project, jobs):
        project.feature(TWO.format("it works"))
        project.run(*jobs, "-D", "before_all=raise")
        ran = project.run(*jobs)
        assert ran.status == 0, ran.output
        assert ran.verdicts() == {"one": "passed", "two": "passed"}


@pytest.mark.parametrize("jobs", [(), ("-j", "2")], ids=["alone", "workers"])
def test_hook_that_gives_up_before_any_decorated_one_leaves_the_last_results_alone(real, jobs):
    environment = (real.folder / "environment.py").read_text(encoding="utf-8").replace("@reported\n", "")
    real.write("environment.py", environment)
    before = contents(real.folder / "reports")
    assert real.run(*jobs, "-D", "before_all=raise").status == 1
    assert contents(real.folder / "reports") == before


def test_run_without_any_scenario_leaves_the_last_results_alone(real):
    before = contents(real.folder / "reports")
    for arguments in (["--tags=@nothing"], ["--name=nothing"], ["--dry-run"], ["features/nothing.feature"]):
        real.run(*arguments)
        assert contents(real.folder / "reports") == before, arguments


def test_results_wait_for_the_first_scenario(project):
    """What before_all attaches is kept until the run takes place."""
    project.feature(TWO.format("it works"))
    environment = (project.folder / "environment.py").read_text(encoding="utf-8")
    project.write(
        "environment.py",
        environment.replace("def before_all(context):", "def before_all(context):\n    allure.attach('tea', 'early')"),
    )
    ran = project.run()
    assert ran.status == 0, ran.output
    texts = [path.read_text() for path in (ran.folder / RESULTS).glob("*-attachment*")]
    assert "tea" in texts


class TestTwoRuns:
    @pytest.fixture
    def busy(self, project):
        """A run that is under way."""
        project.write("steps/gate.py", GATE)
        project.feature(TWO.format("it waits for the test"))
        project.feature("Feature: G\n  Scenario: three\n    Given it works\n", "cafe/other.feature")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "behave", "-j", "2", "features/cafe/ordering.feature"],
            cwd=project.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        while not (project.folder / "waiting").exists():
            assert self.process.poll() is None, self.process.communicate()[0]
            try:
                self.process.wait(0.1)
            except subprocess.TimeoutExpired:
                continue
        yield project
        self.process.kill()
        self.process.communicate()

    def finish(self, project):
        (project.folder / "go").touch()
        output, _ = self.process.communicate(timeout=60)
        return self.process.returncode, output

    def names(self, project, folder):
        files = (project.folder / folder).glob("*-result.json")
        return sorted(line.split('"')[0] for path in files for line in [path.read_text().split('"name": "', 1)[1]])

    @pytest.mark.parametrize("jobs", [(), ("-j", "2")], ids=["alone", "workers"])
    def test_the_second_one_takes_another_folder(self, busy, jobs):
        second = busy.run(*jobs, "features/cafe/other.feature")
        assert second.output.count("Another run uses reports/allure-results") == 1, second.output
        assert "reports/run-2/allure-results" in second.output
        assert second.status == 0
        assert self.finish(busy)[0] == 0
        assert self.names(busy, RESULTS) == ["one", "two"]
        assert self.names(busy, "reports/run-2/allure-results") == ["three"]

    def test_a_folder_given_by_name_is_refused_while_it_is_in_use(self, busy):
        second = busy.run("features/cafe/other.feature", "-D", f"results={RESULTS}")
        assert second.status == 1
        assert f"Another run uses {RESULTS}: wait until it has ended, or choose another folder" in second.output
        assert "Traceback" not in second.output
        assert self.finish(busy)[0] == 0
        assert self.names(busy, RESULTS) == ["one", "two"]

    def test_a_killed_run_locks_nothing(self, busy):
        self.process.kill()
        self.process.wait()
        (busy.folder / "go").touch()
        third = busy.run("features/cafe/other.feature")
        assert third.status == 0
        assert "Another run" not in third.output
        assert self.names(busy, RESULTS) == ["three"]


@pytest.mark.parametrize("jobs", [(), ("-j", "2")], ids=["alone", "workers"])
class TestRerunOfWhatFailed:
    @pytest.fixture
    def reran(self, project, jobs):
        project.feature(TWO.format("a promise is broken"))
        project.run(*jobs, "-f", "rerun", "-o", "rerun.txt", "-f", "progress_line")
        steps = (project.folder / "steps/steps.py").read_text(encoding="utf-8")
        project.write("steps/steps.py", steps.replace("assert 1 == 2, ", "assert 1 == 1, "))
        return project.run(*jobs, "@rerun.txt")

    def test_keeps_the_rest_and_the_first_failure(self, reran):
        assert reran.status == 0, reran.output
        assert reran.differences == []
        told = sorted((result["name"], result["status"]) for result in reran.results)
        assert told == [("one", "passed"), ("two", "failed"), ("two", "passed")]
        assert len({result["historyId"] for result in reran.results}) == 2
        assert "so the results in reports/allure-results are kept" in reran.output

    def test_page_shows_the_second_result_and_the_first_one_as_a_retry(self, reran, tmp_path):
        told = rendered.parts(render.render(reran.folder / RESULTS, tmp_path / "page"))["widgets/statistic.json"]
        assert (told["total"], told["passed"], told["retries"], told.get("failed")) == (2, 2, 1, None)

    def test_that_cannot_begin_leaves_everything(self, reran, project, jobs):
        project.write("rerun.txt", "features/cafe/ordering.feature:4\n")
        before = contents(project.folder / "reports")
        assert project.run(*jobs, "@rerun.txt", "-D", "before_all=raise").status == 1
        assert contents(project.folder / "reports") == before

    def test_a_lost_result_is_told_although_an_earlier_one_is_there(self, reran, project, jobs):
        project.write("rerun.txt", "features/cafe/ordering.feature:4\n")
        project.tamper(
            "newest = max(results.glob('*-result.json'), key=lambda path: path.stat().st_mtime_ns)\nnewest.unlink()"
        )
        ran = project.run(*jobs, "@rerun.txt")
        assert ran.status == 1
        assert ran.differences == ["Selected, but not reported: features/cafe/ordering.feature: two"]


class TestOddFolders:
    @pytest.fixture
    def outside(self, tmp_path_factory):
        folder = tmp_path_factory.mktemp("outside")
        for name in ("mine-result.json", "environment.properties", "index.html", "history.jsonl"):
            (folder / name).write_text("mine", encoding="utf-8")
        return folder

    def refused(self, project, tmp_path_factory, *words):
        temporary = tmp_path_factory.mktemp("temporary")
        ran = project.run(TMPDIR=str(temporary))
        assert ran.status == 1
        assert "Traceback" not in ran.output
        assert all(word in ran.output for word in ("The results cannot be written to", *words)), ran.output
        assert list(temporary.iterdir()) == []

    @pytest.fixture
    def ready(self, project):
        project.feature(TWO.format("it works"))
        (project.folder / "reports").mkdir()
        return project

    def test_link_as_results_folder(self, ready, outside, tmp_path_factory):
        before = contents(outside)
        (ready.folder / RESULTS).symlink_to(outside)
        self.refused(ready, tmp_path_factory, "is a symbolic link", "-D results=")
        assert contents(outside) == before

    def test_link_that_leads_nowhere(self, ready, tmp_path_factory, outside):
        (ready.folder / RESULTS).symlink_to(outside / "new")
        self.refused(ready, tmp_path_factory, "is a symbolic link", "-D results=")
        assert not (outside / "new").exists()

    def test_file_in_its_place(self, ready, tmp_path_factory):
        (ready.folder / RESULTS).write_text("mine")
        self.refused(ready, tmp_path_factory, "it is a file", "-D results=")
        assert (ready.folder / RESULTS).read_text() == "mine"

    def test_links_within(self, ready, outside):
        before = contents(outside)
        results = ready.folder / RESULTS
        results.mkdir()
        for name in ("environment.properties", "mine-result.json"):
            (results / name).symlink_to(outside / name)
        (results / "executor.json").symlink_to(outside / "absent")
        (results / "linked-attachment").symlink_to(outside)
        (results / "folder-result.json").mkdir()
        environment = (ready.folder / "environment.py").read_text(encoding="utf-8")
        environment = environment.replace(
            "def before_all(context):", "def before_all(context):\n    Run.of(context.config).facts['Run'] = 'x'"
        )
        ready.write("environment.py", environment)
        ran = ready.run(GITHUB_ACTIONS="true")
        assert contents(outside) == before
        assert not (results / "environment.properties").is_symlink()
        assert not (results / "linked-attachment").exists()
        assert (results / "folder-result.json").is_dir()
        assert "Traceback" not in ran.output

    @pytest.mark.parametrize("size", ["ro", "full"])
    def test_folder_that_is_read_only_or_full(self, ready, size, tmp_path_factory):
        disk = ready.folder / RESULTS
        disk.mkdir()
        options = "size=4k"
        if subprocess.run(
            ["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=False, capture_output=True
        ).returncode:
            pytest.skip("NOT TRIED: only some may mount a file system")
        try:
            (disk / "mine").write_bytes(b"x")
            if size == "ro":
                subprocess.run(["/bin/mount", "-o", "remount,ro", disk], check=True)
            self.refused(ready, tmp_path_factory, "Read-only file system" if size == "ro" else "No space left")
        finally:
            subprocess.run(["/bin/umount", disk], check=True)

    @pytest.mark.parametrize("name", ["page", "page/index.html", "page/index.html.tmp", "history.jsonl"])
    def test_page_is_not_written_through_a_link(self, ready, outside, name, tmp_path):
        ready.run()
        link = tmp_path / name
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(outside if name == "page" else outside / Path(name).name.removesuffix(".tmp"))
        before = contents(outside)
        with contextlib.suppress(render.RenderError):
            render.render(ready.folder / RESULTS, tmp_path / "page")
        assert contents(outside) == before
        shutil.rmtree(outside)
