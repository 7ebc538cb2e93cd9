"""The names of papers: which stored papers a record may be, which one a user means, and which ones notices are about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from assistant.documents.identity import aliases, names, spelled, title_id, title_key
from assistant.documents.status import NOTICE, RETRACTED, subject
from assistant.library.database import Database, marks
from assistant.library.rows import StoredPaper, read_paper, read_variants
from assistant.types import Paper

SCHEMA = """
CREATE TABLE IF NOT EXISTS aliases (
    alias TEXT NOT NULL,
    paper_id TEXT NOT NULL REFERENCES papers ON DELETE CASCADE,
    PRIMARY KEY (alias, paper_id)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS aliases_paper ON aliases (paper_id);
CREATE TABLE IF NOT EXISTS notices (
    paper_id TEXT NOT NULL REFERENCES papers ON DELETE CASCADE,
    about TEXT NOT NULL,
    status TEXT NOT NULL,
    PRIMARY KEY (paper_id, about)
) WITHOUT ROWID;
"""
_KEY = "key:"
"""Before a reader's own citation key, which names a paper to a user but does not make two records one paper."""
_MOST_SHARING = 16
"""Papers of one name that are looked at: the DOI of a whole volume says nothing about which paper is meant."""
_SHORTEST = 12
"""Characters that a title needs for a notice to be about it: many papers are called `Introduction`."""


class Identities:
    """The names of one library's papers, beside their ids and present titles."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def candidates(self, title_key: str, names: Collection[str]) -> list[StoredPaper]:
        """The papers with this title key, or with one of these names: those that a record may be another copy of."""
        wanted = tuple(names)
        among = marks(wanted)
        sql = (
            "SELECT record, title_key, text_hash, variants FROM papers "  # noqa: S608 - only question marks
            f"WHERE title_key = ? OR paper_id IN ({among}) "
            f"OR paper_id IN (SELECT paper_id FROM aliases WHERE alias IN ({among}) LIMIT {_MOST_SHARING})"
        )
        return [
            StoredPaper(read_paper(record), str(key), str(text_hash), read_variants(variants))
            for record, key, text_hash, variants in self._db.rows(sql, (title_key, *wanted, *wanted))
        ]

    def meant(self, text: str) -> list[str]:
        """Sorted ids of the papers that a user may mean: by an id, a DOI, an arXiv id or PMID in any spelling, or a citation key."""
        wanted = spelled(text)
        found = self._db.rows(f"SELECT paper_id FROM papers WHERE paper_id IN ({marks(wanted)})", wanted)  # noqa: S608 - as above
        if ids := [str(i) for (i,) in found]:
            return sorted(ids)
        if not self._exist():
            return []
        wanted = (*wanted, _KEY + text.strip())
        sql = f"SELECT DISTINCT paper_id FROM aliases WHERE alias IN ({marks(wanted)}) ORDER BY paper_id"  # noqa: S608 - as above
        return [str(i) for (i,) in self._db.rows(sql, wanted)]

    def insert(self, papers: Iterable[Paper]) -> None:
        """Stores the names of papers that have none yet, inside the caller's transaction."""
        rows = []
        for paper in papers:
            own = set(paper.aliases)
            if paper.editorial_status is not None:
                own |= names(paper, title_key(paper.title))
                self._note_subject(paper)
            elif not own:
                own.update(aliases(paper.doi, paper.pmid))
            if paper.zotero is not None:
                own.add(paper.zotero)
            if paper.citekey:
                own.add(_KEY + paper.citekey)
            rows += [(alias, paper.paper_id) for alias in own if alias != paper.paper_id]
        self._db.execute_many("INSERT OR IGNORE INTO aliases VALUES (?, ?)", rows)

    def replace(self, papers: Sequence[Paper]) -> None:
        """Stores the names of papers anew, inside the caller's transaction."""
        for table in ("aliases", "notices"):
            self._db.execute_many(f"DELETE FROM {table} WHERE paper_id = ?", [(p.paper_id,) for p in papers])  # noqa: S608 - as above
        self.insert(papers)

    def _note_subject(self, paper: Paper) -> None:
        """Stores which paper a notice is about."""
        about = subject(paper.title, paper.abstract)
        if about is None and paper.editorial_status != NOTICE:
            return
        mark, title, doi = about or (RETRACTED, "", "")
        key = title_key(title)
        named = [*((key, title_id(key)) if len(key) >= _SHORTEST else ()), *aliases(doi, None)]
        rows = [(paper.paper_id, name, mark) for name in named or [""]]
        self._db.execute_many("INSERT OR IGNORE INTO notices VALUES (?, ?, ?)", rows)

    def retraction_notices(self) -> list[str]:
        """Ids of the notices that another paper was retracted."""
        if not self._exist():
            return []
        sql = "SELECT DISTINCT paper_id FROM notices WHERE status = ?"
        return [str(i) for (i,) in self._db.rows(sql, (RETRACTED,))]

    def _exist(self) -> bool:
        """False for a file of an earlier release that cannot be written."""
        return self._db.one("SELECT 1 FROM sqlite_master WHERE name = 'notices'") is not None

    def noticed(self) -> list[tuple[str, str]]:
        """The (paper id, status) that notices in the library give to papers, whichever came first."""
        sql = """
            SELECT p.paper_id, n.status FROM notices n JOIN papers p ON p.title_key = n.about
                WHERE p.paper_id NOT IN (SELECT paper_id FROM notices)
            UNION SELECT a.paper_id, n.status FROM notices n JOIN aliases a ON a.alias = n.about
                WHERE a.paper_id NOT IN (SELECT paper_id FROM notices)
            ORDER BY 1, 2
        """
        return [(str(i), str(status)) for i, status in self._db.rows(sql)]
