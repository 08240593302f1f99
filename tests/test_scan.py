"""`healthlint scan`: every row comes out once, whatever dies, hangs, is broken or is killed."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest

pytest.importorskip("pyarrow", reason="the extra “tables” is not installed")
import pyarrow as pa
import pyarrow.parquet as pq

import healthlint
from healthlint.errors import HealthlintError
from healthlint.tables import BatchLinter, documents, findings, lint_batches
from healthlint.tables import pool as processes

CLAIM = "Our tea cures gout."
TEXTS = [
    *(f"# Part {number}\n\nTea number {number} cures gout. Rest helps.\n" for number in range(20)),
    None,
    "",
    "There is no cure for gout.",
    *(f"The {number}th plan has no side effects." for number in range(20)),
]
KEYS = [f"article {number}" for number in range(len(TEXTS))]
POISON = """
import ctypes, os, signal, time
from healthlint import readers
plain = readers.read_text
def read_text(text, **options):
    if "KILLS" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    if "CRASHES" in text:
        ctypes.string_at(0)
    if "HANGS" in text:
        time.sleep(100_000)
    return plain(text, **options)
readers.read_text = read_text
"""
"""What Python runs at its start where it is a `sitecustomize`: some articles then end the process that reads them."""


class Done(NamedTuple):
    code: int
    out: str
    err: str


def command(*args: str | Path) -> list[str]:
    return [sys.executable, "-m", "healthlint", "scan", *map(str, args)]


def poisoned(folder: Path) -> dict[str, str]:
    """An environment in which some articles end the process."""
    (folder / "poison").mkdir()
    (folder / "poison" / "sitecustomize.py").write_text(POISON)
    path = [str(folder / "poison"), str(Path(healthlint.__file__).parents[1])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def run(folder: Path, *args: str | Path, env: dict[str, str] | None = None) -> Done:
    done = subprocess.run(command(*args), cwd=folder, env=env, capture_output=True, text=True, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def written(path: Path, texts: Sequence[str | None], group: int = 1000) -> Path:
    """A Parquet file with these texts."""
    ids = [f"article {number}" for number in range(len(texts))]
    pq.write_table(pa.table({"id": ids, "text": pa.array(texts, pa.string())}), path, row_group_size=group)
    return path


def manifest(out: Path) -> dict[str, Any]:
    found = json.loads((out / "manifest.json").read_text())
    assert isinstance(found, dict)
    return found


def rows(out: Path, folder: str = "documents") -> list[dict[str, Any]]:
    return list(pq.read_table(out / folder).to_pylist())


def states(out: Path) -> list[tuple[str, str | None]]:
    found = rows(out)
    assert [row["row"] for row in found] == list(range(len(found)))
    return [(row["status"], row["reason"]) for row in found]


class Scanned(NamedTuple):
    done: Done
    out: Path
    source: Path


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    """`TEXTS` in parts of ten, by two processes."""
    folder = tmp_path_factory.mktemp("scanned")
    source = written(folder / "in.parquet", TEXTS, group=12)
    out = folder / "out"
    done = run(folder, source, "--out", out, "--jobs", "2", "--batch-size", "3", "--part-size", "10")
    return Scanned(done, out, source)


@pytest.fixture(scope="module")
def expected() -> pa.RecordBatch:
    """What the core makes of `TEXTS`."""
    [found] = lint_batches([pa.record_batch({"id": KEYS, "text": TEXTS})])
    return found


# --- what comes out ---------------------------------------------------------------------------------------


def test_every_row_comes_out_once_and_in_order(scanned: Scanned, expected: pa.RecordBatch) -> None:
    assert (scanned.done.code, scanned.done.err) == (0, "")
    found = rows(scanned.out)
    assert [row.pop("row") for row in found] == list(range(len(TEXTS)))
    assert found == documents(expected).to_pylist()
    found = rows(scanned.out, "findings")
    numbers = [row.pop("row") for row in found]
    assert [KEYS[number] for number in numbers] == [row["id"] for row in found]
    assert found == findings(expected).to_pylist()


def test_the_manifest_counts_and_proves_the_parts(scanned: Scanned, expected: pa.RecordBatch) -> None:
    found = manifest(scanned.out)
    assert found["rows"] == len(TEXTS)
    assert found["status"] == {"ok": len(TEXTS) - 1, "skipped": 1, "error": 0, "timeout": 0}
    severities = findings(expected).column("severity").to_pylist()
    assert found["findings"] == {each: severities.count(each) for each in ("error", "warning", "info")}
    assert [part["rows"] for part in found["parts"]] == [10, 10, 10, 10, 3]
    assert sum(part["findings"] for part in found["parts"]) == len(severities)
    for part in found["parts"]:
        for folder, digest in part["sha256"].items():
            assert hashlib.sha256((scanned.out / folder / part["name"]).read_bytes()).hexdigest() == digest
    assert found["input"]["kind"] == "parquet"
    assert found["healthlint"] == healthlint.__version__
    names = {path.name for path in scanned.out.rglob("*") if path.is_file()}
    assert names == {"manifest.json", *(part["name"] for part in found["parts"])}


def test_the_summary(scanned: Scanned) -> None:
    count = manifest(scanned.out)["findings"]
    assert scanned.done.out == (
        f"{len(TEXTS)} articles: {len(TEXTS) - 1} ok, 1 skipped. Findings: {count['error']} error, "
        f"{count['warning']} warning, {count['info']} info. Written to {scanned.out}.\n"
    )


def test_processes_and_batches_make_no_difference(
    scanned: Scanned, run_here: Callable[..., Done], tmp_path: Path
) -> None:
    """Not one byte of the files."""
    options = ("--jobs", "1", "--batch-size", "1000", "--part-size", "10")
    done = run_here("scan", scanned.source, "--out", "out", *options)
    assert done.code == 0
    assert manifest(tmp_path / "out") == manifest(scanned.out)


def test_a_finished_scan_is_left_as_it_is(scanned: Scanned, run_here: Callable[..., Done]) -> None:
    before = {path: path.stat().st_mtime_ns for path in scanned.out.rglob("*")}
    done = run_here("scan", scanned.source, "--out", scanned.out, "--part-size", "10")
    assert tuple(done) == scanned.done
    assert {path: path.stat().st_mtime_ns for path in scanned.out.rglob("*")} == before


def test_no_rows_are_a_finished_scan_too(run_here: Callable[..., Done], tmp_path: Path) -> None:
    written(tmp_path / "in.parquet", [])
    done = run_here("scan", "in.parquet", "--out", "out")
    assert (done.code, done.out) == (
        0,
        "0 articles: none. Findings: 0 error, 0 warning, 0 info. Written to out.\n",
    )
    assert pq.read_table(tmp_path / "out" / "findings").num_rows == 0
    assert pq.read_table(tmp_path / "out" / "documents").schema.field("finding_count").type == pa.int32()


def test_fail_on(scanned: Scanned, run_here: Callable[..., Done]) -> None:
    """By default a scan is no gate."""
    args = ("scan", scanned.source, "--out", scanned.out, "--part-size", "10", "-q")
    assert run_here(*args, "--fail-on", "error") == (1, "", "")
    assert run_here(*args, "--fail-on", "never") == (0, "", "")


def test_a_long_scan_tells_how_far_it_is(tmp_path: Path) -> None:
    pytest.importorskip("pty", reason="there are no terminals of this kind here")
    from terminal import on_terminal

    lines = [json.dumps({"id": number, "text": CLAIM}) for number in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    at_once = "from healthlint import cli, progress\nprogress.PATIENCE = 0\ncli.main()"
    scan = [
        sys.executable,
        "-c",
        at_once,
        "scan",
        "in.jsonl",
        "--out",
        "out",
        "--jobs",
        "1",
        "--batch-size",
        "1",
    ]
    seen = on_terminal(scan, tmp_path)
    assert seen.code == 0
    assert "3/?" in seen.sent
    assert seen.sent.rpartition("\x1b[2K")[2].startswith("3 articles: 3 ok. Findings: ")


# --- what goes in -------------------------------------------------------------------------------------------


def test_columns_of_parquet_in_several_files_and_types(run_here: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "lake" / "day=1").mkdir(parents=True)
    (tmp_path / "lake" / "_temporary").mkdir()
    (tmp_path / "site.yaml").write_text(
        "select: [cure-claim]\noverrides:\n- {paths: [news/], profile: news}\n"
    )
    table = pa.table(
        {
            "key": pa.array([7, 7], pa.int32()),
            "body": pa.array([f"    {CLAIM}", CLAIM]).dictionary_encode(),
            "as": ["text", None],
            "where": ["https://example.org/news/1", None],
            "kind": [None, "product"],
            "more": [1, 2],
        }
    )
    for name in ("day=1/b.parquet", "a.parquet", "_temporary/c.parquet"):
        pq.write_table(table, tmp_path / "lake" / name)
    options = "--id key --text body --format-column as --url where --profile kind --config site.yaml".split()
    assert run_here("scan", "lake", "--out", "out", *options).code == 0
    found = rows(tmp_path / "out")
    assert [(row["id"], row["format"], row["profile"]) for row in found] == [
        (7, "text", "news"),
        (7, "markdown", "product"),
    ] * 2
    assert [row["rule"] for row in rows(tmp_path / "out", "findings")] == ["cure-claim"] * 4
    assert pq.read_table(tmp_path / "out" / "documents").schema.field("id").type == pa.int32()


LINES = [
    (b'{"id": 1, "text": "Our tea cures gout.", "more": [1]}', "ok", None),
    (b'{"id": 2, "text": null}', "skipped", "there is no text"),
    (b"", "", None),
    (b'{"id": 3, "text": broken}', "error", "line 4 is not JSON: Expecting value (column 19)"),
    (b'{"id": 4, "body": "x"}', "error", "line 5 has no “text”; it has “id”, “body”"),
    (b'{"text": "x"}', "error", "line 6 has no “id”; it has “text”"),
    (b'{"id": "six", "text": "x"}', "error",
     "line 7 has text as “id”, where the first line with one has an integer"),
    (b'{"id": 7, "text": ["x"]}', "error", "line 8 has an array as “text”, not text"),
    (b'{"id": 8, "text": "\xff"}', "error", "line 9 is not UTF-8 at byte 20"),
    (b'["x"]', "error", "line 10 holds an array, not an object"),
    (b'{"id": 100000000000000000000, "text": "x"}', "error",
     "line 11 has an integer as “id” that takes more than 64 bits"),
    (b"[" * 100_000, "error", None),
    (b"9" * 5_000, "error", None),
    (b'{"id": null, "text": "half \\ud83c of it"}', "ok", None),
    (b'{"id": 9, "text": "x", "text": "Our tea cures gout."}', "ok", None),
]  # fmt: skip


@pytest.mark.parametrize("name", ["in.jsonl", "in.ndjson.gz"])
def test_a_broken_line_is_a_row(run_here: Callable[..., Done], tmp_path: Path, name: str) -> None:
    data = b"\xef\xbb\xbf" + b"\r\n".join(line for line, *_ in LINES)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    done = run_here("scan", name, "--out", "out", "--jobs", "1")
    wanted = [(status, reason) for _, status, reason in LINES if status]
    found = states(tmp_path / "out")
    assert [status for status, _ in found] == [status for status, _ in wanted]
    assert [reason for (_, reason), (_, known) in zip(found, wanted, strict=True) if known] == [
        known for _, known in wanted if known
    ]
    ids = [row["id"] for row in rows(tmp_path / "out")]
    assert ids == [1, 2, None, 4, None, None, 7, None, None, None, None, None, None, 9]
    assert done.code == 2
    told = done.err.splitlines()
    assert told[0] == f"row 2 (id None): error: {wanted[2][1]}"
    assert len(told) == 10


def test_csv(run_here: Callable[..., Done], tmp_path: Path) -> None:
    huge = "word " * 60_000
    texts = ["=cmd|'/c calc'!A1", 'He said "cures gout",\nthen left.', huge, "", "-1+1"]
    with (tmp_path / "in.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "note", "text"])
        writer.writerows([f"00{number}", "", text] for number, text in enumerate(texts))
        file.write('"5,broken\n')
    done = run_here("scan", "in.csv", "--out", "out", "--format", "text")
    assert done.code == 2
    found = rows(tmp_path / "out")
    assert [row["id"] for row in found] == ["000", "001", "002", "003", "004", None]
    assert [row["status"] for row in found] == ["ok", "ok", "ok", "skipped", "ok", "error"]
    assert [row["text_sha256"] for row in found[:3]] == [
        hashlib.sha256(text.encode()).hexdigest() for text in texts[:3]
    ]
    assert found[5]["reason"].startswith("line 8 is not CSV: ")


def test_rows_of_csv_that_do_not_fit(run_here: Callable[..., Done], tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"id,text\na,x,y\nb,\xff\n\nc,fine\n")
    assert run_here("scan", "in.csv", "--out", "out").code == 2
    assert states(tmp_path / "out") == [
        ("error", "line 2 has 3 fields, and the header 2"),
        ("error", "line 3 is not UTF-8"),
        ("ok", None),
    ]


def test_a_folder_of_articles_is_what_check_finds(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for name, data in {
        ".healthlint.yaml": b"exclude: [drafts/]\noverrides:\n- {paths: [news/], profile: news}\n",
        ".gitignore": b"built/\n",
        "tea.md": CLAIM.encode(),
        "what?#1.txt": b"\xef\xbb\xbfOur caf\xc3\xa9 cures gout.\r\n",
        "old.html": "<p>Our café cures gout.</p>".encode("cp1252"),
        "news/a.md": CLAIM.encode(),
        "drafts/a.md": CLAIM.encode(),
        "built/a.md": CLAIM.encode(),
        "binary.md": bytes(range(256)) * 4,
        "data.csv": b"no article",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(data)
    (site / "gone.md").symlink_to("nowhere.md")
    done = run(site, ".", "--out", "../out")
    assert done.code == 2
    checked = healthlint_check(site)
    found = rows(tmp_path / "out")
    failed = {row["id"]: row["reason"] for row in found if row["status"] != "ok"}
    assert failed == {each["path"]: each["message"] for each in checked["failures"]}
    assert len(found) == len(failed) + checked["summary"]["documents"]
    assert {row["id"]: row["profile"] for row in found}["news/a.md"] == "news"
    keys = ("rule", "severity", "message", "text", "fix")
    assert sorted(
        [row["id"], row["start_offset"], row["end_line"], *(row[key] for key in keys)]
        for row in rows(tmp_path / "out", "findings")
    ) == sorted(
        [each["path"], each["start"]["offset"], each["end"]["line"], *(each[key] for key in keys)]
        for each in checked["violations"]
    )


def healthlint_check(folder: Path) -> dict[str, Any]:
    args = [sys.executable, "-m", "healthlint", "check", ".", "--output-format", "json"]
    done = subprocess.run(args, cwd=folder, capture_output=True, check=False)
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.fixture
def here(run_here: Callable[..., Done], tmp_path: Path) -> Callable[..., str]:
    """Runs the command, which is to refuse, and gives what it said; it has written nothing."""

    def refused(*args: str) -> str:
        before = sorted(tmp_path.rglob("*"))
        done = run_here("scan", *args)
        assert (done.code, done.out) == (2, "")
        assert sorted(tmp_path.rglob("*")) == before
        return str(done.err.splitlines()[-1]).removeprefix("Error: ")

    written(tmp_path / "in.parquet", [CLAIM])
    return refused


def test_inputs_that_cannot_be_read(here: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no, not really")
    (tmp_path / "bad.csv.gz").write_bytes(b"no gzip")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "twice.csv").write_bytes(b"id,text,text\n")
    (tmp_path / "in.docx").write_bytes(b"")
    assert here("gone.jsonl", "--out", "out") == "gone.jsonl: does not exist"
    assert here("in.docx", "--out", "out").startswith("in.docx: is no .parquet, .jsonl or .csv")
    assert here("bad.parquet", "--out", "out").startswith("bad.parquet: cannot be read: ")
    assert here("bad.csv.gz", "--out", "out").startswith("bad.csv.gz: cannot be read: Not a gzipped file")
    assert here("empty.csv", "--out", "out") == "empty.csv: line 1 is empty; it should name the columns"
    assert here("twice.csv", "--out", "out") == "twice.csv: 2 columns are called “text”"


def test_columns_that_are_not_there(here: Callable[..., str], tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": [1], "text": [5]}), tmp_path / "numbers.parquet")
    (tmp_path / "in.csv").write_bytes(b"id,body\n")
    assert here("in.parquet", "--out", "out", "--text", "txet") == (
        "in.parquet: there is no column “txet”; did you mean “text”?"
    )
    assert here("in.csv", "--out", "out") == "in.csv: there is no column “text”; there are: id, body"
    assert (
        here("numbers.parquet", "--out", "out") == "numbers.parquet: the column “text” holds int64, not text"
    )


def test_files_that_do_not_go_together(here: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    for name, key in {"a": 1, "b": "one"}.items():
        pq.write_table(pa.table({"id": [key], "text": [CLAIM]}), tmp_path / "lake" / f"{name}.parquet")
    assert here("lake", "--out", "out") == (
        "lake/b.parquet: the columns are of other types than in lake/a.parquet"
    )


def test_a_folder_of_articles_has_no_columns(here: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "tea.md").write_text(CLAIM)
    assert "has no columns" in here("articles", "--out", "out", "--text", "body")
    assert "out is in articles" in here("articles", "--out", "articles/out").replace("articles/out", "out")


def test_a_folder_that_holds_something_else(here: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("Dear")
    wanted = " is there and holds no scan; name another folder, or remove it"
    assert here("in.parquet", "--out", "full") == f"full{wanted}"
    assert here("in.parquet", "--out", "in.parquet").startswith("in.parquet")


def test_pyarrow_is_asked_for(here: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("healthlint.tables")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert here("in.parquet", "--out", "out") == (
        "scan needs pyarrow, which is not installed: pip install 'healthlint[tables]'"
    )


# --- what dies, hangs, is killed ---------------------------------------------------------------------------


def test_an_article_that_ends_its_process_costs_one_row(tmp_path: Path, expected: pa.RecordBatch) -> None:
    """The others of its batch come out as if it were not there."""
    texts = list(TEXTS)
    texts[5], texts[6], texts[-1] = "KILLS", "It CRASHES.", "KILLS"
    source = written(tmp_path / "in.parquet", texts)
    options = ("--jobs", "2", "--batch-size", "8", "--timeout", "300")
    done = run(tmp_path, source, "--out", "out", *options, env=poisoned(tmp_path))
    found = states(tmp_path / "out")
    killed = ("error", "ended the process that checked it: signal 9 (SIGKILL)")
    crashed = ("error", "ended the process that checked it: signal 11 (SIGSEGV)")
    assert {number: state for number, state in enumerate(found) if state[0] not in ("ok", "skipped")} == {
        5: killed,
        6: crashed,
        len(TEXTS) - 1: killed,
    }
    poison = {KEYS[number] for number in (5, 6, -1)}
    whole = [row for row in findings(expected).to_pylist() if row["id"] not in poison]
    left = rows(tmp_path / "out", "findings")
    assert [{key: row[key] for key in row if key != "row"} for row in left] == whole
    assert rows(tmp_path / "out")[5]["text_sha256"] == hashlib.sha256(b"KILLS").hexdigest()
    assert done.code == 2
    assert done.err.splitlines() == [
        f"row {number} (id article {number}): {found[number][0]}: {found[number][1]}"
        for number in (5, 6, len(TEXTS) - 1)
    ]
    assert manifest(tmp_path / "out")["status"]["error"] == 3


def test_an_article_that_hangs_costs_one_row(tmp_path: Path) -> None:
    source = written(tmp_path / "in.parquet", [None, "HANGS", None])
    done = run(tmp_path, source, "--out", "out", "--timeout", "5", env=poisoned(tmp_path))
    skipped = ("skipped", "there is no text")
    assert states(tmp_path / "out") == [skipped, ("timeout", "took longer than 5 s"), skipped]
    assert (done.code, done.err) == (2, "row 1 (id article 1): timeout: took longer than 5 s\n")


class Stuck(NamedTuple):
    """A scan that hangs at row 25 of `TEXTS`, with the parts before that written."""

    process: subprocess.Popen[str]
    folder: Path
    workers: list[int]


@pytest.fixture
def stuck(tmp_path: Path, scanned: Scanned) -> Iterator[Stuck]:
    texts = list(TEXTS)
    texts[25] = "HANGS"
    source = written(tmp_path / "in.parquet", texts)
    process = subprocess.Popen(
        command(source.name, "--out", "out", "--jobs", "2", "--batch-size", "1", "--part-size", "10", "-q"),
        cwd=tmp_path,
        env=poisoned(tmp_path),
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not (tmp_path / "out" / "documents" / "part-00001.parquet").exists():
        assert process.poll() is None
        time.sleep(0.05)
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    workers = [int(each) for each in listed.read_text().split()] if listed.exists() else []
    yield Stuck(process, tmp_path, workers)
    process.kill()
    process.wait()
    assert process.stderr
    process.stderr.close()


def gone_on(stuck: Stuck) -> Path:
    """The folder, after the same command without the article that hangs being a poison."""
    before = {
        path: path.stat().st_mtime_ns for path in (stuck.folder / "out").glob("*/part-0000[01].parquet")
    }
    assert len(before) == 4
    done = run(stuck.folder, "in.parquet", "--out", "out", "--part-size", "10")
    assert (done.code, done.err) == (0, "")
    out = stuck.folder / "out"
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not list(out.rglob("*.tmp")) + list(out.rglob("unfinished.json"))
    return out


def test_killed_in_the_middle_nothing_is_lost_and_nothing_twice(
    stuck: Stuck, expected: pa.RecordBatch
) -> None:
    stuck.process.kill()
    stuck.process.wait()
    (stuck.folder / "out" / "findings" / ".healthlint-part-00002.parquet.tmp").write_bytes(b"half")
    out = gone_on(stuck)
    texts = list(TEXTS)
    texts[25] = "HANGS"
    [wanted] = lint_batches([pa.record_batch({"id": KEYS, "text": texts})])
    found = rows(out)
    assert [row.pop("row") for row in found] == list(range(len(TEXTS)))
    assert found == documents(wanted).to_pylist()
    assert [{key: row[key] for key in row if key != "row"} for row in rows(out, "findings")] == findings(
        wanted
    ).to_pylist()
    for worker in stuck.workers:  # not even the one that hangs outlives who started it
        for _ in range(200):
            if not Path(f"/proc/{worker}").exists():
                break
            time.sleep(0.05)
        assert not Path(f"/proc/{worker}").exists()


def test_ctrl_c_keeps_what_is_done(stuck: Stuck) -> None:
    os.killpg(stuck.process.pid, signal.SIGINT)  # as a terminal does
    _, told = stuck.process.communicate()
    assert stuck.process.returncode == 130
    assert told.splitlines() == [
        "What is done is in out; the same command goes on with it.",
        "healthlint: interrupted",
    ]
    assert not list((stuck.folder / "out").rglob("*.tmp"))
    gone_on(stuck)


def test_two_scans_do_not_get_into_each_others_way(stuck: Stuck, run_here: Callable[..., Done]) -> None:
    pytest.importorskip("fcntl", reason="the system has no such locks")
    done = run_here("scan", "in.parquet", "--out", "out", "--part-size", "10")
    assert (done.code, done.err) == (2, "Error: another scan is at work in out\n")


def test_another_scan_is_refused(stuck: Stuck, run_here: Callable[..., Done]) -> None:
    os.killpg(stuck.process.pid, signal.SIGKILL)
    stuck.process.wait()
    folder = stuck.folder

    def refused(*args: str) -> str:
        done = run_here("scan", "in.parquet", "--out", "out", *args)
        assert done.code == 2
        assert done.err.endswith("; name another folder, or remove it\n")
        return done.err.removeprefix("Error: out holds another scan: its ").partition(" is ")[0]

    (folder / "own.yaml").write_text("ignore: [cure-claim]\n")
    ten = ("--part-size", "10")
    assert refused() == "part_size"
    assert refused(*ten, "--format", "text") == "format"
    assert refused(*ten, "--config", "own.yaml") == "config"
    assert refused(*ten, "--text", "id") == "columns.text"
    written(folder / "in.parquet", [CLAIM])
    assert refused(*ten) == "input.sha256"


def test_a_part_that_is_damaged_is_made_again(
    scanned: Scanned, run_here: Callable[..., Done], tmp_path: Path
) -> None:
    """As after a power cut on a bad disk."""
    shutil.copytree(scanned.out, tmp_path / "out")
    of = manifest(tmp_path / "out")
    (tmp_path / "out" / "unfinished.json").write_text(
        json.dumps({key: of[key] for key in of if key not in ("rows", "status", "findings", "parts")})
    )
    (tmp_path / "out" / "manifest.json").unlink()
    (tmp_path / "out" / "findings" / "part-00002.parquet").write_bytes(b"")
    done = run_here("scan", scanned.source, "--out", "out", "--part-size", "10")
    assert (done.code, done.err) == (0, "")
    assert manifest(tmp_path / "out") == of


# --- the pool ---------------------------------------------------------------------------------------------


def test_no_more_is_read_than_is_needed() -> None:
    """However slow whoever takes the results is, and however long the input."""
    read = []

    def endless() -> Iterator[pa.RecordBatch]:
        for number in count():
            read.append(number)
            yield pa.record_batch({"id": [number], "text": [CLAIM]})

    results = processes.linted(endless(), BatchLinter(), jobs=2)
    found = [batch.column("id").to_pylist() for batch in islice(results, 20)]
    results.close()
    assert found == [[number] for number in range(20)]
    assert len(read) <= 20 + processes.AHEAD * 2 + 1


def test_processes_that_cannot_start_end_the_scan(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "gone.yaml"
    config.write_text("select: [cure-claim]\n")
    linter = BatchLinter(config=config)
    config.unlink()
    batch = pa.record_batch({"id": [1], "text": [CLAIM]})
    with pytest.raises(HealthlintError, match="ended at once: exit code 2"):
        list(processes.linted([batch], linter, jobs=1))
    told = capfd.readouterr().err.splitlines()
    assert told == [f"{config}: does not exist"] * processes.STARTS
