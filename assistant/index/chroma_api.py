"""The part of Chroma's HTTP protocol (v2) that a dense index needs."""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from assistant.errors import LibraryError
from assistant.index.http_client import CLOUD_HOST, QUICK, MissingError, Transport
from assistant.settings import Settings
from assistant.types import Vectors

if TYPE_CHECKING:
    import httpx

_LOG = logging.getLogger(__name__)
_PAGE = 100
_CLOUD_RECORDS, _CLOUD_RESULTS = 300, 300
"""Chroma Cloud's limits per request (docs.trychroma.com/cloud/quotas-limits)."""
_BATCH = 500
"""Records per request elsewhere: beyond 150 or so more are no faster, and a body stays far below the server's 40 MB."""
_HNSW = {"space": "cosine", "ef_construction": 200, "max_neighbors": 16, "ef_search": 500, "sync_threshold": 20_000}


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as the server describes it."""

    uid: str
    name: str
    metadata: Mapping[str, Any]
    space: str
    """Its distance: `cosine`, `l2` or `ip`."""


class ChromaServer:
    """One database of a Chroma server or of Chroma Cloud; safe to use from several threads."""

    def __init__(self, settings: Settings, *, quick: httpx.Timeout | None = None, cloud_host: str = CLOUD_HOST) -> None:
        """Connects to nothing yet. Raises SettingsError when the CA file cannot be read.

        `quick`: the limits of a request that an answer waits for. `cloud_host`: the domain of Chroma Cloud.
        """
        self._transport = Transport(settings, quick=quick or QUICK, cloud_host=cloud_host)
        self.url, self.cloud = self._transport.url, self._transport.cloud
        self.most_results = _CLOUD_RESULTS if self.cloud else None
        self._home = (
            f"/tenants/{quote(settings.chroma_tenant, safe='')}/databases/{quote(settings.chroma_database, safe='')}"
        )
        self._checks: dict[str, Any] | None = None

    def close(self) -> None:
        """Closes the connections."""
        self._transport.close()

    def now(self) -> int:
        """The server's clock in milliseconds, which all its writers share. Asks even a server that is being left alone."""
        self._transport.wake()
        return int(self._transport.call("GET", "/heartbeat")["nanosecond heartbeat"]) // 1_000_000

    def batch(self) -> int:
        """Records that may be written at once."""
        limit = int(self._preflight().get("max_batch_size", _BATCH))
        return max(1, min(limit, _CLOUD_RECORDS if self.cloud else _BATCH))

    def _preflight(self) -> dict[str, Any]:
        if self._checks is None:
            self._checks = dict(self._transport.call("GET", "/pre-flight-checks"))
        return self._checks

    def collections(self, prefix: str) -> list[Collection]:
        """The collections whose names begin with the prefix."""
        found: dict[str, Collection] = {}
        for offset in range(0, 1_000_000, _PAGE):
            page = self._transport.call("GET", f"{self._home}/collections?limit={_PAGE}&offset={offset}")
            found |= {c["id"]: _collection(c) for c in page if str(c["name"]).startswith(prefix)}
            if len(page) < _PAGE:
                break
        return list(found.values())

    def create(self, name: str, metadata: Mapping[str, Any]) -> Collection:
        """An empty collection compared by cosine; the same one when the first attempt's reply was lost."""
        configuration = {"spann": {"space": "cosine"}} if self.cloud else {"hnsw": _HNSW}
        body = {"name": name, "metadata": metadata, "configuration": configuration, "get_or_create": True}
        made = _collection(self._transport.call("POST", f"{self._home}/collections", body, patient=True))
        if made.space != "cosine":
            self.delete(name)
            raise LibraryError(
                f"Chroma server {self.url} compares by {made.space} where cosine was asked for; update it"
            )
        return made

    def describe(self, uid: str, metadata: Mapping[str, Any]) -> None:
        """Replaces a collection's metadata."""
        self._transport.call("PUT", f"{self._home}/collections/{uid}", {"new_metadata": metadata}, patient=True)

    def delete(self, name: str) -> None:
        """Deletes a collection with its records; a missing collection is no error."""
        try:
            self._transport.call("DELETE", f"{self._home}/collections/{quote(name, safe='')}", patient=True)
        except MissingError:
            _LOG.debug("collection %s was gone already", name)

    def upsert(
        self, uid: str, *, ids: list[str], vectors: Vectors, documents: list[str], metadatas: list[dict[str, Any]]
    ) -> None:
        """Writes records, with `vectors` of shape (len(ids), dim), or the same ones again: safe to repeat."""
        rows = np.ascontiguousarray(vectors, dtype="<f4")
        packed = self._preflight().get("supports_base64_encoding", False)
        embeddings = [base64.b64encode(row.tobytes()).decode("ascii") for row in rows] if packed else rows.tolist()
        body = {"ids": ids, "embeddings": embeddings, "documents": documents, "metadatas": metadatas}
        self._transport.call("POST", f"{self._home}/collections/{uid}/upsert", body, patient=True)

    def count(self, uid: str) -> int:
        """Records of a collection."""
        return int(self._transport.call("GET", f"{self._home}/collections/{uid}/count"))

    def nearest(self, uid: str, vector: Vectors, n: int, ids: Sequence[str] | None = None) -> list[tuple[str, float]]:
        """The `n` nearest records (of those with these `ids`) as (id, cosine distance), nearest first."""
        body = {"query_embeddings": [vector.tolist()], "n_results": n, "include": ["distances"]}
        if ids is not None:
            body["ids"] = list(ids)
        found = self._transport.call("POST", f"{self._home}/collections/{uid}/query", body)
        return list(zip(found["ids"][0], found["distances"][0], strict=True))


def _collection(found: Mapping[str, Any]) -> Collection:
    configuration = found.get("configuration_json") or {}
    index = configuration.get("hnsw") or configuration.get("spann") or {}
    return Collection(str(found["id"]), str(found["name"]), found.get("metadata") or {}, str(index.get("space")))
