"""Requests to one Chroma server: token, certificates, time limits, repeated attempts, and one line for each failure.

chromadb's own client is not used: it sets no time limit on any request, and makes the first one while it is
constructed (chromadb 1.5.9, `api/fastapi.py`), so a server that accepts a connection and then says nothing would hang
the program. Nothing but the configured address is ever contacted, and redirects are not followed.
"""

from __future__ import annotations

import re
import ssl
import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from tenacity import Retrying

from assistant.errors import LibraryError, SettingsError
from assistant.llm.redaction import redact, register_secret
from assistant.retry_policy import RetryPolicy
from assistant.settings import Settings, is_loopback

QUICK = httpx.Timeout(10.0, connect=3.0)
"""The limits of a request that an answer waits for."""
_PATIENT = httpx.Timeout(120.0, connect=10.0)
"""The limits of a write, during which Chroma may stop to write its index to disk."""
_QUICK_RETRIES = RetryPolicy(2, first_pause=0.0)
"""One more attempt, at once, because the connection may have gone stale."""
_PATIENT_RETRIES = RetryPolicy(5, longest_pause=8.0)
_REST_SECONDS = 30.0
"""Time for which a server that did not answer is not asked again: each question would wait for it otherwise."""
CLOUD_HOST = "trychroma.com"
"""The domain of Chroma Cloud."""


class UnavailableError(LibraryError):
    """The server cannot be reached, does not answer in time, or is too busy: worth another attempt."""

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out


class MissingError(LibraryError):
    """The server does not have the collection, or not any more."""


class Transport:
    """Sends requests to one server; safe to use from several threads."""

    def __init__(self, settings: Settings, *, quick: httpx.Timeout = QUICK, cloud_host: str = CLOUD_HOST) -> None:
        """Connects to nothing yet. Raises SettingsError when the CA file cannot be read."""
        self.url = (settings.chroma_url or "").rstrip("/")
        host = urlsplit(self.url).hostname or ""
        self.cloud = host == cloud_host or host.endswith("." + cloud_host)
        self._base = f"{self.url}/api/v2"
        self._quick = quick
        self._resting_until = 0.0
        self._why_resting = ""
        self._client = httpx.Client(
            timeout=quick,
            verify=_trust(settings),
            auth=_authorise(settings, self.cloud),
            trust_env=not is_loopback(host),  # a proxy of the environment is never asked for this machine's own
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def wake(self) -> None:
        """Allows requests to a server that is being left alone because it did not answer."""
        self._resting_until = 0.0

    def call(self, method: str, path: str, body: object = None, *, patient: bool = False) -> Any:
        """The server's answer to a body of JSON. A server that did not answer lately is asked only by the `patient`.

        Raises UnavailableError, MissingError, or LibraryError when it refuses.
        """
        if not patient and time.monotonic() < self._resting_until:
            raise UnavailableError(self._why_resting)
        content = None if body is None else orjson.dumps(body)
        try:
            return _retrying(patient)(self._once, method, path, content, _PATIENT if patient else self._quick)
        except UnavailableError as error:
            self._resting_until, self._why_resting = time.monotonic() + _REST_SECONDS, str(error)
            raise

    def _once(self, method: str, path: str, content: bytes | None, limits: httpx.Timeout) -> Any:
        headers = {"Content-Type": "application/json"} if content else {}
        try:
            reply = self._client.request(method, self._base + path, content=content, headers=headers, timeout=limits)
            self._refuse(reply)
            return orjson.loads(reply.content) if reply.content else None
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        except (orjson.JSONDecodeError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise LibraryError(
                f"{self.url} does not answer as a Chroma server does ({type(error).__name__}); check ASSISTANT_CHROMA_URL"
            ) from error

    def _unreachable(self, error: httpx.TransportError) -> LibraryError:
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return LibraryError(
                f"the certificate of the Chroma server {self.url} is not trusted; name the file of its CA in ASSISTANT_CHROMA_CA"
            )
        return UnavailableError(
            f"Chroma server {self.url} does not answer ({_line(str(error)) or type(error).__name__}); "
            "check that it is running, and check ASSISTANT_CHROMA_URL",
            timed_out=isinstance(error, httpx.TimeoutException),
        )

    def _refuse(self, reply: httpx.Response) -> None:
        """Raises for every reply but a success."""
        if reply.is_success:
            return
        status, why = reply.status_code, _line(_message(reply))
        message = f"Chroma server {self.url} answered {status}{': ' + why if why else ''}"
        if status in (401, 403):
            raise LibraryError(f"{message}; check ASSISTANT_CHROMA_TOKEN and ASSISTANT_CHROMA_HEADER")
        if status == 404:
            raise MissingError(f"{message}; check ASSISTANT_CHROMA_URL, _TENANT and _DATABASE")
        if status in (429, 500, 502, 503, 504):
            raise UnavailableError(f"{message}; try again later")
        raise LibraryError(f"{message}; check ASSISTANT_CHROMA_URL")


def _retrying(patient: bool) -> Retrying:
    def transient(error: BaseException) -> bool:
        return isinstance(error, UnavailableError) and (patient or not error.timed_out)

    return Retrying(**(_PATIENT_RETRIES if patient else _QUICK_RETRIES).options(transient))


def _trust(settings: Settings) -> ssl.SSLContext | bool:
    if settings.chroma_ca is None:
        return True
    try:
        return ssl.create_default_context(cafile=str(settings.chroma_ca))
    except OSError as error:  # ssl.SSLError is one
        raise SettingsError(
            f"setting chroma_ca (ASSISTANT_CHROMA_CA): {settings.chroma_ca} is not a readable file of PEM certificates ({error})"
        ) from error


class _Token(httpx.Auth):
    """Adds the token to each request, so that no header that is printed anywhere holds it."""

    def __init__(self, header: str, value: str) -> None:
        self._header, self._value = header, value

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers[self._header] = self._value
        yield request


def _authorise(settings: Settings, cloud: bool) -> _Token | None:
    if not settings.chroma_token:
        return None
    token, header = settings.chroma_token.get_secret_value(), settings.chroma_header
    register_secret(token)
    if header == "x-chroma-token" or (header == "auto" and cloud):
        return _Token("X-Chroma-Token", token)
    return _Token("Authorization", f"Bearer {token}")


def _message(reply: httpx.Response) -> str:
    try:
        return str(orjson.loads(reply.content)["message"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""


def _line(text: str) -> str:
    """A server's message on one line, without control characters and without the token."""
    return redact(re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip())[:200]
