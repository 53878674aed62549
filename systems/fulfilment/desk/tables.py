"""The four DynamoDB tables, and plain messages for their errors.

The client comes from botocore's session instead of boto3's: settings and credentials are the same, and a program starts
in two thirds of the time.
"""

import os
from decimal import Decimal
from functools import cache

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

NAMES = ("orders", "stock", "deliveries", "staff")
# A user sits in front of the program and should soon see that DynamoDB does not respond.
BOUNDED = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})


class NotDeployed(Exception):
    """A table is missing."""


class NoAccess(Exception):
    """The account cannot be reached, or denies access."""


def name_of(table: str) -> str:
    """Return a table's name: the environment variable FULFILMENT_…_TABLE, or the template's default."""
    return os.environ.get(f"FULFILMENT_{table.upper()}_TABLE") or f"fulfilment-{table}"


@cache
def _client():
    session = botocore.session.Session()
    region = os.environ.get("AWS_REGION") or session.get_config_variable("region")
    return session.create_client("dynamodb", region_name=region, config=BOUNDED)


def ask(operation: str, **parameters):
    """Call DynamoDB. Raises NotDeployed or NoAccess with a message, and ClientError for failed conditions."""
    try:
        return getattr(_client(), operation)(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            raise NotDeployed(
                f"A table is missing: {', '.join(name_of(table) for table in NAMES)} are wanted. "
                "Deploy template.yaml, or name them by FULFILMENT_ORDERS_TABLE and its like."
            ) from None
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in (401, 403) or _is_about_who(error):
            raise NoAccess(f"AWS refuses the credentials: {error}.") from None
        raise
    except NoCredentialsError:
        raise NoAccess("There are no AWS credentials. Log in, set AWS_PROFILE, or export the access key.") from None
    except NoRegionError:
        raise NoAccess("No AWS region is set. Set AWS_REGION.") from None
    except BotoCoreError as error:
        raise NoAccess(f"DynamoDB does not answer: {error}. Check the network and AWS_ENDPOINT_URL.") from None


def _is_about_who(error: ClientError) -> bool:
    codes = (
        "UnrecognizedClientException",
        "AccessDeniedException",
        "InvalidSignatureException",
        "ExpiredTokenException",
    )
    return error.response["Error"]["Code"] in codes


def check() -> None:
    """Check that all tables exist. Raises NotDeployed or NoAccess."""
    for table in NAMES:
        ask("describe_table", TableName=name_of(table))


def read(table: str, **key) -> dict | None:
    """Return one item by a consistent read, or None."""
    found = ask("get_item", TableName=name_of(table), Key=typed(key), ConsistentRead=True)
    return plain(found["Item"]) if "Item" in found else None


def read_all(table: str) -> list[dict]:
    """Return all items of a small table."""
    return _pages("scan", TableName=name_of(table), ConsistentRead=True)


def in_state(table: str, state: str) -> list[dict]:
    """Return the items in a state, oldest first."""
    return _pages(
        "query",
        TableName=name_of(table),
        IndexName="by-state",
        KeyConditionExpression="#state = :state",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues=typed({":state": state}),
    )


def _pages(operation: str, **parameters) -> list[dict]:
    items: list[dict] = []
    while True:
        page = ask(operation, **parameters)
        items += [plain(item) for item in page["Items"]]
        if "LastEvaluatedKey" not in page:
            return items
        parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def typed(item: dict) -> dict:
    """Convert an item to DynamoDB's notation. Values are strings, or numbers as Decimal or int."""
    return {name: {"S": value} if isinstance(value, str) else {"N": str(value)} for name, value in item.items()}


def plain(item: dict) -> dict:
    """Convert an item from DynamoDB's notation."""
    return {name: value["S"] if "S" in value else Decimal(value["N"]) for name, value in item.items()}
