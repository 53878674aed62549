"""The settings of a run: one typed object, from behave's `-D`, the environment, or the defaults."""

import dataclasses
import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, get_type_hints

from acceptance.masking import remember_secret
from acceptance.trouble import Trouble

ENVIRONMENT_PREFIX = "CAFE_"
FOREIGN_PREFIXES = ("AllureFormatter.",)


def _setting(default: Any, help_text: str, **extra: Any) -> Any:
    return field(default=default, repr=not extra.get("secret"), metadata={"help": help_text, **extra})


@dataclass(frozen=True)
class Settings:
    """Every setting of a run. An empty text or None means: find out, or take the target's default."""

    target: str = _setting("embedded", "where the system runs: embedded, or aws", choices=("embedded", "aws"))
    region: str = _setting("", "AWS region; default: what boto3 finds, us-east-1 when embedded")
    embedded_port: int = _setting(
        0, "port of the embedded account on 127.0.0.1; 0 takes a free one", least=0, most=65535
    )
    embedded_secret: str = _setting(
        "",
        "the embedded account's secret access key, for tools of your own; by the environment only; default: made up",
        environment_only=True,
        secret=True,
    )
    patience: float | None = _setting(
        None, "seconds to wait for something to happen; default: 20, 60 on aws", least=0.1, most=3600
    )
    quiet: float | None = _setting(
        None,
        "seconds of silence that prove that nothing happens; default: 0.2, 3 on aws",
        least=0.05,
        most=600,
    )
    clock_offset: float | None = _setting(
        None,
        "milliseconds by which the clocks of two AWS services may differ; default: 0, 20 on aws",
        least=0,
        most=60000,
    )
    exclusive: bool | None = _setting(None, "run scenarios that close or fill the shop; default: yes, no on aws")
    slow: bool | None = _setting(
        None, "run scenarios that wait for the system's own time-outs; default: yes, no on aws"
    )
    shuffle: str = _setting("", "play the scenarios in another order: yes, or the seed of an order", seed=True)
    results: str = _setting("", "folder of Allure's raw results; default: reports/allure-results")
    report: bool = _setting(True, "render the HTML report at the end of the run")
    trace: bool = _setting(False, "show stack traces of troubles and failures")
    template: str = _setting("", "SAM template to deploy when embedded; default: the café that is shipped here")
    event_bus: str = _setting("", "name of the event bus")
    order_processor: str = _setting("", "name or ARN of the workflow that processes an order")
    order_manager: str = _setting("", "name or ARN of the workflow that carries out actions")
    orders_table: str = _setting("", "name of the orders' table")
    config_table: str = _setting("", "name of the settings' and menu's table")
    counting_table: str = _setting("", "name of the order numbers' table")
    tap_whole_bus: bool = _setting(
        False, "let the event tap receive every event of the bus; for events that name neither our order nor our user"
    )
    shop_id: str = _setting("", "shop id in keys and states, of deployments that have one (config-ABC)")
    front_door_url: str = _setting("", "address of the HTTP API with its stage")
    user_pool_client: str = _setting("", "id of the Cognito app client of the HTTP API")
    customer_username: str = _setting("", "Cognito user for the scenarios of the HTTP API on aws")
    customer_password: str = _setting(
        "", "that user's password; by the environment only", environment_only=True, secret=True
    )

    durable_template: str = _setting(
        "", "SAM template of the durable orders when embedded; default: the one that is shipped here"
    )
    durable_function: str = _setting("", "name of the durable function")
    durable_alias: str = _setting("dev", "alias by which the durable function is called")
    durable_orders_table: str = _setting("", "name of the durable orders' table")
    durable_payments_table: str = _setting("", "name of the table of the durable orders' payments")
    durable_wait: int = _setting(10, "seconds that a durable order waits for its confirmation", least=1, most=120)
    durable_rehearsals: bool | None = _setting(
        None, "whether a durable order may ask for a step that fails at first (rehearse); default: yes, no on aws"
    )

    retail_template: str = _setting(
        "", "template of the retail services' users when embedded, beside their programs; default: what is shipped here"
    )
    retail_bootstrap_servers: str = _setting("", "Kafka cluster of the retail services on aws, host:port,…")
    retail_security_protocol: str = _setting(
        "plaintext",
        "how that cluster is spoken to",
        choices=("plaintext", "ssl", "sasl_plaintext", "sasl_ssl"),
    )
    retail_sasl_mechanism: str = _setting(
        "SCRAM-SHA-512",
        "how it is logged in there",
        choices=("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"),
    )
    retail_sasl_username: str = _setting("", "user to log in there by")
    retail_sasl_password: str = _setting(
        "", "that user's password; by the environment only", environment_only=True, secret=True
    )
    retail_ssl_ca: str = _setting("", "file of the certificates to trust there; default: the system's own")
    retail_ssl_certificate: str = _setting("", "file of the client's certificate, where the cluster wants one")
    retail_ssl_key: str = _setting("", "file of that certificate's private key")
    retail_ssl_key_password: str = _setting(
        "", "that key's password; by the environment only", environment_only=True, secret=True
    )
    retail_pageviews_topic: str = _setting("pageviews", "topic of the page views")
    retail_enriched_topic: str = _setting("pageviews_enriched", "topic of the enriched page views")
    retail_offers_topic: str = _setting("upsell_events", "topic of the offers")
    retail_dead_letters_topic: str = _setting("retail_dead_letters", "topic of what cannot be read")
    retail_users_table: str = _setting("", "name of the table of the retail services' users")
    retail_checkout_page: int = _setting(200, "PAGEID of the checkout page", least=0, most=2**53)
    retail_home_page: int = _setting(100, "PAGEID of a page that is not the checkout", least=0, most=2**53)
    fulfilment_dialogue: str = _setting(
        "", "dialogue file of the fulfilment programs; default: features/fulfilment/dialogue.yaml"
    )
    fulfilment_template: str = _setting(
        "", "SAM template of fulfilment when embedded; default: the one that is shipped here"
    )
    fulfilment_orders_table: str = _setting("", "name of fulfilment's table of orders")
    fulfilment_stock_table: str = _setting("", "name of fulfilment's table of the stock")
    fulfilment_deliveries_table: str = _setting("", "name of fulfilment's table of deliveries")
    fulfilment_staff_table: str = _setting("", "name of fulfilment's table of people who may log in")
    fulfilment_answer: float | None = _setting(
        None, "seconds that a fulfilment program may take for an answer; default: the dialogue's", least=0.1, most=3600
    )
    fulfilment_prepare: bool | None = _setting(
        None, "let the dialogue's people in before the run; default: yes, no on aws"
    )
    fulfilment_password: str = _setting(
        "",
        "password of all of the dialogue's people on aws; by the environment only",
        environment_only=True,
        secret=True,
    )

    @property
    def on_aws(self) -> bool:
        """Whether the system was deployed by somebody else, on a real or a separately run account."""
        return self.target == "aws"

    @property
    def patience_seconds(self) -> float:
        """How long `eventually` waits, in seconds."""
        return self.patience if self.patience is not None else (60.0 if self.on_aws else 20.0)

    @property
    def quiet_seconds(self) -> float:
        """How long `never` listens after its marker, in seconds."""
        return self.quiet if self.quiet is not None else (3.0 if self.on_aws else 0.2)

    @property
    def clock_offset_ms(self) -> float:
        """How far the clocks of two services may differ, in ms. An embedded account has only one clock."""
        return self.clock_offset if self.clock_offset is not None else (20.0 if self.on_aws else 0.0)

    @property
    def exclusive_allowed(self) -> bool:
        """Whether scenarios may change what others see (close the shop, fill it up)."""
        return self.exclusive if self.exclusive is not None else not self.on_aws

    @property
    def slow_allowed(self) -> bool:
        """Whether scenarios may wait for the system's own time-outs."""
        return self.slow if self.slow is not None else not self.on_aws

    @property
    def rehearsals_allowed(self) -> bool:
        """Whether a durable order may ask for a step that fails at first."""
        return self.durable_rehearsals if self.durable_rehearsals is not None else not self.on_aws

    @property
    def lets_people_in(self) -> bool:
        """Whether the run lets the people of the fulfilment dialogue in, with a password that it makes up."""
        return self.fulfilment_prepare if self.fulfilment_prepare is not None else not self.on_aws


