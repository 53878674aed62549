"""Runs a Python module that does not know of the run: `python -m acceptance.processes.keeper folder module`.

The module runs in `folder`, and all that it prints goes to the standard error. When this process's standard input ends,
because its parent closes it or dies, the module ends with it. SIGTERM and SIGINT are for the module; this process ends
when the module has ended, with its exit status.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path


def main() -> None:
    """Run it."""
    folder, module = Path(sys.argv[1]), sys.argv[2]
    for asked in (signal.SIGTERM, signal.SIGINT):
        signal.signal(asked, lambda *_: None)  # the whole group receives it; unlike SIG_IGN, this is not inherited
    program = subprocess.Popen([sys.executable, "-m", module], cwd=folder, stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603
    threading.Thread(target=_end_with_parent, args=(program,), daemon=True).start()
    status = program.wait()
    os._exit(status if status >= 0 else 128 - status)


def _end_with_parent(program: "subprocess.Popen[bytes]") -> None:
    sys.stdin.buffer.read()
    if os.name == "posix":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    program.kill()
    os._exit(1)


if __name__ == "__main__":
    main()
