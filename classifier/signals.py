"""Who does what to whom, as figures: presence, order and nearness of the word list's groups.

`dense` gives a fixed row of figures (see `names`) for trees; `tag_terms` gives terms for hashing: the sequence of
groups, and each harm phrase with the nearest person before and after it.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from classifier.features import FOREIGN_MARK, NAME_MARK, STOP
from classifier.indicators import Hit, find, groups

GROUPS = groups()
_NUMBER = {name: number for number, name in enumerate(GROUPS)}
HARMS = ("hit", "sex", "kill", "abandon", "traffic", "exploit", "rights")
HARM_GROUPS = frozenset(_NUMBER[name] for name in HARMS)
_CHILD = frozenset(_NUMBER[name] for name in ("child", "pupil", "teen"))
_KIN = frozenset((_NUMBER["kin"],))
_ADULT = frozenset(_NUMBER[name] for name in ("adult", "carer_staff", "parent", "stranger"))
_PERSON = _CHILD | _KIN | _ADULT
PERSONS = {**dict.fromkeys(_CHILD, "C"), **dict.fromkeys(_KIN, "K"), **dict.fromkeys(_ADULT, "A")}
ROLES = {
    **dict.fromkeys((_NUMBER[name] for name in ("adult", "carer_staff", "parent", "stranger")), "other"),
    **dict.fromkeys((_NUMBER[name] for name in ("elder",)), "grown"),
    **dict.fromkeys(_KIN, "kin"),
    **dict.fromkeys(_CHILD, "child"),
}
"""Whom a deed may befall or who may do it: a child, a child by kinship only, a grown person, other persons."""
WHO = ("child", "kin", "grown", "other")
REACH = 8
FAR = 40
GROWN = "‹18+›"
YOUNG = {f"‹{age}›": age for age in range(18)}


class Part:
    """One field as sentences of tokens with their hits."""

    __slots__ = ("hits", "size", "spans", "tokens")

    def __init__(self, tokens: Sequence[str], spans: list[tuple[list[str], list[Hit]]] | None = None) -> None:
        self.tokens = tokens
        self.size = len(tokens)
        self.spans = [(s, with_ages(s)) for s in split_sentences(tokens)] if spans is None else spans


def split_sentences(tokens: Sequence[str]) -> Iterator[list[str]]:
    sentence: list[str] = []
    for token in tokens:
        if token is not STOP:
            sentence.append(token)
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def with_ages(sentence: list[str]) -> list[Hit]:
    """Hits of the word list and of ages: "12 tuổi" is a child, "34 tuổi" an adult."""
    hits = find(sentence)
    for at, token in enumerate(sentence[:-1]):
        if token[0] == "‹" and sentence[at + 1] == "tuổi":
            if token in YOUNG:
                hits.append(Hit(_NUMBER["child"], at, at + 2))
            elif token == GROWN:
                hits.append(Hit(_NUMBER["adult"], at, at + 2))
    hits.sort(key=lambda hit: (hit.first, hit.group))
    return hits


_SCENE_FIGURES = (
    "child_bi",
    "adult_bi",
    "child_does",
    "youngest",
    "grown_ages",
    "length",
    "first_child",
    "first_harm",
    "name_marks",
    "foreign_marks",
    *(f"suffers_{who}" for who in WHO),
    *(f"does_{who}" for who in WHO),
    *(f"child_suffers_{harm}" for harm in HARMS),
)


def names() -> list[str]:
    """Names of the figures of `dense`, in order."""
    made: list[str] = []
    for field in ("title", "sapo"):
        made.extend(f"{field}.{group}" for group in GROUPS)
        made.extend(f"{field}.{harm}.{who}_near" for harm in HARMS for who in ("child", "kin", "adult"))
        made.extend(f"{field}.{figure}" for figure in _SCENE_FIGURES)
    return [*made, "child_and_harm", "question", "sentences"]


WIDTH = len(names())


def dense(title: Part, sapo: Part, *, question: bool) -> npt.NDArray[np.float32]:
    """One row of WIDTH figures."""
    first, second = _part_figures(title), _part_figures(sapo)
    child = any(first[g] or second[g] for g in _CHILD)
    harm = any(first[g] or second[g] for g in HARM_GROUPS)
    rest = [float(child and harm), float(question), float(len(sapo.spans))]
    return np.asarray([*first, *second, *rest], dtype=np.float32)


def _part_figures(part: Part) -> list[float]:
    return _figures_of(part) if part.tokens or part.spans else list(_nothing())


@cache
def _nothing() -> tuple[float, ...]:
    """The figures of a field that says nothing."""
    return tuple(_figures_of(Part(())))


def _figures_of(part: Part) -> list[float]:
    counts = [0.0] * len(GROUPS)
    near = {(harm, who): FAR for harm in HARMS for who in "CKA"}
    roles = {"child_bi": 0, "adult_bi": 0, "child_does": 0}
    first_child = first_harm = FAR
    at = 0
    for sentence, hits in part.spans:
        for hit in hits:
            counts[hit.group] += 1.0
            if hit.group in _CHILD:
                first_child = min(first_child, at + hit.first)
            elif hit.group in HARM_GROUPS:
                first_harm = min(first_harm, at + hit.first)
        _add_scene(near, roles, sentence, hits)
        at += len(sentence)
    youngest, grown = _ages(part)
    figures = [min(4.0, count) for count in counts]
    figures.extend(float(near[harm, who]) for harm in HARMS for who in "CKA")
    figures.extend(float(roles[role]) for role in ("child_bi", "adult_bi", "child_does"))
    marks = [part.tokens.count(mark) for mark in (NAME_MARK, FOREIGN_MARK)]
    figures.extend(float(x) for x in (youngest, grown, part.size, first_child, first_harm, *marks))
    figures.extend(_role_figures(part))
    return figures


def _role_figures(part: Part) -> list[float]:
    """Who suffers, who does it, and what children suffer, summed over the harms of a field."""
    suffers, does, harms = (dict.fromkeys(names, 0.0) for names in (WHO, WHO, HARMS))
    for sentence, hits in part.spans:
        for deed, patient, agent in roles(sentence, hits):
            if patient:
                suffers[patient] += 1.0
                if patient in ("child", "kin"):
                    harms[GROUPS[deed.group]] += 1.0
            if agent:
                does[agent] += 1.0
    return [*suffers.values(), *does.values(), *harms.values()]


def roles(sentence: list[str], hits: list[Hit]) -> Iterator[tuple[Hit, str, str]]:
    """(deed, who suffers it, who does it) of each harm; empty where nobody is near.

    After "bị" the sufferer comes first and the doer between it and the deed, or behind; otherwise the doer comes
    first. A phrase that itself names the sufferer ("ôm con") is one.
    """
    persons = list(_persons(sentence, hits))
    for hit in hits:
        if hit.group not in HARM_GROUPS:
            continue
        inside = [who for person, who in persons if person.first == hit.first and person.end == hit.end]
        passive = _passive(sentence, hit)
        turn = hit.first if passive is None else passive
        before = [who for person, who in persons if person.end <= turn]
        between = [who for person, who in persons if turn <= person.first and person.end <= hit.first]
        after = [who for person, who in persons if hit.end <= person.first < hit.end + REACH]
        last, following = (before[-1] if before else ""), (after[0] if after else "")
        if inside:
            yield hit, inside[-1], last
        elif passive is None:
            yield hit, following, last
        else:
            yield hit, last, between[-1] if between else following


def _persons(sentence: list[str], hits: list[Hit]) -> Iterator[tuple[Hit, str]]:
    """Persons with their class; a grown age right behind a person ("cụ bà 82 tuổi") is not another one."""
    end = -9
    for hit in hits:
        if hit.group in ROLES:
            if hit.first - end > 1 or sentence[hit.first] != GROWN:
                yield hit, ROLES[hit.group]
            end = hit.end


def _passive(sentence: list[str], hit: Hit) -> int | None:
    """Where the "bị" stands that makes the deed befall what comes before it ("bị bắt vì đánh" does not)."""
    for at in range(hit.first, max(-1, hit.first - REACH), -1):
        if sentence[at] == "bị":
            return at if at + 1 >= hit.first or sentence[at + 1] not in _CHARGED else None
    return None


_CHARGED = frozenset(
    (
        "bắt",
        "khởi",
        "truy",
        "tạm",
        "cáo",
        "tuyên",
        "phạt",
        "xử",
        "đình",
        "kỷ",
        "tố",
        "can",
        "hại",
        "án",
        "triệu",
        "công",
    )
)
"""After "bị": what police and courts do, or a name for somebody before them."""


def _add_scene(near: dict[tuple[str, str], int], roles: dict[str, int], sentence: list[str], hits: list[Hit]) -> None:
    """Nearness of persons to harms in one sentence, and who suffers or does them."""
    persons = [(hit, PERSONS[hit.group]) for hit in hits if hit.group in PERSONS]
    for hit in hits:
        if hit.group not in HARM_GROUPS:
            continue
        harm = GROUPS[hit.group]
        before = ""
        for person, who in persons:
            gap = max(person.first - hit.end, hit.first - person.end, 0)
            near[harm, who] = min(near[harm, who], gap)
            if person.end <= hit.first:
                before = who
        if before == "C":
            roles["child_bi" if _suffered(sentence, hit) else "child_does"] += 1
        elif before == "A" and _suffered(sentence, hit):
            roles["adult_bi"] += 1


def _suffered(sentence: list[str], hit: Hit) -> bool:
    return "bị" in sentence[max(0, hit.first - 3) : hit.first + 1]


def _ages(part: Part) -> tuple[int, int]:
    """(youngest age stated, 18 if none under; number of adult ages)."""
    youngest, grown = 18, 0
    for sentence, _ in part.spans:
        for token, after in pairwise(sentence):
            if after == "tuổi" and token[0] == "‹":
                youngest = min(youngest, YOUNG.get(token, 18))
                grown += token not in YOUNG
    return youngest, grown


def tag_terms(prefix: str, part: Part) -> Iterator[str]:
    for sentence, hits in part.spans:
        tags = [GROUPS[hit.group] for hit in hits]
        for tag in dict.fromkeys(tags):
            yield f"{prefix}{tag}"
        for left, right in pairwise(tags):
            yield f"{prefix}{left}>{right}"
        for left, middle, right in zip(tags, tags[1:], tags[2:], strict=False):
            yield f"{prefix}{left}>{middle}>{right}"
        for n, hit in enumerate(hits):
            if hit.group in HARM_GROUPS:
                yield from _scene(prefix, sentence, hits, n)


def _scene(prefix: str, sentence: list[str], hits: list[Hit], n: int) -> Iterator[str]:
    hit = hits[n]
    before = next((PERSONS[h.group] for h in reversed(hits[:n]) if h.group in PERSONS and h.end <= hit.first), "-")
    after = next((PERSONS[h.group] for h in hits[n + 1 :] if h.group in PERSONS and h.first >= hit.end), "-")
    said = "bị" if _suffered(sentence, hit) else ""
    phrase = " ".join(sentence[hit.first : hit.end])
    group = GROUPS[hit.group]
    yield f"{prefix}{before}{said}[{group}]{after}"
    yield f"{prefix}{before}{said}[{phrase}]{after}"
    yield f"{prefix}{before}{said}[{phrase}]"
    yield f"{prefix}[{phrase}]{after}"
