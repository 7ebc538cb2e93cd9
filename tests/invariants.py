"""What holds for every answer, whatever was asked and whoever answered (design, section 4)."""

from __future__ import annotations

import re

from assistant import Answer, Assistant


def check_answer(answer: Answer, assistant: Assistant) -> None:
    """Fails the test when an invariant of the contract is broken."""
    abstracts = {p.paper_id: p.abstract for p in assistant.papers()}
    for piece in (*answer.citations, *answer.nearest):
        assert piece.quote
        assert abstracts[piece.paper_id][piece.start : piece.end] == piece.quote
    numbers = [c.n for c in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    used = [n for s in answer.sentences for n in s.citations]
    assert list(dict.fromkeys(used)) == numbers, "numbered by first use, all used"
    assert all(s.verdict in ("supported", "partial") and s.citations for s in answer.sentences)
    assert 0.0 <= answer.confidence <= 1.0
    assert Answer.from_dict(answer.to_dict()) == answer
    if answer.status == "abstained":
        assert answer.reason is not None
        assert not answer.citations
        assert not answer.sentences
        assert answer.text
    else:
        assert answer.reason is None
        assert answer.sentences or answer.listing is not None
        tail = re.findall(r"\[(\d+)\](?=(?:\s*\[\d+\])*\s*(?:$|\s\S))", answer.text)
        assert set(map(int, tail)) >= set(numbers)
