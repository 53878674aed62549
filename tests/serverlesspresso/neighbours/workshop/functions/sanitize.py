"""Says whether a drink and its modifiers are on the menu. Whether it is sold out is not looked at: a known defect."""


def handler(event, _context):
    """Compare an order with the drinks on the menu, in DynamoDB's notation."""
    order = event["order"]
    for drink in (entry["M"] for entry in event["drinks"]):
        if drink["drink"]["S"] == order.get("drink"):
            groups = [group["M"]["Options"]["L"] for group in drink["modifiers"]["L"]]
            options = {option["S"] for group in groups for option in group}
            return set(order.get("modifiers", [])) <= options
    return False
