"""The mutants of a workflow: states, transitions, conditions and parameters, one change at a time."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from trust.mutants import conditions
from trust.mutants.mutant import Mutant, shown, told_apart

KIND = "workflow"
# `${Capacity}` is not quoted where a number is required, so the file is not JSON until it is deployed.
_BARE = re.compile(r"(:\s*)(\$\{\w+})")
_MARK = "bare "
# Values that must be one of a list are replaced by another of that list.
_OTHERS = {"ALL_NEW": "NONE", "UPDATED_NEW": "NONE", "RUNNING": "SUCCEEDED"}
# The embedded account always reads consistently.
_CANNOT_BE_SHOWN = ("ConsistentRead",)
_EXPRESSIONS = ("ConditionExpression", "UpdateExpression")

Json = dict[str, Any]
Changed = Iterator[tuple[str, Callable[[Json], None]]]  # the description, and the change of a state


def read(text: str) -> Json:
    """Read a definition whose placeholders may be unquoted."""
    definition: Json = json.loads(_BARE.sub(rf'\1"{_MARK}\2"', text))
    return definition


def written(definition: Json) -> str:
    """Write a definition with its placeholders as they were."""
    return re.sub(rf'"{_MARK}(\$\{{\w+}})"', r"\1", json.dumps(definition, indent=2, ensure_ascii=False)) + "\n"


def mutants(system: str, workflow: str, file: str, text: str) -> Iterator[Mutant]:
    """Yield every mutant of a system's workflow."""
    yield from told_apart(_mutants(system, workflow, file, read(text)))


def _mutants(system: str, workflow: str, file: str, definition: Json) -> Iterator[Mutant]:
    states = definition["States"]

    def made(place: str, change: str, changed: Json) -> Mutant:
        return Mutant(system, KIND, (workflow, place), change, file, written(changed))

    start = definition["StartAt"]
    elsewhere = _elsewhere(states, "", start)
    yield made("StartAt", f"sent to {elsewhere}", {**definition, "StartAt": elsewhere})
    for name, state in states.items():
        yield made(name, *_dropped(definition, name))
        for change, apply in _changes(states, name, state):
            changed = copy.deepcopy(definition)
            apply(changed["States"][name])
            yield made(name, change, changed)


def _dropped(definition: Json, name: str) -> tuple[str, Json]:
    """Drop a state: transitions to it lead to its successor. An end state becomes the opposite end."""
    changed = copy.deepcopy(definition)
    state = changed["States"][name]
    follower = state.get("Next") or state.get("Default")
    if state["Type"] == "Succeed":
        changed["States"][name] = {"Type": "Fail", "Error": "Changed", "Cause": "Changed."}
        return "fails", changed
    if state["Type"] == "Fail":
        changed["States"][name] = {"Type": "Succeed"}
        return "succeeds", changed
    del changed["States"][name]
    return "dropped", _redirected(changed, name, follower)


