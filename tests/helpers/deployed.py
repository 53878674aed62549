"""An embedded account with the coffee shop in it, for as long as a test needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from acceptance.aws.account import Account
from acceptance.aws.deployment import deploy
from acceptance.aws.embedded import EmbeddedAccount


@contextmanager
def deployed(system: Path) -> Iterator[tuple[EmbeddedAccount, Account]]:
    """Start an account and deploy a system's template in it."""
    with EmbeddedAccount() as embedded:
        account = Account("us-east-1", embedded.url, "000000000000")
        deploy(account, system / "template.yaml")
        yield embedded, account
