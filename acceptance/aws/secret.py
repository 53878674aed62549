"""The secret of this run: whoever calls its embedded account has to know it.

It is made up by the process that starts the account, and is worth nothing once that has ended. The account's process,
its functions and the programs of a system get it by their environment (`AWS_SECRET_ACCESS_KEY`), which other users of
the machine cannot read; signed calls prove that they know it. Calls without a signature carry it in a header. It
stands in no command line, no address and no file. Who wants to look into the account with tools of their own sets it.
"""

import secrets

from acceptance.aws.secret_header import HEADER
from acceptance.settings import given

__all__ = ("HEADER", "SECRET")

SECRET = given({}, "embedded_secret") or secrets.token_hex(32)
