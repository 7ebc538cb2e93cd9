"""Compares our BibTeX reader with bibtexparser, and our LaTeX decoder with pylatexenc.

    pip install "bibtexparser>=2.1" && python -m eval.bibtex_readers PATH_OF_PAPERS

Counts the entries that each reader keeps of a file with faults as real exports have them, and the abstracts that each
decoder gives back after `to_bibtex` wrote them. All entries here are invented.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from assistant.citations.bibtex import escape
from assistant.documents import bibtex, read
from assistant.documents.bibtex_values import decoded
from assistant.documents.latex import decode
from assistant.documents.record import to_paper
from assistant.documents.source import Source
from assistant.errors import DocumentError
from assistant.types import Item, Paper

Reader = Callable[[Source], Iterator[Item]]

SOUND = "@misc{{g{0}, title = {{Good {0}}},\n author = {{Roe, A. and Poe, B.}}, year = 2020,\n abstract = {{{1}}}}}\n"
ABSTRACT = "The {B}oats keep 10\\% of the speed of M{\\\"u}ller's ferry, with $x^{2}$ knots. " * 12
FAULTY = r"""
@misc{b, title = {T, abstract = {A b.}}
@misc{b, title = {T}}, abstract = {A b.}}
@misc{b, title = "T", abstract = "By 3 to 15{{\%}. More."}
@misc{b, title = {T} abstract = {A b.}}
@misc{b, title = , abstract = {A b.}}
@misc{b, title = {T}, abstract = {A b.}
@misc{b, title = "T", abstract = "A "c" b."}
@misc{b, title = {T}, abstract = {A \{ b.}}
@misc{b, funding_text 1={X}, title = {T}, abstract = {A b.}}
@misc{b, title = {T}, title = {T}, abstract = {A b.}}
@misc{g0, title = {T}, abstract = {A b.}}
@misc{title = {T}, abstract = {A b.}}
@misc(b, title = {T}, abstract = {A (b).})
@misc{b, title = "" # "T", month = jul # { 3}, abstract = {A b.}}
@misc{b, title = {T}, abstract = {Write to a@b{c} = d, "e.}}
"""


def library_reader(source: Source) -> Iterator[Item]:
    """Reads with bibtexparser, and uses what it sets aside as a duplicate all the same."""
    with source.text() as stream:
        library = import_module("bibtexparser").parse_string(stream.read())
    for block in library.blocks:
        entry = getattr(block, "ignore_error_block", None) or block
        fields = {field.key.lower(): str(field.value) for field in reversed(getattr(entry, "fields", ()))}
        try:
            if fields:
                yield to_paper(decoded(fields), source.name)
            elif block in library.failed_blocks:
                raise DocumentError(str(block.error))
        except DocumentError as error:
            yield source.failure(str(error), block.start_line + 1)


def library_decode(text: str) -> str:
    """Decodes with pylatexenc, formulas left as they are."""
    return str(import_module("pylatexenc.latex2text").LatexNodes2Text(math_mode="verbatim").latex_to_text(text))


def compare_readers(path: Path) -> None:
    """Prints the faulty entries that each reader keeps, and its speed and memory on a sound file."""
    for name, reader in ("ours", bibtex.read), ("bibtexparser", library_reader):
        kept = [sum(title == "T" for title in titles) for titles in _each_fault(reader, path)]
        path.write_text("".join(SOUND.format(i, ABSTRACT) for i in range(5_000)), encoding="utf-8")
        source = Source(path, path.name, path.name, path.stat().st_size)
        start = time.process_time()
        count = sum(isinstance(record, Paper) for record in reader(source))
        seconds = time.process_time() - start
        tracemalloc.start()
        for _ in reader(source):
            pass
        peak = tracemalloc.get_traced_memory()[1] / source.size
        tracemalloc.stop()
        print(f"{name}: keeps {sum(kept)} of {len(kept)} faulty entries {kept};", end=" ")
        print(f"{count / seconds:,.0f} entries a second, memory {peak:.2f} x the file")


def _each_fault(reader: Reader, path: Path) -> Iterator[list[str]]:
    """The titles that are read from a file with each of the faulty entries between sound ones."""
    for entry in FAULTY.strip().split("\n"):
        path.write_text(SOUND.format(0, "A.") + entry + "\n" + SOUND.format(1, "A."), encoding="utf-8")
        yield [r.title for r in reader(Source(path, path.name, path.name, 0)) if isinstance(r, Paper)]


def compare_decoders(papers: list[Paper]) -> None:
    """Prints how many abstracts come back as they were after they were written as BibTeX, and how fast."""
    for name, decoder in ("ours", decode), ("pylatexenc", library_decode):
        start = time.process_time()
        same = sum(decoder(escape(paper.abstract)) == " ".join(paper.abstract.split()) for paper in papers)
        print(f"{name}: {same} of {len(papers)} abstracts, {len(papers) / (time.process_time() - start):,.0f} a second")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", type=Path, help="file or folder of papers")
    given = parser.parse_args()
    logging.disable(logging.WARNING)  # bibtexparser reports each fault
    with tempfile.TemporaryDirectory() as folder:
        compare_readers(Path(folder, "a.bib"))
    compare_decoders([record for record in read([given.papers]) if isinstance(record, Paper)])
