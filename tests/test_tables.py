"""Batches of articles become batches of findings: the same for any cut, and a row for whatever came."""

from __future__ import annotations

import datetime
import hashlib
import os
import pickle
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="the extra “tables” is not installed")
import pyarrow as pa

import healthlint
from healthlint.page import Page
from healthlint.rulebook import BUILTIN
from healthlint.tables import FINDING, BatchLinter, documents, findings, lint_batches, rules_sha256, schema

TEXTS = [
    "# Tea\n\nOur tea cures gout.\n",
    "Rest, ice and time help most sprains.",
    None,
    "A **mira**cle cure with no side effects!\n\nTen 🍵 cups cure colds.",
    "",
    "# Tea\n\nOur tea cures gout.\n",
]
CLAIM = "Our tea cures gout."


def rows(texts: object, **options: Any) -> list[dict[str, Any]]:
    """What comes out for a column of texts, or for columns by name."""
    given = texts if isinstance(texts, dict) else {"text": texts}
    number = len(next(iter(given.values())))
    columns = {"id": list(range(number)), **given}
    [found] = lint_batches([pa.record_batch(columns)], **options)
    found.validate(full=True)
    return list(found.to_pylist())


def test_a_row_for_each_row() -> None:
    found = rows(TEXTS)
    assert [row["status"] for row in found] == ["ok", "ok", "skipped", "ok", "ok", "ok"]
    assert found[2]["reason"] == "there is no text"
    assert found[2]["text_sha256"] is found[2]["profile"] is None
    assert found[0]["text_sha256"] == hashlib.sha256(TEXTS[0].encode()).hexdigest()  # type: ignore[union-attr]
    assert {row["healthlint"] for row in found} == {healthlint.__version__}
    assert [row["reason"] for row in found if row["status"] == "ok"] == [None] * 5


def test_findings_are_those_of_lint_text() -> None:
    for row, text in zip(rows(TEXTS), TEXTS, strict=True):
        wanted = healthlint.lint_text(text).violations if text is not None else ()
        assert [
            (each["rule"], each["family"], each["severity"], each["message"], each["text"], each["fix"])
            for each in row["findings"]
        ] == [(each.rule, each.family, each.severity, each.message, each.text, each.fix) for each in wanted]
        for each, violation in zip(row["findings"], wanted, strict=True):
            assert (each["start_offset"], each["end_offset"]) == violation.span
            assert (each["start_line"], each["start_column"]) == violation.start
            assert (each["end_line"], each["end_column"]) == violation.end
            assert each["whole"] is not bool(violation.sentence)
            assert (tuple(each["also"]), tuple(each["packs"])) == (violation.also, violation.packs)
            assert text is not None
            assert text[each["start_offset"] : each["end_offset"]] == each["text"]


def test_the_cut_into_batches_makes_no_difference() -> None:
    table = pa.table({"id": range(6), "text": TEXTS})
    whole = pa.Table.from_batches(lint_batches(table.to_batches()))
    for size in (1, 2, 5):
        cut = pa.Table.from_batches(lint_batches(table.to_batches(size)))
        assert cut.equals(whole)


def test_batches_are_taken_one_by_one() -> None:
    taken = []

    def endless() -> Iterator[Any]:
        while True:
            taken.append(1)
            yield pa.record_batch({"id": ["a"], "text": [CLAIM]})

    found = lint_batches(endless())
    assert taken == []
    next(found)
    next(found)
    assert len(taken) == 2


@pytest.mark.parametrize(
    "ids",
    [
        pa.array(["a", "a", None]),
        pa.array([3, 2**62, 3]),
        pa.array([b"\xff", b"", b"x"]),
        pa.array(["a", "b", "a"], pa.large_string()),
    ],
    ids=lambda ids: str(ids.type),
)
def test_ids_are_kept_as_they_are(ids: Any) -> None:
    [found] = lint_batches([pa.record_batch({"id": ids, "text": [None] * 3})])
    assert found.column("id").equals(ids)
    assert found.schema.equals(schema(ids.type))


def test_ids_of_a_dictionary_are_its_values() -> None:
    ids = pa.array(["a", "b", "a"]).dictionary_encode()
    [found] = lint_batches([pa.record_batch({"id": ids, "text": [None] * 3})])
    assert found.schema.equals(schema())
    assert found.column("id").to_pylist() == ["a", "b", "a"]


@pytest.mark.parametrize(
    "type",
    [
        pa.large_string(),
        pa.string_view(),
        pa.dictionary(pa.int32(), pa.string()),
        pa.binary(),
        pa.large_binary(),
    ],
    ids=str,
)
def test_text_may_come_in_any_type_of_text(type: Any) -> None:
    texts = pa.array([CLAIM, None, CLAIM]).cast(type)
    assert [len(row["findings"]) for row in rows({"text": texts})] == [
        len(row["findings"]) for row in rows([CLAIM, None, CLAIM])
    ]


