"""Many visitors at once, who may come in, and what is not served."""

from __future__ import annotations

import gc
import resource
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from browser import served

from assistant import Assistant, Settings
from assistant.ui.chat import Chat
from assistant.ui.indexing import Indexing
from assistant.ui.library_cache import LibraryCache

FACTS = {
    "How much does TideNet lower the speed error?": "0.27 knots",
    "How many tiles was BarleyCount trained on?": "3,400",
    "What happens to the fleet with OwlRoute?": "14 to 9",
    "What error rate does NoteHound reach?": "12.4%",
}


@pytest.mark.slow
def test_twenty_users_at_once_get_their_own_answers(page_url: str) -> None:
    from gradio_client import Client

    questions = list(FACTS) * 5

    def visit(question: str) -> str:
        client = Client(page_url, verbose=False)
        client.predict(question, api_name="/ask")
        return str(client.predict("And on which data?", api_name="/ask")[1])

    with ThreadPoolExecutor(len(questions)) as pool:
        for question, past in zip(questions, pool.map(visit, questions), strict=True):
            shown = past.split("evidence-store")[0]
            assert question in shown
            assert FACTS[question] in shown
            assert not any(other in shown for other in FACTS if other != question), "nobody sees another's conversation"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_memory_stays_level(fresh_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A thousand visitors with one question each, through what serves the page; every fifth is answered again, the rest
    from the cache. The slope of resident memory by least squares, after two hundred to warm up.

    The questions come from a pool, because the encoder remembers a bounded number of texts: with questions never asked
    before, memory grows until that is full, and then no more.
    """
    pool = [f"{question} {reader} asks." for question in FACTS for reader in ("Ann", "Bob", "Eve", "Kim", "Lea")]
    with Assistant(Settings(home=fresh_home, llm="quotes")) as assistant:
        library = LibraryCache(assistant)
        chat = Chat(assistant, library, Indexing(assistant, library.invalidate))
        uncached = assistant.using(cache=False)
        sizes = []
        for i in range(1_000):
            session = chat.new_session(f"visitor {i}")
            if i % 5 == 0:
                session.move_to(uncached)
            turn = chat.begin(pool[i // 5 % len(pool)], session)
            assert turn is not None
            assert list(chat.answer(turn, session))[-1].live
            if i >= 200 and i % 25 == 0:
                gc.collect()
                sizes.append((i, _resident()))
    mean_i, mean_size = (sum(values) / len(sizes) for values in zip(*sizes, strict=True))
    slope = sum((i - mean_i) * (s - mean_size) for i, s in sizes) / sum((i - mean_i) ** 2 for i, _ in sizes)
    with capsys.disabled():
        print(f"\nmemory: {100 * slope / 2**20:+.2f} MB per 100 chats")
    assert 100 * slope / 2**20 <= 1


def _resident() -> int:
    """Bytes of memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.fixture(scope="module")
def locked_url(library_home: Path) -> Iterator[str]:
    """A page that asks for a password."""
    with served(library_home, auth=[("ann", "long password"), ("bob", "x")]) as url:
        yield url.rstrip("/")


@pytest.mark.slow
def test_nothing_without_a_password(locked_url: str) -> None:
    for path in ("/config", "/gradio_api/info", "/gradio_api/queue/status"):
        assert httpx.get(locked_url + path).status_code in (401, 404), path
    assert httpx.post(f"{locked_url}/gradio_api/upload", files={"files": b"x"}).status_code == 401
    assert httpx.post(f"{locked_url}/login", data={"username": "ann", "password": "wrong"}).status_code == 400
    with httpx.Client() as ann:
        assert ann.post(f"{locked_url}/login", data={"username": "ann", "password": "long password"}).status_code == 200
        assert ann.get(f"{locked_url}/config").status_code == 200


@pytest.mark.slow
def test_no_file_and_no_other_server_is_served(page_url: str) -> None:
    url = page_url.rstrip("/")
    for path in (
        "file=/etc/passwd",
        "file/etc/passwd",
        "file=library.sqlite3",
        "file=http://127.0.0.1:1/",
        "proxy=http://127.0.0.1:1/",
    ):
        for prefix in ("", "gradio_api/"):
            assert httpx.get(f"{url}/{prefix}{path}").status_code == 404, path
    page = httpx.get(url)
    assert page.headers["x-frame-options"] == "DENY"
    assert page.text.count("<script") == page.text.count('nonce="')


@pytest.mark.slow
def test_large_uploads_are_refused(page_url: str) -> None:
    reply = httpx.post(f"{page_url.rstrip('/')}/gradio_api/upload", files={"files": b"x" * (65 << 20)}, timeout=60)
    assert reply.status_code == 413
