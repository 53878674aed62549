"""The hooks of a very small café whose report is opened in a browser."""

from pathlib import Path

from acceptance.report import integrity
from acceptance.report.run import Run, reported
from acceptance.report.specification.contents import SPECIFICATION
from acceptance.report.specification.reading import folders_in, read


@reported
def before_all(context):
    """Let the report know how many scenarios there are."""


@reported
def after_all(context):
    """Store the features' promises, and check that the report covers the whole run."""
    features = read(folders_in(Path(__file__).parent / "features"), context.config)
    Run.of(context.config).folder.put(SPECIFICATION.file, SPECIFICATION.as_json(features))
    differences = integrity.check(context)
    assert not differences, "\n".join(differences)
