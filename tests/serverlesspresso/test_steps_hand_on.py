"""A step of the café is a sentence handed on: a few lines, no decisions, and no reaching into the driver."""

import ast
from pathlib import Path

import pytest

STEPS = Path(__file__).parents[2] / "steps" / "serverlesspresso"
LINES_MOST = 3
DECISIONS = (ast.If, ast.IfExp, ast.For, ast.While, ast.Try)
# What the scene shows for the report only, and what only the classes between it and the driver use.
DRIVER = {"cafe", "wait"}


def functions():
    for file in sorted(STEPS.glob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                yield pytest.param(node, id=f"{file.stem}-{node.name}")


@pytest.mark.parametrize("step", list(functions()))
def test_a_step_is_a_sentence_handed_on(step):
    within = [node for line in step.body for node in ast.walk(line)]
    assert len(step.body) <= LINES_MOST
    assert [node for node in within if isinstance(node, DECISIONS)] == []
    assert [node.attr for node in within if isinstance(node, ast.Attribute) and node.attr in DRIVER] == []
