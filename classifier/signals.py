"""Who does what to whom in one sentence: hits of the word list and of ages, who suffers and who does a harm.

`tag_terms` gives terms for hashing: the sequence of groups, and each harm phrase with the nearest person before and
after it. Figures over several sentences are made in `lines`.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from classifier.indicators import Hit, find, groups

GROUPS = groups()
NUMBER = {name: number for number, name in enumerate(GROUPS)}
HARMS = ("hit", "sex", "kill", "abandon", "traffic", "exploit", "rights")
HARM_GROUPS = frozenset(NUMBER[name] for name in HARMS)
CHILD = frozenset(NUMBER[name] for name in ("child", "pupil", "teen"))
_KIN = frozenset((NUMBER["kin"],))
_ADULT = frozenset(NUMBER[name] for name in ("adult", "carer_staff", "parent", "stranger"))
PERSONS = {**dict.fromkeys(CHILD, "C"), **dict.fromkeys(_KIN, "K"), **dict.fromkeys(_ADULT, "A")}
ROLES = {
    **dict.fromkeys((NUMBER[name] for name in ("adult", "carer_staff", "parent", "stranger")), "other"),
    **dict.fromkeys((NUMBER[name] for name in ("elder",)), "grown"),
    **dict.fromkeys(_KIN, "kin"),
    **dict.fromkeys(CHILD, "child"),
}
"""Whom a deed may befall or who may do it: a child, a child by kinship only, a grown person, other persons."""
WHO = ("child", "kin", "grown", "other")
REACH = 8
FAR = 40
GROWN = "‹18+›"
YOUNG = {f"‹{age}›": age for age in range(18)}
_AGE = "tuổi"
_MARK = "‹"


def ages(sentence: Sequence[str]) -> list[tuple[int, str]]:
    """Where an age in years stands, with its number."""
    if _AGE not in sentence:
        return []
    return [(at, token) for at, (token, after) in enumerate(pairwise(sentence)) if after == _AGE and token[0] == _MARK]


def with_ages(sentence: Sequence[str], said: Sequence[tuple[int, str]]) -> list[Hit]:
    """Hits of the word list and of `ages`: "12 tuổi" is a child, "34 tuổi" an adult."""
    hits = find(sentence)
    if said:
        for at, token in said:
            if token in YOUNG:
                hits.append(Hit(NUMBER["child"], at, at + 2))
            elif token == GROWN:
                hits.append(Hit(NUMBER["adult"], at, at + 2))
        hits.sort(key=lambda hit: (hit.first, hit.group))
    return hits


def roles(sentence: Sequence[str], hits: Sequence[Hit]) -> Iterator[tuple[Hit, str, str]]:
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


def _persons(sentence: Sequence[str], hits: Sequence[Hit]) -> Iterator[tuple[Hit, str]]:
    """Persons with their class; a grown age right behind a person ("cụ bà 82 tuổi") is not another one."""
    end = -9
    for hit in hits:
        if hit.group in ROLES:
            if hit.first - end > 1 or sentence[hit.first] != GROWN:
                yield hit, ROLES[hit.group]
            end = hit.end


def _passive(sentence: Sequence[str], hit: Hit) -> int | None:
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


def suffered(sentence: Sequence[str], hit: Hit) -> bool:
    return "bị" in sentence[max(0, hit.first - 3) : hit.first + 1]


def tag_terms(prefix: str, sentence: Sequence[str], hits: Sequence[Hit]) -> Iterator[str]:
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


def _scene(prefix: str, sentence: Sequence[str], hits: Sequence[Hit], n: int) -> Iterator[str]:
    hit = hits[n]
    before = next((PERSONS[h.group] for h in reversed(hits[:n]) if h.group in PERSONS and h.end <= hit.first), "-")
    after = next((PERSONS[h.group] for h in hits[n + 1 :] if h.group in PERSONS and h.first >= hit.end), "-")
    said = "bị" if suffered(sentence, hit) else ""
    phrase = " ".join(sentence[hit.first : hit.end])
    group = GROUPS[hit.group]
    yield f"{prefix}{before}{said}[{group}]{after}"
    yield f"{prefix}{before}{said}[{phrase}]{after}"
    yield f"{prefix}{before}{said}[{phrase}]"
    yield f"{prefix}[{phrase}]{after}"