def read_settings(userdata: Mapping[str, str], environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings: `-D name=value` before `CAFE_NAME=value` before the default.

    Raises Trouble with a sentence for a name that is unknown or a value that is not allowed.
    """
    environ = os.environ if environ is None else environ
    given = {key: value for key, value in userdata.items() if not key.startswith(FOREIGN_PREFIXES)}
    from_environment = {
        key.removeprefix(ENVIRONMENT_PREFIX).lower(): value
        for key, value in environ.items()
        if key.startswith(ENVIRONMENT_PREFIX)
    }
    fields = {f.name: f for f in dataclasses.fields(Settings)}
    _refuse_unknown(given, fields, "-D {}")
    _refuse_unknown(from_environment, fields, "{}", lambda name: ENVIRONMENT_PREFIX + name.upper())
    kinds = get_type_hints(Settings)
    values = {}
    for name, setting in fields.items():
        if setting.metadata.get("environment_only") and name in given:
            raise Trouble(
                f"-D {name} would show a secret to everybody who can list processes. "
                f"Set the environment variable {ENVIRONMENT_PREFIX}{name.upper()} instead."
            )
        raw = given.get(name, from_environment.get(name))
        if raw is not None:
            values[name] = _convert(setting, kinds[name], raw)
            if setting.metadata.get("secret"):
                remember_secret(values[name])
    return Settings(**values)


def given(userdata: Mapping[str, str], name: str) -> str | None:
    """Read one setting as it was given, for whoever needs it before all are read and judged; None if it was not."""
    return userdata.get(name, os.environ.get(f"{ENVIRONMENT_PREFIX}{name.upper()}"))


def _refuse_unknown(given: Mapping[str, str], fields: Mapping[str, Any], form: str, spell: Any = str) -> None:
    for name in given:
        if name not in fields:
            close = difflib.get_close_matches(name, fields, n=1)
            hint = f"Did you mean {spell(close[0])}?" if close else "The README lists the settings."
            raise Trouble(f"No setting is called {form.format(spell(name))}. {hint}")


def _convert(setting: Any, kind: Any, raw: Any) -> Any:
    text = str(raw).strip()
    limits = setting.metadata
    if "choices" in limits and text not in limits["choices"]:
        raise _refusal(setting, text, "one of " + ", ".join(limits["choices"]))
    if limits.get("seed") and text not in ("", "yes", "no") and not text.isdecimal():
        raise _refusal(setting, text, "yes, no, or a whole number")
    if kind is str:
        return text
    if kind in (bool, bool | None):
        return _truth(setting, text)
    return _number(setting, text, int if kind is int else float)


def _truth(setting: Any, text: str) -> bool:
    words = {
        "yes": True,
        "true": True,
        "on": True,
        "1": True,
        "no": False,
        "false": False,
        "off": False,
        "0": False,
    }
    if text.lower() not in words:
        raise _refusal(setting, text, "yes or no")
    return words[text.lower()]


def _number(setting: Any, text: str, kind: type[int] | type[float]) -> int | float:
    least, most = setting.metadata["least"], setting.metadata["most"]
    wanted = f"a number from {least} to {most}"
    try:
        number = kind(text)
    except ValueError:
        raise _refusal(setting, text, wanted) from None
    if not least <= number <= most:
        raise _refusal(setting, text, wanted)
    return number


def _refusal(setting: Any, text: str, wanted: str) -> Trouble:
    return Trouble(f'The setting {setting.name} cannot be "{text}": it is {wanted} ({setting.metadata["help"]}).')
