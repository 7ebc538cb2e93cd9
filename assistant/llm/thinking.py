"""Hides what a reasoning model thinks, where its server leaves that in the text of the reply.

Most servers send thinking in a field of its own. Others leave it in the text between marks, and where the chat template
writes the opening mark into the prompt, only the closing one is in the reply.
"""

from __future__ import annotations

import re

_MARKS = {
    "<think>": "</think>",
    "<thinking>": "</thinking>",
    "<thought>": "</thought>",
    "<reasoning>": "</reasoning>",
    "[think]": "[/think]",
    "◁think▷": "◁/think▷",
    "<|start_thinking|>": "<|end_thinking|>",
    "<|channel|>analysis<|message|>": "<|channel|>final<|message|>",
}
"""Opening and closing marks in lower case."""
_LONGEST = max(map(len, (*_MARKS, *_MARKS.values())))
_CLOSING = re.compile("|".join(map(re.escape, _MARKS.values())), re.I)
_OPENING = re.compile("|".join(map(re.escape, _MARKS)), re.I)
_CITATION = re.compile(r"\[\d")


class ThinkingFilter:
    """Passes the text of one reply without its thinking.

    An opening mark counts at the start of a line only: elsewhere the text is about such marks, as some papers are.
    """

    def __init__(self, *, opened: bool = False, doubtful: bool = False) -> None:
        """`opened`: the model is known to begin with thinking that no mark opens. `doubtful`: it may; text is held back
        until it cites something, because a closing mark could still follow."""
        self.thought = False
        """Whether there was any thinking."""
        self.was_opened = False
        """Whether a closing mark came that no mark of the reply had opened."""
        self._waits = opened or doubtful
        self._opened = opened
        self._closing = ""
        """The mark that ends the thinking, while there is some."""
        self._at_line_start = True
        self._held = ""

    def feed(self, piece: str) -> str:
        """The text that is known to be none of the thinking."""
        self._held += piece
        shown = ""
        while (text := self._step()) is not None:
            shown += text
        return shown

    def close(self, *, cut: bool = False) -> str:
        """The rest of the text at the end of the reply. `cut`: it ended at its limit of tokens."""
        rest, self._held = self._held, ""
        if self._closing:
            return ""
        if self._opened and self._waits and cut:
            self.thought = True
            return ""
        return rest

    def _step(self) -> str | None:
        """The next text (empty after a mark); None when more of the reply is needed."""
        if self._closing:
            return self._skip()
        if self._waits:
            return self._wait()
        if self._at_line_start:
            return self._line_start()
        return self._text()

    def _skip(self) -> str | None:
        end = self._held.lower().find(self._closing)
        if end < 0:
            self._held = self._held[-_LONGEST:]
            return None
        self._held, self._closing = self._held[end + len(self._closing) :], ""
        self._at_line_start, self._waits = True, False
        return ""

    def _wait(self) -> str | None:
        closed, opened = _CLOSING.search(self._held), _OPENING.search(self._held)
        if opened and not self._held[: opened.start()].strip():
            self._waits = False
        elif closed and not opened:
            self._held = self._held[closed.end() :]
            self.thought = self.was_opened = True
            self._waits, self._at_line_start = False, True
        elif not self._opened and _CITATION.search(self._held):
            self._waits = False
        else:
            return None
        return ""

    def _line_start(self) -> str | None:
        text = self._held.lstrip()
        lowered = text.lower()
        for opening, closing in _MARKS.items():
            if lowered.startswith(opening):
                self._held, self._closing, self.thought = text[len(opening) :], closing, True
                return ""
            if lowered.startswith(closing):
                self._held, self.thought, self.was_opened = text[len(closing) :], True, True
                return ""
        if any(mark.startswith(lowered) for pair in _MARKS.items() for mark in pair):
            return None
        self._at_line_start = False
        return ""

    def _text(self) -> str | None:
        end = self._held.find("\n") + 1
        if not end:
            text, self._held = self._held, ""
            return text or None
        text, self._held, self._at_line_start = self._held[:end], self._held[end:], True
        return text


class JsonFilter:
    """Passes the JSON object of a reply without the words or the code fence around it, which some models add."""

    def __init__(self) -> None:
        self._begun = False
        self._held = ""

    def feed(self, piece: str) -> str:
        """The part of the piece that is known to belong to the object."""
        text = self._held + piece
        if not self._begun:
            start = text.find("{")
            if start < 0:
                self._held = text
                return ""
            self._begun, text = True, text[start:]
        kept = text.rstrip("` \t\r\n")
        self._held = text[len(kept) :]
        return kept

    def close(self) -> str:
        """The whole reply if it holds no object, for the caller to see that; else nothing."""
        return "" if self._begun else self._held
