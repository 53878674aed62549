"""The mutants of the template: rules, tables, functions' settings and the HTTP API, one change at a time."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

from trust.mutants.mutant import Mutant, told_apart

KIND = "template"
FILE = "template.yaml"
FUNCTION, MACHINE, TABLE = "AWS::Serverless::Function", "AWS::Serverless::StateMachine", "AWS::DynamoDB::Table"
METHODS = {"get": "delete", "put": "post"}

Json = dict[str, Any]
Changed = Iterator[tuple[str, Callable[[Json], None]]]  # the description, and the change of the whole template


def mutants(system: str, template: Json) -> Iterator[Mutant]:
    """Yield every mutant of a system's loaded template."""

    def all_of_it() -> Iterator[Mutant]:
        for place, changes in _places(template):
            for change, apply in changes:
                changed = copy.deepcopy(template)
                apply(changed)
                # JSON is valid YAML, so the suite deploys it unchanged.
                text = json.dumps(changed, indent=2) + "\n"
                yield Mutant(system, KIND, ("template", place), change, FILE, text)

    yield from told_apart(all_of_it())


def _places(template: Json) -> Iterator[tuple[str, Changed]]:
    for name, parameter in template["Parameters"].items():
        if parameter["Type"] == "Number":
            yield name, _number(name, parameter)
    by_type: dict[str, Callable[[Json, str], Changed]] = {
        FUNCTION: _function, MACHINE: _machine, TABLE: _table,
        "AWS::Serverless::Api": _api, "AWS::Cognito::UserPool": _pool, "AWS::Cognito::UserPoolClient": _client,
        "Custom::OpenShop": lambda _, name: iter([("dropped", lambda t: t["Resources"].pop(name))]),
    }  # fmt: skip
    for name, resource in template["Resources"].items():
        if resource["Type"] in by_type:
            yield name, by_type[resource["Type"]](template, name)
        yield name, _events(template, name)


def _number(name: str, parameter: Json) -> Changed:
    for other in (parameter["Default"] - 1, parameter["Default"] + 1):
        yield f"Default becomes {other}", lambda t, other=other: t["Parameters"][name].update(Default=other)


def _of(template: Json, name: str) -> Json:
    properties: Json = template["Resources"][name].setdefault("Properties", {})
    return properties


# --- tables -------------------------------------------------------------------------------------


def _table(template: Json, name: str) -> Changed:
    properties = _of(template, name)
    if "StreamSpecification" in properties:
        yield "StreamSpecification removed", lambda t: _of(t, name).pop("StreamSpecification")
    for attribute in properties["AttributeDefinitions"]:
        said = attribute["AttributeName"]
        yield f"attribute {said} renamed", lambda t, said=said: _rename(_of(t, name), said)
    for kind in ("LocalSecondaryIndexes", "GlobalSecondaryIndexes"):
        for number, index in enumerate(properties.get(kind, [])):
            yield from _index(name, kind, number, index)


def _index(name: str, kind: str, number: int, index: Json) -> Changed:
    said = f"index {index['IndexName']}"

    def at(t: Json) -> Json:
        found: Json = _of(t, name)[kind][number]
        return found

    yield f"{said} renamed", lambda t: at(t).update(IndexName=f"{index['IndexName']}-changed")
    yield f"{said} removed", lambda t: _without_index(_of(t, name), kind, number)
    yield f"{said} keeps keys only", lambda t: at(t).update(Projection={"ProjectionType": "KEYS_ONLY"})
    for position, key in enumerate(index["KeySchema"]):
        attribute = key["AttributeName"]

        def rename(t: Json, position: int = position, attribute: str = attribute) -> None:
            changed = f"{attribute}_changed"
            at(t)["KeySchema"][position]["AttributeName"] = changed
            _of(t, name)["AttributeDefinitions"].append({"AttributeName": changed, "AttributeType": "S"})
            _tidy(_of(t, name))

        yield f"{said}: key {attribute} renamed", rename


def _rename(table: Json, attribute: str) -> None:
    """Rename an attribute everywhere in a table."""
    for holder in _attribute_names(table):
        if holder["AttributeName"] == attribute:
            holder["AttributeName"] = f"{attribute}_changed"


def _without_index(table: Json, kind: str, number: int) -> None:
    del table[kind][number]
    if not table[kind]:
        del table[kind]
    _tidy(table)


def _tidy(table: Json) -> None:
    """Remove definitions of attributes that no key uses, which DynamoDB rejects."""
    used = {key["AttributeName"] for key in _attribute_names(table) if "KeyType" in key}
    table["AttributeDefinitions"] = [a for a in table["AttributeDefinitions"] if a["AttributeName"] in used]


