"""The café's settings, of which some had no prefix while it was alone."""

import pytest

from acceptance.settings import read_settings
from support.serverlesspresso.settings import WITHOUT_PREFIX, ServerlesspressoSettings


@pytest.mark.parametrize("name", sorted({*WITHOUT_PREFIX} - {"customer_password", "tap_whole_bus"}))
def test_name_without_a_prefix_goes_on_working(name):
    settings = read_settings({name: "X"}, {})
    assert getattr(settings.of(ServerlesspressoSettings), name) == "X"
    assert settings.notice == f"Some settings have new names: write -D serverlesspresso_{name} for -D {name}."


def test_password_by_its_former_variable_goes_on_working():
    settings = read_settings({}, {"CAFE_CUSTOMER_PASSWORD": "hunter2"})
    assert settings.of(ServerlesspressoSettings).customer_password.get_secret_value() == "hunter2"
    assert "ACCEPTANCE_SERVERLESSPRESSO_CUSTOMER_PASSWORD for CAFE_CUSTOMER_PASSWORD" in settings.notice


def test_former_variables_of_the_whole_suite_go_on_working():
    environ = {"CAFE_TARGET": "aws", "CAFE_RETAIL_USERS_TABLE": "users", "CAFE_TAP_WHOLE_BUS": "yes"}
    settings = read_settings({}, environ)
    assert settings.on_aws
    assert settings.of(ServerlesspressoSettings).tap_whole_bus
    for today, former in (
        ("ACCEPTANCE_TARGET", "CAFE_TARGET"),
        ("ACCEPTANCE_RETAIL_USERS_TABLE", "CAFE_RETAIL_USERS_TABLE"),
        ("ACCEPTANCE_SERVERLESSPRESSO_TAP_WHOLE_BUS", "CAFE_TAP_WHOLE_BUS"),
    ):
        assert f"{today} for {former}" in settings.notice


def test_customers_password_is_not_shown():
    assert "hunter2" not in repr(ServerlesspressoSettings(customer_password="hunter2"))
