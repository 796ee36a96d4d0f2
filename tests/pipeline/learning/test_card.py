"""A card in both languages, from whatever it holds."""

import json

import pytest

from classifier.artefacts import CARD_FILE
from classifier.predict import RELEASED
from pipeline.learning.card import HEADINGS, ROWS, card_lines


def test_the_released_model_s_card_is_told_in_both_languages() -> None:
    card = json.loads((RELEASED / CARD_FILE).read_text("utf-8"))
    vi, en = ("\n".join(card_lines(card, lang)) for lang in ("vi", "en"))
    for text, lang in ((vi, "vi"), (en, "en")):
        assert card["limits"][lang] in text
        assert card["sha256"] in text
        assert f"{card['data']['labels']}" in text
    assert "28/02/2026" in vi
    assert "độ dài: vừa" in vi
    assert "2026-02-28" in en


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_card_with_next_to_nothing_is_no_error_and_held_back_figures_carry_their_interval(lang: str) -> None:
    assert card_lines({"id": "x"}, lang) == ["x"]
    held = {"average_precision": 0.9, "intervals": {"average_precision": [0.8, 0.95]}, "relevant": 40}
    text = "\n".join(card_lines({"id": "x", "measured": {"held": held}}, lang))
    assert HEADINGS[lang]["held"] in text
    assert ("0,900" if lang == "vi" else "0.900") in text
    assert f"{ROWS[lang]['relevant']}: 40" in text