def _attribute_names(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if "AttributeName" in value:
            yield value
        for part in value.values():
            yield from _attribute_names(part)
    elif isinstance(value, list):
        for part in value:
            yield from _attribute_names(part)


# --- workflows and functions ----------------------------------------------------------------------


def _machine(template: Json, name: str) -> Changed:
    machines = [n for n, r in template["Resources"].items() if r["Type"] == MACHINE and n != name]
    other = template["Resources"][machines[0]]["Properties"]["DefinitionUri"]
    yield "the other workflow's definition", lambda t: _of(t, name).update(DefinitionUri=other)
    yield from _swapped(name, _of(template, name)["DefinitionSubstitutions"], "substitution", "DefinitionSubstitutions")


def _function(template: Json, name: str) -> Changed:
    functions = [n for n, r in template["Resources"].items() if r["Type"] == FUNCTION]
    following = functions[(functions.index(name) + 1) % len(functions)]
    other = template["Resources"][following]["Properties"]["CodeUri"]
    yield f"the code of {following}", lambda t: _of(t, name).update(CodeUri=other)
    yield "Handler changed", lambda t: _of(t, name).update(Handler="app.changed")
    variables = _of(template, name).get("Environment", {}).get("Variables", {})
    yield from _swapped(name, variables, "variable", "Environment", "Variables")


def _swapped(name: str, values: Json, said: str, *path: str) -> Changed:
    """Replace each value by another one of the same list, or remove it if there is no other."""
    keys = list(values)

    def at(t: Json) -> Json:
        found = _of(t, name)
        for step in path:
            found = found[step]
        return found

    for number, key in enumerate(keys):
        other = keys[(number + 1) % len(keys)]
        if other == key:
            yield f"{said} {key} removed", lambda t, key=key: at(t).pop(key)
        else:
            yield f"{said} {key} is that of {other}", lambda t, k=key, o=other: at(t).update({k: values[o]})


# --- rules and routes -----------------------------------------------------------------------------


def _events(template: Json, name: str) -> Changed:
    for event, definition in _of(template, name).get("Events", {}).items():
        yield f"{event} removed", lambda t, event=event: _of(t, name)["Events"].pop(event)
        other = _other_receiver(template, name)
        yield f"{event} goes to {other}", lambda t, event=event, other=other: _move(t, event, name, other)
        if definition["Type"] == "EventBridgeRule":
            yield from _rule(name, event, definition["Properties"])
        else:
            yield from _route(name, event, definition["Properties"])


def _other_receiver(template: Json, name: str) -> str:
    """Return the next resource of the same kind."""
    kind = template["Resources"][name]["Type"]
    alike = [other for other, resource in template["Resources"].items() if resource["Type"] == kind]
    return str(alike[(alike.index(name) + 1) % len(alike)])


def _move(t: Json, event: str, name: str, other: str) -> None:
    _of(t, other).setdefault("Events", {})[event] = _of(t, name)["Events"].pop(event)


def _rule(name: str, event: str, rule: Json) -> Changed:
    def at(t: Json) -> Json:
        found: Json = _of(t, name)["Events"][event]["Properties"]
        return found

    if "EventBusName" in rule:
        yield f"{event}: EventBusName removed", lambda t: at(t).pop("EventBusName")
    for key in rule["Pattern"]:
        yield f"{event}: {key} removed from the pattern", lambda t, key=key: at(t)["Pattern"].pop(key)
        yield f"{event}: {key} changed in the pattern", lambda t, key=key: at(t)["Pattern"].update({key: ["changed"]})


def _route(name: str, event: str, route: Json) -> Changed:
    def at(t: Json) -> Json:
        found: Json = _of(t, name)["Events"][event]["Properties"]
        return found

    method = METHODS[route["Method"]]
    yield f"{event}: Path changed", lambda t: at(t).update(Path=route["Path"].replace("/", "/changed-", 1))
    yield f"{event}: Method {method}", lambda t: at(t).update(Method=method)


# --- the front door ---------------------------------------------------------------------------------


def _api(template: Json, name: str) -> Changed:
    yield "nobody has to sign in", lambda t: _of(t, name)["Auth"].pop("DefaultAuthorizer")
    yield "StageName changed", lambda t: _of(t, name).update(StageName="changed")


def _pool(_: Json, name: str) -> Changed:
    yield (
        "strangers may sign up",
        lambda t: _of(t, name).update(AdminCreateUserConfig={"AllowAdminCreateUserOnly": False}),
    )


def _client(template: Json, name: str) -> Changed:
    for number, flow in enumerate(_of(template, name)["ExplicitAuthFlows"]):
        yield f"{flow} removed", lambda t, number=number: _of(t, name)["ExplicitAuthFlows"].pop(number)
    yield "a secret is needed", lambda t: _of(t, name).update(GenerateSecret=True)
    yield "tells who has an account", lambda t: _of(t, name).update(PreventUserExistenceErrors="LEGACY")
