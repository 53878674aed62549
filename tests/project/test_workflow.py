"""The GitHub workflows run reviewed code with minimal permissions, and never execute user-supplied text."""

import re
import subprocess

import pytest
import yaml
from places import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in FILES}
JOBS = {name: job for workflow in WORKFLOWS.values() for name, job in workflow["jobs"].items()}
STEPS = [step for job in JOBS.values() for step in job["steps"]]
WORDS = {
    "OPTIONS": 3,  # after `features/… -D target=aws`
    "TRUST_OPTIONS": 2,  # after `-m trust`
    "WATCH_OPTIONS": 9,  # after `-m acceptance watch --rounds 1 … -D target=aws`
}


def test_a_push_is_checked_and_campaigns_and_a_watch_run_by_schedule_and_on_demand():
    # YAML reads `on` as true.
    assert list(WORKFLOWS) == ["acceptance", "trust", "watch"]
    assert {"push", "pull_request"} <= set(WORKFLOWS["acceptance"][True])
    for name in ("trust", "watch"):
        assert set(WORKFLOWS[name][True]) == {"schedule", "workflow_dispatch"}
    assert "make check" in [step.get("run") for step in JOBS["embedded"]["steps"]]


def test_what_an_embedded_account_says_is_kept_of_all_workers():
    kept = [step["with"]["path"] for step in STEPS if "upload-artifact" in step.get("uses", "")]
    assert sum("reports/embedded-account*.log" in path for path in kept) == 2


def test_every_action_is_pinned_by_digest_and_says_its_version():
    used = [action for file in FILES for action in re.findall(r"uses: *(.*)", file.read_text(encoding="utf-8"))]
    assert len(used) == sum("uses" in step for step in STEPS)
    assert [one for one in used if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_every_job_has_only_the_permissions_that_it_names():
    assert [workflow["permissions"] for workflow in WORKFLOWS.values()] == [{}, {}, {}]
    assert {name: job["permissions"] for name, job in JOBS.items()} == {
        "embedded": {"contents": "read"},
        "shard": {"contents": "read"},
        "merge": {"contents": "read"},
        "audit": {"contents": "read"},
        "comment": {"pull-requests": "write"},
        "page": {"pages": "write", "id-token": "write"},
        "aws": {"contents": "read", "id-token": "write"},
        "trust": {"contents": "read"},
        "watch": {"contents": "read", "id-token": "write"},
    }


def test_no_checkout_leaves_its_token_in_the_folder():
    checkouts = [step for step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == 7
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * 7


def test_no_expression_is_part_of_a_command():
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


@pytest.fixture(params=WORDS)
def options_seen(request, tmp_path):
    """Run the step with these options, in a folder with files, and return what its program was given."""
    [step] = [step for step in STEPS if request.param in step.get("env", {})]
    told = 'printf "%s\\n" "$@"'
    for name, script in {"bin/make": "exit 0", ".venv/bin/behave": told, ".venv/bin/python": told}.items():
        program = tmp_path / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
    (tmp_path / "--stop").touch()
    (tmp_path / "a.feature").touch()

    def seen(options):
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # as GitHub does
            cwd=tmp_path,
            env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", request.param: options},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.splitlines()[WORDS[request.param] :]

    return seen


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("", []),
        ("  ", []),
        ("-D exclusive=yes --tags=@smoke", ["-D", "exclusive=yes", "--tags=@smoke"]),
        ("*", ["*"]),
        ("--name=* ?.feature [a-z]*", ["--name=*", "?.feature", "[a-z]*"]),
        ("$(touch here) `touch here` ; touch here", ["$(touch", "here)", "`touch", "here`", ";", "touch", "here"]),
        ("$HOME ~ {a,b}", ["$HOME", "~", "{a,b}"]),
        ("-D slow=yes\n--tags=@smoke\n\t--wip\n", ["-D", "slow=yes", "--tags=@smoke", "--wip"]),
        (r"--name=a\ b 'c d' \" x", ["--name=a\\", "b", "'c", "d'", '\\"', "x"]),
    ],
)
def test_options_are_split_into_words_and_nothing_else(options_seen, tmp_path, options, words):
    assert options_seen(options) == words
    assert not (tmp_path / "here").exists()
