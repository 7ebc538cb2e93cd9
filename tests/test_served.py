"""The dense index on a real Chroma server: what is written, when it counts, what is removed, and who may read it."""

from __future__ import annotations

import re
import secrets
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
import trustme
from chroma_run import ChromaRun, Proxy

from assistant.errors import LibraryError, SettingsError
from assistant.index.chroma_api import ChromaServer
from assistant.index.dense_index import chunk_id
from assistant.index.http_client import MissingError, UnavailableError
from assistant.index.remote_index import Edition, RemoteIndex, new_name
from assistant.settings import Settings
from assistant.types import Chunk, Vectors

TOKEN = "tok-5f0c2e7d91"  # noqa: S105 - made up


def chunks(count: int, text: str = "A chunk.") -> list[tuple[Chunk, Vectors]]:
    rows = np.random.default_rng(count).normal(size=(count, 24)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return [(Chunk(f"t:{i:012x}", i % 3, 0, len(text), text), row) for i, row in enumerate(rows)]


def edition(revision: int = 1, fingerprint: str = "ab", library: str | None = None) -> Edition:
    return Edition(library or secrets.token_hex(6), revision, fingerprint, "encoder|1:400:64")


def build(server: ChromaServer, state: Edition, made: list[tuple[Chunk, Vectors]]) -> RemoteIndex:
    return RemoteIndex.build(server, state, made, name=new_name(state))


Connect = Callable[..., ChromaServer]


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connects to an address, with more settings or limits of the client; all are closed in the end."""
    with ExitStack() as opened:

        def connecting(url: str, *, limits: dict[str, Any] | None = None, **more: Any) -> ChromaServer:
            server = ChromaServer(Settings(chroma_url=url, **more), **(limits or {}))
            return opened.enter_context(closing(server))

        yield connecting


@pytest.fixture
def server(chroma: ChromaRun, connect: Connect) -> ChromaServer:
    return connect(chroma.url)


@pytest.fixture
def proxy(chroma: ChromaRun) -> Iterator[Proxy]:
    with Proxy(chroma) as running:
        yield running


def test_the_nearest_are_those_of_an_exact_search(server: ChromaServer) -> None:
    made = chunks(700)
    state = edition()
    assert build(server, state, made).count() == 700
    index = RemoteIndex.open(server, [state])
    assert index is not None
    assert (index.revision, index.chunks) == (1, 700)
    rows = np.stack([row for _, row in made])
    for query in rows[:5]:
        cosines = rows @ query
        best = np.argsort(-cosines)[:20]
        found = index.search(query, 20)
        assert [paper_id for paper_id, _ in found] == [made[i][0].paper_id for i in best]
        assert [score for _, score in found] == pytest.approx(cosines[best].tolist(), abs=1e-5)
        some = sorted(best[::3], key=lambda i: -cosines[i])
        within = index.search(query, 20, [chunk_id(made[i][0]) for i in some])
        assert [paper_id for paper_id, _ in within] == [made[i][0].paper_id for i in some]


def test_a_half_snapshot_is_never_opened(server: ChromaServer, chroma: ChromaRun) -> None:
    state = edition()

    def broken() -> Iterator[tuple[Chunk, Vectors]]:
        yield from chunks(600)
        assert any(state.library in name for name in chroma.collections())
        assert RemoteIndex.open(server, [state]) is None
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        RemoteIndex.build(server, state, broken(), name=new_name(state))
    assert not [name for name in chroma.collections() if state.library in name]


def test_what_a_killed_build_left_is_removed_by_the_next(server: ChromaServer, chroma: ChromaRun) -> None:
    first = edition()
    mine, others, old = (new_name(first) for _ in range(3))
    for name, beat in ((mine, server.now()), (others, server.now()), (old, server.now() - 7_200_000)):
        server.create(name, first.metadata(published=False, beat=beat))
    index = RemoteIndex.build(server, first, chunks(3), name=new_name(first), unfinished=mine)
    left = {name for name in chroma.collections() if first.library in name}
    assert left == {others, index.name}  # another machine may still be at work on the one with a fresh sign of life


def test_one_snapshot_before_the_newest_stays(server: ChromaServer, chroma: ChromaRun) -> None:
    first = edition()
    names = []
    for revision in (1, 2, 3):
        names.append(build(server, edition(revision, library=first.library), chunks(3 + revision)).name)
    stranger = build(server, edition(), chunks(2))
    assert not any(
        isinstance(v, float) for m in chroma.collections().values() for v in m.values()
    )  # read back inexactly
    assert {n for n in chroma.collections() if first.library in n} == set(names[1:])
    assert stranger.name in chroma.collections()


def test_two_builders_at_once_both_end_whole(server: ChromaServer) -> None:
    state = edition()

    def while_another_builds() -> Iterator[tuple[Chunk, Vectors]]:
        yield from chunks(10)[:5]
        assert build(server, state, chunks(10)).count() == 10
        yield from chunks(10)[5:]

    slower = RemoteIndex.build(server, state, while_another_builds(), name=new_name(state))
    assert slower.count() == 10


def test_a_copy_that_went_another_way_takes_nothing(server: ChromaServer) -> None:
    state = edition(revision=5, fingerprint="aa")
    build(server, state, chunks(4))
    assert RemoteIndex.open(server, [edition(5, "bb", state.library)]) is None
    assert RemoteIndex.open(server, [edition(4, "aa", state.library)]) is None
    other_embedder = Edition(state.library, 5, "aa", "another encoder|1:400:64")
    assert RemoteIndex.open(server, [other_embedder]) is None
    assert RemoteIndex.open(server, [edition(6, "cc", state.library), state]) is not None


def test_a_collection_that_lost_records_or_is_gone(server: ChromaServer, chroma: ChromaRun) -> None:
    state = edition()
    index = build(server, state, chunks(8))
    path = f"/api/v2/tenants/default_tenant/databases/default_database/collections/{index._uid}/delete"
    httpx.post(chroma.url + path, json={"ids": ["t:000000000000#0"]}, trust_env=False).raise_for_status()
    assert RemoteIndex.open(server, [state]) is None
    chroma.delete(index.name)
    with pytest.raises(MissingError):
        index.search(chunks(1)[0][1], 3)


def test_the_token_is_asked_for_and_never_shown(
    connect: Connect, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    proxy.header = ("Authorization", "Bearer the-right-one")
    refused = connect(proxy.url, chroma_token=TOKEN)
    with pytest.raises(LibraryError, match="ASSISTANT_CHROMA_TOKEN") as caught:
        build(refused, edition(), chunks(2))
    assert "401" in str(caught.value)
    assert TOKEN not in str(caught.value) + caplog.text + repr(refused.__dict__)
    assert not re.search(r"[\n\x1b]", str(caught.value))
    for header, kind in (("Authorization", "auto"), ("X-Chroma-Token", "x-chroma-token")):
        proxy.header = (header, f"Bearer {TOKEN}" if header == "Authorization" else TOKEN)
        assert build(connect(proxy.url, chroma_token=TOKEN, chroma_header=kind), edition(), chunks(2)).count() == 2
    assert TOKEN not in caplog.text


def test_tls_with_a_certificate_of_our_own(connect: Connect, chroma: ChromaRun, tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with Proxy(chroma, tls=context) as proxy:
        proxy.header = ("Authorization", f"Bearer {TOKEN}")
        trusted = connect(proxy.url, chroma_token=TOKEN, chroma_ca=tmp_path / "ca.pem")
        assert build(trusted, edition(), chunks(2)).count() == 2
        with pytest.raises(LibraryError, match="ASSISTANT_CHROMA_CA"):
            connect(proxy.url, chroma_token=TOKEN).now()
    with pytest.raises(SettingsError, match="ASSISTANT_CHROMA_CA"):
        connect(chroma.url, chroma_ca=tmp_path / "none.pem")


@pytest.mark.slow
def test_the_limits_of_chroma_cloud(connect: Connect, proxy: Proxy) -> None:
    proxy.cloud_limits = True
    made = chunks(650, text="ä" * 9_000)
    with pytest.raises(LibraryError, match="more than 300 records"):  # the proxy does hold the limits
        build(connect(proxy.url), edition(), made)
    index = build(connect(proxy.url, limits={"cloud_host": "localhost"}), edition(), made)
    assert index.count() == 650
    assert len(index.search(made[0][1], 400)) == 300


def test_a_cut_connection_is_tried_again(connect: Connect, proxy: Proxy) -> None:
    proxy.drop = 2
    assert build(connect(proxy.url), edition(), chunks(5)).count() == 5
    assert proxy.drop == 0
    assert sum("upsert" in line for line in proxy.requests) == 3


def test_a_silent_server_is_given_up_and_left_alone(connect: Connect, proxy: Proxy) -> None:
    server = connect(proxy.url, limits={"quick": httpx.Timeout(0.2)})
    index = build(server, edition(), chunks(5))
    proxy.silent.set()
    asked = len(proxy.requests)
    for _ in range(3):
        with pytest.raises(UnavailableError, match="does not answer"):
            index.search(chunks(1)[0][1], 3)
    assert len(proxy.requests) == asked + 1  # the first question waits for it, the others do not
    proxy.silent.clear()
    server.now()
    assert len(index.search(chunks(1)[0][1], 3)) == 3


def test_no_server_at_all(connect: Connect, chroma: ChromaRun) -> None:
    with pytest.raises(LibraryError, match="ASSISTANT_CHROMA_URL") as caught:
        build(connect("http://127.0.0.1:9"), edition(), chunks(2))
    assert "\n" not in str(caught.value)
    with pytest.raises(LibraryError, match="ASSISTANT_CHROMA_URL"):
        connect(f"{chroma.url}/elsewhere").now()


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    chroma: ChromaRun, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert connect(chroma.url).now() > 0


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"chroma_url": "127.0.0.1:8000"}, "write it like"),
        ({"chroma_url": "ftp://127.0.0.1"}, "write it like"),
        ({"chroma_url": "http://127.0.0.1:99999"}, "write it like"),
        ({"chroma_url": "http://user:hush-hush@127.0.0.1:8000"}, "ASSISTANT_CHROMA_TOKEN"),
        ({"chroma_url": "http://chroma.example:8000", "chroma_token": TOKEN}, "https"),
        ({"chroma_url": "https://chroma.example"}, "ASSISTANT_CHROMA_TOKEN"),
        ({"chroma_url": "http://127.0.0.1:8000", "chroma_token": f"{TOKEN}\n"}, "line break"),
    ],
)
def test_addresses_that_are_refused(values: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told) as caught:
        Settings(**values)
    assert "hush-hush" not in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_addresses_that_are_taken() -> None:
    Settings(chroma_url="http://[::1]:8000/behind/a/proxy")
    Settings(chroma_url="https://chroma.example", chroma_token=TOKEN)
    assert Settings(chroma_url="http://chroma:8000", chroma_insecure=True).chroma_token is None
    assert TOKEN not in repr(Settings(chroma_url="https://chroma.example", chroma_token=TOKEN))
