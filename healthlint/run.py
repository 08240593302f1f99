"""A run: articles are found, read and linted, and nothing that breaks stops the rest."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import cache, partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from healthlint.config import Config, read_config
from healthlint.document import Document
from healthlint.files import articles
from healthlint.pool import Died, answers
from healthlint.readers import Unread, read_text, unread
from healthlint.readers.decoding import decoded
from healthlint.report import FailOn, Report
from healthlint.result import Result
from healthlint.rule import SEVERITIES, Severity
from healthlint.violation import Failure, Violation
from healthlint.work import Article, Linters, Turn, Work, attempted

if TYPE_CHECKING:
    from healthlint.cache import Cache
    from healthlint.changes import Changes

Configuration = str | Path | Config | Linters | None


def lint(
    *paths: str | Path,
    config: Configuration = None,
    jobs: int | None = 1,
    cached: bool = False,
    timeout: float | None = None,
) -> Report:
    """What is found in the articles among and below `paths`.

    `config` is a configuration or the file that holds one; None means the built-in rules as they are, and
    no file is looked for. `jobs` is how many processes share the work; None is one for each processor, once there
    is enough of it. With `cached`, results are looked up in the user's cache folder and kept there; neither makes a
    difference to the report. `timeout` is how many seconds one article may take; it is kept as `deadline` says, and
    with one job only where that can be. Files that cannot be read, and those that take longer, are its `failures`.
    Raises `DataErrors` for a configuration or rules that cannot be used.
    """
    linters = _linters(config)
    files = articles(paths, linters.config.excludes)
    return report_of(unread_of(files), linters, jobs=jobs, cached=cached, timeout=timeout)


def lint_text(
    text: str,
    *,
    format: str = "markdown",
    path: str = "<text>",
    config: Configuration = None,
) -> Report:
    """What is found in one article that is at hand as text; `path` is what the report calls it.

    Raises `ReadError` for a format that has no reader, and `DataErrors` as `lint` does.
    """
    return report_of([read_text(text, format=format, path=path)], _linters(config))


def lint_many(
    texts: Iterable[str | tuple[object, str]],
    *,
    format: str = "markdown",
    config: Configuration = None,
) -> Iterator[Report]:
    """A report on each of `texts`, in their order, made when it is asked for and not kept.

    A text may come with what the report is to call it, as `(key, text)`; otherwise it is called by its number,
    "<text 1>" for the first. What is no text, and a text that cannot be read, gives a report with a failure.
    Raises, before the first report, what `lint_text` raises, and `TypeError` for a single text.
    """
    if isinstance(texts, str):
        raise TypeError("lint_many takes several texts, one after the other; lint_text takes one")
    read_text("", format=format)
    linters = _linters(config)
    return (report_of([_numbered(*each, format)], linters) for each in enumerate(texts, 1))


def _numbered(number: int, given: object, format: str) -> Document | Failure:
    key, text = given if isinstance(given, tuple) and len(given) == 2 else (f"<text {number}>", given)
    path = str(key)
    if not isinstance(text, str):
        return Failure(path, f"is no text but {type(text).__name__}")
    return attempted(path, lambda text: read_text(text, format=format, path=path), text)


def _linters(config: Configuration) -> Linters:
    if config is None:
        return builtin()
    if isinstance(config, Linters):
        return config
    return Linters(config if isinstance(config, Config) else read_config(Path(config)))


@cache
def builtin() -> Linters:
    """The linters of the built-in rules as they are, which are loaded once and kept."""
    return Linters(Config())


def unread_of(files: Iterable[Path | Failure], largest: int | None = None) -> Iterator[Unread | Failure]:
    """The bytes of each file, or why they are not to be had; as `unread`."""
    allowed = partial(unread, largest=largest)
    for file in files:
        yield file if isinstance(file, Failure) else attempted(file.as_posix(), allowed, file)


def report_of(
    articles: Iterable[Article],
    config: Config | Linters,
    *,
    excused: bool = False,
    min_severity: Severity = "info",
    fail_on: FailOn = "error",
    suppressions: bool = True,
    changes: Changes | None = None,
    keep: bool = False,
    interruptible: bool = False,
    jobs: int | None = 1,
    cached: bool = False,
    timeout: float | None = None,
) -> Report:
    """What is found in `articles`, each under the settings that `config` has for its path.

    With `excused` the report also tells what context excused; `min_severity` leaves out what is milder.
    Without `suppressions` those in the articles are not heeded. With `changes` only what stands on changed
    lines is reported. `keep` keeps the articles themselves in the report. An `interruptible` run that is
    stopped by Ctrl-C gives the report on what was checked so far. `jobs`, `cached` and `timeout` are as for `lint`;
    only what is given as bytes is looked up and kept.
    """
    began = datetime.datetime.now(datetime.UTC)
    today = datetime.date.today()
    linters = config if isinstance(config, Linters) else Linters(config)
    config = linters.config
    work = Work(linters, today, suppressions, keep, _cache(config, today) if cached else None, timeout)
    severities = SEVERITIES[SEVERITIES.index(min_severity) :]
    taken: dict[int, Result] = {}
    interrupted = False

    def take(turn: Turn, result: Result) -> None:
        touched = _touched(turn.article, changes) if changes and result.checked else _everything

        def reported(violation: Violation) -> bool:
            return violation.severity in severities and touched(violation)

        taken[turn.number] = result._replace(
            violations=tuple(filter(reported, result.violations)),
            excused=tuple(each for each in result.excused if excused and reported(each.violation)),
            suppressed=tuple(each for each in result.suppressed if touched(each.violation)),
        )

    def unknown() -> Iterator[Turn]:
        for turn in map(Turn, count(), articles):
            if known := work.known(turn):
                take(turn, known)
            else:
                yield turn

    try:
        with closing(answers(unknown(), work, lambda turn: turn.size, jobs)) as found:
            for turn, result in found:
                take(turn, turn.lost(result) if isinstance(result, Died) else result)
    except KeyboardInterrupt:
        if not interruptible:
            raise
        interrupted = True
    results = [taken[number] for number in sorted(taken)]
    used = dict.fromkeys(each.settings for each in results if each.settings)
    rules = {rule.id: rule for each in reversed(used) for rule in each.enabled(config.rulebook)}
    every_excused = chain.from_iterable(each.excused for each in results)
    every_suppressed = chain.from_iterable(each.suppressed for each in results)
    return Report(
        tuple(sorted(chain.from_iterable(each.violations for each in results), key=lambda each: each.order)),
        tuple(sorted(every_excused, key=lambda each: each.violation.order)) if excused else None,
        tuple(sorted(chain.from_iterable(each.failures for each in results))),
        tuple(sorted(every_suppressed, key=lambda each: each.violation.order)),
        checked=tuple(sorted((each.checked for each in results if each.checked), key=lambda each: each.path)),
        rules=tuple(rules[name] for name in sorted(rules)),
        sources=config.rulebook.sources,
        config=config.name,
        config_sha256=config.sha256,
        date=began.strftime("%Y-%m-%dT%H:%M:%SZ"),
        fail_on=fail_on,
        min_severity=min_severity,
        suppressions_heeded=suppressions,
        changes_only=changes is not None,
        interrupted=interrupted,
    )


def _cache(config: Config, today: datetime.date) -> Cache | None:
    from healthlint.cache import cache_of  # noqa: PLC0415 - it looks at much, and not all want it

    return cache_of(config.rulebook, today)


def _touched(article: Article, changes: Changes) -> Callable[[Violation], bool]:
    """As `Changes.touched`, for an article that could be read."""
    assert not isinstance(article, Failure)
    document = (
        article
        if isinstance(article, Document)
        else Document(decoded(article.data, article.largest).text, article.path)
    )
    return changes.touched(document)


def _everything(violation: Violation) -> bool:
    return True
