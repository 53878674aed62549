"""The outputs of a run: results, their integrity, coverage, figures, and the page that Allure renders."""

__all__ = [
    "attachments",
    "gate",
    "render",
]
