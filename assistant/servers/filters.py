"""Filters as other programs send them: the fields of `Filters`, each with what it means."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant import Filters, checked_filters

_MOST_NAMES, _MOST_PINNED, _MOST_EXCLUDED = 100, 20, 1000
_DATE = "as 2024, 2024-03 or 2024-03-15"

Names = list[str]


class FilterFields(BaseModel):
    """Which papers count: those that have one of the values of each filter given. Both ends of a range belong to it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    year_from: Annotated[int | None, Field(description="Only papers of this year and later.")] = None
    year_to: Annotated[int | None, Field(description="Only papers of this year and earlier.")] = None
    sources: Annotated[
        Names, Field(description="Only papers of these files, such as papers.bib.", max_length=_MOST_NAMES)
    ] = []
    exclude: Annotated[Names, Field(description="Ids of papers that must not be used.", max_length=_MOST_EXCLUDED)] = []
    pinned: Annotated[
        Names,
        Field(
            description="Ids of papers that an answer reads in any case, whatever else is filtered out.",
            max_length=_MOST_PINNED,
        ),
    ] = []
    authors: Annotated[
        Names,
        Field(description="Only papers by one of these authors; a last name will do.", max_length=_MOST_NAMES),
    ] = []
    venues: Annotated[
        Names, Field(description="Only papers of these journals or conferences.", max_length=_MOST_NAMES)
    ] = []
    categories: Annotated[
        Names,
        Field(
            description="Only papers of these categories, such as cs.CL, or cs for all of it.", max_length=_MOST_NAMES
        ),
    ] = []
    organisations: Annotated[
        Names, Field(description="Only papers from these organisations.", max_length=_MOST_NAMES)
    ] = []
    date_from: Annotated[str | None, Field(description=f"Only papers published then or later, {_DATE}.")] = None
    date_to: Annotated[str | None, Field(description=f"Only papers published then or earlier, {_DATE}.")] = None
    added_from: Annotated[
        str | None, Field(description=f"Only papers that the library got then or later, {_DATE}.")
    ] = None
    added_to: Annotated[
        str | None, Field(description=f"Only papers that the library got then or earlier, {_DATE}.")
    ] = None
    authors_from: Annotated[int | None, Field(description="Only papers with at least so many authors.")] = None
    authors_to: Annotated[int | None, Field(description="Only papers with at most so many authors.")] = None
    keywords: Annotated[
        Names, Field(description="Only papers with one of these keywords or tags.", max_length=_MOST_NAMES)
    ] = []
    collections: Annotated[
        Names,
        Field(
            description="Only papers in these collections of the reader's, or in those within.", max_length=_MOST_NAMES
        ),
    ] = []
    languages: Annotated[
        Names, Field(description="Only papers in these languages, such as de or German.", max_length=_MOST_NAMES)
    ] = []
    publication_types: Annotated[
        Names,
        Field(
            description="Only papers of these types as their source states them, such as review or conference paper.",
            max_length=_MOST_NAMES,
        ),
    ] = []
    kinds: Annotated[
        Names,
        Field(
            description="Only papers of these kinds: survey, trial, benchmark, dataset, theory, method, study.",
            max_length=_MOST_NAMES,
        ),
    ] = []
    no_retracted: Annotated[bool, Field(description="Leave out papers that were retracted or withdrawn.")] = False

    def filters(self) -> Filters:
        """As the library takes them. Raises SettingsError for a value that no paper can have."""
        return checked_filters(Filters.from_dict(self.model_dump()))
