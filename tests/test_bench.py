"""The comparison with peers: its arithmetic, its rounds with a tiny peer in processes of its own, and its page."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from eval.bench import page, summary
from eval.bench.corpus import Task
from eval.bench.processes import StepFailed, environment, run
from eval.bench.rounds import Measured, measure
from eval.bench.summary import Target
from eval.bench.venvs import OURS, PEERS, RAW, PeerSpec, environments, interpreter, versions

_TINY = """
import json, os, sys
from eval.bench.peers.contract import drive, read_papers, unique

class Tiny:
    def load(self): pass
    def index(self, records, folder):
        folder.mkdir()
        (folder / "ids").write_text(json.dumps([p.paper_id for p in read_papers(records)]))
        return len(read_papers(records))
    def open(self, folder): self.ids = json.loads((folder / "ids").read_text())
    def search(self, question, k):
        if os.environ.get("TINY_BREAKS"): sys.exit("the tiny peer is broken")
        return unique(self.ids if question == "first?" else self.ids[::-1] * 2, k)

drive(Tiny())
"""


@pytest.fixture
def task(tmp_path: Path) -> Task:
    records = tmp_path / "records.jsonl"
    rows = [{"paper_id": f"t:{i}", "title": f"T{i}", "abstract": "A."} for i in range(4)]
    records.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return Task(records, 4, ("first?", "last?"), (frozenset({"t:0"}), frozenset({"t:0", "t:3"})))


def tiny(folder: Path, name: str, **settings: str) -> PeerSpec:
    (folder / "tiny_peer.py").write_text(_TINY, encoding="utf-8")
    return PeerSpec(name, "tiny_peer", settings=(("PYTHONPATH", f"{ROOT}:{folder}"), *settings.items()))


def test_rounds_measure_every_peer_and_leave_out_the_one_that_breaks(tmp_path: Path, task: Task) -> None:
    peers = [tiny(tmp_path, "good"), tiny(tmp_path, "bad", TINY_BREAKS="1")]
    reported: list[str] = []
    pythons = {peer.name: interpreter(peer, tmp_path) for peer in peers}
    found = measure(peers, pythons, task, 2, tmp_path, reported.append)
    good = found["good"]
    assert good.dnf == ""
    assert {len(values) for values in good.values.values()} == {2}
    assert good.values["pieces"] == [4, 4]
    assert good.values["right_first"] == [1.0, 1.0]
    assert good.values["recall_at_10"] == [1.0, 1.0]
    assert min(good.values["papers_per_second"] + good.values["ask_seconds"] + good.values["ask_peak_mb"]) > 0
    assert found["bad"].dnf == "exit status 1: the tiny peer is broken"
    assert reported == ["round 1 of 2: good", "round 1 of 2: bad", "round 2 of 2: good"]


def test_a_step_runs_offline_on_two_threads_without_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_K", "3")
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    found = environment({"X": "1"})
    assert not {"ASSISTANT_K", "OPENAI_API_KEY"} & found.keys()
    assert (found["OMP_NUM_THREADS"], found["HF_HUB_OFFLINE"], found["X"]) == ("2", "1", "1")


def test_a_step_that_hangs_is_ended() -> None:
    with pytest.raises(StepFailed, match="out of time"):
        run([sys.executable, "-c", "import time; time.sleep(600)"], limit=0.5)


def test_ratios_are_taken_within_a_round() -> None:
    ours, theirs = (
        Measured({"papers_per_second": [30.0, 10.0, 40.0]}),
        Measured({"papers_per_second": [10.0, 5.0, 8.0]}),
    )
    target = Target("x", "ours", "papers_per_second", "them", 3.0, True)
    one = summary.verdicts({"ours": ours, "them": theirs}, [target])[0]
    assert one["figure"] == {"median": 3.0, "low": 2.0, "high": 5.0, "values": [3.0, 2.0, 5.0]}
    assert one["met"] is True
    theirs.dnf = "broken"
    assert summary.verdicts({"ours": ours, "them": theirs}, [target])[0]["met"] is None
    assert summary.verdicts({"ours": ours}, [target])[0]["figure"] is None


def test_a_bound_from_above_is_missed_when_passed() -> None:
    ours = Measured({"ask_seconds": [1.0, 2.5, 3.0]})
    target = Target("x", "ours", "ask_seconds", None, 2.0, False)
    assert summary.verdicts({"ours": ours}, [target])[0]["met"] is False


def test_targets_speak_of_peers_that_exist() -> None:
    names = {p.name for p in (*OURS, *RAW, *PEERS.values())}
    assert {t.peer for t in summary.TARGETS} | {t.over for t in summary.TARGETS if t.over} <= names


def test_the_page_shows_losses_and_peers_that_did_not_finish() -> None:
    measured = {
        "ours": Measured({"papers_per_second": [10.0], "ask_seconds": [5.0]}),
        "llama-index": Measured({"papers_per_second": [9.0]}),
        "txtai": Measured({}, "exit status 1: <b>no</b>"),
    }
    document = {
        "papers": 4,
        "repeats": 1,
        "machine": {"cores": 2, "cpu": "<cpu>"},
        "peers": summary.figures(measured),
        "targets": summary.verdicts(measured),
    }
    html = page.render(json.loads(json.dumps(document)))
    assert html.count("missed") == 2
    assert "txtai did not finish: exit status 1: &lt;b&gt;no&lt;/b&gt;" in html
    assert "<cpu>" not in html


@pytest.mark.slow
def test_a_peer_that_cannot_be_installed_did_not_finish(tmp_path: Path) -> None:
    nowhere = PeerSpec("nowhere", "none", ("./no-such-folder",))
    reported: list[str] = []
    pythons, failed = environments([nowhere, OURS[0]], tmp_path, reported.append)
    assert pythons == {"ours": Path(sys.executable)}
    assert "pip install" in failed["nowhere"]
    assert "no-such-folder" in failed["nowhere"]
    assert len(reported) == 2


def test_a_range_is_shown_where_there_is_one() -> None:
    assert page.spelled(summary.spread([1.0, 2.0, 4.0])) == "2 (1–4)"
    assert page.spelled(summary.spread([123.4])) == "123"
    assert page.spelled(None) == "–"


def test_versions_of_an_environment_are_on_record() -> None:
    assert "numpy" in versions(Path(sys.executable))


@pytest.mark.slow
def test_a_snapshot_goes_in_and_a_second_run_of_the_command_only_compares() -> None:
    command = [sys.executable, "-m", "eval.snapshot", "--papers", "300"]
    done = subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True)
    figures = json.loads(done.stdout)
    assert (figures["first run"]["added"], figures["second run"]["added"]) == (300, 0)
    assert figures["second run"]["unchanged"] == 300


@pytest.mark.slow
def test_ourselves_and_the_limit_on_the_bundled_sample(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "eval.bench", "--peers", "raw", "--repeats", "1", "--out", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    document = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert not any(peer["dnf"] for peer in document["peers"].values())
    ours = document["peers"]["ours"]["figures"]
    assert ours["right_first"]["median"] > 0.8
    assert {"no_op_seconds", "ask_seconds", "query_p95_ms", "disk_mb"} <= ours.keys()
    chunks = document["peers"]["ours, overlapping chunks"]["figures"]["pieces"]["median"]
    assert chunks == document["peers"]["raw encoding, overlapping chunks"]["figures"]["pieces"]["median"]
    assert chunks > ours["pieces"]["median"]
    assert (tmp_path / "bench.html").is_file()
