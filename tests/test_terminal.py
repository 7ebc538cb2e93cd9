"""Every command on every kind of terminal: encodings, streams that are closed, full or read by nobody, and Ctrl-C."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT
from permissions import heed_permissions, set_writable
from typer.main import get_command

from assistant import Assistant, Settings
from assistant.cli import app

ENCODINGS = ("utf-8", "ascii", "cp1252", "latin-1", "cp437", "utf-16")
STREAMS = (
    "file closed file",
    "file full file",
    "file gone file",
    "closed file file",
    "file file closed",
    "file file full",
    "file file gone",
    "closed closed closed",
    "closed gone gone",
)
SERVERS = ("ui", "serve")
QUESTION = "How much does TideNet lower the “speed error” — 漢字?"
OWN_ARGUMENTS = {"facts": ["--all"], "check": [QUESTION], "table": ["harbour"], "find": ["harbour currents"]}
"""Commands that ask for one of several arguments, and so for none in particular."""


@pytest.fixture(scope="module")
def home(untouched_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with a stored answer, and a paper that no small encoding can show."""
    import shutil

    copy = Path(shutil.copytree(untouched_home, tmp_path_factory.mktemp("terminal") / "home"))
    source = copy.parent / "straße.jsonl"
    paper = {"title": "Straße — “β-carotene” in 漢字", "abstract": "We measure β-carotene in 漢字. It rises by 5 %."}
    source.write_text(json.dumps(paper), encoding="utf-8")
    with Assistant(Settings(home=copy, llm="quotes")) as opened:
        opened.add([source])
        opened.ask("How much does TideNet lower the speed error?")
    return copy


def commands(home: Path) -> Iterator[list[str]]:
    """Every command with the arguments that it needs; a new command is found by itself."""
    with Assistant(Settings(home=home, llm="quotes")) as opened:
        known = {"record_id": opened.records()[0].record_id, "papers": opened.papers()[0].paper_id}
    known |= {"question": QUESTION, "topic": "harbour currents", "name": "nobody"}
    pending = [([], get_command(app))]
    while pending:
        words, command = pending.pop()
        if subcommands := getattr(command, "commands", None):
            pending += [([*words, name], sub) for name, sub in subcommands.items()]
        else:
            needed = [p.name for p in command.params if p.required and p.param_type_name == "argument"]
            yield [*words, *OWN_ARGUMENTS.get(" ".join(words), [known.get(name, "x") for name in needed])]


