"""Fulfilment as its people use it: their programs, and the tables behind these."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from acceptance.aws.account import Account
from acceptance.aws.disturbances import disturbed
from acceptance.aws.disturber import Disturbance
from acceptance.aws.secret import SECRET
from acceptance.settings import environment_prefixes
from acceptance.target import OURS
from acceptance.terminal.dialogue import Dialogue
from acceptance.terminal.workplace import Workplace
from acceptance.trouble import OTHER_SYSTEM, Trouble
from support.fulfilment.parts import FulfilmentTables
from support.fulfilment.records import Records

# How long a write takes at most where people work at the same moment, in ms; half of that at least.
WRITE_MS = 80.0


class Fulfilment(Workplace):
    """One deployment of fulfilment, and all people who use its programs during a run."""

    def __init__(
        self,
        account: Account,
        tables: FulfilmentTables | None,
        dialogue: Dialogue,
        run_id: str,
        password: str = "",
        answer_within: float | None = None,
    ) -> None:
        """`tables` is None where the programs keep their data elsewhere."""
        if os.name != "posix":
            raise Trouble(
                "The fulfilment programs are worked through a terminal, which Windows lacks. "
                f"Run in WSL, or {OTHER_SYSTEM}"
            )
        super().__init__(
            dialogue,
            _inherited(account),
            _places(account, tables),
            password,
            answer_within,
            password_setting="ACCEPTANCE_FULFILMENT_PASSWORD",  # noqa: S106 - its name
        )
        self._account = account
        self._records = Records(account, tables) if tables else None
        self._run_id = run_id

    @property
    def records(self) -> Records:
        """The tables. Raises Trouble where the programs keep their data elsewhere."""
        if self._records is None:
            raise Trouble(
                "What the programs have written down cannot be looked up: their tables are not known. "
                "Name them with -D fulfilment_orders_table=… and its like."
            )
        return self._records

    @property
    def is_embedded(self) -> bool:
        """Whether the programs use the embedded account, whose calls can be made to fail or to take their time."""
        return bool(self._account.account_id)

    @contextmanager
    def slow_writes(self, about: Sequence[str], seed: int) -> Iterator[None]:
        """Delay writes that contain one of these texts, so that a concurrent reader is sure to read stale data.

        Has no effect on an account that is not embedded.
        """
        slowly = Disturbance(about, delay=WRITE_MS, seed=seed)
        with disturbed(self._account, slowly) if self.is_embedded else nullcontext():
            yield

    def disturbed(self, *disturbances: Disturbance) -> AbstractContextManager[Sequence[Callable[[], int]]]:
        """Disturb calls meanwhile, and yield functions that count them. Raises Trouble unless embedded."""
        return disturbed(self._account, *disturbances)

    @contextmanager
    def only_one_write(self, about: Sequence[str]) -> Iterator[None]:
        """Fail each write but the first that contains one of these texts. Raises Trouble unless embedded."""
        with disturbed(self._account, Disturbance(about, after=1)):
            yield

    def new_item(self, name: str) -> str:
        """Return a new name for an item of this run."""
        return f"{OURS}{self._run_id}-{uuid.uuid4().hex[:6]}-{name}"


def _places(account: Account, tables: FulfilmentTables | None) -> Mapping[str, str]:
    """What commands and the environment may name. An account of the caller's own needs no keys in there."""
    return {
        "endpoint": account.behind or os.environ.get("AWS_ENDPOINT_URL", ""),
        "region": account.region,
        "access_key": account.account_id,
        "secret_key": SECRET if account.account_id else "",
        **{table: getattr(tables, table, "") for table in ("orders", "stock", "deliveries", "staff")},
    }


def _inherited(account: Account) -> Mapping[str, str]:
    """Return the programs' environment: the caller's without the suite's settings.

    An embedded account does not use the caller's AWS settings; another one needs them.
    """
    if account.endpoint:
        return account.environment()
    return {name: value for name, value in os.environ.items() if not name.startswith(environment_prefixes())}
