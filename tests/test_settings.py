"""Settings: where they come from, what is refused, and which addresses count as this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Settings, SettingsError
from assistant.settings import is_loopback


def test_arguments_win_over_the_environment_and_that_over_files(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("assistant.toml").write_text("k = 3\nmax_sentences = 3\nllm = 'ollama:toml'\ncache = false\n")
    Path(".env").write_text("ASSISTANT_K=4\nASSISTANT_MAX_SENTENCES=4\nASSISTANT_LLM=ollama:dotenv\n")
    monkeypatch.setenv("ASSISTANT_K", "5")
    monkeypatch.setenv("ASSISTANT_MAX_SENTENCES", "5")
    settings = Settings(k=6)
    assert (settings.k, settings.max_sentences, settings.llm, settings.cache) == (6, 5, "ollama:dotenv", False)


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"k": 0}, "ASSISTANT_K"),
        ({"llm_citing": "free"}, "ASSISTANT_LLM_CITING"),
        ({"chunk_tokens": 32, "chunk_overlap": 32}, "ASSISTANT_CHUNK_OVERLAP"),
        ({"chroma_url": "127.0.0.1:8000"}, "ASSISTANT_CHROMA_URL"),
        ({"chroma_url": "http://chroma.localhost:8000"}, "ASSISTANT_CHROMA_INSECURE=1"),
        ({"chroma_url": "http://127.0.0.1:8000", "chroma_token": "a b"}, "ASSISTANT_CHROMA_TOKEN"),
    ],
)
def test_a_value_that_makes_no_sense_is_one_line_that_names_the_variable(values: dict[str, object], named: str) -> None:
    with pytest.raises(SettingsError, match=named) as refused:
        Settings(**values)
    assert "\n" not in str(refused.value)


def test_a_tilde_is_the_home_folder_in_files_too() -> None:
    Path("assistant.toml").write_text("home = '~/papers'\n")
    assert Settings().home == Path.home() / "papers"
    assert Settings(home="~/other").home == Path.home() / "other"


@pytest.mark.parametrize("name", ["assistant.toml", ".env"])
def test_a_damaged_settings_file_is_one_line_that_names_it(name: str) -> None:
    Path(name).write_bytes(b"k = [\xff")
    with pytest.raises(SettingsError, match=r"assistant\.toml or \.env"):
        Settings()


def test_an_unknown_setting_points_to_the_list_of_settings() -> None:
    with pytest.raises(SettingsError, match=r"colour does not exist; docs/settings\.md"):
        Settings().changed(colour="red")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.0.1", "::1", "[::1]", "localhost", "LocalHost"])
def test_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "0.0.0.0",  # noqa: S104 - it is refused
        "::",
        "128.0.0.1",
        "chroma.localhost",
        "localhost.example.org",
        "::ffff:127.0.0.1",
        "127.1",
        "10.0.0.1",
    ],
)
def test_not_this_machine(host: str) -> None:
    assert not is_loopback(host)
