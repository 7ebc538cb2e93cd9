"""An answer with one sentence of each worth: a scripted model writes it, and is asked for the verdict on what it wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant import COMPARE
from eval.chat_server import Reply, serve

QUESTION = "How much does TideNet lower the speed error?"
SUPPORTED = "TideNet lowers the mean speed error from 0.42 to 0.27 knots on the Leith and Esbjerg harbours."
PARTIAL = "With TideNet the mean speed error falls from 0.42 to 0.27 knots in every harbour."
CONTRADICTED = "TideNet lowers the mean speed error from 0.42 to 0.11 knots on the Leith and Esbjerg harbours."
TALLY = "1 of 2 sentences verified"
QUOTE = SUPPORTED
"""What the abstract says, which the partial sentence is to be compared with."""


@contextmanager
def partial_answers(word: str = "partial") -> Iterator[dict[str, Any]]:
    """Settings under which `QUESTION` is answered with a supported and a partial sentence, and a contradicted one removed.

    The rules decide on the first and the last; on the other one the model is asked, and says `word`.
    """
    draft = " ".join(f"{s.rstrip('.')} [1]." for s in (SUPPORTED, PARTIAL, CONTRADICTED))

    def respond(body: dict[str, Any], authorization: str) -> Reply:
        prompt = str(body["messages"][-1]["content"])
        if "Do the cited abstracts carry" in prompt:
            listed = re.findall(r"^(\d+)\. (.+) \(cites", prompt, re.M)
            rows = [{"n": int(n), "verdict": word if text == PARTIAL else "contradicted"} for n, text in listed]
            return Reply(json.dumps({"verdicts": rows}))
        return Reply("NOT STATED." if "failed:" in prompt else draft)

    with serve(respond) as url:
        yield {"llm": f"{url}#scripted", "judge": "llm", "cache": False}


def marked_once(text: str) -> bool:
    """Whether the partial sentence is marked, and no other one."""
    return text.count(COMPARE) == 1 and text.index(SUPPORTED) < text.index(PARTIAL) < text.index(COMPARE)


def is_carried(document: dict[str, Any]) -> bool:
    """Whether the document has verdict, quote and mark of the partial sentence, and the reason for the removed one."""
    plain, partial = document["sentences"]
    (removed,) = document["removed"]
    return (
        (plain["verdict"], plain["compare_with"]) == ("supported", [])
        and (partial["verdict"], partial["compare_with"]) == ("partial", [QUOTE])
        and marked_once(document["text"])
        and (removed["text"], removed["verdict"]) == (CONTRADICTED, "contradicted")
        and bool(removed["why"])
    )
