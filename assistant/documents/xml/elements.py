"""Reads texts from elements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

_KEPT = frozenset("sub sup math mi mn mo mrow msub msup msubsup mfrac msqrt mover munder munderover mtext".split())
_BLOCKS = frozenset("p title sec list list-item br break div h1 h2 h3 h4 h5 h6 li disp-formula td tr label".split())

_SPOKEN = ("fig", "table", "sec", "app", "disp-formula", "supplementary-material", "boxed-text", "statement")
"""Kinds of references whose text belongs to the sentence, as in `see Figure 1`; others are marks of notes."""


def text(element: Element | None) -> str:
    """The text inside the element, without its tags and with single spaces; empty where there is no element."""
    return "" if element is None else " ".join("".join(element.itertext()).split())


def find(element: Element, *paths: str) -> str:
    """The first text that is not empty under these paths, in order."""
    return next((found for path in paths for item in element.iterfind(path) if (found := text(item))), "")


def find_all(element: Element, path: str) -> list[str]:
    """The texts under the path that are not empty."""
    return [found for item in element.iterfind(path) if (found := text(item))]


def markup(element: Element | None, dropped: tuple[str, ...] = ()) -> str:
    """The text inside the element with those of its tags that carry meaning: exponents, indices and formulas.

    Blocks such as paragraphs are set apart by a space. `dropped`: elements that are left out, such as footnotes. Where no
    tag is kept, the text is as it is; else it is escaped.
    """
    if element is None:
        return ""
    if not len(element):
        return element.text or ""
    kept = next((True for inside in element.iter() if _is_kept(inside.tag)), False)
    return "".join(_pieces(element, dropped, kept))


def _pieces(element: Element, dropped: tuple[str, ...], kept: bool) -> Iterator[str]:
    quote = escape if kept else str
    yield quote(element.text or "")
    for child in _without_repetition(element):
        if child.tag not in dropped or child.get("ref-type") in _SPOKEN:
            tag = child.tag.removeprefix("mml-")
            yield f"<{tag}>" if _is_kept(child.tag) else " " if tag in _BLOCKS else ""
            yield from _pieces(child, dropped, kept)
            yield f"</{tag}>" if _is_kept(child.tag) else " " if tag in _BLOCKS else ""
        yield quote(child.tail or "")


def _is_kept(tag: str) -> bool:
    return tag in _KEPT or tag.startswith("mml-")


def _without_repetition(element: Element) -> Iterable[Element]:
    """The children; of `alternatives`, which give one formula in several notations, MathML or else the first."""
    if element.tag != "alternatives" or not len(element):
        return element
    return [next((child for child in element if child.tag in ("mml-math", "math")), element[0])]
