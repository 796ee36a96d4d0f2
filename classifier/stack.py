"""The model of one view (entry or whole article): linear heads, and trees over what they and the word list say."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from classifier.aside import Aside, unpack_aside
from classifier.features import Floats, HashedTerms
from classifier.forest import Forest, unpack_forest
from classifier.linear import Head, unpack
from classifier.sights import Sights, best_of
from classifier.trees import Trees, unpack_trees
from models.records import KINDS


@dataclass(frozen=True, slots=True)
class Layer:
    """Flag and kinds by hashed words alone, the flag by other looks too, if there are any; trained on part of the data
    for out-of-fold answers, then on all."""

    flag: Head
    kind: Head
    aside: tuple[Aside, ...] = ()

    @property
    def width(self) -> int:
        return len(self.flag.codes) + len(self.kind.codes) + 2 + len(self.aside)

    @property
    def aside_cells(self) -> int:
        return self.aside[0].hashed.cells if self.aside else 0

    def answers(self, sights: Sights, hashed: HashedTerms) -> npt.NDArray[np.float32]:
        """(n, width): flag, the eight kinds, the title alone, the strongest sentence, the other looks."""
        rows = hashed.weigh(sights.counts)
        single = self.flag.margins(hashed.weigh(sights.single))[:, 0]
        parts = (
            self.flag.margins(rows),
            self.kind.margins(rows),
            best_of(sights.owner, single, len(sights)),
            *(aside.margins(counts) for aside, counts in zip(self.aside, sights.aside, strict=True)),
        )
        return np.column_stack(parts).astype(np.float32)

    def pack(self) -> dict[str, Any]:
        packed: dict[str, Any] = {"flag": self.flag.pack(), "kind": self.kind.pack()}
        return {**packed, "aside": [aside.pack() for aside in self.aside]} if self.aside else packed


def unpack_layer(packed: dict[str, Any]) -> Layer:
    aside = tuple(unpack_aside(one) for one in packed.get("aside", ()))
    return Layer(unpack(packed["flag"]), unpack(packed["kind"]), aside)


LOW, HIGH = -4.0, 2.0


def with_margin(figures: npt.NDArray[np.float32], margins: Floats) -> npt.NDArray[np.float32]:
    """Figures for the choice of the kind: what the trees say of the flag settles it for half of the kinds."""
    flat = np.clip(margins, LOW, HIGH)
    return np.column_stack((figures, margins, flat, margins > 0)).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Choice:
    """Which kind: a softmax over standardised figures (see `with_margin`), times one of boosted trees, if any."""

    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    trees: tuple[Trees, ...] = ()

    def best(self, figures: npt.NDArray[np.float32]) -> list[str]:
        margins = figures @ self.weights.T + self.bias
        for number, trees in enumerate(self.trees):
            margins[:, number] += trees.margins(figures)
        return [KINDS[n] for n in margins.argmax(axis=1)]

    def pack(self) -> dict[str, Any]:
        return {"weights": self.weights, "bias": self.bias, "trees": [trees.pack() for trees in self.trees]}


def unpack_choice(packed: dict[str, Any]) -> Choice:
    """Models trained before there were trees for the kind have none."""
    return Choice(packed["weights"], packed["bias"], tuple(unpack_trees(trees) for trees in packed.get("trees", ())))


@dataclass(frozen=True, slots=True)
class Stack:
    """`slope` and `shift` turn the margin into the probability on the stream."""

    layer: Layer
    types: Head
    trees: Trees
    choice: Choice
    slope: float
    shift: float
    forest: Forest | None = None

    def figures(self, sights: Sights, hashed: HashedTerms) -> npt.NDArray[np.float32]:
        return np.hstack((self.layer.answers(sights, hashed), sights.figures))

    def margins(self, figures: npt.NDArray[np.float32]) -> Floats:
        """(rows,) of boosted trees, and of random ones if there are any."""
        boosted = self.trees.margins(figures)
        return boosted if self.forest is None else boosted + self.forest.margins(figures)

    def calibrated(self, margins: Floats) -> Floats:
        return np.asarray(expit(self.slope * margins + self.shift))

    def pack(self) -> dict[str, Any]:
        return {
            "layer": self.layer.pack(),
            "types": self.types.pack(),
            "trees": self.trees.pack(),
            "choice": self.choice.pack(),
            "slope": self.slope,
            "shift": self.shift,
            **({} if self.forest is None else {"forest": self.forest.pack()}),
        }


def unpack_stack(packed: dict[str, Any]) -> Stack:
    return Stack(
        layer=unpack_layer(packed["layer"]),
        types=unpack(packed["types"]),
        trees=unpack_trees(packed["trees"]),
        choice=unpack_choice(packed["choice"]),
        slope=float(packed["slope"]),
        shift=float(packed["shift"]),
        forest=unpack_forest(packed["forest"]) if "forest" in packed else None,
    )
