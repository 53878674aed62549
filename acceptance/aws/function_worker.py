"""A worker of a Python function, forked from a process that has loaded boto3 already: see `warm_functions`.

Importing this module loads what most functions load, so only that process does.
"""

import os
import runpy
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import boto3

# Some of boto3 is loaded with its first client only. No call is made.
boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")  # noqa: S106


def run(script: str, folder: str, environment: Mapping[str, str], descriptors: tuple[int, int, int]) -> None:
    """Act as the worker, as if an interpreter had been started with this script in this folder.

    `descriptors` become standard input, output and error. If an interpreter of its own would find anything
    other than what is loaded here, one is started.
    """
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(folder)
    if _brings_its_own(Path(folder), environment):
        os.execve(sys.executable, [sys.executable, script], dict(environment))  # noqa: S606 - MiniStack's own script
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.stdin = os.fdopen(0, encoding="utf-8")
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", errors="backslashreplace")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)
    sys.argv = [script]
    sys.path[0] = str(Path(script).parent)
    runpy.run_path(script, run_name="__main__")


def _brings_its_own(code: Path, environment: Mapping[str, str]) -> bool:
    """Whether the function brings a module that is loaded here, layers, or switches for its Python."""
    if environment.get("_LAMBDA_LAYERS_DIRS") or _switches(environment) != _switches(os.environ):
        return True
    return any(path.stem in sys.modules for path in code.iterdir())


def _switches(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("PYTHON")}
