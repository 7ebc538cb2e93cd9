"""The same abstract with and without markup is stored, answered and checked alike. All papers are invented."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Assistant, Settings

SUBJECTS = "beets reeds otters minks krill spoons kettles looms quills owls".split()
"""Each with four ways to write its abstract: 40 pairs."""
DRESSES = ("html", "jats", "latex", "bibtex")


def plain(subject: str, number: int) -> tuple[str, str]:
    return (
        f"Storing {subject} in CO2",
        f"Background: {subject.title()} are kept in the cold. We stored {subject} of E. coli stock in CO2 at −{number} °C for "
        f"{number + 2} weeks. Their weight fell by {number}.5 % (p < 0.05), to 10^-3 g per cm^3.",
    )


def dressed(dress: str, subject: str, number: int) -> tuple[str, str]:
    name = subject.title()
    if dress in ("html", "jats"):
        i, p = ("i", "p") if dress == "html" else ("jats:italic", "jats:p")
        sub, sup = ("sub", "sup") if dress == "html" else ("jats:sub", "jats:sup")
        head = "<b>Background</b>: " if dress == "html" else "<jats:title>Background</jats:title>"
        return (
            f"Storing <{i}>{subject}</{i}> in CO<{sub}>2</{sub}>",
            f"<{p}>{head}{name} are kept in the cold.</{p}><{p}>We stored {subject} of <{i}>E. coli</{i}> stock in "
            f"CO<{sub}>2</{sub}> at &minus;{number}&nbsp;&deg;C for {number + 2} weeks. Their weight fell by {number}.5&#160;% "
            f"(<{i}>p</{i}> &lt; 0.05), to 10<{sup}>-3</{sup}> g per cm<{sup}>3</{sup}>.</{p}> "
            "© 2020 Toy Press Ltd. All rights reserved.",
        )
    less = r"\textless{}" if dress == "latex" else r"{\textless}"
    return (
        rf"Storing \emph{{{subject}}} in CO\textsubscript{{2}}",
        rf"Background: {name} are kept in the cold. We stored {subject} of \textit{{E.~coli}} stock in "
        rf"CO\textsubscript{{2}} at −{number}~{{\textdegree}}C for {number + 2} weeks. Their weight fell by {number}.5~\% "
        rf"(\textit{{p}} {less} 0.05), to 10\textsuperscript{{-3}} g per cm\ensuremath{{^{{3}}}}. \copyright{{}} 2020 Toy Press Ltd.",
    )


def written(folder: Path, is_plain: bool) -> list[Path]:
    """One file of JSON lines and one of BibTeX, with the papers plain or dressed."""
    lines, entries = [], []
    for number, (subject, dress) in enumerate([(s, d) for s in SUBJECTS for d in DRESSES], 3):
        title, abstract = plain(subject, number) if is_plain else dressed(dress, subject, number)
        title = f"{title}, part {number}"
        if dress == "bibtex" and not is_plain:
            entries.append(f"@misc{{k{number},\n title = {{{{{title}}}}},\n abstract = {{{abstract}}}\n}}\n")
        else:
            lines.append(json.dumps({"title": title, "abstract": abstract}))
    (folder / "a.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "b.bib").write_text("\n".join(entries) or "@comment{none}", encoding="utf-8")
    return [folder / "a.jsonl", *([folder / "b.bib"] if entries else [])]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, Assistant]]:
    """Libraries of the dressed and of the plain papers."""
    opened = []
    for is_plain in (False, True):
        folder = tmp_path_factory.mktemp("plain" if is_plain else "dressed")
        settings = Settings(home=folder / "home", llm="quotes", log_answers=False, cache=False)
        opened.append(Assistant(settings))
        opened[-1].add(written(folder, is_plain))
    yield opened[0], opened[1]
    for assistant in opened:
        assistant.close()


def test_the_stored_text_is_the_same(both: tuple[Assistant, Assistant]) -> None:
    stored = [{(p.title, p.abstract) for p in assistant.papers()} for assistant in both]
    assert stored[0] == stored[1]
    assert len(stored[0]) == len(SUBJECTS) * len(DRESSES)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_answers_and_verdicts_are_the_same(both: tuple[Assistant, Assistant], subject: str) -> None:
    answers = [assistant.ask(f"How much did the weight of {subject} fall in CO2?") for assistant in both]
    texts = [[sentence.text for sentence in answer.sentences] for answer in answers]
    assert (answers[0].status, sorted(texts[0])) == (answers[1].status, sorted(texts[1]))
    first = 3 + SUBJECTS.index(subject) * len(DRESSES)
    for number in range(first, first + len(DRESSES)):
        for claim in (
            f"The weight of {subject} fell by {number}.5 % in CO2.",
            f"{subject.title()} were stored at −{number} °C for {number + 1} weeks.",
        ):
            verdicts = []
            for assistant in both:
                paper = next(p for p in assistant.papers() if p.title.endswith(f"part {number}"))
                verdicts.append(assistant.check(claim, paper.paper_id).verdict)
            assert verdicts[0] == verdicts[1], claim
