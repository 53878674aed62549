"""The workflow of GitHub: it runs what was reviewed, with what it needs, and nobody's text is a command."""

import re
import subprocess

import pytest
import yaml
from places import ROOT

FILE = ROOT / ".github" / "workflows" / "acceptance.yml"
WORKFLOW = yaml.safe_load(FILE.read_text(encoding="utf-8"))
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_every_action_is_pinned_by_digest_and_says_its_version():
    used = re.findall(r"uses: *(.*)", FILE.read_text(encoding="utf-8"))
    assert len(used) == sum("uses" in step for step in STEPS)
    assert [one for one in used if not re.fullmatch(r"[\w.-]+(/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


def test_every_job_has_only_the_permissions_that_it_names():
    assert WORKFLOW["permissions"] == {}
    assert {name: job["permissions"] for name, job in WORKFLOW["jobs"].items()} == {
        "embedded": {"contents": "read"},
        "audit": {"contents": "read"},
        "page": {"pages": "write", "id-token": "write"},
        "aws": {"contents": "read", "id-token": "write"},
    }


def test_no_checkout_leaves_its_token_in_the_folder():
    checkouts = [step for step in STEPS if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == 3
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * 3


def test_no_expression_is_part_of_a_command():
    assert [step["run"] for step in STEPS if "${{" in step.get("run", "")] == []


@pytest.fixture
def options_seen(tmp_path):
    """Run the step with these options, in a folder with files, and return what behave was given."""
    [step] = [step for step in STEPS if "OPTIONS" in step.get("env", {})]
    for name, script in {"bin/make": "exit 0", ".venv/bin/behave": 'printf "%s\\n" "$@"'}.items():
        program = tmp_path / name
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
    (tmp_path / "--stop").touch()
    (tmp_path / "a.feature").touch()

    def seen(options):
        done = subprocess.run(
            ["/bin/bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],  # as GitHub does
            cwd=tmp_path,
            env={"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "OPTIONS": options},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return done.stdout.splitlines()[3:]  # after the folder of features and the target

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
