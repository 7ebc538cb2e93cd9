"""Habits of single makers of exports: names, dates, headings and ends of records. All records are invented."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading import items, pairs, papers, remarks

from assistant.documents import read


def test_the_end_of_a_web_of_science_file_that_was_cut_off_is_said(tmp_path: Path) -> None:
    text = "PT J\nTI Whole\nAB One line is here.\nER\n\nPT J\nTI Cut off\nAB The second rec"
    found = items(tmp_path, text, "savedrecs.txt")
    assert [paper.title for paper in papers(found)] == ["Whole", "Cut off"]
    assert remarks(found) == ["the last record has no end (ER): the file may have been cut off"]
    assert not remarks(items(tmp_path, text + "ord.\nER\n", "savedrecs.txt"))


def test_groups_come_after_the_people(tmp_path: Path) -> None:
    science = "PT J\nAU Doe, J\nCA Tea Study Grp\nTI Tea\nAB Tea was cold in 3 cups.\nER\n"
    medline = "PMID- 1\nFAU - Doe, Jane\nAU  - Doe J\nCN  - Tea Study Group\nTI  - Tea\nAB  - Tea was cold in 3 cups.\n"
    assert papers(items(tmp_path, science, "a.ciw"))[0].authors == ("J Doe", "Tea Study Grp")
    assert papers(items(tmp_path, medline, "a.nbib"))[0].authors == ("Jane Doe", "Tea Study Group")


def test_the_day_of_an_early_edition_is_not_that_of_the_issue(tmp_path: Path) -> None:
    text = (
        "PT J\nTI Tea\nAB AIM: To count tea.METHODS: We counted 50 cups.\nPD 2016-Mar (Epub 2016 Jan 02)\nPY 2016\nER\n"
    )
    (paper,) = papers(items(tmp_path, text, "a.txt"))
    assert paper.date == "2016-03"
    assert paper.abstract == "AIM: To count tea. METHODS: We counted 50 cups."


@pytest.mark.parametrize(
    ("line", "doi"),
    [
        ("UR  - https://www.cochranelibrary.com/central/doi/10.1002/central/CN-02000001/full", None),
        ("UR  - https://onlinelibrary.wiley.com/doi/10.1002/toy.1/abstract", "10.1002/toy.1"),
        ("UR  - https://dl.acm.org/doi/10.1145/1.2?cid=99", "10.1145/1.2"),
        (
            "DO  - 10.1002/(SICI)1000-1000(199603)14:1<1::AID-TOY1>3.0.CO;2-#",
            "10.1002/(SICI)1000-1000(199603)14:1<1::AID-TOY1>3.0.CO;2-#",
        ),
    ],
)
def test_dois_in_addresses_and_of_wiley(tmp_path: Path, line: str, doi: str | None) -> None:
    text = f"TY  - JOUR\nTI  - Onions\nAB  - Onions did not help 60 people.\n{line}\nER  - \n"
    assert papers(items(tmp_path, text, "a.ris"))[0].doi == doi


def test_an_entity_does_not_divide_a_name(tmp_path: Path) -> None:
    text = "TY  - JOUR\nTI  - Onions\nAB  - Onions helped 6 people.\nAU  - Beek, Ren&eacute;\nKW  - R&amp;D\nER  - \n"
    (paper,) = papers(items(tmp_path, text, "a.ris"))
    assert (paper.authors, paper.keywords) == (("René Beek",), ("R&D",))


@pytest.mark.parametrize("end", ["[PUBLICATION ABSTRACT]", "[ABSTRACT FROM PUBLISHER]", "[ABSTRACT FROM AUTHOR]"])
def test_who_wrote_an_abstract_is_no_part_of_it(tmp_path: Path, end: str) -> None:
    found = items(tmp_path, f"TY  - JOUR\nTI  - Crows\nAB  - Crows took 5 coins. {end}\nER  - \n", "a.ris")
    assert pairs(found) == [("Crows", "Crows took 5 coins.")]
    text = "TY  - JOUR\nTI  - Crows\nAB  - The publication abstract has 4 lines. We read it.\nER  - \n"
    assert pairs(items(tmp_path, text, "a.ris")) == [("Crows", "The publication abstract has 4 lines. We read it.")]


def test_endnotes_annotated_references(tmp_path: Path) -> None:
    text = (
        'Beek, A., L. Park and H. Solo (2018). "Clay "raw" pots." Kiln Studies 3(1): 1-9.\n'
        "\tBackground: Clay pots broke in 3 of 40 kilns.\n\tThey were thick (2017).\n\t\n"
        "Roe, C. (2019). Glass in kilns. Berlin, Toy Press.\n\tGlass melts at 1400 °C.\n\n"
        'Poe, D. (2020). "Nothing." Kiln Studies 4: 2.\n'
    )
    found = items(tmp_path, text, "annotated.txt")
    first, second = papers(found)
    assert (first.title, first.date, first.venue) == ('Clay "raw" pots', "2018", "Kiln Studies")
    assert first.abstract == "Background: Clay pots broke in 3 of 40 kilns. They were thick (2017)."
    assert first.authors == ("A. Beek", "L. Park", "H. Solo")
    assert (second.title, second.venue, second.abstract) == ("Glass in kilns", None, "Glass melts at 1400 °C.")
    assert remarks(found) == ["no abstract"]


@pytest.mark.parametrize(
    ("name", "author"),
    [
        ("family=Berg, given=Piet, prefix=van den, useprefix=true", "Piet van den Berg"),
        ("family=Fontaine, given=Jean, given-i=J, prefix=de la, prefix-i=d, useprefix=false", "Jean de la Fontaine"),
        (r"Nguy{\~{\^e}}n, An", "An Nguyễn"),
        (r"Tr{\`{\^a}}n, An", "An Trần"),
        ("Wei Wang 0002", "Wei Wang"),
        ("Agent 47", "Agent 47"),
    ],
)
def test_names_in_bibtex(tmp_path: Path, name: str, author: str) -> None:
    text = "@article{k,\n  title = {Owls},\n  author = {NAME},\n  abstract = {Owls form 3 graphs.},\n}\n"
    assert papers(items(tmp_path, text.replace("NAME", name), "a.bib"))[0].authors == (author,)


def test_the_raised_tilde_of_ads(tmp_path: Path) -> None:
    text = r'@article{k, title = "{Stars}", abstract = "{Stars at z \raisebox{-0.5ex}\textasciitilde 0.5 are red.}"}'
    assert pairs(items(tmp_path, text, "a.bib")) == [("Stars", "Stars at z ~0.5 are red.")]


def test_lists_and_gaps_that_programs_write_into_tables(tmp_path: Path) -> None:
    text = (
        ",title,abstract,authors,keywords,journal\n"
        "0,Voles,Voles dug 8 holes.,\"['Ann Beek', 'Lee Park']\",[],nan\n"
        "1,Moles,Moles dug 9 holes.,\"[{'name': 'Ann Beek'}, {'name': 'Lee Park'}]\",\"['soil']\",Soil\n"
        "2,Shrews,Shrews dug 2 holes.,\"['Ann Beek' 'Lee Park']\",,NaN\n"
        "3,nan,Nothing dug 3 holes.,,,\n"
        "4,[Not a list],Nobody dug 4 holes.,,,\n"
    )
    found = items(tmp_path, text, "a.csv")
    assert [(paper.title, paper.authors, paper.keywords, paper.venue) for paper in papers(found)] == [
        ("Voles", ("Ann Beek", "Lee Park"), (), None),
        ("Moles", ("Ann Beek", "Lee Park"), ("soil",), "Soil"),
        ("Shrews", ("Ann Beek", "Lee Park"), (), None),
        ("[Not a list]", (), (), None),
    ]
    assert remarks(found) == ["no title"]


@pytest.mark.parametrize(
    "header",
    ["Titel;Zusammenfassung;Autoren;Jahr;Schlagwörter", "Título;Resumen;Autores;Año;Palabras clave",
     "Titre;Résumé;Auteurs;Année;Mots-clés", "Titolo;Riassunto;Autori;Anno;Parole chiave"],
)  # fmt: skip
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_spreadsheets_in_other_languages(tmp_path: Path, header: str, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(
        f'{header}\r\nIgel;"Igel fraßen 2,5 kg; sie schliefen.";Müller, Jörg;2019;Igel\r\n'.encode(encoding)
    )
    (paper,) = papers(list(read([path])))
    assert (paper.title, paper.abstract) == ("Igel", "Igel fraßen 2,5 kg; sie schliefen.")
    assert (paper.authors, paper.date, paper.keywords) == (("Jörg Müller",), "2019", ("Igel",))


def test_endnotes_table_names_its_type_above_the_header(tmp_path: Path) -> None:
    text = (
        "*Journal Article\nAuthor\tYear\tTitle\tKeywords\tAbstract\n"
        "Beek, A.//Park, L.\t2018\tPots\tclay//kiln\tPots broke in 3 kilns.\n"
    )
    (paper,) = papers(items(tmp_path, text, "endnote.txt"))
    assert (paper.title, paper.authors, paper.keywords) == ("Pots", ("A. Beek", "L. Park"), ("clay", "kiln"))


def test_a_short_table_without_titles_becomes_no_paper(tmp_path: Path) -> None:
    text = "Kind\tAuthor\tYear\tPublication\nArticle\tBeek, A.\t2018\tKiln Studies, in words that go on for a while. It is prose.\n"
    found = items(tmp_path, text)
    assert not papers(found)
    assert "a table whose header names no title" in remarks(found)[0]


@pytest.mark.parametrize(
    ("header", "row", "date"),
    [
        ("Title,Abstract,Publication Date,Publication Year", "Moles,Moles dug 4 holes.,MAY 12,2020", "2020-05-12"),
        ("Title,Abstract,Publication Date,Publication Year", "Moles,Moles dug 4 holes.,in press,2020", "2020"),
        ("title,abstract,year,month,day", "Moles,Moles dug 4 holes.,2001,3,4", "2001-03-04"),
        ("title,abstract,year,month,day", "Moles,Moles dug 4 holes.,2001,3,", "2001-03"),
        ("title,abstract,year,month,day", "Moles,Moles dug 4 holes.,2001,Mar,4", "2001-03-04"),
    ],
)
def test_dates_in_several_columns(tmp_path: Path, header: str, row: str, date: str) -> None:
    assert papers(items(tmp_path, f"{header}\n{row}\n", "a.csv"))[0].date == date


def test_tags_that_no_list_knows_do_not_join_the_abstract(tmp_path: Path) -> None:
    text = "PT P\nTI Spoon has hinge\nAB    NOVELTY - It has a hinge.\n   USE - For camping.\nQ7 P28\nER\n"
    assert pairs(items(tmp_path, text, "a.txt")) == [
        ("Spoon has hinge", "NOVELTY - It has a hinge. USE - For camping.")
    ]
    unwrapped = "PT J\nTI Otters in\nthe canal\nAB We counted in the\nUK and in Spain.\nER\n"
    assert pairs(items(tmp_path, unwrapped, "b.txt")) == [("Otters in the canal", "We counted in the UK and in Spain.")]


def test_marked_up_keywords(tmp_path: Path) -> None:
    text = "PT J\nTI Yeast\nAB Yeast grew in 3 jars.\nDE CO<sub>2</sub>; <i>E. coli</i>; R&amp;D\nER\n"
    assert papers(items(tmp_path, text, "a.txt"))[0].keywords == ("CO2", "E. coli", "R&D")
    table = "Title,Abstract,Keywords\nYeast,Yeast grew in 3 jars.,<i>E. coli</i>; R&amp;D\n"
    assert papers(items(tmp_path, table, "a.csv"))[0].keywords == ("E. coli", "R&D")


@pytest.mark.parametrize(
    "line",
    [
        "Beek, Ann. Univ Toy, Town, ann@toy.example; Park, Lee B.",
        "Beek, Ann 1 ; Park, Lee B. 2   1 Univ Toy, Town 2 Inst",
    ],
)
def test_institutions_behind_authors(tmp_path: Path, line: str) -> None:
    text = f"Title: Fear of clowns\nAuthors: {line}\nAddress: Beek, Ann\nAbstract: We built 12 items.\nKeywords: clowns, fear, scale\n"
    (paper,) = papers(items(tmp_path, text, "a.txt"))
    assert paper.authors == ("Ann Beek", "Lee B. Park")
    assert paper.keywords == ("clowns", "fear", "scale")


@pytest.mark.parametrize(
    ("cell", "authors"),
    [
        ("Beek, A., Park, L.", ("A. Beek", "L. Park")),
        ("Beek, A.B., van den Berg, P.-J., Roe, C", ("A.B. Beek", "P.-J. van den Berg", "C Roe")),
        ("Beek A., Park L.", ("Beek A.", "Park L.")),
        ("Ann Beek, Lee Park", ("Ann Beek", "Lee Park")),
        ("Ann Beek, Lee Park, Bo, Cy", ("Ann Beek", "Lee Park", "Bo", "Cy")),
        ("Ann Beek|Lee Park", ("Ann Beek", "Lee Park")),
    ],
)
def test_authors_in_one_cell(tmp_path: Path, cell: str, authors: tuple[str, ...]) -> None:
    table = f'title,abstract,authors\nGulls,Gulls ate 4 chips.,"{cell}"\n'
    assert papers(items(tmp_path, table, "a.csv"))[0].authors == authors


def test_a_header_within_a_table_becomes_no_paper(tmp_path: Path) -> None:
    table = "Title,Abstract\nOne,The first has 1 line.\n\ufeffTitle,Abstract\nTwo,The second has 2 lines.\n"
    found = items(tmp_path, table, "a.csv")
    assert pairs(found) == [("One", "The first has 1 line."), ("Two", "The second has 2 lines.")]


def test_openalex_as_a_table(tmp_path: Path) -> None:
    table = (
        "id,display_name,publication_date,authorships.author.display_name,primary_location.source.display_name,abstract,"
        "is_retracted\nhttps://openalex.org/W1,Gulls,2020-03-04,Ann Beek|Lee Park,Birds,Gulls ate 4 chips.,TRUE\n"
    )
    (paper,) = papers(items(tmp_path, table, "a.csv"))
    assert (paper.authors, paper.venue, paper.editorial_status) == (("Ann Beek", "Lee Park"), "Birds", "retracted")


def test_all_fields_of_endnote(tmp_path: Path) -> None:
    text = (
        "Reference Type:  Book Section\nRecord Number: 1\nAuthor: Beek, A.\nPark, L.\nYear: 2020\nTitle: Reeds: a long\ntitle\n"
        "Book Title: Wetlands\nElectronic Resource Number: 10.1000/r\nAbstract: Background: Reeds die.\n"
        "Results: 12 reeds died.\nNote: read again\nCustom 2: PMC1\nLanguage: English\nCaption: a reed\n\n\n"
        "Reference Type:  Thesis\nAuthor: Solo, H.\nTitle: Ice\nUniversity: Toy\nAbstract: Ice was 3 cm thick.\n"
    )
    first, second = papers(items(tmp_path, text, "endnote.txt"))
    assert (first.title, first.abstract) == ("Reeds: a long title", "Background: Reeds die. Results: 12 reeds died.")
    assert (first.venue, first.doi, first.language) == ("Wetlands", "10.1000/r", "English")
    assert (second.title, second.abstract) == ("Ice", "Ice was 3 cm thick.")


def test_citations_with_abstracts_of_xplore(tmp_path: Path) -> None:
    text = (
        'A. Beek, L. Park and H. Solo, "Robots that fold towels," 2022 Toy Conference on Robots (TCR), Town, 2022, pp. 1-8, '
        "doi: 10.1109/TCR.2022.1.\nAbstract: Robots folded 90% of towels.\nkeywords: {Robots;Towels},\n"
        "URL: https://ieeexplore.ieee.org/stamp/stamp.jsp?arnumber=1\n\n"
        'C. Roe et al., "Socks," in Toy Letters, vol. 3, no. 1, pp. 2019-2024, May 2021, doi: 10.1109/TL.2021.2.\n'
        "Abstract: Robots lost 12% of socks.\n"
    )
    first, second = papers(items(tmp_path, text, "xplore.txt"))
    assert (first.title, first.abstract) == ("Robots that fold towels", "Robots folded 90% of towels.")
    assert (first.authors, first.date, first.doi) == (("A. Beek", "L. Park", "H. Solo"), "2022", "10.1109/TCR.2022.1")
    assert (first.venue, first.keywords) == ("2022 Toy Conference on Robots (TCR)", ("Robots", "Towels"))
    assert (second.authors, second.venue, second.date) == (("C. Roe",), "Toy Letters", "2021")


def test_what_biblatex_has_beside_publications(tmp_path: Path) -> None:
    text = (
        "@xdata{toy, publisher = {Toy}, date = {2020-02}}\n@set{both, entryset = {a, b}}\n"
        "@inbook{a, xdata = {toy}, title = {Owls}, abstract = {Owls form 3 graphs.}, doi = {10.1000/OWL%28x%29}}\n"
    )
    found = items(tmp_path, text, "a.bib")
    (paper,) = papers(found)
    assert (paper.date, paper.doi, remarks(found)) == ("2020-02", "10.1000/OWL(x)", [])


def test_columns_of_proquest_ebsco_and_embase(tmp_path: Path) -> None:
    proquest = (
        "Title,Abstract,Authors,pubdate,pubtitle,year,DocumentURL,subjectTerms,digitalObjectIdentifier\n"
        'Crows,Crows took 5 coins.,"Beek, Ann; Park, Lee",Jun 2019,Crow Studies,2019,https://example.org/1,"Birds, Coins",10.1000/c\n'
    )
    (paper,) = papers(items(tmp_path, proquest, "a.csv"))
    assert (paper.date, paper.venue, paper.doi) == ("2019-06", "Crow Studies", "10.1000/c")
    assert (paper.url, paper.keywords) == ("https://example.org/1", ("Birds", "Coins"))
    ebsco = "Article Title,Abstract,Publication Date,MEDLINE PMID\nClocks,Clocks have 2 hands.,20190304,33000077\n"
    (paper,) = papers(items(tmp_path, ebsco, "b.csv"))
    assert (paper.date, paper.pmid) == ("2019-03-04", "33000077")


def test_keywords_in_one_line_of_endnote(tmp_path: Path) -> None:
    text = "%0 Journal Article\n%T Typing\n%X Gloves slow typing.\n%K typing, gloves, wool\n"
    assert papers(items(tmp_path, text, "a.enw"))[0].keywords == ("typing", "gloves", "wool")
    assert papers(items(tmp_path, text.replace("typing, gloves, wool", "Depression, Postpartum"), "b.enw"))[
        0
    ].keywords == ("Depression, Postpartum",)


def test_references_with_numbers_of_a_database_become_no_papers(tmp_path: Path) -> None:
    record = (
        "{0}. \nSleep in nurses on night duty. [Review]\nBeek A. Park L.\nToy Journal of Sleep. 12(3):45-9, 2019 May.\n"
        "[Journal Article. Review]\nUI: 3100000{0}\nNurses slept 5 hours and more. Coffee did not help any of them.\n\n"
    )
    found = items(tmp_path, record.format(1) + record.format(2), "citation.txt")
    assert [*papers(found), *remarks(found)] == [
        "labelled text of a kind that is not read (UI); export it as RIS, BibTeX or CSV"
    ]
