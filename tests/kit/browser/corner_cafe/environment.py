"""The hooks of a very small café whose report is opened in a browser."""

from acceptance.report import integrity
from acceptance.report.run import reported


@reported
def before_all(context):
    """Let the report know how many scenarios there are."""


@reported
def after_all(context):
    """See that the report tells the whole run."""
    differences = integrity.check(context)
    assert not differences, "\n".join(differences)
