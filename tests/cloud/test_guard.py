"""Only the run itself can use its embedded account: other users of the machine and pages in browsers cannot."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(os.name != "posix", reason="users of a machine as POSIX knows them"),
]
NOBODY = 65534
REFUSED = 403


@pytest.fixture(scope="module", params=["another user", "the same user"])
def stranger(request, cafe_account):
    """What somebody was answered who does not know the run's secret."""
    user = NOBODY if request.param == "another user" else os.getuid()
    if os.getuid() not in (0, user):
        pytest.skip("only root can become another user")
    tried = subprocess.run(
        [sys.executable, Path(__file__).with_name("stranger.py"), str(cafe_account[0].port), str(user)],
        capture_output=True,
        check=True,
        env={},
        timeout=120,
    )
    answers = json.loads(tried.stdout)
    assert answers.pop("uid") == user
    return answers


def test_a_stranger_gets_nothing(stranger):
    assert {name: answer[0] for name, answer in stranger.items()} == dict.fromkeys(stranger, REFUSED)


def test_no_page_of_a_browser_may_read_an_answer(stranger):
    assert [name for name, (_, _, headers) in stranger.items() if "access-control-allow-origin" in headers] == []
