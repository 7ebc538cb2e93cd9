"""Takes the tags out of text: HTML, JATS, Springer's and Elsevier's XML, also where they stand as entities.

Only known names in the form of a tag count, so that `a<b and c>d`, `p < 0.05`, `List<String>` and `<EOS>` survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from assistant.documents.markup.mathml import Formula
from assistant.documents.markup.scripts import subscript, superscript

_CANDIDATE = re.compile(
    r"<!--(?:(?!<!--|-->).){0,5000}-->|<!\[CDATA\[|\]\]>|<[!?][A-Za-z][^<>]{0,500}>|</?[A-Za-z][^<>]{0,2000}>", re.S
)
_NAME = re.compile(r"</?([A-Za-z][\w.-]*(?::[A-Za-z][\w.-]*)?)(?=[\s/>])")
_PREFIX = re.compile(r"(?:jats|mml|m|ce|xhtml|html|oai|xocs|bk|ja|sb|dc|x):")
_BLOCK = set(
    "p div br hr li ul ol dl dt dd sec section abstract abstracttext table tr td th tbody thead caption h1 h2 h3 h4 h5 "
    "h6 blockquote pre body html article para simplepara abstractsection list list-item title subtitle label heading "
    "disp-formula disp-quote def-list def-item term def fig break title-group trans-abstract abstract-sec simple-para "
    "section-title center address main header footer figure figcaption".split()
)
_HEADING = set("title h1 h2 h3 h4 h5 h6 dt heading section-title label".split())
_RAISED = {"sup", "superscript", "sp"}
_LOWERED = {"sub", "subscript", "inf", "sb"}
_STRONG = {"b", "strong", "bold"}
_SILENT = {"script", "style", "head", "svg", "object", "noscript"}
"""Elements whose text is not shown."""
_MATHS = {"math", "tex-math", "tex", "equationsource"}
_INLINE = set(
    "a b i u s q em strong small big tt code kbd samp var cite abbr acronym dfn span font ins del strike mark time img "
    "nobr wbr bdi bdo italic bold sc monospace underline overline strike roman sans-serif styled-content named-content "
    "inline-formula inline-graphic alternatives inline-supplementary-material ext-link xref uri email fn "
    "inlineequation emphasis internalref externalref citationref formula math-graphic graphic private-char chem-struct "
    "inline-media milestone-start milestone-end cross-ref cross-refs inter-ref hsp vsp bdit fontstyle smallcaps "
    "small-caps".split()
)
_KNOWN = _BLOCK | _HEADING | _RAISED | _LOWERED | _STRONG | _SILENT | _MATHS | _INLINE
_PAIRED = set(
    "a s q u title label list heading term def code var cite time mark email uri small big section article abstract "
    "header footer main address body html head pre table caption object center fn formula break graphic tex figure "
    "roman bold italic para emphasis sec".split()
)
"""Names that also stand between angle brackets as words of their own, as in `the <s> token`, unless they are closed."""
_VALUELESS = {"hidden", "disabled", "nowrap", "compact", "reversed", "noshade", "open"}
_LINE_BREAKS = {"br", "break", "hr"}
_ABSTRACT = {"abstract", "summary", "abstracts", "graphical abstract"}
_LONGEST_HEADING = 60
_NESTING = 20
"""Levels of superscripts that are written as such; without a limit hostile text would take forever."""


@dataclass
class _Tag:
    name: str
    start: int
    end: int
    closes: bool
    attributes: dict[str, str]
    paired: bool = False


class _TagParser(HTMLParser):
    """Reads one tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the attributes."""
        self.attributes = attrs


def strip_tags(text: str) -> str:
    """The text without tags, its headings as `Background:`, its formulas and raised or lowered figures readable."""
    tags = _tags(text)
    if not tags:
        return text
    writer = _Writer()
    at = 0
    for tag in tags:
        writer.text(text[at : tag.start])
        writer.tag(tag)
        at = tag.end
    writer.text(text[at:])
    return writer.finish()


def _tags(text: str) -> list[_Tag]:
    found = list(_candidates(text))
    closed: dict[str, list[_Tag]] = {}
    for tag in found:
        waiting = closed.setdefault(tag.name, [])
        if not tag.closes:
            waiting.append(tag)
        elif waiting:
            tag.paired = waiting.pop().paired = True
    return [tag for tag in found if tag.paired or _counts_alone(tag, text)]


def _counts_alone(tag: _Tag, text: str) -> bool:
    if tag.attributes and not tag.closes:
        return True
    if tag.name in _PAIRED:
        return tag.closes and tag.name not in ("s", "a", "u", "q")
    glued = len(tag.name) == 1 and not tag.closes and text[tag.start - 1 : tag.start].isalnum()
    return not glued  # `Set<B>` is no bold text


def _candidates(text: str) -> Iterator[_Tag]:
    parser = _TagParser()
    for match in _CANDIDATE.finditer(text):
        tag = match[0]
        named = _NAME.match(tag)
        if not named:
            if tag[1] in "!?" or tag == "]]>":
                yield _Tag("!", match.start(), match.end(), False, {"": ""})
            continue
        prefix = _PREFIX.match(named[1].lower())
        name = named[1].lower()[prefix.end() if prefix else 0 :]
        if not prefix and name not in _KNOWN and not Formula.knows(name):
            continue
        closes = tag[1] == "/"
        attributes = dict[str, str]()
        if not closes and tag[named.end() :].strip(" \t\n/>"):
            parser.reset()
            parser.attributes = []
            parser.feed(tag)
            if any(value is None and key not in _VALUELESS for key, value in parser.attributes if key != "/"):
                continue
            attributes = {key: value or "" for key, value in parser.attributes}
        yield _Tag(name, match.start(), match.end(), closes, attributes, paired=bool(prefix))


class _Writer:
    """Writes text and what its tags mean."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._words = 0
        """How often something other than white space was written."""
        self._raised: list[tuple[str, int]] = []
        """The open superscripts and subscripts, with where each began in the output."""
        self._heading: tuple[str, int] | None = None
        self._block_words = 0
        """`_words` where the current block began."""
        self._bold: tuple[int, int] | None = None
        """Where bold text that is all of the block so far began, and `_words` where it ended, or -1."""
        self._silent = 0
        self._formula: Formula | None = None

    def text(self, text: str) -> None:
        """Text between two tags."""
        if self._formula is not None:
            self._formula.text(text)
        elif text and not self._silent:
            self._out.append(text)
            self._words += not text.isspace()

    def tag(self, tag: _Tag) -> None:
        """A tag."""
        name = tag.name
        if self._formula is not None:
            if self._formula.tag(name, tag.closes, tag.attributes):
                self._end_formula(self._formula)
        elif name in _SILENT:
            self._silent = max(0, self._silent + (-1 if tag.closes else 1))
        elif self._silent:
            pass
        elif Formula.starts(name) and not tag.closes:
            self._formula = Formula(name, tag.attributes)
        elif name in _RAISED or name in _LOWERED:
            self._script(name, tag.closes)
        elif name in _BLOCK or name in _HEADING:
            self._boundary(tag)
        elif name in _STRONG:
            self._strong(tag.closes)

    def finish(self) -> str:
        """The whole text."""
        if self._formula is not None:
            self._end_formula(self._formula)
        while self._raised:
            self._script(self._raised[-1][0], True)
        self._end_bold()
        return "".join(self._out)

    def _end_formula(self, formula: Formula) -> None:
        self._formula = None
        self.text(formula.written(self._before()))

    def _before(self) -> str:
        """The last characters of the output."""
        return next((part[-2:] for part in reversed(self._out[-20:]) if part), "")

    def _script(self, name: str, closes: bool) -> None:
        if not closes:
            self._raised.append((name, len(self._out)))
        elif self._raised:
            opened, at = self._raised.pop()
            if len(self._raised) < _NESTING:
                inner = "".join(self._out[at:])
                del self._out[at:]
                self.text((superscript if opened in _RAISED else subscript)(self._before(), inner))

    def _strong(self, closes: bool) -> None:
        if not closes and self._words == self._block_words:
            self._bold = len(self._out), -1
        elif closes and self._bold and self._bold[1] < 0:
            self._bold = self._bold[0], self._words

    def _end_bold(self) -> None:
        """Bold text that is all of a block is a heading."""
        if self._bold and self._bold[1] == self._words:
            self._head(self._bold[0])
        self._bold = None

    def _boundary(self, tag: _Tag) -> None:
        """The start or the end of a block."""
        self._end_bold()
        if tag.closes and self._heading and self._heading[0] == tag.name:
            self._head(self._heading[1])
            self._heading = None
        self._out.append("\n" if tag.name in _LINE_BREAKS else " ")
        if not tag.closes and tag.name in _HEADING:
            self._heading = tag.name, len(self._out)
        label = tag.attributes.get("label", "") if tag.name in ("abstracttext", "sec", "p") else ""
        if label and not tag.closes:
            self._out.append(label)
            self._head(len(self._out) - 1)
            self._out.append(" ")
        self._block_words = self._words

    def _head(self, start: int) -> None:
        """Ends the heading that began at `start`."""
        heading = " ".join("".join(self._out[start:]).split())
        del self._out[start:]
        if heading.lower().rstrip(".: ") in _ABSTRACT:
            return
        ends = not heading or heading[-1] in ".:;?!" or len(heading) > _LONGEST_HEADING
        self._out.append(heading if ends else heading + ":")
