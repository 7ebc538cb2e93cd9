"""Reads Markdown: reading lists, sections or digests of papers, and notes of Obsidian, Logseq and Zotero on one paper."""

from assistant.documents.markdown.reader import read, recognizes

__all__ = ["read", "recognizes"]
