"""A template that cannot be used: one sentence that names the template, what is wrong with it, and its setting."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from acceptance.settings import Settings
from acceptance.target import Target
from acceptance.trouble import Trouble

FEATURES = {
    "serverlesspresso_template": "serverlesspresso/ordering.feature",
    "durable_template": "durable_orders/no_id.feature",
    "retail_template": "retail/offers.feature",
    "fulfilment_template": "fulfilment/reserving.feature",
}
GOOD = "Resources: {Topic: {Type: AWS::SNS::Topic}}"


@pytest.mark.cloud
@pytest.mark.parametrize("setting", FEATURES)
def test_the_setting_that_names_it_is_named(behave, tmp_path, setting):
    run = behave(f"features/{FEATURES[setting]}", "-D", f"{setting}={tmp_path / 'nope.yaml'}", "-D", "report=no")
    assert run.status == 1
    wanted = f"There is no template {tmp_path / 'nope.yaml'}. Correct the setting {setting}, or leave it out."
    assert run.said[0] == wanted, run.output
    assert set(run.words()) == {"broken"}


def a_folder(path):
    path.mkdir()


def no_utf8(path):
    path.write_bytes(b"Resources: \xff\xfe")


def text(content):
    return lambda path: path.write_text(content, encoding="utf-8")


def a_link_to_itself(path):
    path.symlink_to(path)


def unreadable(path):
    path.symlink_to("/proc/self/mem")  # it exists, but no user can read it


UNUSABLE = [
    pytest.param(lambda path: None, "There is no template {}.", id="missing"),
    pytest.param(a_link_to_itself, "There is no template {}.", id="a link to itself"),
    pytest.param(a_folder, "The template {} is a folder.", id="a folder"),
    pytest.param(unreadable, "The template {} cannot be read: ", id="unreadable"),
    pytest.param(no_utf8, "The template {} is not YAML: ", id="no UTF-8"),
    pytest.param(text("a: b: c"), "The template {} is not YAML: ", id="no YAML"),
    pytest.param(text("\0"), "The template {} is not YAML: ", id="a control character"),
    pytest.param(text("a: 1\n---\nb: 2"), "The template {} is not YAML: ", id="two documents"),
    pytest.param(text("? [a]\n: b"), "The template {} is not YAML: ", id="a list as a key"),
    pytest.param(text(""), "The template {} is not one of CloudFormation: it has no Resources.", id="empty"),
    pytest.param(text("- a"), "The template {} is not one of CloudFormation: ", id="a list"),
    pytest.param(text("Resources: [a]"), "The template {} is not one of CloudFormation: ", id="resources in a list"),
    pytest.param(
        text("Resources: {a: b}"), "The template {} is not one of CloudFormation: ", id="a resource in a word"
    ),
    pytest.param(
        text("Resources: {F: {Type: AWS::Serverless::Function, Properties: {CodeUri: functions/f}}}"),
        "The template {} names functions/f, and there is no such file or folder beside it.",
        id="code that is not there",
    ),
    pytest.param(
        text("Resources: {F: {Type: AWS::Serverless::Function, Properties: [a]}}"),
        "The template {} is not one of CloudFormation: ",
        id="properties in a list",
    ),
]


@pytest.mark.parametrize(("spoil", "sentence"), UNUSABLE)
def test_what_is_wrong_with_it_is_told(tmp_path, spoil, sentence):
    path = tmp_path / "template.yaml"
    spoil(path)
    with pytest.raises(Trouble) as told:
        Target(Settings(), tmp_path / "log").deploy(
            SimpleNamespace(directly=lambda: None), path, setting="retail_template"
        )
    said = str(told.value)
    assert said.startswith(sentence.format(path))
    assert said.endswith(" Correct the setting retail_template, or leave it out.")
    assert "\n" not in said
    assert not list(Path(tmp_path).glob("log*"))
