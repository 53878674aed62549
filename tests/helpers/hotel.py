"""The features of a small hotel, with a glossary, and results of a run."""

import json
from types import SimpleNamespace

from acceptance.report.specification.reading import folders_in, read

FEATURE = """\
@critical
Feature: Rooms
  Guests book rooms & pay <later>.

  Scenario: The hotel opens
    Then it is open

  @house_rule
  Rule: A room has one guest at a time

    Background:
      Given Ada has booked room 7

    @core
    Scenario: A taken room is refused
      When Eve tries to book room 7
      Then Eve is refused
        | word    | state |
        | a <b>   | taken |

    Scenario Outline: A guest who <leaves> frees the room
      When Ada <leaves>
      Then room 7 is free

      @slow
      Examples: Ways to leave
        | leaves    |
        | cancels   |
        | goes home |
"""
GLOSSARY = """\
# The words of the hotel

## People

| word | meaning |
|---|---|
| Ada, Eve | Guests, who [book](rooms.md) *rooms*. |
| guest | Somebody who sleeps here, and `pays`. |

## Things

| word | meaning |
|---|---|
| book | To be promised a room. |
| is refused | The hotel has said no. |

## Tags

| tag | meaning |
|---|---|
| `@slow` | Takes its time. |
"""
SHARED = """\
| kind | meaning |
|---|---|
| `@core` | What every hotel promises. |
| `@house_rule` | What this one promises. |
"""


class Hotel:
    """A folder with features, and results of theirs."""

    def __init__(self, folder):
        self.folder, self.home, self.results = folder, folder / "features", folder / "allure-results"
        self.write("hotel/rooms.feature", FEATURE)
        self.write("hotel/glossary.md", GLOSSARY)
        self.write("glossary.md", SHARED)
        self.results.mkdir()

    def write(self, name, text):
        file = self.home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self):
        return read(folders_in(self.home), SimpleNamespace(base_dir=str(self.home), lang=None, default_tags=None))

    def feature(self, name="rooms"):
        (found,) = [one for one in self.read().systems[0].features if one.path.endswith(f"{name}.feature")]
        return found

    def ended(self, key, status, stop=1_700_000_000_000, message="", fell=(), **attached):
        """Write a result; `attached` are files by their endings, with title and text each."""
        number = len(list(self.results.iterdir()))
        attachments = []
        for ending, (title, text) in attached.items():
            source = f"{number}-attachment.{ending}"
            (self.results / source).write_text(text, encoding="utf-8")
            kind = "image/svg+xml" if ending == "svg" else "text/plain"
            attachments.append({"name": title, "source": source, "type": kind})
        result = {
            "uuid": str(number),
            "name": key,
            "fullName": key,
            "status": status,
            "stop": stop,
            "statusDetails": {"message": message},
            "steps": [{"name": name, "status": status} for name in fell],
            "attachments": attachments,
            "labels": [],
        }
        (self.results / f"{number}-result.json").write_text(json.dumps(result), encoding="utf-8")
