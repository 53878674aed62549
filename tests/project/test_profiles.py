"""The profiles that come along, their schemas, and the example of the documentation are as a run reads them."""

import json
import re
from types import SimpleNamespace

import jsonschema
import pytest
import yaml
from places import ROOT

from acceptance.profile.promises import Promises
from acceptance.profile.reading import read_profile
from acceptance.profile.schema import FILE, FOLDER, schema_of
from acceptance.report.selection import identities_in

PAGE = ROOT / "docs" / "profiles.md"
SCHEMAS = sorted((ROOT / FOLDER).glob(f"*/{FILE}"))
PROFILES = sorted((ROOT / FOLDER).glob("*/*.yaml"))
EDITORS = f"# yaml-language-server: $schema={FILE}"


def scenarios_of(system):
    return identities_in(ROOT / "features" / system, (), SimpleNamespace(base_dir=str(ROOT), lang=None))


def example():
    (text,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    return text


def validate(text, schema):
    """Raise an error where an editor would show one: to it, a date is a text."""
    content = json.loads(json.dumps(yaml.safe_load(text), default=str))
    jsonschema.validate(content, json.loads(schema.read_text(encoding="utf-8")))


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.parent.name)
def test_a_schema_is_as_it_is_made(schema):
    system = schema.parent.name
    written = schema.read_text(encoding="utf-8")
    assert written == schema_of(system), f"Run: python -m acceptance.profile {system} > {schema.relative_to(ROOT)}"


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
def test_a_profile_is_read_and_fits_its_schema(profile):
    text = profile.read_text(encoding="utf-8")
    assert text.splitlines()[0] == EDITORS, "editors complete and check what is written by it"
    read = read_profile(profile)
    assert read.system == profile.parent.name
    Promises([read]).check([read.system], scenarios_of)
    validate(text, profile.parent / FILE)


def test_the_example_of_the_documentation_is_one(tmp_path):
    file = tmp_path / "profile.yaml"
    file.write_text(example(), encoding="utf-8")
    profile = read_profile(file)
    validate(example(), ROOT / FOLDER / profile.system / FILE)
    Promises([profile]).check([profile.system], scenarios_of)
    for section in ("parts", "dialect", "shop", "not_made", "deviations"):
        assert section in profile.model_fields_set


def test_there_are_some():
    assert SCHEMAS
    assert PROFILES
    assert {path.parent for path in PROFILES} == {path.parent for path in SCHEMAS}
