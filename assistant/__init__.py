"""Answers questions about paper abstracts; every sentence cites an exact span and is checked against it.

The names of `assistant.api` are loaded when the first of them is used, so that a command can be stopped while they are.
"""

TYPE_CHECKING = False  # as type checkers know it; `typing` would be loaded before a command can be stopped

if TYPE_CHECKING:
    from assistant.api import *  # noqa: F403 - each name stands there
    from assistant.api import __all__ as __all__
else:

    def __getattr__(name: str) -> object:
        from importlib import import_module
        from importlib.util import find_spec

        if find_spec(f"{__name__}.{name}") is not None:  # `from assistant import settings` must not load all the others
            return import_module(f"{__name__}.{name}")
        api = import_module("assistant.api")
        globals().update({public: getattr(api, public) for public in api.__all__}, __all__=api.__all__)
        if name not in globals():
            raise AttributeError(f"module 'assistant' has no attribute {name!r}")
        return globals()[name]
