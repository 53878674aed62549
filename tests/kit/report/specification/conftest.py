"""A hotel whose features are a specification."""

import pytest
from hotel import Hotel


@pytest.fixture
def hotel(tmp_path):
    return Hotel(tmp_path)
