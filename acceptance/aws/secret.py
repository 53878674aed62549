"""The secret of this run: whoever calls its embedded account has to know it.

It is made up by the process that starts the account, and is worth nothing once that has ended. The account's process,
its functions and the programs of a system get it by their environment (`AWS_SECRET_ACCESS_KEY`), which other users of
the machine cannot read; signed calls prove that they know it. Calls without a signature carry it in a header. It
stands in no command line, no address and no file. Who wants to look into the account with tools of their own sets it.
"""

import os
import secrets

SECRET = os.environ.get("CAFE_EMBEDDED_SECRET") or secrets.token_hex(32)
HEADER = "X-Embedded-Account-Secret"
