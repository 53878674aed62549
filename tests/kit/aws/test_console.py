"""Addresses of the console."""

import pytest

from acceptance.aws.console import execution_url, has_console, log_group_url

ARN = "arn:aws:states:eu-north-1:123456789012:execution:Orders:ada-1"


def test_an_execution_is_found_by_its_arn():
    assert execution_url(ARN) == (
        "https://eu-north-1.console.aws.amazon.com/states/home?region=eu-north-1"
        "#/v2/executions/details/arn:aws:states:eu-north-1:123456789012:execution:Orders:ada-1"
    )


def test_each_partition_has_a_console_of_its_own():
    assert execution_url(ARN.replace("arn:aws:", "arn:aws-cn:")).startswith("https://eu-north-1.console.amazonaws.cn/")


def test_the_slashes_of_a_log_group_are_escaped_as_the_console_does():
    assert log_group_url(ARN, "/aws/lambda/store").endswith("log-groups/log-group/$252Faws$252Flambda$252Fstore")


@pytest.mark.parametrize(
    ("endpoint", "there"),
    [
        ("https://states.eu-north-1.amazonaws.com", True),
        ("https://states.cn-north-1.amazonaws.com.cn", True),
        ("http://127.0.0.1:4566", False),
        ("http://localhost.localstack.cloud:4566", False),
        ("https://amazonaws.com.elsewhere.example", False),
    ],
)
def test_an_emulator_has_no_console(endpoint, there):
    assert has_console(endpoint) == there
