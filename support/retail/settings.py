"""The settings of the retail services."""

from typing import Literal

from pydantic import Field, SecretStr

from acceptance.settings import SystemSettings


class RetailSettings(SystemSettings, env_prefix="retail_"):
    """Where the services' Kafka cluster is and how to log in there, their topics, and the table of their users."""

    template: str = Field(
        default="",
        description="template of the users' table to deploy when embedded, beside the programs; "
        "default: `systems/retail/template.yaml`",
    )
    bootstrap_servers: str = Field(default="", description="Kafka cluster of the retail services on aws, host:port,…")
    security_protocol: Literal["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"] = Field(
        default="plaintext", description="the cluster's security protocol"
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="SCRAM-SHA-512", description="the cluster's SASL mechanism"
    )
    sasl_username: str = Field(default="", description="user name for the cluster")
    sasl_password: SecretStr = Field(default=SecretStr(""), description="that user's password")
    ssl_ca: str = Field(default="", description="file of the CA certificates to trust; default: the system's own")
    ssl_certificate: str = Field(default="", description="file of the client's certificate, if the cluster needs one")
    ssl_key: str = Field(default="", description="file of that certificate's private key")
    ssl_key_password: SecretStr = Field(default=SecretStr(""), description="that key's password")
    pageviews_topic: str = Field(default="pageviews", description="topic of the page views")
    enriched_topic: str = Field(default="pageviews_enriched", description="topic of the enriched page views")
    offers_topic: str = Field(default="upsell_events", description="topic of the offers")
    dead_letters_topic: str = Field(default="retail_dead_letters", description="topic of the dead letters")
    users_table: str = Field(
        default="", description="name of the table of the users, by the key `USERID` (a number); default: found"
    )
    checkout_page: int = Field(default=200, ge=0, le=2**53, description="PAGEID of the checkout page")
    home_page: int = Field(default=100, ge=0, le=2**53, description="PAGEID of the home page")
    product_page: int = Field(default=110, ge=0, le=2**53, description="PAGEID of a product's page")
    basket_page: int = Field(default=120, ge=0, le=2**53, description="PAGEID of the basket")
    unlisted_page: int = Field(default=999, ge=0, le=2**53, description="PAGEID of a page that the shop does not list")
