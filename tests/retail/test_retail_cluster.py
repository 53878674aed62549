"""Which settings lead to the cluster of the retail services."""

import pytest

from acceptance.settings import Settings
from acceptance.target import Target
from acceptance.trouble import Trouble
from support.retail.cluster import properties_of
from support.retail.settings import RetailSettings
from support.retail.system import open_retail

WHERE = "kafka.example:9093"


def test_the_settings_become_properties():
    settings = RetailSettings(
        bootstrap_servers=WHERE,
        security_protocol="sasl_ssl",
        sasl_username="guest",
        sasl_password="secret",
        ssl_ca="ca.pem",
    )
    assert properties_of(settings) == {
        "bootstrap.servers": WHERE,
        "security.protocol": "sasl_ssl",
        "ssl.ca.location": "ca.pem",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": "guest",
        "sasl.password": "secret",
    }
    assert "secret" not in repr(settings)


def test_without_a_login_nothing_is_said_of_one():
    assert properties_of(RetailSettings(bootstrap_servers=WHERE)) == {
        "bootstrap.servers": WHERE,
        "security.protocol": "plaintext",
    }


@pytest.mark.parametrize("missing", ["sasl_username", "sasl_password"])
def test_a_login_needs_both(missing):
    both = {"sasl_username": "guest", "sasl_password": "secret", missing: ""}
    settings = RetailSettings(bootstrap_servers=WHERE, security_protocol="sasl_plaintext", **both)
    with pytest.raises(Trouble, match="ACCEPTANCE_RETAIL_SASL_PASSWORD"):
        properties_of(settings)


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (RetailSettings(bootstrap_servers=WHERE), "add -D target=aws, or leave the setting out"),
        (RetailSettings(offers_topic="pageviews"), "Two of the retail topics have the same name"),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings, words, tmp_path):
    target = Target(Settings().with_system(settings), tmp_path / "account.log")
    try:
        target.start()
        with pytest.raises(Trouble, match=words):
            open_retail(target)
    finally:
        target.stop()
