"""Versions, commit and pipeline."""

import json
import re
import shutil
import subprocess

from acceptance.report import metadata

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "cafe/acceptance",
    "GITHUB_RUN_ID": "99",
    "GITHUB_RUN_NUMBER": "7",
    "GITHUB_WORKFLOW": "Acceptance",
    "GITHUB_TOKEN": "do-not-tell",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_PIPELINE_URL": "https://gitlab.example/p/1",
    "CI_PIPELINE_IID": "12",
    "CI_PROJECT_PATH": "cafe/acceptance",
    "CI_JOB_TOKEN": "do-not-tell",
}


def test_values_are_escaped_for_a_properties_file(tmp_path):
    metadata.write(tmp_path / "new", {"Where it: runs": "C:\\café\nsecond", "pad": " x", "#a": "b=c"})
    written = (tmp_path / "new" / "environment.properties").read_text(encoding="utf-8")
    assert written == "Where\\ it\\:\\ runs=C:\\\\café\\nsecond\npad=\\ x\n\\#a=b=c\n"


def test_a_pipeline_is_described_without_its_secrets(tmp_path, monkeypatch):
    for name, value in GITHUB.items():
        monkeypatch.setenv(name, value)
    metadata.write(tmp_path, {})
    text = (tmp_path / "executor.json").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "name": "GitHub Actions",
        "type": "github",
        "buildName": "Acceptance #7",
        "buildUrl": "https://github.com/cafe/acceptance/actions/runs/99",
        "buildOrder": 7,
    }
    assert metadata.executor(GITLAB) == {
        "name": "GitLab CI",
        "type": "gitlab",
        "buildName": "cafe/acceptance #12",
        "buildUrl": "https://gitlab.example/p/1",
        "buildOrder": 12,
    }


def test_outside_a_pipeline_there_is_no_executor():
    assert metadata.executor({}) == {}


def test_versions_name_what_a_run_rests_on():
    found = metadata.versions()
    assert {"python", "behave", "boto3", "allure-behave"} <= set(found)
    assert all(re.match(r"\d+\.\d+", version) for version in found.values())


def test_the_commit_is_gits_and_says_whether_there_are_changes(tmp_path, monkeypatch):
    for variable in ("GITHUB_SHA", "CI_COMMIT_SHA"):
        monkeypatch.delenv(variable, raising=False)
    assert metadata.commit(tmp_path) == "unknown"
    git = shutil.which("git")
    who = ["-c", "user.name=Mo", "-c", "user.email=mo@example.org"]
    (tmp_path / "menu").write_text("tea", encoding="utf-8")
    for command in (["init", "-q"], ["add", "menu"], [*who, "commit", "-q", "-m", "Menu"]):
        subprocess.run([git, *command], cwd=tmp_path, check=True)
    assert re.fullmatch(r"[0-9a-f]{7,}", metadata.commit(tmp_path))
    (tmp_path / "menu").write_text("coffee", encoding="utf-8")
    assert re.fullmatch(r"[0-9a-f]{7,} with changes", metadata.commit(tmp_path))


def test_without_git_the_pipeline_knows_the_commit(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("GITHUB_SHA", "0123456789abcdef")
    assert metadata.commit(tmp_path) == "01234567"
