"""How a deployment spells what every Serverlesspresso says: keys, states, events, and the fields of its messages.

The early workshop writes `config`, `COMPLETED` and `OrderManager.OrderCompleted`; a shop with an id writes
`config-ABC`, `ABC-COMPLETED` and `OrderManager.OrderABC-COMPLETED`.
"""

from __future__ import annotations

from pydantic import Field

from acceptance.profile import Section


class Dialect(Section):
    """One way of spelling. The default is the early workshop's and the shipped café's."""

    shop_id: str = Field(default="", description="shop id in keys, states and messages")
