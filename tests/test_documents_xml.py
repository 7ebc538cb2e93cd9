"""XML: what is read from each vocabulary, and what damage costs. Titles and abstracts are invented."""

from __future__ import annotations

import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.documents import read
from assistant.types import Failure, Item, Notice, Paper

DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
CONTENT = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
PRISM = 'xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"'
RSS1 = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" {DC} {CONTENT} {PRISM}>'
RSS2 = f'<rss version="2.0" {DC} {CONTENT} {PRISM}><channel><title>t</title>'


def items(folder: Path, text: str | bytes, name: str = "a.xml") -> list[Item]:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read([path]))


def paper(folder: Path, text: str | bytes) -> Paper:
    (found,) = items(folder, text)
    assert isinstance(found, Paper), found
    return found


def titles(found: list[Item]) -> list[str]:
    return [item.title for item in found if isinstance(item, Paper)]


def failures(found: list[Item]) -> list[tuple[int | None, str]]:
    return [(item.line, item.error) for item in found if isinstance(item, Failure)]


def notices(found: list[Item]) -> list[str]:
    return [item.text for item in found if isinstance(item, Notice)]


def pubmed(citation: str, data: str = "") -> str:
    return (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/x.dtd">\n'
        f"<PubmedArticleSet><PubmedArticle><MedlineCitation>{citation}</MedlineCitation>{data}</PubmedArticle>"
        "<DeleteCitation><PMID>9</PMID></DeleteCitation></PubmedArticleSet>\n"
    )


def article(title: str, date: str = "", more: str = "") -> str:
    return (
        f"<PMID>7</PMID><Article><Journal><Title>Toy J</Title><JournalIssue><PubDate>{date}</PubDate></JournalIssue>"
        f"</Journal><ArticleTitle>{title}</ArticleTitle><Abstract><AbstractText>Kites fly.</AbstractText></Abstract>{more}"
        "</Article>"
    )


def test_pubmed(tmp_path: Path) -> None:
    authors = (
        "<AuthorList><Author><LastName>Wind</LastName><ForeName>Ada B</ForeName><Initials>AB</Initials><Suffix>Jr</Suffix>"
        "</Author><Author><CollectiveName>Kite Group</CollectiveName></Author></AuthorList><Language>fre</Language>"
    )
    data = (
        '<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/kite</ArticleId></ArticleIdList><ReferenceList>'
        '<Reference><ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId></ArticleIdList></Reference>'
        "</ReferenceList></PubmedData>"
    )
    words = "<KeywordList><Keyword>kites</Keyword></KeywordList><MeshHeadingList><MeshHeading>Air</MeshHeading></MeshHeadingList>"
    found = paper(tmp_path, pubmed(article("Kites <i>in vivo</i>.", "<Year>2019</Year>", authors) + words, data))
    assert (found.title, found.authors) == ("Kites in vivo.", ("Ada B Wind Jr", "Kite Group"))
    assert (found.pmid, found.doi, found.venue, found.language) == ("7", "10.1000/kite", "Toy J", "fre")
    assert (found.keywords, found.url) == (("kites",), "https://pubmed.ncbi.nlm.nih.gov/7/")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("<Year>2014</Year><Month>05</Month><Day>3</Day>", "2014-05-03"),
        ("<Year>2014</Year><Month>Nov</Month>", "2014-11"),
        ("<Year>2014</Year><Season>Spring</Season>", "2014"),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "1998-12"),
        ("<MedlineDate>Winter 1998</MedlineDate>", "1998"),
        ("", None),
    ],
)
def test_dates_of_pubmed(tmp_path: Path, date: str, expected: str | None) -> None:
    assert paper(tmp_path, pubmed(article("Kites", date))).date == expected


@pytest.mark.parametrize(
    ("more", "after", "expected"),
    [
        (
            "<PublicationTypeList><PublicationType>Retracted Publication</PublicationType></PublicationTypeList>",
            "",
            "retracted",
        ),
        (
            "<PublicationTypeList><PublicationType>Retraction Notice</PublicationType></PublicationTypeList>",
            "",
            "retraction notice",
        ),
        ("", "RetractionIn", "retracted"),
        ("", "ExpressionOfConcernIn", "concern"),
        ("", "ErratumIn", "corrected"),
        ("", "CommentIn", None),
    ],
)
def test_retractions_of_pubmed(tmp_path: Path, more: str, after: str, expected: str | None) -> None:
    listed = (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{after}"/></CommentsCorrectionsList>' if after else ""
    )
    assert paper(tmp_path, pubmed(article("Kites", "", more) + listed)).editorial_status == expected


