"""behave, run as people run it, in surroundings that are not as they should be; every wait has an end."""

import subprocess
import sys

import pytest
from deployed import deployed
from running import PATIENCE, ROOT, Run, surroundings

from acceptance.aws.secret import SECRET


def pytest_collection_modifyitems(config, items):
    """Leave the rarer runs out, unless they are asked for by a marker or by name (`-k`)."""
    for marker, asked_by in (("rare", "every_fault"), ("kills", "kills")):
        if asked_by not in config.option.markexpr and not config.option.keyword:
            rare = [item for item in items if item.get_closest_marker(marker)]
            items[:] = [item for item in items if item not in rare]
            config.hook.pytest_deselected(items=rare)


@pytest.fixture
def start(tmp_path):
    """Start behave with its results in a folder of the test, its output into a file if one is named.

    `before` is called in its process before it begins.
    """
    runs = []

    def started(*arguments, output=None, before=None, **variables):
        process = subprocess.Popen(
            [sys.executable, "-m", "behave", "-D", f"results={tmp_path / 'results'}", *arguments],
            cwd=ROOT,
            env=surroundings(tmp_path, **variables),
            stdout=output or subprocess.PIPE,
            stderr=subprocess.PIPE if output else subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
            preexec_fn=before,
        )
        runs.append(Run(process, tmp_path))
        return runs[-1]

    yield started
    for run in runs:
        run.end()


@pytest.fixture
def behave(start):
    """Run behave to its end."""

    def ran(*arguments, **variables):
        run = start(*arguments, **variables)
        run.status = run.ended()
        return run

    return ran


@pytest.fixture(scope="module")
def cafe_account(serverlesspresso):
    """An account of its own: others leave things in theirs, and have taps there."""
    with deployed(serverlesspresso) as account:
        yield account


@pytest.fixture
def guest(start, cafe_account):
    """Start a run that is a guest on an account that goes on after it."""
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}

    def started(*arguments, **more):
        options = ("-D", "target=aws", "-D", f"patience={PATIENCE}", "-D", "quiet=0.3")
        return start(*arguments, *options, AWS_ENDPOINT_URL=cafe_account[0].url, **keys, **more)

    return started
