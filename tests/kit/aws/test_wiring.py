"""How the café is wired, read from what is deployed."""

import pytest

from acceptance.aws.wiring import FUNCTION, Wiring, short_name


@pytest.mark.cloud
def test_the_cafes_wiring_is_read_without_the_taps(account, parts, make_tap):
    make_tap()
    machines = [parts.order_processor, parts.order_manager]
    wiring = Wiring(account.events, account.stepfunctions, parts.event_bus, machines)
    listened = {rule.pattern["detail-type"][0]: rule.targets for rule in wiring.rules}
    assert set(listened) == {
        "Validator.NewOrder",
        "OrderProcessor.WorkflowStarted",
        "OrderProcessor.WaitingCompletion",
    }
    assert listened["Validator.NewOrder"] == [parts.order_processor]
    assert FUNCTION.match(listened["OrderProcessor.WaitingCompletion"][0])
    assert "Update order" in wiring.definitions[parts.order_manager]["States"]
    assert [short_name(f) for f in wiring.functions] == ["SanitizeOrder", "WaitingCompletion", "WorkflowStarted"]
    assert {short_name(f) for f in wiring.called} == {"WaitingCompletion", "WorkflowStarted"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("serverlesspresso-WaitingCompletionFunction-F1458301F4F31", "WaitingCompletion"),
        ("my-shop-dev-SanitizeOrder-AbCdEfGh1234", "SanitizeOrder"),
        ("waiting-completion", "waiting-completion"),
        ("WorkflowStarted", "WorkflowStarted"),
    ],
)
def test_a_function_is_called_what_people_call_it(name, short):
    assert short_name(name) == short
