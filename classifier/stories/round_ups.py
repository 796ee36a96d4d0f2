"""A round-up ("Điểm tin", "An ninh hình sự 24h") tells several events; each passage is read as if it stood alone."""

import re
from collections.abc import Iterator
from dataclasses import replace

from classifier.stories.records import StoryDoc

LEAST = 40
"""Words of a passage; shorter paragraphs are added to the one before."""
MOST = 12
"""Passages that are read."""
LABEL = re.compile(r"^[^:;]{3,30}:\s*")


def passages(doc: StoryDoc) -> Iterator[StoryDoc]:
    """Parts of the body, then the items that a headline lists."""
    found: list[list[str]] = []
    for paragraph in doc.text.splitlines():
        if found and sum(len(part.split()) for part in found[-1]) < LEAST:
            found[-1].append(paragraph)
        else:
            found.append([paragraph])
    for parts in found[:MOST]:
        yield replace(doc, title="", sapo="", text="\n".join(parts))
    items = LABEL.sub("", doc.title).split(";")
    for item in items if len(items) > 1 else ():
        yield replace(doc, title=item.strip(), sapo="", text="")
