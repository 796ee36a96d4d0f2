"""Stories of a file: lines as `diembao judge` reads them, in order of arrival, each placed as if it just came in."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from classifier.places import PlaceFinder
from classifier.similarity import StoryDoc, StoryIndex
from models.records import Reading


def text_of(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value if isinstance(value, str) else ""


def time_of(row: dict[str, Any], name: str) -> datetime | None:
    """None where the field is missing or is not ISO 8601."""
    try:
        return datetime.fromisoformat(text_of(row, name))
    except ValueError:
        return None


def read_doc(line: str) -> StoryDoc:
    """Raises ValueError naming what is wrong."""
    row = json.loads(line)
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int) or row["id"] == "":
        raise ValueError("no id")
    return StoryDoc(
        id=str(row["id"]),
        title=text_of(row, "title"),
        sapo=text_of(row, "sapo"),
        text=text_of(row, "text"),
        url=text_of(row, "url"),
        published=time_of(row, "published"),
    )


def place_lines(lines: Iterable[str], index: StoryIndex, finder: PlaceFinder) -> Iterator[dict[str, Any]]:
    """One answer a line, in order; a line that cannot be read is answered by an error and stops nothing."""
    for number, line in enumerate(lines, 1):
        try:
            doc = located(read_doc(line), finder)
        except (ValueError, RecursionError) as error:
            yield {"id": None, "error": f"line {number}: {error}"}
            continue
        placed = index.place(doc)
        yield {
            "id": doc.id,
            "story": placed.story,
            "stories": placed.stories,
            "near_duplicate_of": placed.near_duplicate_of,
        }


def located(doc: StoryDoc, finder: PlaceFinder) -> StoryDoc:
    place = finder.find(Reading(doc.id, doc.title, doc.sapo, doc.text, doc.url, published=doc.published))
    return replace(doc, places=place.new_codes) if place else doc
