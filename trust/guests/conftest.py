"""Fixtures for tests of guests: a clean environment, the account, and a guest."""

import os

import pytest

from trust.guests.account import POLICY, account_with_a_cafe


@pytest.fixture(scope="module", autouse=True)
def nobodys_cloud():
    """Remove the user's own settings from the environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("AWS_", "ACCEPTANCE_", "CAFE_"))]:
            patch.delenv(name)
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        yield


@pytest.fixture(scope="session")
def owner(tmp_path_factory):
    """The owner of an account with a café."""
    with account_with_a_cafe(tmp_path_factory.mktemp("account")) as owner:
        owner.register_the_customer()
        yield owner


@pytest.fixture(scope="session")
def guest(owner):
    """A guest with exactly the permissions of the published policy."""
    return owner.invite("guest", POLICY)