def test_bytes_are_read_as_those_of_a_file() -> None:
    claim = "Caf\u00e9 tea cures gout."
    given = [
        claim.encode("cp1252"),
        claim.encode("utf-16"),
        b"\xef\xbb\xbf" + claim.encode(),
        bytes(range(256)),
    ]
    *read, binary = rows({"text": pa.array(given)}, format="text")
    for row, data in zip(read, given, strict=False):
        [cure] = [each for each in row["findings"] if each["rule"] == "cure-claim"]
        assert (cure["text"], cure["start_offset"]) == ("cures gout", 9)
        assert row["text_sha256"] == hashlib.sha256(data).hexdigest()
    assert (binary["status"], binary["findings"]) == ("error", [])
    assert "binary file" in binary["reason"]


def test_what_is_no_text_is_an_error() -> None:
    [row] = rows([5])
    assert (row["status"], row["reason"]) == ("error", "is no text but int")


def test_formats() -> None:
    code = f"    {CLAIM}\n"
    given = {"text": [code, code, code], "f": ["markdown", None, "docx"]}
    found = rows(given, format_column="f", format="text")
    assert [row["format"] for row in found] == ["markdown", "text", None]
    assert ["cure-claim" in {each["rule"] for each in row["findings"]} for row in found] == [
        False,
        True,
        False,
    ]
    assert found[2]["status"] == "error"
    assert found[2]["reason"].startswith("no reader for the format “docx”; known: ")


def test_who_read_the_rows_may_say_what_went_wrong() -> None:
    [bad, good] = rows({"text": [CLAIM, CLAIM], "_corrupt": ["{broken", None]}, fault_column="_corrupt")
    assert (bad["status"], bad["reason"], bad["findings"]) == ("error", "{broken", [])
    assert good["status"] == "ok"


# --- configuration --------------------------------------------------------------------------------------


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "site" / ".healthlint.yaml"
    path.parent.mkdir()
    path.write_text(
        "exclude: [drafts/]\noverrides:\n- paths: [news/]\n  profile: news\n- paths: ['*.txt']\n  select: [cure-claim]\n"
    )
    return path


def test_the_url_chooses_as_paths_do(config: Path) -> None:
    urls = [
        "https://example.org/news/tea?page=2#top",
        "/news/tea",
        "news/what?.md",
        "https://example.org/about/news",
        "https://example.org/drafts/tea",
        None,
        "http://[",
    ]
    found = rows({"text": [CLAIM] * 7, "u": urls}, url_column="u", config=config)
    assert [row["profile"] for row in found] == [
        "news", "news", "news", "editorial", None, "editorial", "editorial",
    ]  # fmt: skip
    assert (found[4]["status"], found[4]["reason"]) == ("skipped", "the configuration excludes it: drafts/")
    assert {row["config_sha256"] for row in found} == {hashlib.sha256(config.read_bytes()).hexdigest()}


def test_without_a_url_the_id_is_where_it_stands(config: Path) -> None:
    found = rows({"id": ["a.txt", "news/tea", "a.md"], "text": [CLAIM] * 3}, config=config)
    assert [row["profile"] for row in found] == ["editorial", "news", "editorial"]
    assert [each["rule"] for each in found[0]["findings"]] == ["cure-claim"]
    assert len(found[2]["findings"]) > 1


def test_a_profile_counts_before_that_of_the_article(config: Path) -> None:
    own = f"---\nhealthlint:\n  profile: product\n---\n{CLAIM}\n"
    found = rows(
        {"text": [own, own, own, own], "p": [None, "news", "newz", "xyz"]}, profile_column="p", config=config
    )
    assert [row["profile"] for row in found] == ["product", "news", "product", "product"]
    assert [row["status"] for row in found] == ["ok", "ok", "error", "error"]
    assert found[2]["reason"] == "there is no profile “newz”; did you mean “news”?"
    assert found[3]["reason"].startswith("there is no profile “xyz”; known: clinician, editorial, ")
    assert found[2]["findings"] == found[0]["findings"]  # as `check` reports all the same


def test_what_an_article_chooses_in_vain_is_an_error_that_names_it() -> None:
    [row] = rows([f"---\nhealthlint:\n  profile: newz\n---\n{CLAIM}\n"])
    assert row["status"] == "error"
    assert row["reason"] == "line 3 of the article: there is no profile “newz”; did you mean “news”?"
    assert "cure-claim" in {each["rule"] for each in row["findings"]}


def test_suppressions_hold_as_of_a_day() -> None:
    text = f"{CLAIM} <!-- healthlint-disable-line cure-claim until=2026-01-31 -- checked -->"
    for day, suppressed in ((datetime.date(2026, 1, 31), 1), (datetime.date(2026, 2, 1), 0)):
        [row] = rows([text], today=day)
        assert row["suppressed"] == suppressed
        assert ("cure-claim" in {each["rule"] for each in row["findings"]}) is not bool(suppressed)


