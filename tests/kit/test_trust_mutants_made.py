"""Each operator makes the changes it promises, on small examples; names are stable and their own."""

import json
from ast import parse

import pytest
from cosmic_ray.mutating import mutate_code

from trust.mutants import conditions, functions, template, workflows
from trust.mutants.mutant import Mutant, told_apart
from trust.mutants.operators import ArgumentRemover, EntryRemover, HandlerReplacer, StatementRemover, TextReplacer
from trust.mutants.source import CODE, all_mutants
from trust.system_copy import CAFE

WORKFLOW = """{
  "StartAt": "Open?",
  "States": {
    "Open?": {
      "Type": "Choice",
      "Choices": [{"And": [{"Variable": "$.a", "IsPresent": true}, {"Variable": "$.a", "StringEquals": "x"}],
                   "Next": "Tell"}],
      "Default": "Closed"
    },
    "Tell": {
      "Type": "Task",
      "Resource": "arn:aws:states:::events:putEvents",
      "Parameters": {"Entries": [{"Source": "cafe", "Detail": {"id.$": "$.id"}}]},
      "TimeoutSeconds": ${Time},
      "Catch": [{"ErrorEquals": ["States.Timeout"], "ResultPath": null, "Next": "Late"}],
      "Next": "Done"
    },
    "Late": {"Type": "Pass", "Result": {"cause": "late"}, "Next": "Done"},
    "Closed": {"Type": "Fail", "Error": "Closed", "Cause": "It is closed."},
    "Done": {"Type": "Succeed"}
  }
}
"""
TEMPLATE = {
    "Parameters": {"Capacity": {"Type": "Number", "Default": 20}},
    "Resources": {
        "Orders": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in ("PK", "USER")],
                "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
                "GlobalSecondaryIndexes": [
                    {"IndexName": "by-user", "KeySchema": [{"AttributeName": "USER", "KeyType": "HASH"}]}
                ],
            },
        },
        "Store": {
            "Type": "AWS::Serverless::Function",
            "Properties": {
                "CodeUri": "functions/store",
                "Events": {
                    "Scan": {
                        "Type": "EventBridgeRule",
                        "Properties": {"EventBusName": "bus", "Pattern": {"detail-type": ["Scan"]}},
                    }
                },
            },
        },
        "Tell": {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "functions/tell"}},
    },
}
FUNCTION = '''"""A function."""


def handler(event):
    """Says "yes"."""
    print("here I am")
    if event["n"] == 1:
        tell({"id": event["id"], "words": "yes"})
    return event
'''


def by_change(mutants):
    return {f"{mutant.place[-1]}: {mutant.change}": mutant for mutant in mutants}


@pytest.fixture(scope="module")
def of_workflow():
    return by_change(workflows.mutants("cafe", "orders", "orders.asl.json", WORKFLOW))


def states(mutant):
    return workflows.read(mutant.text)["States"]


def test_a_workflow_is_written_as_it_was_read():
    written = workflows.written(workflows.read(WORKFLOW))
    assert '"TimeoutSeconds": ${Time}' in written
    assert workflows.read(written) == workflows.read(WORKFLOW)


def test_a_dropped_state_is_passed_by(of_workflow):
    mutant = of_workflow["Late: dropped"]
    assert "Late" not in states(mutant)
    assert states(mutant)["Tell"]["Catch"][0]["Next"] == "Done"
    assert states(of_workflow["Done: fails"])["Done"]["Type"] == "Fail"
    assert states(of_workflow["Closed: succeeds"])["Closed"] == {"Type": "Succeed"}


def test_every_way_is_sent_elsewhere(of_workflow):
    sent = {change for change in of_workflow if " sent to " in change}
    ways = {change.rpartition("sent to ")[0].strip() for change in sent}
    assert ways == {"StartAt:", "Open?: Default", "Tell: Next", "Tell: Catch of States.Timeout", "Late: Next"}
    for change in sent:
        assert workflows.read(of_workflow[change].text) != workflows.read(WORKFLOW)


def test_rules_are_dropped_and_negated_in_each_part(of_workflow):
    assert states(of_workflow["Open?: rule to Tell dropped"])["Open?"] == {"Type": "Pass", "Next": "Closed"}
    negated = states(of_workflow["Open?: rule to Tell negated"])["Open?"]["Choices"][0]
    assert set(negated) == {"Not", "Next"}
    without = states(of_workflow['Open?: rule to Tell: without $.a StringEquals "x"'])["Open?"]["Choices"][0]
    assert without["And"] == [{"Variable": "$.a", "IsPresent": True}]
    half = states(of_workflow["Open?: rule to Tell: $.a IsPresent true negated"])["Open?"]["Choices"][0]
    assert half["And"][0] == {"Not": {"Variable": "$.a", "IsPresent": True}}


def test_constants_paths_errors_and_times_are_changed(of_workflow):
    entry = states(of_workflow["Tell: Parameters.Source changed"])["Tell"]["Parameters"]["Entries"][0]
    assert entry["Source"] == "cafe changed"
    entry = states(of_workflow["Tell: Parameters.Detail.id.$ changed"])["Tell"]["Parameters"]["Entries"][0]
    assert entry["Detail"] == {"id": "changed"}
    assert states(of_workflow["Late: Result.cause changed"])["Late"]["Result"] == {"cause": "late changed"}
    assert "TimeoutSeconds" not in states(of_workflow["Tell: TimeoutSeconds removed"])["Tell"]
    assert states(of_workflow["Tell: Catch of States.Timeout dropped"])["Tell"]["Catch"] == []
    assert states(of_workflow["Closed: Cause changed"])["Closed"]["Error"] == "Closed"


