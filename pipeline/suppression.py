"""Small cells: counts of 1 and 2 are hidden in what leaves the office, and others so that they cannot be worked out.

Zero is shown. A line is some counts and, where they add up to it, their total. Hidden cells of a line whose total is
shown must be two or more and not all be ones, else the smallest shown count is hidden too, in the end the total.
"""

from collections.abc import Sequence

SMALL = 3
HIDDEN = "•"
Shown = int | str


def is_small(value: int) -> bool:
    return 0 < value < SMALL


def suppress(counts: Sequence[int], total: int | None = None) -> tuple[list[Shown], Shown | None]:
    """The line as it may be printed, and its total, which is None where the counts add up to nothing that is shown."""
    hidden = {place for place, count in enumerate(counts) if is_small(count)}
    total_hidden = total is not None and is_small(total)
    if total is not None:
        while not total_hidden and not _safe([counts[place] for place in hidden]):
            shown = [place for place, count in enumerate(counts) if place not in hidden and count]
            if not shown:
                total_hidden = True
                break
            hidden.add(min(shown, key=lambda place: (counts[place], place)))
    line: list[Shown] = [HIDDEN if place in hidden else count for place, count in enumerate(counts)]
    if total is None:
        return line, None
    return line, HIDDEN if total_hidden else total


def _safe(hidden: Sequence[int]) -> bool:
    """Whether the sum of the hidden counts, each at least one, leaves more than one answer."""
    return not hidden or (len(hidden) > 1 and sum(hidden) > len(hidden))
