"""Small behave projects for the tests of the report."""

import pytest
from small_project import EVERYTHING, Project


@pytest.fixture
def project(tmp_path):
    return Project(tmp_path)


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def second_project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("second"))


@pytest.fixture(scope="session")
def everything():
    """A feature in which everything goes wrong that can, and one scenario that passes."""
    return EVERYTHING
