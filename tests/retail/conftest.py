"""A cluster in this process, and the retail services as a run brings them up."""

import subprocess
import sys

import pytest
from places import SYSTEMS
from topics import TOPICS

from acceptance.kafka.mock_cluster import MockCluster
from acceptance.settings import Settings
from acceptance.target import Target
from support.retail.system import open_retail


@pytest.fixture
def cluster():
    """A cluster with the four topics, which can be made to refuse requests."""
    cluster = MockCluster()
    for topic in TOPICS:
        cluster.create_topic(topic)
    yield cluster
    cluster.close()


@pytest.fixture
def start_service(environment, tmp_path):
    """Start a service in the test module's environment, and return its process; its log is in the test's folder."""
    running = []

    def started(module, **more):
        where = {name: value for name, value in {**environment, **more}.items() if value is not None}
        with (tmp_path / "log").open("ab") as log:
            process = subprocess.Popen([sys.executable, "-m", module], cwd=SYSTEMS / "retail", env=where, stderr=log)
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        process.wait(10)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The retail services on an embedded account and an embedded broker, the same ones for every test of a module."""
    target = Target(Settings(patience=10), tmp_path_factory.mktemp("logs") / "account.log")
    try:
        target.start()
        yield open_retail(target)
    finally:
        target.stop()
