"""One frozen `Settings`, read from arguments, `ASSISTANT_*` variables, `.env` and `assistant.toml`, in that order.

Knows nothing about what the settings do; only their names, defaults and limits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

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
    """Which model answers: `auto`, `quotes`, `openai:MODEL` or `http://host:port/v1#MODEL`."""

    llm_api_key: SecretStr | None = None
    """Key of the model's server; OpenAI's is taken from OPENAI_API_KEY as well."""

    llm_timeout: float = Field(default=180.0, gt=0)
    """Seconds that one answer of a model may take in all."""

    llm_context: int = Field(default=8192, ge=512)
    """Tokens that the serving model can read; abstracts beyond it are left out whole."""

    llm_max_tokens: int = Field(default=1024, ge=16, le=8192)
    """Tokens that one answer may have."""

    embedder: str = PACKAGED_EMBEDDER
    """`all-MiniLM-L6-v2` (packaged), another sentence-transformers model, or `http://host:port/v1#MODEL`."""

    embedder_api_key: SecretStr | None = None
    """Key of the embeddings endpoint, if it wants one."""

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

    The default keeps refusals of answerable dev questions below 5 % (lay paraphrases aside); between .15 and .2 nothing
    more is caught there, only more is refused."""

    keep_answers: bool = True
    """Keep every answer in the library, to be listed, shown again and exported."""

    max_sentences: int = Field(default=4, ge=1, le=12)
    """Quoted sentences in an answer about one paper; a question about several papers may have twice as many."""

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"]) or "settings"
            raise SettingsError(
                f"setting {name} ({'ASSISTANT_' + name.upper()}): {first['msg'].lower()}"
            ) from None
        if self.chunk_overlap >= self.chunk_tokens:
            raise SettingsError("setting chunk_overlap must be smaller than chunk_tokens")

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
