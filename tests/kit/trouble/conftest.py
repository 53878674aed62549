"""Runs in surroundings that are not as they should be, some of them as guests on an account of the module's own."""

from pathlib import Path

import pytest
from deployed import deployed
from running import PATIENCE

from acceptance.aws.secret import SECRET

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave all of it to `make trust`: each test is a whole run that is disturbed."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.trust("trouble"))


@pytest.fixture(scope="module")
def cafe_account(serverlesspresso):
    """An account of its own: others leave things in theirs, and have taps there."""
    with deployed(serverlesspresso) as account:
        yield account


@pytest.fixture
def guest(start, cafe_account):
    """Start a run as a guest on an account that outlives it."""
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "us-east-1"}

    def started(*arguments, **more):
        options = ("-D", "target=aws", "-D", f"patience={PATIENCE}", "-D", "quiet=0.3")
        return start(*arguments, *options, AWS_ENDPOINT_URL=cafe_account[0].url, **keys, **more)

    return started
