"""The settings of the durable orders."""

from pydantic import Field

from acceptance.settings import SystemSettings


class DurableOrdersSettings(SystemSettings, env_prefix="durable_"):
    """Where the durable function is, and how it was deployed."""

    template: str = Field(
        default="", description="SAM template to deploy when embedded; default: `systems/durable_orders/template.yaml`"
    )
    function: str = Field(default="", description="name of the durable function; default: found")
    alias: str = Field(default="dev", description="alias by which the durable function is called")
    orders_table: str = Field(default="", description="name of the durable orders' table; default: found")
    payments_table: str = Field(
        default="",
        description="name of the table of payments: one item per charge, with an `amount`, by the partition key "
        "`orderId`; default: found; without one, @payments is skipped",
    )
    wait: int = Field(default=10, ge=1, le=120, description="seconds that a durable order waits for its confirmation")
    rehearsals: bool | None = Field(
        default=None,
        description="allow durable orders to inject a failure into a step (rehearse); default: yes, no on aws",
    )

    @property
    def rehearsals_allowed(self) -> bool:
        """Whether a durable order may ask for a step that fails at first."""
        return self.rehearsals if self.rehearsals is not None else not self.on_aws
