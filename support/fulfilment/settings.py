"""The settings of fulfilment."""

from pydantic import Field, SecretStr

from acceptance.settings import SystemSettings


class FulfilmentSettings(SystemSettings, env_prefix="fulfilment_"):
    """The programs' dialogue, their tables, and who may log in to them."""

    dialogue: str = Field(
        default="", description="dialogue file of the fulfilment programs; default: `features/fulfilment/dialogue.yaml`"
    )
    template: str = Field(
        default="", description="SAM template to deploy when embedded; default: `systems/fulfilment/template.yaml`"
    )
    orders_table: str = Field(default="", description="name of the table of orders; default: found")
    stock_table: str = Field(default="", description="name of the table of the stock; default: found")
    deliveries_table: str = Field(default="", description="name of the table of deliveries; default: found")
    staff_table: str = Field(default="", description="name of the table of users who may log in; default: found")
    answer: float | None = Field(
        default=None,
        ge=0.1,
        le=3600,
        description="timeout of a fulfilment program's answer, in seconds; default: the dialogue's",
    )
    prepare: bool | None = Field(
        default=None, description="create the dialogue's users before the run; default: yes, no on aws"
    )
    password: SecretStr = Field(
        default=SecretStr(""),
        description="password of all of the dialogue's users on aws; default: generated when embedded",
    )

    @property
    def lets_people_in(self) -> bool:
        """Whether the run creates the logins of the fulfilment dialogue's people, with a generated password."""
        return self.prepare if self.prepare is not None else not self.on_aws
