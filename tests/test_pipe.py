"""healthlint as a component of other people's spaCy pipelines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

import healthlint
from healthlint.errors import DataErrors, ReadError

TEXT = (
    "Feel better.\n\nOur tea cures gout. It has no side-effects/risks at all, and it is not a cure for colds."
)
CLAIMS = {"select": ["overclaim", "safety-claim"]}


@pytest.fixture(scope="module")
def nlp() -> Language:
    blank = spacy.blank("en")
    blank.add_pipe("healthlint", config=CLAIMS)
    return blank


@pytest.fixture(scope="module")
def whole() -> Language:
    """With all rules, those about the article too."""
    blank = spacy.blank("en")
    blank.add_pipe("healthlint")
    return blank


def found(doc: Doc, key: str = "healthlint") -> list[tuple[str, str, str]]:
    """For each span its rule, its text, and exactly what was found."""
    return [(span.label_, span.text, span._.healthlint.text) for span in doc.spans[key]]


def test_spacy_finds_it_without_healthlint_being_imported() -> None:
    code = """
import sys, spacy
assert "healthlint" not in sys.modules
nlp = spacy.blank("en")
assert [name for name in sys.modules if name.startswith("healthlint")] == ["healthlint", "healthlint.pipe"]
nlp.add_pipe("healthlint", config={"select": ["cure-claim"]})
doc = nlp("Our tea cures gout.")
(span,) = doc.spans["healthlint"]
print(span.label_, span.text)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "cure-claim cures gout\n"


def test_a_violation_is_a_span_with_the_exact_place_at_hand(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert found(doc) == [
        ("cure-claim", "cures gout", "cures gout"),
        ("no-side-effects", "no side-effects", "no side-effects"),
    ]
    for span in doc.spans["healthlint"]:
        violation = span._.healthlint
        assert doc.text[violation.span.start : violation.span.end] == violation.text
    assert doc.spans["healthlint"][0]._.healthlint.start == (3, 9)


def test_it_finds_what_lint_text_finds(whole: Language) -> None:
    doc = whole(TEXT)
    violations = [*doc._.healthlint, *(span._.healthlint for span in doc.spans["healthlint"])]
    assert sorted(violations, key=lambda each: each.order) == list(healthlint.lint_text(TEXT, format="text"))
    assert "disclaimer-missing" in {each.rule for each in doc._.healthlint}
    assert not any(each.sentence for each in doc._.healthlint)


def test_a_span_takes_all_of_the_tokens_that_hold_some_of_it() -> None:
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=text.split(" "))
    nlp.add_pipe("healthlint", config=CLAIMS)
    doc = nlp("Our tea (it cures gout) is warm.")
    assert found(doc) == [("cure-claim", "cures gout)", "cures gout")]


def test_two_violations_in_the_same_tokens_are_told_apart() -> None:
    nlp = spacy.blank("en")
    nlp.tokenizer = lambda text: Doc(nlp.vocab, words=[text], spaces=[False])
    nlp.add_pipe("healthlint", config=CLAIMS)
    assert found(nlp(TEXT)) == [
        ("cure-claim", TEXT, "cures gout"),
        ("no-side-effects", TEXT, "no side-effects"),
    ]


def test_a_span_that_is_not_from_healthlint_has_no_violation(nlp: Language) -> None:
    doc = nlp(TEXT)
    assert doc[0:2]._.healthlint is None
    assert nlp.make_doc(TEXT)._.healthlint == ()


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…"])
def test_a_text_without_words_has_nothing(nlp: Language, text: str) -> None:
    assert found(nlp(text)) == []


def test_other_components_are_left_in_peace() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "CONDITION", "pattern": "gout"}])
    nlp.add_pipe("healthlint", config=CLAIMS)
    nlp.add_pipe("span_ruler").add_patterns([{"label": "DRINK", "pattern": "tea"}])
    doc = nlp("Our tea cures gout. Rest helps.")
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("gout", "CONDITION")]
    assert [sentence.text for sentence in doc.sents] == ["Our tea cures gout.", "Rest helps."]
    assert [span.text for span in doc.spans["ruler"]] == ["tea"]
    assert found(doc) == [("cure-claim", "cures gout", "cures gout")]
    assert doc.spans["healthlint"][0].sent.text == "Our tea cures gout."
    assert doc.spans["healthlint"][0].ents[0].text == "gout"
    assert nlp.analyze_pipes()["problems"]["healthlint"] == []


def test_what_it_assigns_is_known_to_spacy(nlp: Language) -> None:
    assert nlp.analyze_pipes()["summary"]["healthlint"] == {
        "assigns": ["doc.spans", "doc._.healthlint", "span._.healthlint"],
        "requires": [],
        "scores": [],
        "retokenizes": False,
    }


# --- its configuration ---------------------------------------------------------------------------------


def test_the_text_may_be_markup() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("healthlint", config={**CLAIMS, "format": "markdown"})
    doc = nlp("# Tea\n\nOur tea cu**res** gout.\n\n    It cures colds.\n")
    ((rule, tokens, exact),) = found(doc)
    assert (rule, exact) == ("cure-claim", "cu**res** gout")
    assert exact in tokens


