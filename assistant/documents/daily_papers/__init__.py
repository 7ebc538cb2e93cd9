"""Reads text pages of titles and abstracts, above all saved "Daily Papers" pages in any of their layouts."""

from assistant.documents.daily_papers.reader import is_site_page, read

__all__ = ["is_site_page", "read"]
