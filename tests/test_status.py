"""Which papers are taken to be retracted, withdrawn or corrected, and what a notice is about."""

from __future__ import annotations

import pytest

from assistant.documents.status import bare_title, editorial_status, subject

OWN = "Magnetic bracelets cured 92% of 60 seasick sailors within an hour."


@pytest.mark.parametrize(
    ("title", "status", "bare"),
    [
        ("RETRACTED: Bracelets at sea", "retracted", "Bracelets at sea"),
        ("Retracted article: Bracelets at sea", "retracted", "Bracelets at sea"),
        ("RETRACTED ARTICLE Bracelets at sea", "retracted", "Bracelets at sea"),
        ("[Retracted] Bracelets at sea", "retracted", "Bracelets at sea"),
        ("Bracelets at sea (Retracted)", "retracted", "Bracelets at sea"),
        ("Bracelets at sea (Retracted article. See vol. 12, pg. 45, 2010)", "retracted", "Bracelets at sea"),
        ("Bracelets at sea – Retracted", "retracted", "Bracelets at sea"),
        ("WITHDRAWN: Bracelets at sea", "withdrawn", "Bracelets at sea"),
        ("【撤稿】海上手镯", "retracted", "海上手镯"),
        ("Retracted papers in oncology: a survey", None, "Retracted papers in oncology: a survey"),
        ("Retracted-needle biopsies", None, "Retracted-needle biopsies"),
        ("The withdrawn child: a study", None, "The withdrawn child: a study"),
    ],
)
def test_a_mark_in_the_title(title: str, status: str | None, bare: str) -> None:
    assert editorial_status(title, OWN, None) == status
    assert bare_title(title) == bare


@pytest.mark.parametrize(
    ("title", "status", "about"),
    [
        ("Retraction notice to: Copper socks", "retraction notice", "Copper socks"),
        ("Retraction notice to “Copper socks” [J. Socks 12 (2010) 1–5]", "retraction notice", "Copper socks"),
        ("Retraction: Copper socks", "retraction notice", "Copper socks"),
        ("Retraction Note to: Copper socks", "retraction notice", "Copper socks"),
        ("Statement of Retraction: Copper socks", "retraction notice", "Copper socks"),
        ("Retraction for Beek et al., Copper socks", "retraction notice", "Copper socks"),
        ("Correction to: Copper socks", "corrected", "Copper socks"),
        ("Author Correction: Copper socks", "corrected", "Copper socks"),
        ("Erratum zu: Copper socks", "corrected", "Copper socks"),
        ("Corrigendum to “Copper socks”", "corrected", "Copper socks"),
        ("Erratum", "corrected", ""),
        ("Editorial Expression of Concern: Copper socks", "concern", "Copper socks"),
        ("Rétractation : Copper socks", "retraction notice", "Copper socks"),
    ],
)
def test_a_notice_and_what_it_is_about(title: str, status: str, about: str) -> None:
    assert editorial_status(title, "The data of two runners were copied.", None) == status
    found = subject(title, "The data of two runners were copied.")
    assert found is not None
    assert found.title == about


def test_a_notice_that_names_a_doi_alone() -> None:
    text = "[This retracts the article DOI: 10.1234/socks.7.]"
    assert editorial_status("Retracted: Copper socks", text, None) == "retraction notice"
    found = subject("Retracted: Copper socks", text)
    assert found is not None
    assert (found.title, found.doi) == ("Copper socks", "10.1234/socks.7")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("This article has been retracted at the request of the editor.", "retracted"),
        (f"{OWN} This article has been retracted.", "retracted"),
        ("The authors have retracted this article because figures were copied.", "retracted"),
        ("We, the authors, wish to retract this paper.", "retracted"),
        ("This paper has been withdrawn by the author due to a crucial error in equation 3.", "withdrawn"),
        ("Paper withdrawn due to an error in Lemma 3.", "withdrawn"),
        ("Withdrawn by the authors.", "withdrawn"),
        ("Paper withdrawn: see the newer version.", "withdrawn"),
        ("The paper has been withdrawn since its theorem is wrong.", "withdrawn"),
        ("Consent was withdrawn since the ward had closed.", None),
        ("At the request of the authors, this paper has been withdrawn.", "withdrawn"),
        ("We study 2,000 retracted papers and why they were retracted.", None),
        ("We retracted the needle, and the drug was withdrawn from the market.", None),
        ("This letter was withdrawn from circulation in 1840.", None),
        ("The paper was withdrawn from the tray by a robot arm.", None),
        ("This paper studies how the needle is retracted by a robot.", None),
        ("This article reports on 30 patients in whom treatment was withdrawn.", None),
        ("A total of 312 papers were withdrawn by the authors.", None),
        ("We ask why editors retract papers.", None),
    ],
)
def test_what_the_abstract_says(text: str, status: str | None) -> None:
    assert editorial_status("Bracelets at sea", text, None) == status


@pytest.mark.parametrize("title", ["Retraction: why it happens", "Retracted: the fate of many papers"])
def test_a_paper_about_retractions_is_in_good_standing(title: str) -> None:
    assert editorial_status(title, "We follow 2,000 retracted papers and the retractions of others.", None) is None
    assert editorial_status("Retraction of the needle during biopsy", OWN, None) is None
    assert editorial_status("Correction of myopia in children", OWN, None) is None


@pytest.mark.parametrize(
    ("types", "status"),
    [
        ("Journal Article; Retracted Publication", "retracted"),
        ("Article; Retracted Publication", "retracted"),
        ("Retraction of Publication", "retraction notice"),
        ("retraction", "retraction notice"),
        ("Published Erratum", "corrected"),
        ("Expression of Concern", "concern"),
        ("Article", None),
    ],
)
def test_the_type_says_it(types: str, status: str | None) -> None:
    assert editorial_status("Bracelets at sea", OWN, types) == status
    assert editorial_status("Bracelets at sea", OWN, None, types) == status


@pytest.mark.parametrize(
    ("stated", "status"), [(True, "retracted"), ("true", "retracted"), (False, None), ("no", None)]
)
def test_a_truth_value_says_it(stated: object, status: str | None) -> None:
    assert editorial_status("Bracelets at sea", OWN, "Article", stated) == status
