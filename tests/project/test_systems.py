"""Each system offers itself to a run as the kit asks for it, and has everything that belongs to one."""

import inspect
from pathlib import Path

import pytest

from acceptance.registry import known
from acceptance.settings import Settings
from acceptance.system import System, find
from acceptance.target import Target

ROOT = Path(__file__).parents[2]
SYSTEMS = sorted(known())


@pytest.mark.parametrize("name", SYSTEMS)
class TestEverySystem:
    def test_offers_itself(self, name):
        kind = find(name)
        assert issubclass(kind, System)
        assert kind.name == name
        assert inspect.getdoc(kind)

    def test_is_made_without_reaching_anything(self, name):
        system = find(name)(Target(Settings()), side_by_side=True)
        assert system.why_not(()) == ""

    @pytest.mark.parametrize("target", ["embedded", "aws"])
    def test_names_the_tags_of_its_own_features_only(self, name, target):
        settings = Settings(target=target)
        tags = {*find(name).alone(settings), *find(name).kept_together(settings)}
        told = "".join(path.read_text("utf-8") for path in (ROOT / "features" / name).rglob("*.feature"))
        assert [tag for tag in tags if f"@{tag}" not in told] == []

    def test_changes_no_signature_of_the_kit(self, name):
        kind = find(name)
        for method, asked in inspect.getmembers(System, inspect.isfunction):
            if not method.startswith("_") and method in vars(kind):
                own = inspect.signature(getattr(kind, method))
                assert list(own.parameters) == list(inspect.signature(asked).parameters), method

    @pytest.mark.parametrize(
        "there",
        [
            "features/{}/*.feature",
            "features/{}/glossary.md",
            "steps/{}/*.py",
            "systems/{}/template.yaml",
            "tests/{}/test_*.py",
            "docs/systems/{}.md",
        ],
    )
    def test_has_what_belongs_to_a_system(self, name, there):
        assert list(ROOT.glob(there.format(name))), there.format(name)

    def test_has_a_policy(self, name):
        assert (ROOT / find(name).policy).is_file()

    def test_is_in_the_documentation(self, name):
        for page in ("docs/README.md", "README.md"):
            assert f"systems/{name}.md" in (ROOT / page).read_text("utf-8"), page


def test_the_folders_of_features_are_those_of_the_systems():
    assert sorted(path.name for path in (ROOT / "features").iterdir() if path.is_dir()) == SYSTEMS


def words_of_systems():
    return (
        "cafe",
        "café",
        "coffee",
        "barista",
        "cappuccino",
        "serverlesspresso",
        "retail",
        "fulfilment",
        "drink",
        "durable_orders",
    )


@pytest.mark.parametrize(
    "path", sorted((ROOT / "acceptance").rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_the_kit_contains_no_word_of_a_system(path):
    told = path.read_text("utf-8").lower()
    assert [word for word in words_of_systems() if word in told] == []
