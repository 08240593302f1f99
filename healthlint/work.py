"""What is done with each article of a run, here or in another process: looked up, or read and linted, and kept."""
# ruff: noqa: PLC0415 - start-up is a feature: nothing is linted when each result is known from an earlier run.

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from healthlint.config import Choice, Config
from healthlint.deadline import Late, can_be_kept, deadline
from healthlint.document import Document
from healthlint.errors import HealthlintError, ReadError
from healthlint.pool import Died
from healthlint.readers import Unread
from healthlint.report import Checked
from healthlint.result import Result
from healthlint.rulebook import Rulebook, rulebook
from healthlint.settings import Settings
from healthlint.suppression import suppressions as suppressions_in
from healthlint.violation import Failure

if TYPE_CHECKING:
    from healthlint.cache import Cache
    from healthlint.linter import Linter, Outcome

Given = TypeVar("Given")
Made = TypeVar("Made")

Article = Document | Unread | Failure
"""An article, its bytes, or why it is not to be had."""


class Linters:
    """The linters of a configuration, made when an article needs them and kept between runs.

    They stand for the configuration wherever one is asked for, and save the time of making them again.
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self._made: dict[tuple[Settings, datetime.date], Linter] = {}

    def under(self, settings: Settings, today: datetime.date | None = None) -> Linter:
        """The rules made ready for articles to which `settings` apply, as of `today` or the day that it is."""
        key = settings, today or datetime.date.today()
        if key not in self._made:
            self._made[key] = _linter(self.config, *key)
        return self._made[key]

    def __reduce__(self) -> tuple[object, ...]:
        # Another process makes its own, and loads the rules again, which are slow to tell.
        book = self.config.rulebook
        if not book.sha256:
            return Linters, (self.config,)
        return _linters_again, (replace(self.config, rulebook=Rulebook(())), book.folders, book.sha256)


def _linters_again(config: Config, folders: Sequence[Path], sha256: str) -> Linters:
    book = rulebook(*folders)
    if book.sha256 != sha256:
        raise HealthlintError("the rules were changed after they were read; run the same again")
    return Linters(replace(config, rulebook=book))


class Turn(NamedTuple):
    """An article of a run, and how many came before it."""

    number: int
    article: Article

    @property
    def size(self) -> int:
        """About how many bytes it has."""
        if isinstance(self.article, Unread):
            return len(self.article.data)
        return len(self.article.source) if isinstance(self.article, Document) else 0

    def lost(self, died: Died) -> Result:
        """What there is to tell of it when the process that was at work on it is gone."""
        message = (
            f"could not be checked: the process that was at it {died.how}; check it alone, with `--jobs 1`"
        )
        return Result(failures=(Failure(self.article.path, message),))


@dataclass(frozen=True)
class Work:
    """What a run does with its articles."""

    linters: Linters
    today: datetime.date
    suppressions: bool
    """Whether those in the articles are heeded."""
    keep: bool
    """Whether results are to hold the articles themselves."""
    cache: Cache | None
    """Where results are looked up and kept."""
    timeout: float | None = None
    """How many seconds one article may take, where a `deadline` can be kept."""

    def known(self, turn: Turn) -> Result | None:
        """What an article gives, when nothing has to be linted to know it."""
        article = turn.article
        if isinstance(article, Failure):
            return Result(failures=(article,))
        if self.cache is None or isinstance(article, Document):
            return None
        settings = self.linters.config.settings(article.path)
        result = self.cache.result(self._key(self.cache, article, settings), settings)
        if result and result.checked and self.keep:
            return result._replace(checked=result.checked._replace(document=article.read()))
        return result

    def __call__(self, turns: Sequence[Turn]) -> Iterator[Result]:
        """What each article gives when they are linted, together; for bytes this is kept."""
        articles = [turn.article for turn in turns]
        documents = list(map(self._document, articles))
        for article, result in zip(articles, self._results(documents), strict=True):
            if self.cache and isinstance(article, Unread):
                settings = self.linters.config.settings(article.path)
                self.cache.keep(self._key(self.cache, article, settings), result)
            yield result

    def _document(self, article: Article) -> Document | Failure:
        return self._in_time(article.path, Unread.read, article) if isinstance(article, Unread) else article

    def _outcomes(self, linter: Linter, documents: Sequence[Document]) -> Sequence[Outcome | Failure]:
        with suppress(Exception, Late), deadline(self._time):
            return list(linter.outcomes(documents))
        # To know of which it came, and to lose no other; now that what it held in memory is free.
        return [self._in_time(each.path, linter.outcome, each) for each in documents]

    def _in_time(self, path: str, action: Callable[[Given], Made], given: Given) -> Made | Failure:
        try:
            with deadline(self._time):
                return attempted(path, action, given)
        except Late:
            message = (
                f"took longer than {self.timeout:g} s. Split it, exclude it, or allow more with `--timeout`"
            )
            return Failure(path, message)

    @property
    def _time(self) -> float | None:
        return self.timeout if can_be_kept() else None

    def _key(self, cache: Cache, article: Unread, settings: Settings) -> str:
        return cache.key(article, settings, suppressions=self.suppressions)

    def _results(self, documents: Sequence[Document | Failure]) -> Iterator[Result]:
        choices = {
            number: self.linters.config.choice(document)
            for number, document in enumerate(documents)
            if isinstance(document, Document)
        }
        alike: dict[Settings, list[Document]] = {}
        for number, document in enumerate(documents):
            if isinstance(document, Document):
                heeded = document if self.suppressions else replace(document, directives=())
                alike.setdefault(choices[number].settings, []).append(heeded)
        outcomes = {
            settings: iter(self._outcomes(self.linters.under(settings, self.today), same))
            for settings, same in alike.items()
        }
        for number, document in enumerate(documents):
            if isinstance(document, Failure):
                yield Result(failures=(document,))
            else:
                yield self._result(document, choices[number], next(outcomes[choices[number].settings]))

    def _result(self, document: Document, choice: Choice, outcome: Outcome | Failure) -> Result:
        vain = tuple(Failure(document.path, error) for error in choice.errors)
        if isinstance(outcome, Failure):
            return Result(choice.settings, failures=(*vain, outcome))
        checked = Checked(
            document.path,
            document.format,
            document.sha256,
            choice.settings.profile,
            choice.settings.packs,
            suppressions_in(document, self.today),
            document if self.keep else None,
        )
        return Result(choice.settings, checked, *outcome, failures=vain)


def _linter(config: Config, settings: Settings, today: datetime.date) -> Linter:
    from healthlint.checks import CheckSettings
    from healthlint.linter import Linter

    profile = settings.profile_in(config.rulebook)
    checks = CheckSettings(
        site_disclaimer=settings.site_disclaimer,
        today=today,
        locale=settings.locale,
        disclaimer=profile.disclaimer,
    )
    return Linter(
        settings.enabled(config.rulebook),
        checks=checks,
        page=profile.page,
        known=config.rulebook.names,
        additions=settings.fix,
    )


def attempted(path: str, action: Callable[[Given], Made], given: Given) -> Made | Failure:
    """What `action(given)` gives, or why it could not do its work on the file at `path`."""
    try:
        return action(given)
    except ReadError as error:
        return Failure(path, str(error))
    except MemoryError:
        return Failure(path, "needs more memory than there is; split it, or exclude it")
    except BaseException as error:  # a fault of ours in one article must not cost the report on the others
        if not isinstance(error, Exception) and not _is_panic(error):
            raise
        return Failure(path, f"internal error ({type(error).__name__}: {error}); please report it")


def _is_panic(error: BaseException) -> bool:
    """Whether a parser that is written in Rust gave up; what it raises then is no `Exception`."""
    return type(error).__module__ == "pyo3_runtime"
