"""Compares figures, names and direction of a claim with the cited passages, by rules alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.text import sentences
from assistant.text.names import form, forms, mentions, names, own_names
from assistant.text.words import normalize, stems, words
from assistant.verification import comparisons, negation
from assistant.verification.figures import compare_figures
from assistant.verification.finding import Finding, Source


def findings(claim: str, source: Source) -> list[Finding]:
    """Every objection to the claim, in no order."""
    line = _closest_sentence(claim, source.span)
    found = [*compare_figures(claim, line, source), *_names(claim, source)]
    if why := negation.reverses(claim, line):
        found.append(Finding("opposite", why))
    if why := comparisons.reversed_roles(claim, source.title, source.abstract, source.span):
        found.append(Finding("roles reversed", why))
    return found


def agreed(found: Sequence[Sequence[Finding]]) -> list[Finding]:
    """The objections of the first paper that every other cited paper shares: what one of them holds is no error."""
    first, *others = found
    return [f for f in first if all(any(f.about == g.about for g in other) for other in others)]


def _closest_sentence(claim: str, span: str) -> str:
    """The sentence of the span that shares most words with the claim; the shorter one of two."""
    parts = [span[s.start : s.end] for s in sentences.split(span)]
    wanted = stems(claim)
    return max(parts, key=lambda part: (len(stems(part) & wanted), -len(part)), default=span)


def _names(claim: str, source: Source) -> Iterator[Finding]:
    own = own_names(source.title, source.abstract)
    everywhere = forms(source.title + " . " + source.abstract)
    for name in names(claim):
        if form(name) in own or mentions(name, source.span, source.title, source.abstract):
            continue
        other = _other_name(name, claim, source)
        if other:
            yield Finding("name replaced", f"says {name}, the abstract says {other}", name)
        elif form(name) in everywhere or mentions(name, source.abstract, source.title, source.abstract):
            yield Finding("name elsewhere", f"{name} is in the abstract, but not in the cited passage", name)
        else:
            yield Finding("name missing", f"{name} is not in the abstract", name)


def _other_name(name: str, claim: str, source: Source) -> str:
    """The span's name in the place of this one (the same word right before or after it), or ''."""
    mine = _neighbours(name, claim)
    for other in names(source.span):
        if form(other) in forms(claim) or form(other) == form(name):
            continue
        theirs = _neighbours(other, source.span)
        if any(a and a == b for a, b in zip(mine, theirs, strict=True)):
            return other
    return ""


def _neighbours(name: str, text: str) -> tuple[str, str]:
    """Stems of the words right before and right after the name."""
    text = normalize(text)
    at = text.find(name)
    before, after = words(text[:at])[-1:], words(text[at + len(name) :])[:1]
    return (before[0].stem if before else "", after[0].stem if after else "")
