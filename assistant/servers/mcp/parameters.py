"""Makes the parameters of tools and prompts from the fields of requests: filters stand beside the other arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from inspect import Parameter, Signature
from typing import Annotated, Any, TypeVar

from pydantic import Field
from pydantic.fields import FieldInfo

from assistant.servers.filters import FilterFields
from assistant.servers.requests import LibraryRequest

F = TypeVar("F", bound=Callable[..., Any])
_FILTERS = FilterFields.model_fields


def of_request(request: type[LibraryRequest]) -> Iterator[Parameter]:
    """One parameter for each field of a request, and for each filter. Null stands for an argument that is left out."""
    for name, field in {**request.model_fields, **_FILTERS}.items():
        if name == "limit":
            yield _parameter(name, field, request.limit_for_models)
        elif name != "filters":
            yield _parameter(name, field, field.default if isinstance(field.default, int | str) else None)


def of_filters_as_text() -> Iterator[Parameter]:
    """One parameter for each filter, as text, since the arguments of prompts are texts."""
    for name, field in _FILTERS.items():
        several = " Separate several by commas." if _is_list(field) else ""
        text = Annotated[str, Field(description=f"{field.description}{several}")]
        yield Parameter(name, Parameter.KEYWORD_ONLY, default="", annotation=text)


def nested(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request, from arguments that name its filters beside them."""
    set_ones = {name: value for name, value in given.items() if value is not None}
    filters = {name: value for name, value in set_ones.items() if name in _FILTERS}
    return {name: value for name, value in set_ones.items() if name not in _FILTERS} | {"filters": filters}


def read_filters(given: dict[str, str]) -> dict[str, Any]:
    """The arguments of tools for the filters that are filled in as text. Raises ValueError for a number that is none."""
    values = {name: text.strip() for name, text in given.items() if text.strip()}
    return {name: found for name, text in values.items() if (found := _read(name, text)) not in (None, [])}


def with_parameters(function: F, parameters: Sequence[Parameter], returns: Any) -> F:
    """The function, which takes any keywords, under this signature."""
    ordered = sorted(parameters, key=lambda p: p.default is not Parameter.empty)
    function.__signature__ = Signature(ordered, return_annotation=returns)  # type: ignore[attr-defined]  # read by inspect
    function.__annotations__ = {p.name: p.annotation for p in parameters} | {"return": returns}
    return function


def _parameter(name: str, field: FieldInfo, optional: Any) -> Parameter:
    required = field.is_required()
    kind: Any = field.annotation
    constraints = (*field.metadata, Field(description=field.description))
    default = Parameter.empty if required else optional
    return Parameter(
        name,
        Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[(kind if required else kind | None, *constraints)],
    )


def _read(name: str, text: str) -> Any:
    field = _FILTERS[name]
    if _is_list(field):
        return [part.strip() for part in text.split(",") if part.strip()]
    if field.annotation == int | None:
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"{name} must be a number, not {text!r}") from None
    return text


def _is_list(field: FieldInfo) -> bool:
    return field.annotation == list[str]