def test_the_digest_is_that_of_all_rules(tmp_path: Path) -> None:
    shutil.copytree(BUILTIN.parent / "examples" / "own-rules", tmp_path / "own")
    file = tmp_path / ".healthlint.yaml"
    file.write_text("rules: [own]\n")
    with_own = rules_sha256(healthlint.read_config(file))
    assert with_own != rules_sha256(healthlint.Config())
    assert with_own == rules_sha256(healthlint.read_config(file))
    first, *_ = sorted((tmp_path / "own").rglob("*.yaml"))
    first.write_text(first.read_text() + "# changed\n")
    assert rules_sha256(healthlint.read_config(file)) != with_own


# --- two tables -----------------------------------------------------------------------------------------


def test_documents_and_findings_are_two_plain_tables() -> None:
    [found] = lint_batches([pa.record_batch({"id": list("abcdef"), "text": TEXTS})])
    status = documents(found)
    assert status.num_rows == 6
    assert status.column("finding_count").to_pylist() == [len(each) for each in found["findings"].to_pylist()]
    assert "findings" not in status.schema.names
    flat = findings(found)
    assert flat.schema.names == ["id", *(each.name for each in FINDING.fields)]
    assert flat.to_pylist() == [
        {"id": row["id"], **each} for row in found.to_pylist() for each in row["findings"]
    ]


def test_a_slice_is_a_table_like_any_other() -> None:
    [found] = lint_batches([pa.record_batch({"id": list("abcdef"), "text": TEXTS})])
    assert findings(found.slice(3, 2)).to_pylist() == [
        each for each in findings(found).to_pylist() if each["id"] in "de"
    ]
    assert documents(found.slice(3, 2)).equals(documents(found).slice(3, 2))


def test_no_rows_are_no_rows() -> None:
    [found] = lint_batches(
        [pa.record_batch({"id": pa.array([], pa.string()), "text": pa.array([], pa.string())})]
    )
    assert found.schema.equals(schema())
    assert documents(found).num_rows == findings(found).num_rows == 0


# --- what cannot be ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"format": "docx"}, "no reader for the format “docx”"),
        ({"config": "gone.yaml"}, "gone.yaml: does not exist"),
        ({"timeout": 0}, "timeout must be more than 0 seconds"),
    ],
)
def test_wrong_options_are_told_before_the_first_batch(options: dict[str, Any], said: str) -> None:
    with pytest.raises((healthlint.HealthlintError, ValueError), match=said):
        lint_batches([], **options)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(healthlint.DataError, match=r"there is no column “txet”; did you mean “text”\?"):
        rows([CLAIM], text_column="txet")


def test_a_fault_of_ours_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = healthlint.Linter.outcome_of

    def outcome(linter: healthlint.Linter, page: Page) -> object:
        if "FAULT" in page.document.source:
            raise ZeroDivisionError("x")
        return plain(linter, page)

    monkeypatch.setattr(healthlint.Linter, "outcome_of", outcome)
    [bad, good] = rows(["FAULT", CLAIM])
    assert bad["reason"] == "internal error (ZeroDivisionError: x); please report it"
    assert (bad["status"], good["status"]) == ("error", "ok")


def test_a_copy_is_plain_data() -> None:
    linter = BatchLinter(format="text")
    packed = pickle.dumps(linter)
    assert len(packed) < 2_000
    batch = pa.record_batch({"id": [1], "text": [CLAIM]})
    assert pickle.loads(packed).linted(batch).equals(linter.linted(batch))


# --- time -------------------------------------------------------------------------------------------------


def test_an_article_that_takes_too_long_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The alarm is rung by hand, so that nothing hangs on how fast this machine is."""
    from healthlint.tables import batches

    def read_text(text: str, **options: Any) -> object:
        if "SLOW" in text:
            os.kill(os.getpid(), signal.SIGALRM)
            time.sleep(60)
        return healthlint.readers.read_text(text, **options)

    monkeypatch.setattr(batches, "read_text", read_text)
    handler = signal.getsignal(signal.SIGALRM)
    first, late, last = rows([CLAIM, "SLOW", CLAIM], timeout=200)
    assert (late["status"], late["reason"], late["findings"]) == ("timeout", "took longer than 200 s", [])
    assert late["text_sha256"] == hashlib.sha256(b"SLOW").hexdigest()
    assert first["findings"] == last["findings"] != []
    assert signal.getsignal(signal.SIGALRM) is handler


def test_the_time_is_kept_and_the_timer_of_others_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from healthlint.tables import batches

    linter = BatchLinter(timeout=0.05)
    monkeypatch.setattr(batches, "read_text", lambda text, **options: time.sleep(60))
    before = signal.setitimer(signal.ITIMER_REAL, 300)
    try:
        [row] = linter.linted(pa.record_batch({"id": [1], "text": [CLAIM]})).to_pylist()
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 200
    finally:
        signal.setitimer(signal.ITIMER_REAL, *before)
    assert row["status"] == "timeout"


def test_a_thread_cannot_keep_the_time() -> None:
    said = []

    def work() -> None:
        with pytest.raises(ValueError, match="timeout needs the main thread of a process on Unix") as raised:
            BatchLinter(timeout=5)
        said.append(raised)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert said
