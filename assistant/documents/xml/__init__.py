"""Reads papers from XML: feeds, databases' exports, harvests and articles.

`reader.py` streams a file's records; `vocabularies.py` lists the elements that are records and the module that reads each.
"""
