"""Which contracts a template is held to: those that lie beside it."""

import shutil

import pytest
from places import ROOT

from acceptance.settings import read_settings
from acceptance.system import find
from acceptance.target import Target

SHIPPED = ROOT / "systems" / "serverlesspresso"


def contracts(**settings):
    return find("serverlesspresso")(Target(read_settings(settings, {}))).contracts.contracts


def test_the_shipped_template_is_held_to_the_shipped_ones():
    assert contracts()


@pytest.mark.parametrize("with_contracts", [False, True])
def test_a_template_of_somebody_s_own_is_held_to_its_own_if_to_any(tmp_path, with_contracts):
    shutil.copy(SHIPPED / "template.yaml", tmp_path)
    if with_contracts:
        shutil.copytree(SHIPPED / "contracts", tmp_path / "contracts")
    assert bool(contracts(serverlesspresso_template=str(tmp_path / "template.yaml"))) is with_contracts


def test_a_deployment_elsewhere_is_held_to_none():
    assert not contracts(target="aws")
