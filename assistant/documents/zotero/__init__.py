"""Reads the library of Zotero in place, also while Zotero runs: a copy of its database is read, nothing is ever written."""

from assistant.documents.zotero.locate import DATABASE, address, is_data_folder, is_own_file
from assistant.documents.zotero.reader import read, recognizes

__all__ = ["DATABASE", "address", "is_data_folder", "is_own_file", "read", "recognizes"]
