"""What is read from each vocabulary of XML. Titles and abstracts are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from xml_files import DC, article, failures, items, paper, pubmed, titles

from assistant.documents import read
from assistant.types import Notice, Paper


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


def test_links_and_references_in_an_abstract_keep_their_words(tmp_path: Path) -> None:
    path = tmp_path / "linked.xml"
    path.write_text(
        "<article><front><article-meta><title-group><article-title>Ferns<xref ref-type='fn'>*</xref></article-title>"
        "</title-group><abstract><p>Ferns grow<xref ref-type='bibr'><sup>3</sup></xref>, see <xref ref-type='fig'>Fig. 1</xref>. "
        "Code: <ext-link ext-link-type='uri'>https://fern.example/code</ext-link>.</p></abstract></article-meta></front></article>",
        encoding="utf-8",
    )
    [linked] = read([path])
    assert isinstance(linked, Paper)
    assert (linked.title, linked.abstract) == ("Ferns", "Ferns grow, see Fig. 1. Code: https://fern.example/code.")
