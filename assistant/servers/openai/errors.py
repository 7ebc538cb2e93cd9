"""Formats errors as clients of the OpenAI protocol expect them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assistant import AssistantError, NotFoundError, QuestionError, SettingsError

if TYPE_CHECKING:
    from starlette.responses import JSONResponse


class RequestError(Exception):
    """A request that cannot be answered, with the HTTP status and OpenAI's error code."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    @classmethod
    def of(cls, error: AssistantError) -> RequestError:
        """An invalid question, setting or id is the client's error; every other one is the server's."""
        return cls(400 if isinstance(error, SettingsError | QuestionError | NotFoundError) else 500, str(error))

    def document(self) -> dict[str, Any]:
        """The body of the response, or of an event in a stream."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        return {"error": {"message": str(self), "type": kind, "param": None, "code": self.code}}

    def response(self) -> JSONResponse:
        """The HTTP response."""
        from starlette.responses import JSONResponse

        return JSONResponse(self.document(), self.status)
