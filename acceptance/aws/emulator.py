"""The program of the embedded account: MiniStack on one port of the loopback interface.

Started by `acceptance.aws.embedded` as a process of its own. It ends, with every process that it
started, as soon as its standard input ends: that is, when its parent closes it or dies. Each line that it reads there
is the file that it is to write its log to from then on, in JSON.
"""

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"


def main(*, public: bool = False) -> None:
    """Serve until standard input ends. Arguments: the port (0 for a free one).

    The secret of the run is `AWS_SECRET_ACCESS_KEY`, and `TRANSLATIONS` the folder for translations of templates, if
    they are to be kept; `public` is explained at `Guard`.
    """
    listener = socket.create_server((HOST, int(sys.argv[1])), backlog=512)
    # asyncio sets this for its own sockets only; without it each answer waits for an acknowledgement (40 ms).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    port = listener.getsockname()[1]
    os.environ["GATEWAY_PORT"] = str(port)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # The socket listens already: clients that connect from now on are served once MiniStack has started.
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _serve(listener, public)


def _serve(listener: socket.socket, public: bool) -> None:
    from hypercorn.asyncio import serve
    from hypercorn.config import Config, Sockets
    from ministack.app import app

    from acceptance.aws.disturber import Disturber
    from acceptance.aws.emulator_heartbeat import give_timers_their_time, tell_standstill
    from acceptance.aws.emulator_mends import (
        answer_long_polls_soon,
        continue_crashed_durable_functions,
        count_attempts,
        find_running_executions_among_the_running,
        forget_tokens_of_stopped_executions,
        keep_failed_durable_executions,
        look_for_new_garbage_only,
        make_calls_of_dynamodb_atomic,
    )
    from acceptance.aws.guard import Guard, let_own_calls_in
    from acceptance.aws.handing_on import hand_on_as_aws
    from acceptance.aws.reads_behind import read_behind_on_demand
    from acceptance.aws.translations import remember_translations
    from acceptance.aws.warm_functions import fork_functions
    from acceptance.aws.workflow_tasks import disturb_tasks

    class OwnSocket(Config):
        def create_sockets(self) -> Sockets:
            listener.setblocking(False)
            return Sockets(secure_sockets=[], insecure_sockets=[listener], quic_sockets=[])

    config: Any = OwnSocket()
    config.keep_alive_timeout = 75
    config.loglevel = os.environ["LOG_LEVEL"]
    port, secret = listener.getsockname()[1], os.environ["AWS_SECRET_ACCESS_KEY"]
    let_own_calls_in(port, secret)
    answer_long_polls_soon()
    count_attempts()
    find_running_executions_among_the_running()
    look_for_new_garbage_only()
    continue_crashed_durable_functions()
    keep_failed_durable_executions()
    forget_tokens_of_stopped_executions()
    make_calls_of_dynamodb_atomic()
    if folder := os.environ.get("TRANSLATIONS"):
        remember_translations(Path(folder))
    fork_functions()
    give_timers_their_time()
    tell_standstill()
    disturber = Disturber(app)
    disturb_tasks(disturber)
    read_behind_on_demand()
    hand_on_as_aws(disturber)
    guarded: Any = Guard(disturber, port, secret, public=public)
    asyncio.run(serve(guarded, config))


def _end_with_parent() -> None:
    for line in sys.stdin.buffer:
        _log_to(json.loads(line))
    shutil.rmtree(Path(os.environ["TMPDIR"]), ignore_errors=True)
    if os.name == "posix":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    # On Windows the workers end by themselves: each one reads from a pipe that ends with this process.
    os._exit(0)


def _log_to(file: str) -> None:
    handle = os.open(file, os.O_WRONLY | os.O_APPEND)
    os.dup2(handle, sys.stderr.fileno())
    os.close(handle)


if __name__ == "__main__":
    main()
