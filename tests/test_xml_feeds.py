"""RSS and Atom: what is read from the feeds of archives and journals. Titles and abstracts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from xml_files import RSS1, RSS2, failures, items, paper

from assistant.types import Notice, Paper


@pytest.mark.parametrize(
    ("creators", "expected"),
    [
        ("<dc:creator>Doe, J., Roe-Lee, R. B.</dc:creator>", ("J. Doe", "R. B. Roe-Lee")),
        ("<dc:creator>Ann Wind</dc:creator><dc:creator>Breeze, Bo</dc:creator>", ("Ann Wind", "Bo Breeze")),
        ("<dc:creator>Ann Wind, \nBo Breeze, \nCy Gust</dc:creator>", ("Ann Wind", "Bo Breeze", "Cy Gust")),
        ("<dc:creator>A. Wind and B. Breeze</dc:creator>", ("A. Wind", "B. Breeze")),
        ("<author>ann@x.org (Ann Wind)</author>", ("Ann Wind",)),
    ],
)
def test_authors_in_feeds(tmp_path: Path, creators: str, expected: tuple[str, ...]) -> None:
    item = f"<item><title>Kites</title><description>They fly.</description>{creators}</item>"
    assert paper(tmp_path, RSS2 + item + "</channel></rss>").authors == expected


@pytest.mark.parametrize(
    ("fields", "abstract"),
    [
        (  # PubMed
            "<description>GOAL: To pl...</description><content:encoded><![CDATA[<div><p>Ann Toy. 2024. doi: 10.1097/T.1. Online.</p>"
            "<p><b>ABSTRACT</b></p><p>GOAL: To play.</p><p>RESULTS: 9 toys.</p><p>PMID:<a href='x'>38</a> | DOI:10.1097/T.1</p>"
            "</div>]]></content:encoded>",
            "GOAL: To play. RESULTS: 9 toys.",
        ),
        (  # Nature
            "<content:encoded><![CDATA[<p>Nature, Published online: 08 May 2024; <a href='x'>doi:10.1038/s1</a></p>Kites rise."
            "]]></content:encoded>",
            "Kites rise.",
        ),
        (  # Wiley
            "<description>Ecology, Volume 105, Issue 12, December 2024. </description>"
            "<content:encoded>&lt;h2&gt;Abstract&lt;/h2&gt;&lt;p&gt;Frogs jump 2 m.&lt;/p&gt;</content:encoded>",
            "Frogs jump 2 m.",
        ),
        (  # American Physical Society
            "<description>Author(s): A. Quark and B. Lepton&lt;br/&gt;&lt;p&gt;Quarks toy.&lt;br/&gt;[Phys. Rev. Lett. 1, 2] "
            "Published Tue May 07, 2024&lt;/p&gt;</description>",
            "Quarks toy.",
        ),
        (
            "<description>Journal of Toys, Ahead of Print. &lt;br/&gt;Toys, 2 of 3.</description>",
            "Toys, 2 of 3.",
        ),  # SAGE
        (  # MDPI
            "<content:encoded><![CDATA[<p><b>Toys, Vol. 16, Pages 12: A title</b></p><p>Toys <a>doi: 10.3390/t16</a></p>"
            "<p>Authors:\n Ann Toy\n Bo Play</p><p>Soup is warm.</p>]]></content:encoded>",
            "Soup is warm.",
        ),
    ],
)
def test_abstracts_in_journals_feeds(tmp_path: Path, fields: str, abstract: str) -> None:
    text = RSS1 + f'<item rdf:about="https://x.org/1"><title>A title</title>{fields}</item></rdf:RDF>'
    assert paper(tmp_path, text).abstract == abstract


@pytest.mark.parametrize(
    "description",
    [
        "<![CDATA[<p>Publication date: June 2024</p><p><b>Source:</b> Cell, Volume 5</p><p>Author(s): A. One</p>]]>",
        "Ecology, Volume 105, Issue 12, Page 1-2, December 2024. ",
        "<![CDATA[<p><img src='x' /></p><div><cite>Toy Chem.</cite></div><div>DOI: 10.1021/toy.4</div>]]>",
        "Volume 12, Issue 3, June 2024, Page 1-20&lt;br/&gt;. &lt;br/&gt;",
    ],
)
def test_a_citation_is_no_abstract(tmp_path: Path, description: str) -> None:
    text = RSS2 + f"<item><title>Kites</title><description>{description}</description></item></channel></rss>"
    assert failures(items(tmp_path, text)) == [(1, "item 1: no abstract")]


def test_identifiers_in_feeds(tmp_path: Path) -> None:
    text = (
        f'{RSS1}<item rdf:about="http://biorxiv.org/cgi/content/short/2024.05.07.59v2?rss=1"><title>Worms</title><link>'
        "http://biorxiv.org/cgi/content/short/2024.05.07.59v2?rss=1</link><description>Worms crawl.</description>"
        "<dc:date>2024-05-07</dc:date><dc:identifier>doi:10.1101/2024.05.07.59</dc:identifier><dc:identifier>pmid:12"
        "</dc:identifier><prism:publicationName>Toy J</prism:publicationName></item></rdf:RDF>"
    )
    found = paper(tmp_path, text)
    assert (found.doi, found.pmid, found.version) == ("10.1101/2024.05.07.59", "12", 2)
    assert (found.date, found.venue) == ("2024-05-07", "Toy J")


def test_the_answer_of_arxivs_api(tmp_path: Path) -> None:
    arxiv = 'xmlns:arxiv="http://arxiv.org/schemas/atom"'
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">'
        "45</opensearch:totalResults><entry><id>http://arxiv.org/abs/cond-mat/0207270v3</id><published>2002-07-10T00:00:00Z"
        "</published><title>Toy\n lattices</title><summary>We see $p &lt; 0.1$.</summary><author><name>Ann Grid</name></author>"
        f"<arxiv:doi {arxiv}>10.1103/P.66</arxiv:doi><arxiv:journal_ref {arxiv}>Phys. Rev. B 66, 1</arxiv:journal_ref>"
        '<link href="http://arxiv.org/pdf/cond-mat/0207270v3" rel="related" type="application/pdf"/>'
        '<link href="http://arxiv.org/abs/cond-mat/0207270v3" rel="alternate"/>'
        f'<arxiv:primary_category {arxiv} term="b"/><category term="a"/><category term="b"/></entry></feed>'
    )
    found, notice = items(tmp_path, text)
    assert isinstance(found, Paper)
    assert (found.paper_id, found.version, found.categories) == ("arxiv:cond-mat/0207270", 3, ("b", "a"))
    assert (found.doi, found.venue) == ("10.1103/P.66", "Phys. Rev. B 66, 1")
    assert (found.url, found.abstract) == ("http://arxiv.org/abs/cond-mat/0207270v3", "We see $p < 0.1$.")
    assert isinstance(notice, Notice)
    assert "45" in notice.text
