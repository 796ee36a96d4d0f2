"""An outlet written as the TOML text that `spiders.source` reads; what equals the default is left out."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from spiders.identity import bare_host
from spiders.source import ArticleRules, Source

WIDTH = 110


def source_text(source: Source) -> str:
    """The file's text; reading it again gives an equal Source."""
    lines = [
        f"{item.name} = {_value(item.name, getattr(source, item.name))}"
        for item in fields(Source)
        if item.name not in {"id", "article", "paging", "proof"}
        and getattr(source, item.name) != item.default
        and not (item.name == "hosts" and source.hosts == (bare_host(source.home.split("/")[2]),))
    ]
    rules = {
        item.name: getattr(source.article, item.name)
        for item in fields(ArticleRules)
        if getattr(source.article, item.name) != item.default
    }
    tables = {"article": rules, "paging": source.paging, "proof": source.proof}
    return "\n".join([*lines, *(line for name, values in tables.items() for line in _table(name, values))]) + "\n"


def _table(name: str, values: Mapping[str, Any]) -> list[str]:
    return (
        ["", f"[{name}]", *(f"{_key(key)} = {_value(key, value)}" for key, value in values.items())] if values else []
    )


def _key(key: str) -> str:
    return key if key.isidentifier() else _value("", key)


def _value(key: str, value: Any) -> str:
    if not isinstance(value, tuple):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    items = [_value("", item) for item in value]
    line = f"[{', '.join(items)}]"
    if len(items) == 1 or len(key) + len(line) + 3 <= WIDTH:
        return line
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"
