"""A real broker: noida-db speaks Kafka's protocol with transactions, and writes retried messages once."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

from confluent_kafka.admin import AdminClient, NewTopic

PROGRAM = shutil.which("noida-db", path=str(Path(sys.executable).parent))


@contextmanager
def real_kafka(folder, partitions):
    """Run a broker with topics, by how many partitions each one has, and give its address."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = ("--only", "kafka", "--kafka-port", str(port), "--data-dir", str(folder / "noida"))
    with (folder / "noida.log").open("wb") as log:
        # The program that pip installs starts another one.
        process = subprocess.Popen(
            [PROGRAM, "start", *options], cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        address = f"127.0.0.1:{port}"
        admin = AdminClient({"bootstrap.servers": address, "log_level": 0, "reconnect.backoff.max.ms": 200})
        topics = [NewTopic(name, count, 1) for name, count in partitions.items()]
        for created in admin.create_topics(topics, request_timeout=30).values():
            created.result()
        yield address
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
