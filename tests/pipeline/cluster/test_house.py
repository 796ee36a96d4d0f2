"""What a worker has in its hands during a visit."""

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from pipeline.cluster import house
from pipeline.cluster.house import _Waiting
from pipeline.keeping import Tally


@dataclass
class Fussy:
    """Keeps what it is given, but for the page that it cannot keep."""

    bad: str
    together: list[list[str]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def keep_pages(self, pages: list[str], _: Tally) -> None:
        self.together.append(list(pages))
        if self.bad in pages:
            raise ValueError(self.bad)
        self.kept += pages

    def keep_page(self, page: str, tally: Tally) -> None:
        self.keep_pages([page], tally)


def test_pages_of_a_visit_are_kept_together_after_a_while_and_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper = Fussy(bad="")
    waiting = _Waiting(cast("Any", keeper), Tally())
    for page in ("a", "b"):
        waiting.add(cast("Any", page))
    assert keeper.kept == [], "each by itself costs the database most"
    monkeypatch.setattr(house, "KEEP_S", -1.0)
    waiting.add(cast("Any", "c"))
    waiting.keep()
    assert keeper.together == [["a", "b", "c"]]


def test_a_page_that_cannot_be_kept_takes_none_before_it_along() -> None:
    keeper = Fussy(bad="c")
    waiting = _Waiting(cast("Any", keeper), Tally())
    for page in "abc":
        waiting.add(cast("Any", page))
    with pytest.raises(ValueError, match="c"):
        waiting.keep()
    assert keeper.kept == ["a", "b"]