def environment(home: Path, **more: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LC_ALL", "LANG")}
    own = {"PYTHONPATH": str(ROOT), "ASSISTANT_HOME": str(home), "ASSISTANT_LLM": "quotes", "HF_HUB_OFFLINE": "1"}
    return {**kept, **own, **more}


def driven(home: Path, jobs: list[dict[str, object]]) -> list[dict[str, str]]:
    """The results of the jobs, all run in one process."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "terminal_driver.py")],
        input="".join(json.dumps(job) + "\n" for job in jobs),
        stdout=subprocess.PIPE,
        text=True,
        env=environment(home),
        timeout=250,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def faults(job: dict[str, object], result: dict[str, str]) -> list[str]:
    """What is wrong with how a command ended."""
    found = [] if result["status"] in (0, 1) else [f"exit status {result['status']}"]
    found += ["a traceback"] if "Traceback" in result["err"] or "Exception" in result["err"] else []
    found += (
        ["no message"] if result["status"] == 1 and not result["err"] and "file" in str(job["streams"])[-4:] else []
    )
    return [f"{job['arguments']}, {job['encoding']}, {job['streams']}: {f}\n{result['err'][-500:]}" for f in found]


def test_every_command_on_every_kind_of_terminal(home: Path) -> None:
    kinds = [(encoding, "file file file") for encoding in ENCODINGS] + [("utf-8", streams) for streams in STREAMS]
    # Each command meets a fifth of the kinds, and each kind a fifth of the commands.
    jobs: list[dict[str, object]] = [
        {"arguments": arguments, "encoding": encoding, "streams": streams, "input": QUESTION + "\n"}
        for n, arguments in enumerate(sorted(commands(home)))
        for m, (encoding, streams) in enumerate(kinds)
        if arguments[0] not in SERVERS and (n + m) % 5 == 0
    ]
    results = driven(home, jobs)
    assert [line for job, result in zip(jobs, results, strict=True) for line in faults(job, result)] == []
    full = [r for job, r in zip(jobs, results, strict=True) if job["streams"] == "file full file" and r["status"] == 1]
    assert any("cannot write the result: No space left on device" in r["err"] for r in full)


def test_a_result_is_encoded_as_the_terminal_wants_it_and_a_document_for_programs_as_utf_8(home: Path) -> None:
    shown, exported = ["papers"], ["papers", "--format", "bibtex"]
    jobs: list[dict[str, object]] = [
        {"arguments": arguments, "encoding": "ascii", "streams": "file file file"} for arguments in (shown, exported)
    ]
    text, document = (result["out"].encode("latin-1") for result in driven(home, jobs))
    assert 'Stra?e - "?-carotene" in ??' in text.decode("ascii")
    assert "β-carotene" in document.decode("utf-8")


def run(arguments: list[str], env: dict[str, str], shell: str = 'exec "$@"') -> subprocess.CompletedProcess[bytes]:
    command = ["bash", "-c", shell, "bash", sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(command, env=env, input=b"\n", capture_output=True, timeout=120, check=False)


def test_a_narrow_terminal_gets_whole_ids_and_a_line_for_each_row(home: Path) -> None:
    """A dumb one too: rich takes it for 80 columns wide."""
    with Assistant(Settings(home=home, llm="quotes")) as opened:
        ids = {"papers": {p.paper_id for p in opened.papers()}, "answers list": {r.record_id for r in opened.records()}}
    for command, expected in ids.items():
        for more in ({"COLUMNS": "39"}, {"COLUMNS": "20", "TERM": "dumb"}):
            shown = run(command.split(), environment(home, **more)).stdout.decode().splitlines()
            assert {line.split("  ")[0] for line in shown} == expected, (command, more)


def test_text_in_an_argument_is_utf_8_in_the_posix_locale_too(home: Path) -> None:
    env = environment(home, LC_ALL="POSIX", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    done = run(["ask", "What is β-carotene?", "--json"], env)
    assert json.loads(done.stdout)["question"] == "What is β-carotene?", done.stderr
    done = run(["find", "caf\udce9"], env)
    assert (done.returncode, done.stderr.count(b"\n"), b"write it as UTF-8" in done.stderr) == (1, 1, True)


@pytest.mark.parametrize(("signal_number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_command_that_is_stopped_says_so_in_one_line(home: Path, signal_number: int, status: int) -> None:
    """In the middle of its work: it waits for a question."""
    with subprocess.Popen(
        [sys.executable, "-m", "assistant", "chat"],
        env=environment(home),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        while b"Ask a question" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal_number)
        rest = process.stderr.read()
    assert (process.returncode, rest.removeprefix(b"? ")) == (status, b"Stopped.\n")


def test_a_command_can_be_stopped_while_it_is_loaded() -> None:
    program = (
        "import os, signal, sys\n"
        "class Finder:\n"
        "    def find_spec(name, *rest):\n"
        "        if name == 'assistant.api': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder)\n"
        "from assistant.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "stats"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, b"Stopped.\n")


def test_a_read_only_library_says_so_and_is_read(home: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(home, tmp_path / "home"))
    program = "import sys; from assistant.cli import main; sys.argv[0] = 'assistant'; main()"
    set_writable(copy, False)
    try:
        done = {
            name: subprocess.run(
                [sys.executable, "-c", program, name, *rest],
                env=environment(copy),
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
                preexec_fn=heed_permissions,
            )
            for name, *rest in (["doctor"], ["search", "harbour currents"], ["rebuild"])
        }
    finally:
        set_writable(copy, True)
    assert (done["doctor"].returncode, done["doctor"].stdout.count("read-only")) == (0, 2)
    assert (done["search"].returncode, done["search"].stderr) == (0, "")
    assert (done["rebuild"].returncode, done["rebuild"].stderr.count("\n")) == (1, 1)
    assert "is read-only" in done["rebuild"].stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_completes_commands(shell: str) -> None:
    words = {"_TYPER_COMPLETE_ARGS": "assistant pap", "COMP_WORDS": "assistant pap", "COMP_CWORD": "1"}
    words |= {"_TYPER_COMPLETE_FISH_ACTION": "get-args", "_ASSISTANT_COMPLETE": f"complete_{shell}"}
    program = "import sys; sys.argv = ['assistant']; from assistant.__main__ import main; main()"
    env = {**os.environ, **words, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert "papers" in done.stdout
    assert "Traceback" not in done.stderr


ENVIRONMENTS = [{"PYTHONIOENCODING": encoding} for encoding in ENCODINGS]
ENVIRONMENTS += [{"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"TERM": "dumb", "COLUMNS": "20"}]
SHELLS = {
    "closed": 'exec "$@" >&-',
    "full": 'exec "$@" >/dev/full',
    "gone": '"$@" | head -c 0; exit ${PIPESTATUS[0]}',
    "no input": 'exec "$@" <&-',
    "no messages": 'exec "$@" 2>&-',
    "nothing": 'exec "$@" <&- >&- 2>&-',
}


@pytest.mark.slow
def test_every_command_as_a_process_of_its_own(home: Path) -> None:
    """Each command on one kind of terminal, each kind with at least one command; the driver above does more of them faster."""
    kinds = [(e, 'exec "$@"') for e in ENVIRONMENTS] + [({}, shell) for shell in SHELLS.values()]
    found = []
    for n, arguments in enumerate(sorted(c for c in commands(home) if c[0] not in SERVERS)):
        more, shell = kinds[n % len(kinds)]
        done = run(arguments, environment(home, **more), shell)
        wrong = done.returncode not in (0, 1) or b"Traceback" in done.stderr or b"Exception" in done.stderr
        found += [(arguments, more, shell, done.returncode, done.stderr[-500:])] if wrong else []
    assert found == []


STOPPED_AT = """
import os, signal, sys
from assistant.process import begin

begin()
count, moment = 0, int(sys.argv.pop(1))


def hook(*event):
    global count
    count += 1
    if count == moment:
        os.kill(os.getpid(), signal.SIGINT)


sys.addaudithook(hook)
from assistant.__main__ import main

main()
"""
"""Runs a command and presses Ctrl-C at the event with this number: an import, a file that is opened, and the like."""


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [["ask", QUESTION], ["index"]])
@pytest.mark.parametrize("moment", [10, 4000, 10000, 16000, 19000, 20500, 21500])
def test_ctrl_c_at_any_moment(home: Path, arguments: list[str], moment: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_AT, str(moment), *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 130), done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Stopped.") == (done.returncode == 130)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("server", "more", "shell", "number"),
    [
        ("ui", {"PYTHONIOENCODING": "ascii"}, 'exec "$@"', signal.SIGINT),
        ("ui", {"PYTHONIOENCODING": "cp1252"}, 'exec "$@" <&- >&-', signal.SIGTERM),
        ("serve", {"PYTHONIOENCODING": "utf-16"}, 'exec "$@"', signal.SIGINT),
        ("serve", ENVIRONMENTS[-2], 'exec "$@" <&- >/dev/full', signal.SIGTERM),
        ("mcp --http", {"PYTHONIOENCODING": "cp437"}, 'exec "$@" >&-', signal.SIGINT),
    ],
)
def test_a_server_answers_on_every_terminal_and_ends_with_one_line(
    home: Path, server: str, more: dict[str, str], shell: str, number: int
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["bash", "-c", shell, "bash", sys.executable, "-m", "assistant", *server.split(), "--port", str(port)]
    with subprocess.Popen(
        command, env=environment(home, **more), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while not answers(port):
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.1)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert said.endswith(b"Stopped.\n")
    assert b"Traceback" not in said


def answers(port: int) -> bool:
    """Whether an HTTP server answers there, whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return bool(connection.getresponse().status)
    except OSError:
        return False
    finally:
        connection.close()