def test_rules_are_chosen_by_name_and_spans_kept_under_another_key() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("healthlint", name="cures", config={"select": ["cure-claim"], "spans_key": "cures"})
    nlp.add_pipe(
        "healthlint", name="others", config={**CLAIMS, "ignore": ["overclaim"], "spans_key": "others"}
    )
    doc = nlp(TEXT)
    assert [rule for rule, _, _ in found(doc, "cures")] == ["cure-claim"]
    assert [rule for rule, _, _ in found(doc, "others")] == ["no-side-effects"]


def test_a_configuration_file(tmp_path: Path) -> None:
    file = tmp_path / "house.yaml"
    file.write_text("select: [cure-claim]\nseverity: {cure-claim: info}\n", encoding="utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe("healthlint", config={"config": str(file)})
    doc = nlp(TEXT)
    assert [span._.healthlint.severity for span in doc.spans["healthlint"]] == ["info"]
    assert doc._.healthlint == ()


@pytest.mark.parametrize(
    ("config", "error", "said"),
    [
        ({"format": "docx"}, ReadError, "no reader for the format “docx”; known: markdown"),
        (
            {"select": ["cure-clam"]},
            DataErrors,
            "there is no rule or family “cure-clam”; did you mean “cure-claim”?",
        ),
        ({"config": "nowhere.yaml"}, DataErrors, "nowhere.yaml: does not exist"),
    ],
)
def test_a_wrong_configuration_is_told_when_it_is_added(
    config: dict[str, object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said.replace("?", r"\?")):
        spacy.blank("en").add_pipe("healthlint", config=config)


def test_a_text_that_cannot_be_checked_goes_to_spacys_error_handler() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("healthlint", config={**CLAIMS, "format": "markdown"})
    bad = "---\nhealthlint:\n  profile: newz\n---\n\nOur tea cures gout.\n"
    with pytest.raises(ReadError, match="line 3 of the article: there is no profile “newz”"):
        nlp(bad)
    nlp.set_error_handler(lambda name, component, docs, error: None)
    assert [found(doc) for doc in nlp.pipe([bad, "It cures colds."])] == [
        [("cure-claim", "cures colds", "cures colds")]
    ]


# --- many texts, and storage ---------------------------------------------------------------------------


@pytest.mark.parametrize("processes", [1, 2])
def test_many_texts(whole: Language, processes: int) -> None:
    texts = [TEXT, "Rest helps.", "It cures colds."] * 3
    docs = list(whole.pipe(texts, n_process=processes, batch_size=2))
    alone = [whole(text) for text in texts]
    assert [found(doc) for doc in docs] == [found(doc) for doc in alone]
    assert [doc._.healthlint for doc in docs] == [doc._.healthlint for doc in alone]


def same(doc: Doc, stored: Doc) -> bool:
    violations = [span._.healthlint for span in doc.spans["healthlint"]]
    return (
        len(violations) == 2
        and [span._.healthlint for span in stored.spans["healthlint"]] == violations
        and [(span.start, span.end, span.label_) for span in stored.spans["healthlint"]]
        == [(span.start, span.end, span.label_) for span in doc.spans["healthlint"]]
        and len(doc._.healthlint) > 2
        and stored._.healthlint == doc._.healthlint
    )


def test_a_doc_keeps_it_as_bytes(whole: Language) -> None:
    doc = whole(TEXT)
    assert same(doc, Doc(whole.vocab).from_bytes(doc.to_bytes()))


def test_a_doc_bin_keeps_it(whole: Language, tmp_path: Path) -> None:
    doc = whole(TEXT)
    DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "docs.spacy")
    (stored,) = DocBin().from_disk(tmp_path / "docs.spacy").get_docs(whole.vocab)
    assert same(doc, stored)


def test_docs_that_are_joined_keep_the_spans(nlp: Language) -> None:
    with pytest.warns(UserWarning, match="healthlint_data"):  # what concerns one article concerns no other
        joined = Doc.from_docs([nlp(TEXT), nlp("It cures colds.")])
    assert [rule for rule, _, _ in found(joined)] == ["cure-claim", "no-side-effects", "cure-claim"]


def test_json_can_hold_what_is_kept(whole: Language) -> None:
    data = whole(TEXT).to_json(underscore=["healthlint_data"])
    assert data["spans"]["healthlint"][0]["label"] == "cure-claim"
    assert data["_"]["healthlint_data"][0]["rule"] == "disclaimer-missing"
    assert data["underscore_span"]["healthlint_data"][0]["value"]["cure-claim"]["text"] == "cures gout"


def test_a_pipeline_comes_back_from_disk_as_it_was(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("healthlint", config={"select": ["cure-claim"], "spans_key": "claims"})
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.pipe_names == ["sentencizer", "healthlint"]
    assert found(again(TEXT), "claims") == [("cure-claim", "cures gout", "cures gout")]


def test_a_pipeline_comes_back_from_bytes(nlp: Language) -> None:
    again = spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())
    assert found(again(TEXT)) == found(nlp(TEXT))
