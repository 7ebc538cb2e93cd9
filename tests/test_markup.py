"""Clean text: markup of every kind becomes plain, and what only looks like markup survives. All texts are invented."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.documents.markup import plain_abstract, plain_text


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("NH<sub>4</sub><sup>+</sup>, CD4<sup>+</sup>, <i>p53</i><sup>-/-</sup>", "NH4+, CD4+, p53-/-"),
        ("<p>First.</p><p>Second <i>E. coli</i>.</p>", "First. Second E. coli."),
        ("One<br/>two <a href='http://x.y'>link</a><img src=x> <span class=\"a\">s</span>", "One two link s"),
        ("<![CDATA[We <b>do</b> it]]> <!-- not shown --> now", "We do it now"),
        ("<jats:title>Abstract</jats:title><jats:p>We <jats:italic>x</jats:italic>.</jats:p>", "We x."),
        (
            "<jats:sec><jats:title>Background</jats:title><jats:p>We x.</jats:p></jats:sec>"
            "<jats:sec><jats:title>Methods:</jats:title><jats:p>Y.</jats:p></jats:sec>",
            "Background: We x. Methods: Y.",
        ),
        ("<h4>Aim</h4><p>To see.</p><p><strong>Methods</strong></p><p>We ran.</p>", "Aim: To see. Methods: We ran."),
        (
            '<AbstractText Label="AIM">To x.</AbstractText><AbstractText Label="END">Y.</AbstractText>',
            "AIM: To x. END: Y.",
        ),
        ("<Emphasis Type='Italic'>E. coli</Emphasis> in CO<Subscript>2</Subscript>", "E. coli in CO2"),
        ("<ce:italic>x</ce:italic> and H<inf>2</inf>O", "x and H2O"),
        ("Al<sub>2</sub>O<sub>3</sub> at 10<sup>−3</sup> W cm<sup>-2</sup>", "Al2O3 at 10^−3 W cm^-2"),
        ("Ca<sup>2+</sup>, SO<sub>4</sub><sup>2-</sup>, <sup>14</sup>C", "Ca2+, SO4^2-, 14C"),
        ("the 1<sup>st</sup> R<sup>2</sup>, e<sup>x + 1</sup>, T<sub>max</sub>", "the 1st R^2, e^(x + 1), Tmax"),
        ("It was treated.<sup>1,2</sup> Then 10<sub>2</sub>", "It was treated. Then 10_2"),
        ("&lt;i&gt;E. coli&lt;/i&gt; R&amp;D &#8722;3 a&nbsp;b 5 &lt; 6", "E. coli R&D −3 a b 5 < 6"),
        ("&amp;lt;i&amp;gt;E. coli&amp;lt;/i&amp;gt; &amp;amp; p &amp;lt; 0.05", "E. coli & p < 0.05"),
        (r"{\textless}i{\textgreater}E{\textless}/i{\textgreater} {\textpm}2{\textdegree}C", "E ±2°C"),
        (r"\textpm2\textdegree{}C and 4~\textmu m", "±2°C and 4 µm"),
        (r"We \textit{sort} \emph{spoons \textbf{well}}, {\it very} well", "We sort spoons well, very well"),
        (r"cm\textsuperscript{3} of H\textsubscript{2}O", "cm^3 of H2O"),
        (r"\ensuremath{\alpha}-helix, 10\ensuremath{^{-3}}, \ensuremath{<}5", "α-helix, 10^-3, <5"),
        (r"as shown~\cite{a,b}, and by \citet[p.~2]{x}.", "as shown, and by."),
        (r"Fr\'echet, G\"odel, {\v{c}}, \o{}x, 5\% \& 6\,K, i.\,e.\ so", "Fréchet, Gödel, č, øx, 5% & 6 K, i. e. so"),
        (r"Fig.~1 of Smith~et al. ``so'' 5--10\%", "Fig. 1 of Smith et al. “so” 5–10%"),
        (r"see \href{http://x.y}{this} and \url{http://x.y/~z}", "see this and http://x.y/~z"),
        (
            "ef\ufb01cient micro\u00adscope, co\u2010op, zero\u200bwidth, a\u00a0b",
            "efficient microscope, co-op, zerowidth, a b",
        ),
        (
            "many to- kens, co-\noperation, long-\nterm, state- of-the-art",
            "many tokens, cooperation, long-term, state-of-the-art",
        ),
    ],
)
def test_markup_becomes_plain(marked: str, plain: str) -> None:
    assert plain_text(marked) == plain


@pytest.mark.parametrize(
    "text",
    [
        "a<b and c>d, x<y and p < 0.05, r>0.9",
        "List<String>, Map<K, V>, Set<B>, vector<int>",
        "the <s> token, <EOS>, <mask>, [CLS] and <label>",
        "Write to <ann@fork.org> or a@b.org",
        "AT&T; R&D, ?a=1&copy=2, &notes;",
        "Sorting <Spoons>",
        r"We sort {and} [well] \ so, the set {x} and {1, 2}",
        r"$\alpha_{\text{x}} < \beta$ and $O(n^{2})$, \(x_1\) costs $5 and $10",
        "X~N(0,1), y~x, ~5%, 5~10, http://a.b/~me, -- and --verbose",
        "short- and long-term, pre- or post-test, high- frequency",
        "−3 °C, 10⁻³, CO₂, β-cell, naïve",
        r"C:\temp\new and \method",
    ],
)
def test_what_only_looks_like_markup_stays(text: str) -> None:
    assert plain_abstract(text) == text


def test_escaped_quotes_are_no_accents() -> None:
    assert plain_text(r"They don\'t use the \"best\" one") == 'They don\'t use the "best" one'


TEX = r"\documentclass[12pt]{minimal} \usepackage{amsmath} \begin{document}$$x^2$$\end{document}"


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        (
            "<jats:inline-formula><jats:alternatives><jats:tex-math>" + TEX + "</jats:tex-math><mml:math><mml:msup>"
            "<mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math></jats:alternatives></jats:inline-formula> rises",
            "$x^2$ rises",
        ),
        (
            "at <math><semantics><mi>α</mi><annotation encoding='application/x-tex'>\\alpha</annotation></semantics></math>.",
            r"at $\alpha$.",
        ),
        ("<math alttext='x_1'><msub><mi>x</mi><mn>1</mn></msub></math>", "$x_1$"),
        ("<math><msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup></math> W", "10^−3 W"),
        ("<mml:math><mml:mi>p</mml:mi><mml:mo>&lt;</mml:mo><mml:mn>0.05</mml:mn></mml:math>", "p<0.05"),
        ("<math><mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac></math>", "a/(b+1)"),
        ("<math><msqrt><mi>n</mi></msqrt></math> steps", "√n steps"),
    ],
)
def test_formulas_stay_readable(marked: str, plain: str) -> None:
    assert plain_text(marked) == plain


@pytest.mark.parametrize(
    "notice",
    [
        "© 2020 Toy Press Ltd. All rights reserved.",
        "© 2019 The Authors. Published by Toy House Inc.",
        "Copyright (c) 2020 Roe et al. This is an open access article under the CC BY license (http://x.org/by/4.0/).",
        "Copyright © 2021 Roe & Sons, Ltd.",
        "(C) 2001 Elsevier Science B.V. All rights reserved.",
        "Published by Elsevier Inc.",
        "© 2020 by the authors. Licensee MDPI, Basel, Switzerland.",
        "[Published online 3 May 2020]",
        "This is an open access article under the CC BY license.",
        "This article is protected by copyright. All rights reserved.",
        "(PsycInfo Database Record (c) 2022 APA, all rights reserved)",
        "© The Author(s) 2020. Published by Oxford University Press on behalf of the Toy Society.",
        "Springer Nature or its licensor holds exclusive rights to this article under a publishing agreement.",
        "Copyright of Journal of Toys is the property of Toy Ltd and its content may not be copied without permission. "
        "However, users may print, download, or email articles for individual use. This abstract may be abridged.",
    ],
)
@pytest.mark.parametrize("text", ["Beets lost 4% of their weight.", "Aim: Beets. Results: 4 of them were lost."])
def test_publishers_notices_are_cut_off(text: str, notice: str) -> None:
    assert plain_abstract(f"{text} {notice}") == text
    assert plain_abstract(text + notice) == text
    assert plain_abstract(f"{text[:-1]}. <p>{notice}</p>") == text


@pytest.mark.parametrize(
    "notice",
    ["© 2020 Toy Press Ltd. All rights reserved.", "Copyright (c) 2019 Roe.", "Crown Copyright © 2020.",
     "Copyright 2014 S. Karger AG, Basel.", "© 2024. The Author(s), under exclusive licence to Toy Nature Limited.",
     "© 2019 Toy Periodicals, Inc. J Beet Biol 33:1–9, 2019.", "PsycINFO Database Record (c) 2016 APA, all rights reserved.",
     "© Author(s) (or their employer(s)) 2019. Re-use permitted under CC BY-NC. No commercial re-use. See rights and "
     "permissions. Published by BMJ.",
     "Published 2020. This article is a U.S. Government work and is in the public domain in the USA."],
)  # fmt: skip
def test_notices_at_the_beginning(notice: str) -> None:
    assert plain_abstract(f"{notice} Background: We lost 4% of 2019 beets.") == "Background: We lost 4% of 2019 beets."


@pytest.mark.parametrize(
    "text",
    [
        "We study copyright law in 12 countries.",
        "Copyright 2020 reforms changed how libraries lend.",
        "This article is about open access.",
        "University presses closed in 2019.",
        "The data set is released under a CC BY license.",
        "All rights reserved clauses are common.",
        "Licensee fees rose by 3%.",
        "Published by the ministry in 2019, the guideline cut deaths by 3%.",
        "It ends. Published studies show 3 effects.",
        "We list (a) boats. (b) yaks. (c) Zebras win.",
        "What is already known: 3 things.",
        "We used Tool © 2020 Maker for all analyses.",
        "It rose. © 2020 Toy Press. Methods: we studied 3 toys and found 4 more of them in the cellar.",
        "Abstract Meaning Representation parses 3% of it.",
        "Abstract reasoning is hard.",
        "Summary statistics rise.",
        "Available online tools help 3 of 4 readers.",
    ],
)
def test_sentences_about_rights_stay(text: str) -> None:
    assert plain_abstract(text) == text


@pytest.mark.parametrize(
    "head",
    ["Abstract: ", "ABSTRACT ", "Abstract. ", "Abstract—", "Abstract ", "Summary: ", "SUMMARY\n", "<b>Abstract</b><br>",
     "[Abstract] ", "**Abstract:** ", "**Abstract**. ", "A B S T R A C T ", "\\begin{abstract} ",
     "arXiv:2401.00001v1 Announce Type: new \nAbstract: "],
)  # fmt: skip
def test_heads_are_cut_off(head: str) -> None:
    assert plain_abstract(head + "We lost 4% of the beets.") == "We lost 4% of the beets."


_PIECES = st.lists(
    st.sampled_from(
        "< > </ /> <i> </i> <sup> </sup> <sub> </sub> <p> </p> <b> </b> <jats:title> </jats:title> <math> </math> <mi> "
        "</mi> & &amp; lt; gt; &lt; amp; \\ \\emph{ { } \\textless \\textit \\cite{a} \\% ~ -- `` '' $ x 2 α Abstract: "
        "© (c) 2020 Elsevier. All rights reserved. Published by Copyright to- kens - ﬁ \u00ad \u200b . ( ) ^ _".split(
            " "
        )
    )
    | st.just(" ")
    | st.text(max_size=3),
    max_size=30,
).map("".join)


@settings(max_examples=600, deadline=None)
@given(text=_PIECES)
@example(text="<<<i>i>i>x")
@example(text="&amp;" * 20 + "lt;i&gt;")
def test_plain_text_is_plain(text: str) -> None:
    for plain in (plain_text, plain_abstract):
        once = plain(text)
        assert plain(once) == once


@pytest.mark.parametrize(
    "piece",
    ["<", "<a ", "<!--", "<sup>x", "<title>", "<b> ", "<math>", "&amp;", "\\", "\\textbf{", "{\\it ", "$x", "~", "``a",
     "a- b ", "© 2020 ", "All rights reserved. ", "\u00ad", "<p a='", "&lt;i&gt;"],
)  # fmt: skip
def test_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        plain_abstract(piece * (count // len(piece)))
        return time.process_time() - start

    assert seconds(300_000) < 30 * seconds(30_000) + 1