def test_each_part_of_a_condition_is_dropped_and_turned_round():
    told = dict(conditions.of_dynamodb("S = :s AND (attribute_not_exists(B) OR B = :b)"))
    assert told["without S = :s"] == "(attribute_not_exists(B) OR B = :b)"
    assert told["without B = :b"] == "S = :s AND (attribute_not_exists(B))"
    assert told["attribute_exists(B)"] == "S = :s AND (attribute_exists(B) OR B = :b)"
    assert told["S <> :s"].startswith("S <> :s AND")
    assert len(told) == 7


def test_each_part_of_an_update_is_dropped_and_renamed():
    assert dict(conditions.of_dynamodb("SET A = :a, B = if_not_exists(B, :b)")) == {
        "without A = :a": "SET B = if_not_exists(B, :b)",
        "A renamed": "SET A_changed = :a, B = if_not_exists(B, :b)",
        "without B = if_not_exists(B, :b)": "SET A = :a",
        "B renamed": "SET A = :a, B_changed = if_not_exists(B, :b)",
    }


def test_values_that_an_expression_no_longer_uses_go_with_it():
    assert conditions.unused([":a", ":b", ":bb"], ["A = :a", "B = :bb"]) == [":b"]


def test_the_template_is_changed_in_rules_keys_and_constants():
    told = by_change(template.mutants("cafe", TEMPLATE))
    assert json.loads(told["Capacity: Default becomes 21"].text)["Parameters"]["Capacity"]["Default"] == 21
    renamed = json.loads(told["Orders: attribute USER renamed"].text)["Resources"]["Orders"]["Properties"]
    assert {a["AttributeName"] for a in renamed["AttributeDefinitions"]} == {"PK", "USER_changed"}
    without = json.loads(told["Orders: index by-user removed"].text)["Resources"]["Orders"]["Properties"]
    assert [a["AttributeName"] for a in without["AttributeDefinitions"]] == ["PK"], "DynamoDB refuses the others"
    moved = json.loads(told["Store: Scan goes to Tell"].text)["Resources"]
    assert "Scan" in moved["Tell"]["Properties"]["Events"]
    assert not moved["Store"]["Properties"]["Events"]
    assert "Store: Scan: detail-type changed in the pattern" in told
    assert all(json.loads(mutant.text) != TEMPLATE for mutant in told.values())


def test_a_functions_code_is_changed_but_not_its_words_or_its_log():
    made = list(functions.mutants("cafe", "store", "functions/store/app.py", FUNCTION))
    changes = {mutant.change for mutant in made}
    assert 'if event["n"] == 1: → if event["n"] != 1:' in changes
    assert any(change.endswith('"words": "yes changed"})') for change in changes)
    assert any("→ pass" in change for change in changes)
    for mutant in made:
        parse(mutant.text)
        assert '"""Says "yes"."""' in mutant.text
        assert 'print("here I am")' in mutant.text
    assert {mutant.place for mutant in made} == {("store", "handler")}


@pytest.mark.parametrize("operator", [TextReplacer, EntryRemover, ArgumentRemover, HandlerReplacer, StatementRemover])
def test_our_operators_do_what_their_examples_say(operator):
    for example in operator.examples():
        assert mutate_code(example.pre_mutation_code, operator(), example.occurrence) == example.post_mutation_code


def test_names_survive_edits_elsewhere():
    before = {mutant.name for mutant in functions.mutants("cafe", "store", "app.py", FUNCTION)}
    after = {mutant.name for mutant in functions.mutants("cafe", "store", "app.py", f"import os\n\n\n{FUNCTION}")}
    assert before <= after


def test_equal_names_are_numbered_and_equal_texts_are_one():
    twice = [Mutant("s", "k", ("p",), "c", "f", text) for text in ("one", "one", "two")]
    assert [mutant.name for mutant in told_apart(twice)] == ["s › p › c", "s › p › c (2)"]


CLASS = '''
LIMIT = 10


class Service:
    """Serves."""

    def serve(self, words):
        self.log("serves")
        self.answer(words == "yes")
'''


def test_a_mutant_of_a_method_is_called_after_its_class_and_method_and_its_log_is_let_be():
    made = list(functions.mutants("shop", "service", "service.py", CLASS, ["self.log"]))
    assert {mutant.place for mutant in made} == {("service", "module"), ("service", "Service.serve")}
    assert "shop › service › module › LIMIT = 10 → LIMIT = 11" in {mutant.name for mutant in made}
    assert all('self.log("serves")' in mutant.text for mutant in made)
    assert any("pass" in mutant.text for mutant in made)


@pytest.mark.trust("mutants made")  # making them all takes longer than most runs
@pytest.mark.parametrize("system", CODE)
def test_each_system_has_mutants_of_all_kinds_each_with_a_name_of_its_own(system):
    made = all_mutants(system)
    assert {mutant.kind for mutant in made} == {"function"} | ({"workflow", "template"} if system == CAFE else set())
    assert len({mutant.name for mutant in made}) == len(made) > 100
    assert not [mutant.name for mutant in made if "`" in mutant.name], "the list of answers quotes names so"
