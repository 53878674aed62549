"""The embedded broker is the run's own: another user of the machine is refused, whichever way they come."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from acceptance.kafka.broker import EmbeddedBroker
from acceptance.kafka.cluster import Kafka
from acceptance.kafka.door import can_be_kept
from acceptance.trouble import Trouble

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not can_be_kept(), reason="only Linux tells whose a connection is")]
NOBODY = 65534
as_somebody_else = pytest.mark.skipif(os.getuid() != 0, reason="only root can become another user")
CALL = f"""
import encodings.idna, os, socket, sys
os.setgid({NOBODY}); os.setuid({NOBODY})
try:
    with socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5) as one:
        one.sendall(bytes.fromhex("0000000e" "0012" "0000" "00000001" "0004") + b"door")
        print(len(one.recv(1000)))
except OSError as error:
    print(0)
"""


@pytest.fixture
def broker(tmp_path):
    broker = EmbeddedBroker(["said"], tmp_path / "broker.log")
    yield broker
    broker.stop()


def port(broker):
    return int(broker.address.rpartition(":")[2])


def answered(broker, code):
    run = subprocess.run([sys.executable, "-c", code, str(port(broker))], capture_output=True, text=True, timeout=30)
    assert not run.stderr
    return int(run.stdout)


def test_the_run_s_own_user_is_let_in(broker):
    producer = Producer({"bootstrap.servers": broker.address, "enable.idempotence": True, "linger.ms": 0})
    for number in range(1000):
        producer.produce("said", b"%d" % number * 100)
    assert producer.flush(20) == 0
    assert answered(broker, CALL.replace(f"os.setgid({NOBODY}); os.setuid({NOBODY})", "")) > 0


@as_somebody_else
def test_another_user_gets_no_answer_and_the_log_says_so(broker, tmp_path):
    assert answered(broker, CALL) == 0
    assert f"refused a program of the user {NOBODY}" in (tmp_path / "broker.log").read_text()
    assert AdminClient({"bootstrap.servers": broker.address}).list_topics(timeout=20).topics.keys() == {"said"}


@as_somebody_else
def test_another_user_s_client_cannot_say_anything(broker):
    code = f"""
import os, sys
from confluent_kafka import Producer
os.setgid({NOBODY}); os.setuid({NOBODY})
producer = Producer({{"bootstrap.servers": "127.0.0.1:" + sys.argv[1], "log_level": 0, "message.timeout.ms": 2000}})
said = []
producer.produce("said", b"a lie", on_delivery=lambda error, _: said.append(error is None))
producer.flush(10)
print(int(True in said))
"""
    assert answered(broker, code) == 0


def test_nobody_gets_around_the_door(broker):
    """The broker listens on its one port, and there is no socket with a name or a file that leads to it."""
    pid = broker._process.pid
    sockets = {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()}
    inodes = {one[8:-1] for one in sockets if one.startswith("socket:")}
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ports = [int(one[1].rpartition(":")[2], 16) for one in listening if one[9] in inodes and one[3] == "0A"]
    assert ports == [port(broker)]
    local = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    names = [one[7] for one in local if one[6] in inodes and len(one) > 7]
    assert not [name for name in names if name.startswith("@") or Path(name).exists()]


def test_callers_that_say_nothing_hold_up_nobody(broker):
    silent = [socket.create_connection(("127.0.0.1", port(broker))) for _ in range(20)]
    began = time.monotonic()
    assert AdminClient({"bootstrap.servers": broker.address}).list_topics(timeout=20).topics.keys() == {"said"}
    assert time.monotonic() - began < 20
    for one in silent:
        one.close()


def test_a_broker_that_has_died_says_so_and_names_no_setting(broker, tmp_path):
    kafka = Kafka({"bootstrap.servers": broker.address}, broker)
    broker._process.kill()
    with pytest.raises(Trouble) as told:
        kafka.partitions({"said": "retail_pageviews_topic"})
    assert str(told.value).startswith("The embedded broker has died (exit status -9): ")
    assert str(tmp_path / "broker.log") in str(told.value)
    assert "retail_" not in str(told.value)
    assert "run again" in str(told.value)
    broker.refuse_messages()  # and nothing is raised that nobody understands
