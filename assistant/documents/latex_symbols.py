r"""The signs that LaTeX's commands stand for, in text (`\textless`) and in mathematics (`\alpha`)."""

from __future__ import annotations

import unicodedata

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega"
).split()
LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ",
    "NG": "Ŋ",
}
_TEXT = """
textless < textgreater > textbar | textendash – textemdash — textellipsis … ldots … dots … textquoteright ’
textquoteleft ‘ textquotedblleft “ textquotedblright ” textquotesingle ' textquotedbl " quotedblbase „ quotesinglbase ‚
guillemotleft « guillemotright » guillemetleft « guillemetright » textpm ± textdegree ° textmu µ textmicro µ
texttimes × textdiv ÷ textminus − textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ textregistered ®
texttrademark ™ textcopyright © copyright © textbullet • textperiodcentered · textonehalf ½ textonequarter ¼
textthreequarters ¾ texteuro € euro € pounds £ textsterling £ textyen ¥ textcent ¢ textsection § S § textparagraph ¶ P ¶
textdagger † dag † textdaggerdbl ‡ ddag ‡ textexclamdown ¡ textquestiondown ¿ textordfeminine ª textordmasculine º
textonesuperior ¹ texttwosuperior ² textthreesuperior ³ textsurd √ textlnot ¬ textnumero № textperthousand ‰
textasteriskcentered * textunderscore _ textvisiblespace ␣ textohm Ω textangstrom Å degree ° celsius ℃ micro µ
textasciitilde ~ textasciicircum ^ textbackslash \\ textdollar $ textbraceleft { textbraceright } slash / lbrace { rbrace }
textasciiacute ´ textasciigrave ` textcelsius ℃ permil ‰ textpertenthousand ‱ textleq ≤ textgeq ≥ textapprox ≈
textgreaterequal ≥ textlessequal ≤ textquotestraightdblbase " textquotestraightbase ' textprime ′
"""
_MATHEMATICS = """
times × pm ± mp ∓ div ÷ cdot · ast * star ⋆ circ ° bullet • leq ≤ le ≤ geq ≥ ge ≥ leqslant ≤ geqslant ≥ lesssim ≲
gtrsim ≳ ll ≪ gg ≫ neq ≠ ne ≠ approx ≈ simeq ≃ sim ∼ cong ≅ equiv ≡ propto ∝ infty ∞ partial ∂ nabla ∇ rightarrow →
to → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ uparrow ↑ downarrow ↓ longrightarrow ⟶ mapsto ↦ in ∈ notin ∉
subset ⊂ subseteq ⊆ cup ∪ cap ∩ emptyset ∅ forall ∀ exists ∃ sum ∑ prod ∏ int ∫ sqrt √ ell ℓ hbar ℏ Re ℜ Im ℑ angle ∠
perp ⊥ parallel ∥ oplus ⊕ otimes ⊗ odot ⊙ dagger † prime ′ cdots ⋯ lt < gt > varepsilon ε vartheta ϑ varphi φ varrho ϱ
varsigma ς lambda λ Lambda Λ AA Å mathring ˚ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉
"""


def _pairs(table: str) -> dict[str, str]:
    words = table.replace("\\\\", "\\").split()
    return dict(zip(words[::2], words[1::2], strict=True))


TEXT = {
    **_pairs(_TEXT),
    **{f"text{name}": unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}") for name in _GREEK if name != "mu"},
}
MATHEMATICS = {
    **{name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}") for name in _GREEK},
    **{name.title(): unicodedata.lookup(f"GREEK CAPITAL LETTER {name.upper()}") for name in _GREEK},
    **_pairs(_MATHEMATICS),
}
