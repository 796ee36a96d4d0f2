"""What the articles of a story give away of a child: hidden in every one of them, whichever said it.

Verdicts that were made before names were looked for beside what exposes a child (`classifier.shelter`) hold none: for
these our own rules look for them when the article is shown. What they cannot tell, judging the archive again finds.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b

from sqlalchemy.orm import Session

from classifier.shelter import sheltered
from models.records import Reading
from models.store import exposing
from models.store.exposing import Told
from models.store.story_view import StoryView
from pipeline.masking import exposing_words, looked_for, proper

Words = frozenset[str]
KEPT = 5_000
"""Articles of which is kept what the rules found: some 2 ms each, for every headline of a list."""
_by_rules: dict[bytes, Words] = {}


def names_of_stories(session: Session, story_ids: Iterable[int]) -> dict[int, Words]:
    """Story -> words that are hidden in all of its articles, by every verdict on every version of them."""
    return _words(exposing.told_of_stories(session, story_ids))


def names_of_case(session: Session, stories: Iterable[StoryView]) -> Words:
    """The same for all stories of a case together: they are about the same child."""
    return Words().union(*names_of_stories(session, [story.id for story in stories]).values())


def names_of_articles(session: Session, article_ids: Iterable[int]) -> dict[int, Words]:
    """The same by article: the words of the stories that it stands in, or its own."""
    return _words(exposing.told_of_articles(session, article_ids))


def _words(told: Mapping[int, Sequence[Told]]) -> dict[int, Words]:
    given = {id(one): _given_away(one) for one in {id(one): one for every in told.values() for one in every}.values()}
    return {id_: Words().union(*(given[id(one)] for one in every)) for id_, every in told.items()}


def _given_away(told: Told) -> Words:
    texts = {"title": told.title, "sapo": told.sapo, "text": told.body}
    if looked_for(told.spans):
        return Words(exposing_words(texts, told.spans))
    key = blake2b(repr(told).encode("utf-8", "replace"), digest_size=16).digest()
    found = _by_rules.get(key)
    if found is None:
        exposed = [span for span in proper(told.spans) if span[0] in texts]
        reading = Reading(id="", title=told.title, sapo=told.sapo, text=told.body)
        more = sheltered(reading, exposed, told.relation, named=False)
        found = Words(exposing_words(texts, [*exposed, *more]))
        if len(_by_rules) >= KEPT:
            _by_rules.clear()
        _by_rules[key] = found
    return found
