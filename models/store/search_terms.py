"""What a person types into the search field, as terms, and those in SQLite's own language."""

import re
from dataclasses import dataclass

from models.errors import DiembaoError
from models.fold import fold, words

TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')


class SearchError(DiembaoError):
    """A search that asks for nothing or cannot be understood; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side. With diacritics they are looked up as written, without in the folded text."""

    words: tuple[str, ...]
    folded: bool
    excluded: bool


def read_terms(query: str) -> list[Term]:
    """Raises SearchError where nothing is left to look for."""
    terms = []
    for minus, phrase, word in TERM.findall(query):
        found = tuple(words(phrase or word))
        if found:
            plain = fold(" ".join(found)) == " ".join(found)
            terms.append(Term(found, folded=plain, excluded=bool(minus)))
    if query.strip() and not any(not term.excluded for term in terms):
        raise SearchError("Hãy ghi ít nhất một từ cần tìm (từ có dấu - phía trước là từ loại bỏ).")
    return terms


def fts5(terms: list[Term]) -> str:
    """The terms in FTS5's own language; every word is quoted, so nothing a person types is an operator."""

    def one(term: Term) -> str:
        return f'{"folded" if term.folded else "exact"} : "{" ".join(term.words)}"'

    wanted = " AND ".join(one(term) for term in terms if not term.excluded)
    unwanted = "".join(f" NOT {one(term)}" for term in terms if term.excluded)
    return f"({wanted}){unwanted}"
