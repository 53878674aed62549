"""Attachments of the running scenario's page, with every secret masked."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import allure

from acceptance.masking import masked
from acceptance.report.verdicts import describe
from acceptance.service_levels.levels import Distribution, Levels, Promise, budget_words, is_lost

SERVICE_LEVELS = "Service levels"


@contextmanager
def or_why_not(title: str) -> Iterator[str]:
    """Attach a value, or else why it cannot be shown. A failure here says nothing of the system: no verdict changes."""
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
    """Attach a text whose secrets are masked already, unless it is empty."""
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


def attach_levels(judged: Iterable[tuple[Promise, Distribution]]) -> None:
    """Attach a line for each service level that a scenario has checked: its figure and its limit."""
    levels = Levels()
    levels.take(judged)
    attach_text(SERVICE_LEVELS, "\n".join(_level_in_words(*one) for one in levels.judged()))


def _level_in_words(promise: Promise, distribution: Distribution) -> str:
    latency, count = distribution.percentile(95), len(distribution)
    took = "lost" if is_lost(latency) else latency.words
    of = f", 95th percentile of {count} {promise.counted}" if count > 1 else ""
    return f"{promise.title}: {took}{of} (limit {budget_words(promise.budget)})"
