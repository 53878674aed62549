"""Addresses of the AWS console, so that a reader of the report reaches a message's subject with one click.

The forms of the addresses are the console's own; they are not documented, and were not tried from here.
"""

from urllib.parse import quote, urlsplit

_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def has_console(endpoint: str) -> bool:
    """Return whether a client's endpoint belongs to AWS, which has a console; an emulator has none."""
    return (urlsplit(endpoint).hostname or "").endswith((".amazonaws.com", ".amazonaws.com.cn"))


def execution_url(arn: str) -> str:
    """Return the address of an execution of a workflow, by its ARN."""
    _, partition, _, region, *_ = arn.split(":")
    host = _HOSTS.get(partition, _HOSTS["aws"])
    return f"https://{region}.{host}/states/home?region={region}#/v2/executions/details/{quote(arn, safe=':')}"


def log_group_url(arn: str, name: str) -> str:
    """Return the address of a log group, in the region and partition of the ARN of a part that writes to it."""
    _, partition, _, region, *_ = arn.split(":")
    host = _HOSTS.get(partition, _HOSTS["aws"])
    # The console escapes the parts behind its # twice, with $ for the second %.
    escaped = quote(quote(name, safe=""), safe="").replace("%", "$")
    return f"https://{region}.{host}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{escaped}"
