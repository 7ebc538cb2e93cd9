"""Splits scientific English into sentences with exact offsets."""

from __future__ import annotations

import re

from assistant.types import Span

_BOUNDARY = re.compile(
    r"""(?<![.!?])(?P<stop>[.!?]++["'”’)\]}]*+)  # the end of a sentence, with what closes around it
        (?: (?P<space>\s+) | (?=[A-Z][a-z]) )  # whitespace, or a capitalised word glued on ("this.We make")
    """,
    re.VERBOSE,
)
_ABBREVIATIONS = frozenset(
    """e.g i.e etc vs cf al resp approx fig figs eq eqs sec secs tab tabs no nos ref refs dr prof mr mrs ms st
    viz w.r.t wrt a.k.a aka ca dept univ inc ltd co corp jr sr vol pp p ch app def thm prop lem cor est u.s u.k""".split()
)
_ALWAYS_INSIDE = frozenset({"e.g", "i.e", "vs", "cf", "fig", "figs", "eq", "eqs", "sec", "secs", "w.r.t", "dr", "prof"})
"""Abbreviations after which a capital letter does not start a new sentence."""
_STARTERS = frozenset(
    """A Additionally All Also Although An And As At Based Both But By Compared Consequently Despite Empirically
    Experimental Experiments Extensive Finally First For From Furthermore Given Hence Here How However I If In Instead It
    Many More Moreover Most Motivated No Notably On One Our Recent Recently Results Second Several Since So Some
    Specifically Such That The Then There Therefore These They This Those Thus To Under Unlike Using We When Whereas
    While With""".split()
)
"""Words that start a sentence even where the space before them is missing; `torch.Tensor` does not."""
_LONGEST_ASIDE = 300
"""Characters after which an unclosed bracket no longer keeps sentences together."""
_SEEN = 1_000
"""Characters on each side that tell whether a sentence ends; with all of them, a long text would take forever."""


def split(text: str) -> list[Span]:
    """Spans of the sentences of `text`, in order, which cover every character but the whitespace around sentences.

    A full stop ends a sentence when whitespace and something that can start a sentence follow, unless it belongs to
    an abbreviation, an initial or a bracketed aside. A capitalised word glued to a full stop also starts a sentence,
    because saved pages lose spaces; `3.5`, `v2.Xyz` in a URL and `ResNet-50.` are not split. Whether a sentence ends
    depends on the text before and the two words after, never on more, so that streamed text can be split as it comes.
    """
    spans, start = [], 0
    for match in _BOUNDARY.finditer(text):
        end = match.end("stop")
        if match.end() >= len(text) or not _is_boundary(text, start, match):
            continue
        spans.append(_trim(text, start, end))
        start = end
    if text[start:].strip():
        spans.append(_trim(text, start, len(text)))
    return spans


def _is_boundary(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[max(start, match.start() - _SEEN) : match.start()]
    after = text[match.end() : match.end() + _SEEN]
    word = before.rsplit(None, 1)[-1] if before.strip() else ""
    token = word.lstrip("([{\"'“‘").lower()
    stop = match["stop"]
    if match["space"] is None:
        return stop[0] == "." and _starts_glued_sentence(word, after)
    opened = before.rfind("(")
    if before.count("(") > before.count(")") and len(before) - opened < _LONGEST_ASIDE and ")" not in stop:
        return False
    if not re.match(r"[\"'“‘(\[{$\\]*[A-Z0-9Α-ΩÀ-Þ]|[a-z]+[A-Z]|[i]\)|\(?[ivx]+\)|[•*-]\s", after):
        # Lower case continues the sentence after a full stop ("approx. two") and starts one after "!" and "?".
        return stop[0] in "!?" and bool(re.match(r"[a-z]", after)) and len(token) > 1 and not stop.endswith(")")
    if stop[0] != ".":
        return True
    if token in _ALWAYS_INSIDE:
        return False
    if token in _ABBREVIATIONS:
        return token in {"al", "etc"} and not re.match(r"[(\[]", after) and bool(re.match(r"[A-Z][a-z]+\s", after))
    return not (len(token) == 1 and token.isalpha() and word[:1].isupper())


def _starts_glued_sentence(word: str, after: str) -> bool:
    """`this.We make` but neither `github.com/Foo.Bar` nor `U.S.Army` nor `torch.Tensor`."""
    if "/" in word or "." in word or not re.fullmatch(r"[(\"'“]?[A-Za-z-]*[a-z]{2,}\)?|\S*\)", word):
        return False
    return re.split(r"[\s,]", after, maxsplit=1)[0] in _STARTERS


def _trim(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    return Span(start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip())))
