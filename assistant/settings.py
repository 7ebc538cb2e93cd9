"""One frozen `Settings`, read from arguments, `ASSISTANT_*` variables, `.env` and `assistant.toml`, in that order.

Knows nothing about what the settings do; only their names, defaults and limits.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from assistant.errors import SettingsError

PACKAGED_EMBEDDER = "all-MiniLM-L6-v2"


class Settings(BaseSettings):
    """Everything that can be set. Raises SettingsError (one line) for a value that makes no sense."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_file=".env", toml_file="assistant.toml", frozen=True, extra="ignore"
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("abstract-assistant")))
    """Folder of the library."""

    llm: str = "auto"
    """Which model answers: `auto`, `quotes`, `gguf:NAME_OR_PATH`, `ollama:MODEL`, `openai:MODEL` or
    `http://host:port/v1#MODEL`."""

    models_home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("abstract-assistant")) / "models"
    )
    """Folder of the GGUF files that `assistant models pull` fetches."""

    llm_api_key: SecretStr | None = None
    """Key of the model's server; OpenAI's is taken from OPENAI_API_KEY as well."""

    llm_timeout: float = Field(default=180.0, gt=0)
    """Seconds that one answer of a model may take in all."""

    llm_first_token: float | None = Field(default=None, gt=0)
    """Seconds until the first piece of an answer; by default 30 for OpenAI, 120 for others, which may run on a CPU."""

    llm_silence: float = Field(default=20.0, gt=0)
    """Seconds of silence in the middle of an answer, after which it is given up."""

    llm_context: int | None = Field(default=None, ge=512)
    """Tokens that the serving model may read; by default its server is asked (8192 where it does not say). Abstracts
    beyond it are left out whole."""

    llm_citing: Literal["auto", "free", "chosen"] = "auto"
    """How a model cites: `free` writes numbers beside its sentences, `chosen` names sentences and then words each, `auto`
    tries once which one a model can do."""

    llm_max_tokens: int = Field(default=1024, ge=16, le=8192)
    """Tokens that one answer may have."""

    embedder: str = PACKAGED_EMBEDDER
    """`all-MiniLM-L6-v2` (packaged), another sentence-transformers model, or `http://host:port/v1#MODEL`."""

    embedder_api_key: SecretStr | None = None
    """Key of the embeddings endpoint, if it wants one."""

    device: Literal["auto", "cpu", "gpu"] = "auto"
    """Where papers are embedded: `auto` takes an NVIDIA GPU when there is one that the installed torch can use."""

    chroma_url: str | None = None
    """Address of a Chroma server that keeps the dense index, for example `http://127.0.0.1:8000`; by default it lies in
    the library's folder. `docs/scaling.md` says how to run one."""

    chroma_token: SecretStr | None = None
    """Token that the Chroma server, or the proxy before it, wants."""

    chroma_header: Literal["auto", "authorization", "x-chroma-token"] = "auto"
    """Header that carries it: `Authorization: Bearer`, or `X-Chroma-Token`, which `auto` takes for Chroma Cloud."""

    chroma_tenant: str = Field(default="default_tenant", min_length=1)
    """Tenant on the Chroma server."""

    chroma_database: str = Field(default="default_database", min_length=1)
    """Database of that tenant."""

    chroma_ca: Path | None = None
    """File (PEM) of the authority that signed the server's certificate, where the system does not know it."""

    chroma_insecure: bool = False
    """Use a Chroma server on another machine even without https or without a token."""

    k: int = Field(default=8, ge=1, le=20)
    """Papers that an answer may draw on."""

    dense_weight: float = Field(default=0.5, ge=0, le=1)
    """Share of the dense leg in the fused score; the lexical leg has the rest."""

    chunk_tokens: int = Field(default=400, ge=16, le=512)
    """Length of a window, in cl100k tokens: most abstracts fit into one."""

    chunk_overlap: int = Field(default=64, ge=0)
    """Tokens that neighbouring windows share."""

    judge: str = "default"
    """Who judges a model's sentences after the rules: `default`, `llm`, `nli:FOLDER_OR_HUB_NAME` or `ollama:MODEL`."""

    min_confidence: float = Field(default=0.15, ge=0, le=1)
    """Calibrated probability that the evidence answers the question, below which the answer is not given.

    The default refuses at most 3 % of the answerable dev questions, asked of the sample and of a library four times as
    large (`eval/training/REPORT.md`)."""

    log_answers: bool = True
    """Keep every answer in the library, to be listed, shown again and exported."""

    cache: bool = True
    """Answer from the cache what was asked before, where nothing has changed that could change the answer."""

    max_sentences: int = Field(default=4, ge=1, le=12)
    """Quoted sentences in an answer about one paper; a question about several papers may have twice as many."""

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or "settings"
            raise SettingsError(f"setting {name} ({'ASSISTANT_' + name.upper()}): {first['msg'].lower()}") from None
        if self.chunk_overlap >= self.chunk_tokens:
            raise SettingsError("setting chunk_overlap must be smaller than chunk_tokens")
        _check_server(self)

    def changed(self, **changes: Any) -> Settings:
        """The same with other values. Raises SettingsError for a name that is none, or a value that makes no sense."""
        unknown = sorted(changes.keys() - type(self).model_fields.keys())
        if unknown:
            raise SettingsError(f"setting {unknown[0]} is not known; assistant/settings.py lists them")
        return Settings(**{**{name: getattr(self, name) for name in type(self).model_fields}, **changes})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, which wins over `.env`, which wins over `assistant.toml`."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)


def is_loopback(host: str) -> bool:
    """True for a name or an address of this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _check_server(settings: Settings) -> None:
    """Abstracts leave the machine only over https and to a server that asks who comes, or where the user says so."""
    if not settings.chroma_url:
        return
    token = settings.chroma_token.get_secret_value() if settings.chroma_token else ""
    if any(not "!" <= c <= "~" for c in token):
        raise SettingsError(
            "setting chroma_token (ASSISTANT_CHROMA_TOKEN): holds a space, a line break or a letter beyond ASCII"
        )
    setting = "setting chroma_url (ASSISTANT_CHROMA_URL)"
    try:
        url = urlsplit(settings.chroma_url)
        host, _ = url.hostname or "", url.port
    except ValueError:
        raise SettingsError(f"{setting}: not an address; write it like http://127.0.0.1:8000") from None
    if url.username or url.password:
        raise SettingsError(f"{setting}: holds a name or a password; put the token into ASSISTANT_CHROMA_TOKEN")
    if url.scheme not in ("http", "https") or not host or url.query or url.fragment:
        raise SettingsError(f"{setting}: {settings.chroma_url!r} is no address; write it like http://127.0.0.1:8000")
    if not (is_loopback(host) or settings.chroma_insecure or (url.scheme == "https" and token)):
        raise SettingsError(
            f"{setting}: {host} is another machine, so use https and set ASSISTANT_CHROMA_TOKEN; ASSISTANT_CHROMA_INSECURE=1 "
            "goes without, where your network is trusted"
        )