def test_abstracts_of_pubmed(tmp_path: Path) -> None:
    sections = (
        '<PMID>1</PMID><Article><ArticleTitle>A b</ArticleTitle><Abstract><AbstractText Label="UNLABELLED">One.</AbstractText>'
        '<AbstractText Label="METHODS">METHODS: Two.</AbstractText><AbstractText Label="RESULTS">Three.</AbstractText>'
        "<CopyrightInformation>(c) X</CopyrightInformation></Abstract></Article>"
    )
    other = '<PMID>1</PMID><Article><ArticleTitle>A b</ArticleTitle></Article><OtherAbstract Language="{}"><AbstractText>{}</AbstractText></OtherAbstract>'
    assert paper(tmp_path, pubmed(sections)).abstract == "One. METHODS: Two. RESULTS: Three."
    assert paper(tmp_path, pubmed(other.format("spa", "Hola."))).abstract == "Hola."
    (failure,) = failures(items(tmp_path, pubmed("<PMID>1</PMID><Article><ArticleTitle>A b</ArticleTitle></Article>")))
    assert failure == (3, "PubmedArticle 1: no abstract")


def test_answers_saved_one_after_another(tmp_path: Path) -> None:
    assert titles(items(tmp_path, pubmed(article("One")) + pubmed(article("Two")))) == ["One", "Two"]


def test_a_book_of_pubmed(tmp_path: Path) -> None:
    text = (
        "<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>5</PMID><ArticleTitle>Toy gene</ArticleTitle><Book>"
        "<BookTitle>ToyReviews</BookTitle><PubDate><Year>1993</Year></PubDate></Book><AuthorList Type='authors'><Author>"
        "<LastName>Gene</LastName><ForeName>Al</ForeName></Author></AuthorList><Abstract><AbstractText>It toys.</AbstractText>"
        "</Abstract></BookDocument></PubmedBookArticle></PubmedArticleSet>"
    )
    found = paper(tmp_path, text)
    assert (found.title, found.venue, found.authors, found.year) == ("Toy gene", "ToyReviews", ("Al Gene",), 1993)


def test_endnote_of_zotero(tmp_path: Path) -> None:
    text = (
        '<xml><records><record><source-app name="Zotero">Zotero</source-app><ref-type name="Conference Proceedings">10</ref-type>'
        "<contributors><authors><author>King, Martin Luther, Jr</author><author>Kite Organization,</author></authors>"
        "</contributors><titles><title>Kites</title><secondary-title>Proc Kites</secondary-title></titles><keywords><keyword>a, b"
        "</keyword><keyword>c\nd</keyword></keywords><dates><year>2020</year><pub-dates><date>May 7</date></pub-dates></dates>"
        "<electronic-resource-num>10.1000/K.1</electronic-resource-num><abstract>We fly.&#xD;It works.</abstract><urls>"
        "<related-urls><url>https://kites.example/1</url></related-urls></urls><language>en</language></record></records></xml>"
    )
    found = paper(tmp_path, text)
    assert (found.authors, found.venue) == (("Martin Luther King Jr", "Kite Organization"), "Proc Kites")
    assert (found.date, found.doi, found.url) == ("2020-05-07", "10.1000/K.1", "https://kites.example/1")
    assert (found.keywords, found.abstract) == (("a, b", "c", "d"), "We fly. It works.")
    assert found.publication_type == "Conference Proceedings"


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


OAI = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRecords>{}</ListRecords></OAI-PMH>'


