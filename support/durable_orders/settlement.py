"""Whether what is booked for an order agrees with its outcome."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

CHARGE, REFUND = "charge#", "refund#"


def contradictions(
    stored: Mapping[str, Any] | None, booked: Sequence[Mapping[str, Any]], *, over: bool
) -> Iterator[str]:
    """Report what is wrong with the entries of an order's payment.

    Each refund gives back one charge of the order. An order that is `over` costs its price if it is stored, and nothing
    otherwise.
    """
    entries = {str(one.get("entry", "")) for one in booked}
    references = [one.removeprefix(REFUND) for one in entries if one.startswith(REFUND)]
    if any(f"{CHARGE}{one}" not in entries for one in references):
        yield "payments › a refund gives back no charge of its order"
    price = stored.get("amount", Decimal()) if stored else Decimal()
    paid = sum((one["amount"] for one in booked if "amount" in one), Decimal())
    if over and paid != price:
        yield f"payments › an order that is {'stored' if stored else 'not stored'} has cost {paid:.2f}"
