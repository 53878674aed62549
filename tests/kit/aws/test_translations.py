"""How SAM's templates are translated is remembered from one run to the next, as long as nothing has changed."""

import pytest

from acceptance.aws import translations
from acceptance.aws.translations import remembered

TEMPLATE = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Shop": {"Type": "AWS::Serverless::Function"}}}


class Failed(dict):
    """What MiniStack returns for a template that cannot be translated."""


class Library:
    """A translator that counts what it is asked."""

    def __init__(self, folder, kind=dict):
        self.folder, self.kind, self.times, self.region = folder, kind, 0, "us-east-1"
        self.translated = remembered(self._translate, folder, lambda: self.region)

    def _translate(self, template, *parameters):
        self.times += 1
        return self.kind({**template, "Translated": [list(parameters), self.region]})


@pytest.fixture
def library(tmp_path):
    return Library(tmp_path / "cache" / "translations")


def test_same_template_is_translated_once(library):
    first = library.translated(TEMPLATE)
    assert (library.translated(dict(TEMPLATE)), library.times) == (first, 1)


def test_next_run_finds_it(library):
    first = library.translated(TEMPLATE)
    later = Library(library.folder)
    assert (later.translated(TEMPLATE), later.times) == (first, 0)


@pytest.mark.parametrize(
    "changed",
    [
        lambda library: library.translated({**TEMPLATE, "Description": "another"}),
        lambda library: library.translated(TEMPLATE, [{"Key": "Size", "Value": "5"}]),
        lambda library: (setattr(library, "region", "eu-central-1"), library.translated(TEMPLATE)),
    ],
    ids=["template", "parameters", "region"],
)
def test_anything_else_is_translated_anew(library, changed):
    library.translated(TEMPLATE)
    changed(library)
    assert library.times == 2


def test_another_version_of_the_library_translates_anew(library, monkeypatch):
    library.translated(TEMPLATE)
    monkeypatch.setattr(translations, "version", lambda name: f"{name} 99")
    library.translated(TEMPLATE)
    assert library.times == 2


@pytest.mark.parametrize(
    "template",
    [{"Resources": {"Jobs": {"Type": "AWS::SQS::Queue"}}}, {**TEMPLATE, "Fn::Transform": {"Name": "AWS::Include"}}],
    ids=["plain", "depends on other files"],
)
def test_other_templates_are_not_remembered(library, template):
    library.translated(template)
    library.translated(template)
    assert library.times == 2


@pytest.mark.parametrize("kind", [Failed, lambda content: {200: content}], ids=["failed", "not the same in JSON"])
def test_what_could_not_be_read_back_as_it_is_is_not_remembered(tmp_path, kind):
    library = Library(tmp_path, kind)
    library.translated(TEMPLATE)
    library.translated(TEMPLATE)
    assert (library.times, list(tmp_path.iterdir())) == (2, [])


def test_damaged_file_is_replaced(library):
    first = library.translated(TEMPLATE)
    (file,) = library.folder.iterdir()
    file.write_text(file.read_text()[:-9])
    assert [library.translated(TEMPLATE), library.translated(TEMPLATE), library.times] == [first, first, 2]


def test_translates_where_nothing_can_be_written(tmp_path):
    (tmp_path / "taken").write_text("a file where the folder should be")
    library = Library(tmp_path / "taken")
    assert library.translated(TEMPLATE)["Translated"] == [[], "us-east-1"]


def test_keeps_the_latest_only(library, monkeypatch):
    monkeypatch.setattr(translations, "MOST", 3)
    for number in range(5):
        library.translated({**TEMPLATE, "Description": str(number)})
    assert len(list(library.folder.iterdir())) == 3