def test_a_harvest(tmp_path: Path) -> None:
    raw = (
        '<record><header/><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>0804.2273</id><version version="v1"><date>'
        'Mon, 14 Apr 2008 20:12:39 GMT</date></version><version version="v2"><date>Fri, 6 Jun 2008 20:12:39 GMT</date></version>'
        "<title>Raw toys</title><authors>T. E. Vary (MIT), C. Dose and\n K. Last</authors><categories>astro-ph cs.LG</categories>"
        "<abstract>Raw.</abstract></arXivRaw></metadata></record>"
    )
    core = (
        '<record><header/><metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f"{DC}><dc:title>Core</dc:title><dc:creator>Toy, C.</dc:creator><dc:description>Core abstract.</dc:description>"
        "<dc:description>Comment: 12 pages, and longer than the abstract</dc:description><dc:date>2008-04-15</dc:date>"
        "<dc:identifier>http://arxiv.org/abs/0804.0001</dc:identifier><dc:identifier>doi:10.1103/P.7</dc:identifier>"
        "</oai_dc:dc></metadata></record>"
    )
    deleted = '<record><header status="deleted"><identifier>oai:arXiv.org:1</identifier></header></record>'
    more = '<resumptionToken cursor="0" completeListSize="4321">abc|3</resumptionToken>'
    first, second, notice = items(tmp_path, OAI.format(deleted + raw + core + more))
    assert isinstance(first, Paper)
    assert (first.paper_id, first.version, first.date) == ("arxiv:0804.2273", 2, "2008-04-14")
    assert (first.authors, first.categories) == (("T. E. Vary", "C. Dose", "K. Last"), ("astro-ph", "cs.LG"))
    assert isinstance(second, Paper)
    assert (second.paper_id, second.abstract, second.doi) == ("arxiv:0804.0001", "Core abstract.", "10.1103/P.7")
    assert isinstance(notice, Notice)
    assert "3 of 4321 records" in notice.text


def test_a_harvest_of_other_formats(tmp_path: Path) -> None:
    marc = (
        '<record><header/><metadata><record xmlns="http://www.loc.gov/MARC21/slim"><datafield tag="100"><subfield code="a">Toy, Ann,'
        '</subfield></datafield><datafield tag="245"><subfield code="a">Toys :</subfield><subfield code="b">a history /</subfield>'
        '</datafield><datafield tag="520"><subfield code="a">Of 9 toys.</subfield></datafield></record></metadata></record>'
    )
    found = paper(tmp_path, OAI.format(marc))
    assert (found.title, found.abstract, found.authors) == ("Toys: a history", "Of 9 toys.", ("Ann Toy",))


def test_errors_of_services(tmp_path: Path) -> None:
    text = '<OAI-PMH><error code="noRecordsMatch">The combination gives an empty list</error></OAI-PMH>'
    ((line, reason),) = failures(items(tmp_path, text))
    assert (line, "The combination gives an empty list" in reason) == (1, True)


def test_jats(tmp_path: Path) -> None:
    text = (
        '<!DOCTYPE article PUBLIC "-//NLM//DTD" "x.dtd"><article article-type="research-article" xml:lang="en"><front><journal-meta>'
        "<journal-title-group><journal-title>Toy ONE</journal-title></journal-title-group></journal-meta><article-meta>"
        '<article-id pub-id-type="doi">10.1371/toy</article-id><title-group><article-title>Ants in <italic>silico</italic><xref>*'
        "</xref></article-title></title-group><contrib-group><contrib contrib-type='author'><name><surname>Ant</surname>"
        "<given-names>Ann B.</given-names></name></contrib><contrib contrib-type='editor'><name><surname>Ed</surname></name>"
        "</contrib></contrib-group><pub-date pub-type='ppub'><year>2013</year></pub-date><pub-date pub-type='epub'><day>5</day>"
        "<month>11</month><year>2012</year></pub-date><related-article related-article-type='retraction-forward'/><abstract "
        "abstract-type='teaser'><p>Wow.</p></abstract><abstract><title>Abstract</title><sec><title>Background</title><p>Ants walk."
        "</p></sec><sec><title>Results:</title><p>Far.</p><p>Twice.</p></sec></abstract></article-meta></front>"
        "<body><sec><title>Intro</title><p>Long.</p></sec></body></article>"
    )
    found = paper(tmp_path, text)
    assert (found.title, found.abstract) == ("Ants in silico", "Background: Ants walk. Results: Far. Twice.")
    assert (found.authors, found.date, found.venue) == (("Ann B. Ant",), "2012-11-05", "Toy ONE")
    assert (found.editorial_status, found.language) == ("retracted", "en")