def _redirected(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {
            key: new if key in ("Next", "Default", "StartAt") and part == old else _redirected(part, old, new)
            for key, part in value.items()
        }
    return [_redirected(part, old, new) for part in value] if isinstance(value, list) else value


def _changes(states: Json, name: str, state: Json) -> Changed:
    yield from _ways(states, name, state)
    yield from _rules(state)
    yield from _catches(states, name, state)
    for field in ("TimeoutSeconds", "ResultPath"):
        if field in state:
            yield f"{field} removed", lambda s, field=field: s.pop(field)
    for field in ("Error", "Cause"):
        if field in state:
            yield f"{field} changed", lambda s, field=field: s.update({field: "Changed"})
    for field in state.get("ResultSelector", {}):
        yield f"ResultSelector.{field} removed", lambda s, field=field: s["ResultSelector"].pop(field)
    yield from _expressions(state)
    for field in ("Parameters", "Result"):
        yield from _constants(state.get(field), (field,))


def _elsewhere(states: Json, name: str, target: str) -> str:
    """Return another target for a transition, always the same: the next state in the file that is not a neighbour."""
    names = list(states)
    after = states[target]
    taken = {name, target, after.get("Next"), after.get("Default")}
    begin = names.index(target) + 1
    return next(other for other in names[begin:] + names[:begin] if other not in taken)


def _ways(states: Json, name: str, state: Json) -> Changed:
    for way in ("Next", "Default"):
        if way in state:
            other = _elsewhere(states, name, state[way])
            yield f"{way} sent to {other}", lambda s, way=way, other=other: s.update({way: other})


def _rules(state: Json) -> Changed:
    for index, rule in enumerate(state.get("Choices", [])):
        words = f"rule to {rule['Next']}"

        def negate(s: Json, index: int = index) -> None:
            rule = s["Choices"][index]
            s["Choices"][index] = {"Not": _condition(rule), "Next": rule["Next"]}

        yield f"{words} dropped", lambda s, index=index: _without_rule(s, index)
        if "Condition" in rule:
            for change, text in conditions.of_jsonata(rule["Condition"]):
                yield f"{words}: {change}", lambda s, i=index, text=text: s["Choices"][i].update(Condition=text)
        else:
            yield f"{words} negated", negate
        yield from _parts_of_rule(index, rule, words)


def _condition(rule: Json) -> Json:
    return {key: value for key, value in rule.items() if key != "Next"}


def _without_rule(state: Json, index: int) -> None:
    """Drop a rule. A Choice needs at least one, so without its last rule it becomes a Pass."""
    del state["Choices"][index]
    if not state["Choices"]:
        follower = state["Default"]
        state.clear()
        state.update({"Type": "Pass", "Next": follower})


def _parts_of_rule(index: int, rule: Json, words: str) -> Changed:
    for number, part in enumerate(rule.get("And", [])):
        said = _said(part)

        def negate(s: Json, number: int = number) -> None:
            parts = s["Choices"][index]["And"]
            parts[number] = {"Not": parts[number]}

        yield f"{words}: without {said}", lambda s, number=number: s["Choices"][index]["And"].pop(number)
        yield f"{words}: {said} negated", negate
    if "NumericGreaterThan" in rule:

        def or_equal(s: Json) -> None:
            s["Choices"][index]["NumericGreaterThanEquals"] = s["Choices"][index].pop("NumericGreaterThan")

        yield f"{words}: or equal", or_equal


def _said(part: Json) -> str:
    if "Not" in part:
        return f"not ({_said(part['Not'])})"
    [comparison] = [key for key in part if key != "Variable"]
    return f"{part['Variable']} {comparison} {json.dumps(part[comparison])}"


def _catches(states: Json, name: str, state: Json) -> Changed:
    for index, catch in enumerate(state.get("Catch", [])):
        words = f"Catch of {', '.join(catch['ErrorEquals'])}"
        other = _elsewhere(states, name, catch["Next"])
        yield f"{words} dropped", lambda s, index=index: s["Catch"].pop(index)
        yield f"{words} sent to {other}", lambda s, i=index, other=other: s["Catch"][i].update(Next=other)
        if "ResultPath" in catch:
            yield f"{words}: ResultPath removed", lambda s, index=index: s["Catch"][index].pop("ResultPath")


def _expressions(state: Json) -> Changed:
    for field in _EXPRESSIONS:
        expression = state.get("Parameters", {}).get(field)
        if expression:
            for change, text in conditions.of_dynamodb(expression):
                yield f"{field}: {change}", lambda s, field=field, text=text: _with_expression(s, field, text)
    if "ConditionExpression" in state.get("Parameters", {}):
        yield "ConditionExpression removed", lambda s: _with_expression(s, "ConditionExpression", "")


def _with_expression(state: Json, field: str, text: str) -> None:
    parameters = state["Parameters"]
    parameters[field] = text
    if not text:
        del parameters[field]
    expressions = [parameters[name] for name in _EXPRESSIONS if name in parameters]
    for name in conditions.unused(list(parameters["ExpressionAttributeValues"]), expressions):
        del parameters["ExpressionAttributeValues"][name]


def _constants(value: Any, path: tuple[str | int, ...]) -> Changed:
    """Yield a change of each constant and path below."""
    if isinstance(value, dict):
        for key, part in value.items():
            if key in _EXPRESSIONS or key in _CANNOT_BE_SHOWN:
                continue
            if isinstance(part, dict | list):
                yield from _constants(part, (*path, key))
                continue
            yield f"{_dotted(path)}.{key} changed", lambda s, key=key: _change(_at(s, path), key)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _constants(part, (*path, index))


def _at(state: Json, path: tuple[str | int, ...]) -> Any:
    for step in path:
        state = state[step]  # type: ignore[index]
    return state


def _change(holder: Json, key: str) -> None:
    """Change one entry in place: a path becomes a fixed string, anything else another value of its kind."""
    entries = list(holder.items())
    holder.clear()
    for name, value in entries:
        if name != key:
            holder[name] = value
        elif name.endswith(".$"):
            holder[name.removesuffix(".$")] = "changed"
        else:
            holder[name] = _other(value)


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return 1 if value != 1 else 2
    if value in _OTHERS:
        return _OTHERS[value]
    if value.isdigit():
        return str(_other(int(value)))
    return '{"changed": true}' if value == "{}" else f"{value} changed".strip()


def _dotted(path: tuple[str | int, ...]) -> str:
    told = [str(step) for step in path if step not in ("Entries", 0, "ExpressionAttributeValues")]
    return shown(".".join(told))
