"""The Kafka cluster of deployed retail services, as the settings name it."""

from collections.abc import Mapping

from acceptance.trouble import OTHER_SYSTEM, Trouble
from support.retail.settings import RetailSettings


def properties_of(settings: RetailSettings) -> Mapping[str, str]:
    """Return librdkafka's properties for the cluster that the settings name.

    Raises Trouble when they name none, or log in without a password.
    """
    if not settings.bootstrap_servers:
        raise Trouble(
            "It is not known where the retail services' Kafka is. Name it with -D retail_bootstrap_servers=host:port. "
            f"To leave them out, {OTHER_SYSTEM}"
        )
    properties = {
        "bootstrap.servers": settings.bootstrap_servers,
        "security.protocol": settings.security_protocol,
        "ssl.ca.location": settings.ssl_ca,
        "ssl.certificate.location": settings.ssl_certificate,
        "ssl.key.location": settings.ssl_key,
        "ssl.key.password": settings.ssl_key_password.get_secret_value(),
    }
    if settings.security_protocol.startswith("sasl"):
        if not (settings.sasl_username and settings.sasl_password):
            raise Trouble(
                f"Kafka at {settings.bootstrap_servers} is to be logged in to. Name the user with "
                "-D retail_sasl_username=…, and set the environment variable ACCEPTANCE_RETAIL_SASL_PASSWORD."
            )
        properties |= {
            "sasl.mechanism": settings.sasl_mechanism,
            "sasl.username": settings.sasl_username,
            "sasl.password": settings.sasl_password.get_secret_value(),
        }
    return {name: value for name, value in properties.items() if value}