MODS = (
    '<modsCollection xmlns="http://www.loc.gov/mods/v3"><mods ID="ant2013"><titleInfo><nonSort>The</nonSort><title>ants</title>'
    "</titleInfo><name><namePart type='family'>Ant</namePart><namePart type='given'>Ann</namePart><role><roleTerm>aut</roleTerm>"
    "</role></name><abstract>They walk.</abstract><relatedItem type='host'><titleInfo><title>Toy J</title></titleInfo></relatedItem>"
    "<originInfo><dateIssued>2013-05</dateIssued></originInfo><identifier type='doi'>10.1000/toy</identifier></mods></modsCollection>"
)
CROSSREF = (
    "<doi_records><doi_record><crossref><journal><journal_metadata><full_title>Toy J</full_title></journal_metadata><journal_article>"
    "<titles><title>The ants</title></titles><contributors><person_name contributor_role='author'><given_name>Ann</given_name>"
    "<surname>Ant</surname></person_name></contributors><jats:abstract><jats:title>Abstract</jats:title><jats:p>They walk.</jats:p>"
    "</jats:abstract><publication_date><month>05</month><year>2013</year></publication_date><doi_data><doi>10.1000/toy</doi>"
    "</doi_data></journal_article></journal></crossref></doi_record></doi_records>"
)
EUROPE_PMC = (
    "<responseWrapper><resultList><result><title>The ants</title><authorList><author><firstName>Ann</firstName><lastName>Ant</lastName>"
    "</author></authorList><journalInfo><journal><title>Toy J</title></journal></journalInfo><firstPublicationDate>2013-05"
    "</firstPublicationDate><abstractText>They walk.</abstractText><doi>10.1000/toy</doi></result></resultList></responseWrapper>"
)
ZOTERO = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#" '
    'xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    f'{DC}><bib:Article rdf:about="#1"><z:itemType>journalArticle</z:itemType><dcterms:isPartOf><bib:Journal><dc:title>Toy J'
    "</dc:title><dc:identifier>DOI 10.1000/toy</dc:identifier></bib:Journal></dcterms:isPartOf><bib:authors><rdf:Seq><rdf:li>"
    "<foaf:Person><foaf:surname>Ant</foaf:surname><foaf:givenName>Ann</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>"
    "<dc:title>The ants</dc:title><dcterms:abstract>They walk.</dcterms:abstract><dc:date>2013-05</dc:date></bib:Article>"
    '<rdf:Description rdf:about="#2"><z:itemType>attachment</z:itemType></rdf:Description></rdf:RDF>'
)
TEI = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>The ants</title></titleStmt><sourceDesc>'
    "<biblStruct><analytic><author><persName><forename>Ann</forename><surname>Ant</surname></persName></author></analytic><monogr>"
    "<title level='j'>Toy J</title><imprint><date when='2013-05'/></imprint></monogr><idno type='DOI'>10.1000/toy</idno></biblStruct>"
    "</sourceDesc></fileDesc><profileDesc><abstract><div><p>They walk.</p></div></abstract></profileDesc></teiHeader></TEI>"
)
IEEE = (
    "<articles><article><title>The ants</title><authors><author><full_name>Ann Ant</full_name><affiliation>x</affiliation></author>"
    "</authors><abstract>They walk.</abstract><publication_title>Toy J</publication_title><doi>10.1000/toy</doi>"
    "<publication_date>May 2013</publication_date></article></articles>"
)


@pytest.mark.parametrize("text", [MODS, CROSSREF, EUROPE_PMC, ZOTERO, TEI, IEEE])
def test_other_vocabularies(tmp_path: Path, text: str) -> None:
    found = paper(tmp_path, text)
    assert (found.title, found.abstract, found.authors) == ("The ants", "They walk.", ("Ann Ant",))
    assert (found.venue, found.doi, found.date) == ("Toy J", "10.1000/toy", "2013-05")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('<?xml version="1.0"?><!DOCTYPE dblp SYSTEM "d"><dblp><article><title>T.</title></article></dblp>', "DBLP"),
        ("<opml><body/></opml>", "OPML"),
        ('<?xml version="1.0"?><html><body/></html>', "web pages"),
        ('<?xml version="1.0"?><b:Sources><b:Source/></b:Sources>', "<b:Sources> is not read"),
        ("<PubmedArticleSet></PubmedArticleSet>", "no article"),
        ("<feed>" + "<x>" * 200, "levels deep"),
    ],
)
def test_other_xml_is_refused_in_one_line(tmp_path: Path, text: str, reason: str) -> None:
    ((_, error),) = failures(items(tmp_path, text))
    assert reason in error


