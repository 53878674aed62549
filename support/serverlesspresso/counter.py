"""The counter that order numbers come from."""

from botocore.exceptions import ClientError

from acceptance.aws.account import Account
from acceptance.trouble import Trouble
from support.serverlesspresso.parts import Parts

KEY, VALUE = {"PK": {"S": "orderID"}}, "IDvalue"


class Counter:
    """The counter of one café, in its table of numbers."""

    def __init__(self, account: Account, parts: Parts) -> None:
        self._account = account
        self._table = parts.counting_table

    def raise_to(self, number: int) -> int:
        """Raise the counter to so many given numbers, or that many in a later thousand. Return how many those are.

        It is never lowered: no number is given twice. Raises Trouble where the counter is not found.
        """
        while number < self.given:
            number += 1000
        try:
            self._account.dynamodb.update_item(
                TableName=self._table,
                Key=KEY,
                UpdateExpression="SET #value = :number",
                ConditionExpression="#value <= :number",
                ExpressionAttributeNames={"#value": VALUE},
                ExpressionAttributeValues={":number": {"N": str(number)}},
            )
        except ClientError as error:
            raise Trouble(f"The counter of the order numbers could not be raised to {number}: {error}.") from error
        return number

    @property
    def given(self) -> int:
        """How many numbers were given. Raises Trouble where the counter is not found."""
        item = self._account.dynamodb.get_item(TableName=self._table, Key=KEY, ConsistentRead=True).get("Item", {})
        value = item.get(VALUE, {}).get("N")
        if value is None:
            raise Trouble(
                f"The table {self._table} has no counter “orderID” with a number in {VALUE}, so it cannot be set.",
                "Leave this scenario out (--tags 'not embedded') for a café that counts in another way.",
            )
        return int(value)
