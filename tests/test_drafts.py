"""Whole drafts in Markdown and LaTeX: what counts as a sentence, what it cites, the verdicts, and the annotated copy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import ROOT
from typer.testing import CliRunner

from assistant import Assistant, DocumentError, QuestionError
from assistant.cli import app
from assistant.collection.annotation import annotated
from assistant.documents import drafts

MARKDOWN = r"""---
bibliography: [refs.bib, more.bib]
---
# A heading that is no sentence

TideNet *lowers* the error from $0.42$ to 0.27 knots [@tide, p. 3; see @other]. @barley show
that ears can be counted.[^1] It works on windy days. [@quill]

> Quoted text is here **boldly** said [link label](http://x.org/y_(z)).

- The second item has 91.2\% accuracy. Another sentence follows it.

<!-- A comment that nobody sees. -->
```
code block is no prose either
```
| this table | has words |
|---|---|
| in its rows | as well here |
"""
LATEX = r"""\documentclass{article} % a comment
\begin{document}
\section{A heading that is \emph{no sentence}}\label{s}
TideNet \emph{lowers} the error from $0.42$ to 0.27~knots~\cite[p.~3]{tide,other}. % nobody sees this comment
\citet{barley} show that ears can be counted\footnote{This note is a sentence \cite{note}.} on 91.2\% of fields.\cite{quill}

\begin{itemize}[x]
\item The first item is $3\times$ faster for $\alpha$ by M\"uller and Erd\H{o}s.
\end{itemize}
\begin{equation} x = y \text{ which is no prose} \end{equation}
\bibliography{refs, more}
\end{document}
"""


def sentences(text: str) -> list[tuple[int, str, tuple[str, ...]]]:
    return [(s.line, s.text, s.keys) for paragraph in drafts.read(text).paragraphs for s in paragraph]


def test_markdown_is_read_as_sentences_with_their_citations() -> None:
    assert sentences(MARKDOWN) == [
        (6, "TideNet lowers the error from 0.42 to 0.27 knots.", ("tide", "other")),
        (6, "The authors show that ears can be counted.", ("barley",)),
        (7, "It works on windy days.", ("quill",)),
        (9, "Quoted text is here boldly said link label.", ()),
        (11, "The second item has 91.2% accuracy.", ()),
        (11, "Another sentence follows it.", ()),
    ]
    assert drafts.bibliographies(MARKDOWN, "markdown") == ("refs.bib", "more.bib")


def test_latex_is_read_as_sentences_with_their_citations() -> None:
    assert sentences(LATEX) == [
        (4, "TideNet lowers the error from 0.42 to 0.27 knots.", ("tide", "other")),
        (5, "The authors show that ears can be counted on 91.2% of fields.", ("barley", "quill")),
        (5, "This note is a sentence.", ("note",)),
        (8, "The first item is 3× faster for α by Müller and Erdős.", ()),
    ]
    assert drafts.bibliographies(LATEX, "latex") == ("refs.bib", "more.bib")


@pytest.mark.parametrize("broken", ["\\cite{a", "{" * 50_000, "$ a b c", "\\begin{figure} x y z", "[@a; [@b](", "\\"])
def test_broken_markup_is_read_to_its_end(broken: str) -> None:
    for form in ("markdown", "latex"):
        found = drafts.read(f"This is a whole sentence. {broken}", form)  # type: ignore[arg-type]  # from a list of names
        assert found.paragraphs[0][0].text.startswith("This is a whole sentence.")


def test_each_sentence_is_checked_against_what_it_cites(assistant: Assistant, tmp_path: Path) -> None:
    bib = tmp_path / "refs.bib"
    bib.write_text("@misc{tide, title = {{TideNet}: Forecasting Harbour Currents from Buoy Records}}\n")
    draft = (
        "TideNet needs no bathymetry \\cite{tide}. It trains in 90 minutes on a laptop. "
        "Quill releases a lexicon of 1,150 signs \\cite{nobody}. Bass buttons cause most mistakes \\cite{tide}. "
        "Penguins hibernate in volcanoes."
    )
    steps: list[tuple[int, int]] = []
    result = assistant.check_text(draft, bibliography=[bib], step=lambda *step: steps.append(step))
    verdicts = [s.verdict for s in result.sentences]
    assert verdicts == ["supported", "contradicted", "supported", "not here", "not here"]
    first, second, third, fourth, _ = result.sentences
    assert (first.evidence[0].citekey, second.evidence[0].citekey) == ("tide", "tide")
    assert third.unknown == ("nobody",)
    assert "Accordion" in fourth.why, "the paper that says what the cited one does not is named"
    assert steps == [(i, 5) for i in range(5)]
    for sentence in result.sentences:
        for e in sentence.evidence:
            assert assistant.paper(e.paper_id).abstract[e.start : e.end] == e.quote


def test_a_check_can_be_stopped(assistant: Assistant) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        assistant.check_text("TideNet needs no bathymetry.", step=stop)


def test_planted_errors_are_found_and_true_sentences_pass(sample: Assistant) -> None:
    folder = ROOT / "tests" / "drafts"
    errors = {
        "It also consumes 18% less memory.",
        "Its inference is slower than that of vision transformers.",
        "Removing harmful datapoints makes transfer from ImageNet worse for many target tasks.",
        "Projecting TinyImagenet onto the subspace that holds 90% of the pixel variance gives a test accuracy of 55%.",
        "RedCaps gathers 12M pairs of images and texts from Flickr.",
        "Many active learning heuristics turn out to be effective for CNNs in the batch setting.",
        "It scores 41.05% on HRSC.",
        "It runs at 25 FPS.",
        "GOTURN substantially outperforms Deep-LK.",
        "ResNet18 is superior to both spatiospatial models in that study.",
    }
    result = sample.check_text((folder / "review.md").read_text(encoding="utf-8"), bibliography=[folder / "review.bib"])
    flagged = {s.text: s.verdict for s in result.sentences if s.verdict in ("contradicted", "not here")}
    assert len(result.sentences) == 44
    assert errors <= {s.text for s in result.sentences}
    assert len(errors & flagged.keys()) >= 8
    wrongly = {text for text in flagged if text not in errors}
    assert sum(flagged[text] == "contradicted" for text in wrongly) <= 1, wrongly
    assert len(wrongly) <= 2, wrongly


def test_the_annotated_copy_differs_by_comments_alone(assistant: Assistant) -> None:
    markdown = annotated(MARKDOWN, assistant.check_text(MARKDOWN))
    assert "<!-- [assistant] supported; " in markdown
    assert re.sub(r" <!-- \[assistant\] .*? -->", "", markdown) == MARKDOWN
    latex = annotated(LATEX, assistant.check_text(LATEX))
    assert latex.count("% [assistant] ") == 4
    assert [s.text for p in drafts.read(latex).paragraphs for s in p] == [text for _, text, _ in sentences(LATEX)]


def test_the_command_reads_the_bibliography_and_writes_the_copy(library_home: Path, tmp_path: Path) -> None:
    draft, out = tmp_path / "draft.md", tmp_path / "out.md"
    draft.write_text("---\nbibliography: refs.bib\n---\nTideNet needs no bathymetry [@tide].\n")
    (tmp_path / "refs.bib").write_text("@misc{tide, title={TideNet: Forecasting Harbour Currents from Buoy Records}}")
    arguments = ["check", "--draft", str(draft), "--out", str(out), "--home", str(library_home)]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "supported" in result.stdout
    assert "tide" in result.stdout
    assert "[@tide]. <!-- [assistant] supported; tide: “" in out.read_text(encoding="utf-8")


def test_a_draft_that_cannot_be_checked_is_one_line(assistant: Assistant, library_home: Path, tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="no sentence to check"):
        assistant.check_text("# Only a heading\n")
    with pytest.raises(DocumentError, match=r"nowhere\.bib"):
        assistant.check_text("A whole sentence is here.", bibliography=[tmp_path / "nowhere.bib"])
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00a")
    for path in ("missing.md", "binary.md"):
        result = CliRunner().invoke(app, ["check", "--draft", str(tmp_path / path), "--home", str(library_home)])
        assert isinstance(result.exception, DocumentError)
        assert path in str(result.exception)