FEED = "<feed><entry><title>Café toys</title><summary>Naïve – toys.</summary></entry></feed>"


@pytest.mark.parametrize(
    ("declared", "actual"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("UTF-8", "cp1252"),
        ("ISO-8859-1", "cp1252"),
        ("ISO-8859-1", "utf-8"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-8"),
        ("klingon", "utf-8"),
    ],
)
def test_encodings(tmp_path: Path, declared: str, actual: str) -> None:
    found = paper(tmp_path, f'<?xml version="1.0" encoding="{declared}"?>{FEED}'.encode(actual))
    assert (found.title, found.abstract) == ("Café toys", "Naïve – toys.")


def test_an_encoding_of_another_script(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="GB2312"?><feed><entry><title>玩具的研究</title><summary>九个玩具。</summary></entry></feed>'
    assert paper(tmp_path, text.encode("gb2312")).title == "玩具的研究"


GOOD = "<item><title>{0}</title><description>It is {0}.</description></item>\n"


@pytest.mark.parametrize(
    ("damaged", "kept"),
    [
        (
            "<item><title>R&D, caf&eacute;</title><description>p < 0.05 & a&nbsp;line<br>break\x0b</description></item>\n",
            True,
        ),
        ("<item><title>Undeclared</title><description>Fine.</description><foo:bar>x</foo:bar></item>\n", True),
        ("<item><title>Bad</title><description><b>nesting</i></description></item>\n", False),
        ("<item><title>No end</title><description>It is lost.</description>\n", False),
        ("<item <title>Bad</title></item>\n", False),
        ("<item><title>Too long</title><description>" + "x" * 10_000_001 + "</description></item>\n", False),
    ],
)
def test_damage_costs_one_record(tmp_path: Path, damaged: str, kept: bool) -> None:
    found = items(tmp_path, RSS2 + "\n" + GOOD.format("One") + damaged + GOOD.format("Two") + "</channel></rss>")
    assert titles(found)[0] == "One"
    assert titles(found)[-1] == "Two"
    assert (len(titles(found)), [line for line, _ in failures(found)]) == ((3, []) if kept else (2, [3]))


def test_damage_before_the_first_record(tmp_path: Path) -> None:
    found = items(
        tmp_path, "<rss><channel><title>a</b></title>" + GOOD.format("One") + GOOD.format("Two") + "</channel></rss>"
    )
    assert (titles(found), len(failures(found))) == (["One", "Two"], 1)


def _rss(names: list[str]) -> str:
    return RSS2 + "".join(GOOD.format(escape(name)) for name in names) + "</channel></rss>"


def _endnote(names: list[str]) -> str:
    record = "<record><titles><title><style>{0}</style></title></titles><abstract><style>It is {0}.</style></abstract></record>"
    return "<xml><records>" + "\r\n".join(record.format(escape(name)) for name in names) + "</records></xml>"


def _pubmed(names: list[str]) -> str:
    return "".join(pubmed(article(escape(name)).replace("Kites fly", f"It is {escape(name)}")) for name in names)


_NAMES = st.lists(
    st.text("abcé<&>β 漢", min_size=3, max_size=9).map(lambda text: f"x{text}y"), min_size=1, max_size=6, unique=True
)


def _clean(names: list[str]) -> list[str]:
    return [" ".join(name.split()) for name in names]


@settings(max_examples=60, deadline=None)
@given(
    _NAMES.map(lambda names: [name.replace("<", "").replace("&", "") for name in names]),
    st.sampled_from([_rss, _endnote, _pubmed]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.data(),
)
@example(["xay"], _rss, "utf-8", None)
def test_a_cut_off_file_keeps_what_came_before(
    names: list[str], write: object, encoding: str, data: st.DataObject | None
) -> None:
    assert callable(write)
    whole = write(names).encode(encoding)
    end = data.draw(st.integers(1, len(whole))) if data else len(whole)
    with tempfile.TemporaryDirectory() as folder:
        found = items(Path(folder), whole[:end])
    read_titles = titles(found)
    assert read_titles == _clean(names)[: len(read_titles)]
    assert all(item.abstract == f"It is {item.title}." for item in found if isinstance(item, Paper))
    if end == len(whole):
        assert read_titles == _clean(names)
        assert not failures(found)
