"""Turns the values of a BibTeX entry into those of a record: LaTeX, names, journals, identifiers."""

from __future__ import annotations

import re

from assistant.documents.latex import decode

_ADDRESSES = frozenset("url doi eprint link pdf pmid pmcid issn isbn".split())
_LEFT = frozenset("author file editor".split())
_KEYWORDS = ("keywords", "keyword", "author_keywords", "mendeley-tags", "tags")
_PART = re.compile(r"(?<![\w-])(given|family|prefix|suffix)\s*=\s*(?:\"([^\"]*)\"|\{([^{}]*)\}|([^,]*))\s*(?:,|$)")
_JOURNALS = {
    "aj": "Astronomical Journal",
    "araa": "Annual Review of Astronomy and Astrophysics",
    "apj": "Astrophysical Journal",
    "apjl": "Astrophysical Journal Letters",
    "apjs": "Astrophysical Journal Supplement Series",
    "ao": "Applied Optics",
    "apss": "Astrophysics and Space Science",
    "aap": "Astronomy and Astrophysics",
    "aapr": "Astronomy and Astrophysics Reviews",
    "aaps": "Astronomy and Astrophysics Supplement Series",
    "baas": "Bulletin of the American Astronomical Society",
    "icarus": "Icarus",
    "jcap": "Journal of Cosmology and Astroparticle Physics",
    "jgr": "Journal of Geophysical Research",
    "grl": "Geophysical Research Letters",
    "gca": "Geochimica et Cosmochimica Acta",
    "mnras": "Monthly Notices of the Royal Astronomical Society",
    "memras": "Memoirs of the Royal Astronomical Society",
    "nat": "Nature",
    "na": "New Astronomy",
    "nar": "New Astronomy Reviews",
    "pasa": "Publications of the Astronomical Society of Australia",
    "pasj": "Publications of the Astronomical Society of Japan",
    "pasp": "Publications of the Astronomical Society of the Pacific",
    "physrep": "Physics Reports",
    "planss": "Planetary and Space Science",
    "pra": "Physical Review A",
    "prb": "Physical Review B",
    "prc": "Physical Review C",
    "prd": "Physical Review D",
    "pre": "Physical Review E",
    "prl": "Physical Review Letters",
    "procspie": "Proceedings of the SPIE",
    "qjras": "Quarterly Journal of the Royal Astronomical Society",
    "solphys": "Solar Physics",
    "sovast": "Soviet Astronomy",
    "ssr": "Space Science Reviews",
}
"""What the macros of NASA's Astrophysics Data System stand for."""


def decoded(fields: dict[str, str]) -> dict[str, object]:
    """An entry's fields with their LaTeX and braces resolved; `author` becomes a list."""
    record: dict[str, object] = {name: _decoded(name, value) for name, value in fields.items() if name not in _LEFT}
    for name in ("journal", "journaltitle"):
        if (value := fields.get(name, "").strip("{} ")).startswith("\\") and value[1:].lower() in _JOURNALS:
            record[name] = _JOURNALS[value[1:].lower()]
    if "author" in fields:
        record["author"] = [_author(author) for author in _authors(fields["author"])]
    if keywords := [str(record.pop(name)) for name in _KEYWORDS if name in record]:
        record["keywords"] = (
            "; ".join(keywords) if len(keywords) > 1 and ";" in "".join(keywords) else ", ".join(keywords)
        )
    if fields.get("eprinttype", fields.get("archiveprefix", "")).lower() in ("pubmed", "pmid"):
        record.setdefault("pmid", record.pop("eprint", ""))
    return record


def _decoded(name: str, value: str) -> str:
    if name in _ADDRESSES:
        # A tilde is a sign of an address, not a space; what escapes it is LaTeX all the same.
        plain = decode(value.replace("~", r"\textasciitilde{}")) if "\\" in value else value
        return re.sub(r"^\\url|[{}]", "", plain).strip()
    return decode(value).strip()


def _authors(value: str) -> list[str]:
    """The names in `value`: in BibTeX only an "and" outside braces separates authors, and a comma is part of a name."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(r"\\.|[{}]|\s+and(?=\s)", value):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0 and match[0].endswith("and"):
            parts.append(value[start : match.start()])
            start = match.end()
    return [part.strip() for part in (*parts, value[start:])]


def _author(name: str) -> str | dict[str, str]:
    """The decoded name; one in braces is an institution or has a comma of its own, and is not split."""
    whole = re.fullmatch(r"\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", name)
    if whole and ("," in name or " and " in name):
        return {"literal": decode(whole[1])}
    if re.match(r"\s*(?:given|family|prefix|suffix)(?:-i)?\s*=", name):
        return _named_parts(name)
    return decode(name)


def _named_parts(name: str) -> str | dict[str, str]:
    """A name as biblatex may write it: `given=Jean, prefix=de la, family=Fontaine`."""
    parts = {match[1]: decode(match[2] or match[3] or match[4] or "").strip() for match in _PART.finditer(name)}
    family = " ".join(parts[part] for part in ("prefix", "family") if parts.get(part))
    return {"given": parts.get("given", ""), "family": family, "suffix": parts.get("suffix", ""), "literal": family}
