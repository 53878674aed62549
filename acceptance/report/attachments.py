"""What is attached to the page of the running scenario besides its steps, with every secret masked."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import allure

from acceptance.masking import masked
from acceptance.report.verdicts import describe


@contextmanager
def or_why_not(title: str) -> Iterator[str]:
    """Attach something, or else why it cannot be shown. That tells nothing of the system, so it changes no verdict."""
    try:
        yield title
    except Exception as error:  # noqa: BLE001 - see above
        why = str(masked(describe(error)))
        allure.attach(why, name=f"{title}: cannot be shown", attachment_type=allure.attachment_type.TEXT)


def attach(title: str, value: Any) -> None:
    """Attach a value as indented JSON."""
    text = json.dumps(masked(value), indent=2, ensure_ascii=False, default=str)
    allure.attach(text, name=title, attachment_type=allure.attachment_type.JSON)


def attach_links(links: Mapping[str, str]) -> None:
    """Show addresses, by their names, on the scenario's page."""
    for name, url in links.items():
        allure.dynamic.link(url, name=name)


def attach_text(title: str, text: str) -> None:
    """Attach a text that holds no secret any more, unless it is empty."""
    if text:
        allure.attach(text, name=title, attachment_type=allure.attachment_type.TEXT)


def attach_picture(title: str, svg: str) -> None:
    """Attach a picture."""
    allure.attach(svg, name=title, attachment_type=allure.attachment_type.SVG)


def attach_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Attach a table."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([headings, *masked(rows)])
    allure.attach(text.getvalue(), name=title, attachment_type=allure.attachment_type.CSV)
