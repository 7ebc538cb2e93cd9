"""Turns the options that choose papers into filters."""

from __future__ import annotations

from assistant import Filters, SettingsError


def filters_of(year: str | None) -> Filters | None:
    """The filters that the options name. Raises SettingsError."""
    if year is None:
        return None
    first, dots, last = year.partition("..")
    try:
        low = int(first) if first else None
        high = int(last) if last else (None if dots else low)
    except ValueError:
        raise SettingsError(f"--year {year}: use 2020, 2020..2024, 2020.. or ..2024") from None
    if low is not None and high is not None and low > high:
        raise SettingsError(f"--year {year}: the first year is later than the last")
    return Filters(year_from=low, year_to=high)
