"""Writes MathML and the TeX that stands beside it as one readable formula."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from assistant.documents.markup.scripts import subscript, superscript

_TOKENS = set("mi mn mo mtext ms mspace".split())
_ELEMENTS = _TOKENS | set(
    "math mrow msup msub msubsup mfrac msqrt mroot mover munder munderover mfenced mstyle mpadded mphantom menclose "
    "mtable mtr mtd mmultiscripts mprescripts semantics annotation annotation-xml merror maction none".split()
)
_STARTS = {"math", "tex-math", "tex", "equationsource", "alternatives"}
_TEX = {"tex-math", "tex", "annotation", "equationsource"}
_DEPTH = 40
"""Levels of elements; deeper ones are written as if they stood on this level."""
_BODY = re.compile(r"\\begin\s*\{document\}(.*?)\\end\s*\{document\}", re.S)
_INVISIBLE = re.compile("[\u2061-\u2064\u200b-\u200f]")
_RELATION = re.compile(r"[=<>≤≥≈≃≅∼~≠±∓×÷→∈∝≪≫]+")


@dataclass
class _Node:
    name: str
    attributes: dict[str, str]
    parts: list[str | _Node] = field(default_factory=list)


class Formula:
    """A formula that is being read, tag by tag, from its first tag on."""

    def __init__(self, name: str, attributes: dict[str, str]) -> None:
        self._root = _Node(name, attributes)
        self._open = [self._root]

    @staticmethod
    def starts(name: str) -> bool:
        """Whether a formula starts with this tag."""
        return name in _STARTS

    @staticmethod
    def knows(name: str) -> bool:
        """Whether this is an element of MathML."""
        return name in _ELEMENTS

    def text(self, text: str) -> None:
        """Adds text."""
        self._open[-1].parts.append(text)

    def tag(self, name: str, closes: bool, attributes: dict[str, str]) -> bool:
        """Adds a tag; True when it ends the formula."""
        if closes:
            at = next((i for i in range(len(self._open) - 1, -1, -1) if self._open[i].name == name), None)
            if at is not None:
                del self._open[at:]
            return not self._open
        node = _Node(name, attributes)
        self._open[-1].parts.append(node)
        if name not in ("mspace", "none", "mprescripts", "graphic", "inline-graphic") and len(self._open) < _DEPTH:
            self._open.append(node)
        return False

    def written(self, before: str) -> str:
        """The formula after the text `before`: `$...$` where TeX is given, else on a line of its own signs."""
        tex = _tex(self._root)
        if tex:
            return f"${tex}$"
        alternatives = self._root.name == "alternatives"
        return (_plain_parts(self._root, before) if alternatives else _written(self._root, before)).strip()


def _tex(node: _Node) -> str:
    if node.name in _TEX and "mathml" not in str(node.attributes).lower():
        text = "".join(part if isinstance(part, str) else "" for part in node.parts)
        body = _BODY.search(text)
        if node.name != "annotation" or "tex" in node.attributes.get("encoding", "tex").lower():
            return " ".join((body[1] if body else text).split()).strip("$ ")
    found = (_tex(part) for part in node.parts if isinstance(part, _Node))
    return next((tex for tex in found if tex), "") or _alternative(node)


def _alternative(node: _Node) -> str:
    text = node.attributes.get("alttext", "").strip("$ ")
    return " ".join(text.split()) if node.name == "math" else ""


def _plain_parts(node: _Node, before: str) -> str:
    return "".join(part if isinstance(part, str) else _written(part, before) for part in node.parts)


def _written(node: _Node, before: str = "") -> str:
    name = node.name
    children = [part for part in node.parts if isinstance(part, _Node)]
    if name in _TOKENS:
        text = " ".join(_INVISIBLE.sub("", "".join(p for p in node.parts if isinstance(p, str))).split())
        return f" {text} " if name == "mo" and _RELATION.fullmatch(text) else text if name != "mspace" else " "
    if name in ("annotation", "annotation-xml", "mphantom", "graphic", "inline-graphic"):
        return ""
    if name in ("msup", "msub", "msubsup") and len(children) > 1:
        return _scripts(name, children, before)
    if name == "mfrac" and len(children) == 2:
        return "/".join(_grouped(_written(child).strip()) for child in children)
    if name in ("msqrt", "mroot"):
        return "√" + _grouped("".join(_written(child) for child in children[: None if name == "msqrt" else 1]))
    if name == "mfenced":
        inner = ", ".join(_written(child) for child in children)
        return f"{node.attributes.get('open', '(')}{inner}{node.attributes.get('close', ')')}"
    return _row(node, before)


def _row(node: _Node, before: str) -> str:
    out = ""
    for part in node.parts:
        # White space between the elements of a formula is layout.
        out += ("" if part.isspace() else part) if isinstance(part, str) else _written(part, out or before)
    return " ".join(out.split()) if node.name == "math" else out


def _scripts(name: str, children: list[_Node], before: str) -> str:
    base = _written(children[0], before)
    low = _written(children[1]).strip() if name != "msup" else ""
    high = _written(children[-1]).strip() if name != "msub" else ""
    text = base + (subscript(before + base, low) if low else "")
    return text + (superscript(text or before, high) if high else "")


def _grouped(text: str) -> str:
    text = text.strip()
    return text if re.fullmatch(r"[\w.]+", text) else f"({text})"
