"""The language server itself: what an editor tells it, and what it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from healthlint import __version__
from healthlint.errors import DataError
from healthlint.fix import proved
from healthlint.rule import Severity
from healthlint.server.actions import KINDS, actions
from healthlint.server.article import Article, article, file_of
from healthlint.server.configs import Configs
from healthlint.server.hover import hover
from healthlint.server.linting import Linted, linted
from healthlint.span import Span
from healthlint.violation import Edit, Violation
from healthlint.visible import visible

SOURCE = "healthlint"

PAUSE = 0.2
"""So many seconds must pass without typing before an article is linted."""

LOOK = 2.0
"""So many seconds pass between two looks at the configurations, where the editor does not watch them."""

SEVERITIES: dict[Severity, types.DiagnosticSeverity] = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}

WATCHED = ("**/.healthlint.yaml", "**/pyproject.toml", "**/*.yaml", "**/*.yml", "**/*baseline*.json")
"""Configurations, rules of one's own, and baselines."""

Result = TypeVar("Result")


class Server(LanguageServer):
    """The articles that are open, and what was last shown of them."""

    def __init__(self, configs: Configs) -> None:
        super().__init__(SOURCE, __version__, types.TextDocumentSyncKind.Full)
        self.configs = configs
        self._articles: dict[str, Article] = {}
        self._linting: dict[Article, asyncio.Future[Linted]] = {}
        self._waiting: dict[str, asyncio.Task[None]] = {}
        self._faulty: dict[str, tuple[DataError, ...]] = {}
        # One thread, so that configurations are read once and typing is answered while it works.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="healthlint")

    # --- articles --------------------------------------------------------------------------------------

    def opened(self, item: types.TextDocumentItem) -> None:
        """An article was opened, or read again."""
        found = article(item.uri, item.version, item.language_id, item.text, self._root())
        if found:
            self._take(found, 0)

    def changed(self, uri: str, version: int, text: str) -> None:
        """An article has another text."""
        if uri in self._articles:
            self._take(replace(self._articles[uri], version=version, text=text), PAUSE)

    def closed(self, uri: str) -> None:
        """An article was closed; nothing is shown of it any more."""
        if uri in self._articles:
            self._forget(uri)
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))

    async def look(self) -> None:
        """Lint all articles again if a configuration changed."""
        if await self.at_work(self.configs.changed):
            for each in list(self._articles.values()):
                self._take(replace(each), PAUSE)

    async def watch(self) -> None:
        """Look again and again, for an editor that does not."""
        while True:
            await asyncio.sleep(LOOK)
            await self.look()

    def _take(self, new: Article, pause: float) -> None:
        if new.uri in self._articles:
            self._forget(new.uri)
        self._articles[new.uri] = new
        self._waiting[new.uri] = asyncio.create_task(self._show(new, pause))

    def _forget(self, uri: str) -> None:
        self._linting.pop(self._articles.pop(uri), None)
        self._waiting.pop(uri).cancel()

    def _root(self) -> Path:
        folders = [folder.uri for folder in self.workspace.folders.values()]
        files = [file_of(uri) for uri in (*folders, self.workspace.root_uri or "")]
        return next((file for file in files if file), Path.cwd())

    # --- linting ---------------------------------------------------------------------------------------

    async def linted(self, uri: str) -> Linted | None:
        """What is known of the present text of an article; None for what is no article."""
        present = self._articles.get(uri)
        if present is None:
            return None
        if present not in self._linting:
            encoding = str(
                getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding)
            )
            self._linting[present] = self.at_work(lambda: linted(present, self.configs, encoding))
        return await asyncio.shield(self._linting[present])

    def at_work(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        """What `work` gives when it is done in the thread that lints."""
        return asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def _show(self, shown: Article, pause: float) -> None:
        await asyncio.sleep(pause)
        try:
            result = await self.linted(shown.uri)
        except Exception as error:  # a fault of ours must not end the session
            self.report_server_error(error, Exception)
            return
        if result is None or self._articles.get(shown.uri) is not shown:
            return  # it was changed or closed meanwhile
        self._tell(result)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(shown.uri, diagnostics(result), shown.version)
        )

    def _tell(self, result: Linted) -> None:
        """What is wrong with configurations, at its place and in a message; what is wrong with us, in the log."""
        if not result.document:
            for failure in result.report.failures:
                self._log(f"{failure.path}: {failure.message}")
        by_file: dict[str, list[DataError]] = {}
        for file, errors in result.faults.items():
            for error in errors:
                uri = (Path(error.path) if error.path else file).absolute().as_uri()
                by_file.setdefault(uri, []).append(error)
        faulty = {uri: tuple(errors) for uri, errors in by_file.items()}
        if faulty == self._faulty:
            return
        for uri in dict.fromkeys((*self._faulty, *faulty)):
            at_fault = [_fault(error) for error in faulty.get(uri, ())]
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, at_fault))
        if faulty:
            self._complain(faulty, result.configured)
        self._faulty = faulty

    def _complain(self, faulty: Mapping[str, Sequence[DataError]], configured: bool) -> None:
        errors = [error for each in faulty.values() for error in each]
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        self.window_show_message(
            types.ShowMessageParams(
                types.MessageType.Error,
                f"healthlint {'goes on with the last' if configured else 'checks nothing without a'} "
                f"configuration that can be used: {visible(str(errors[0]))}{more}",
            )
        )

    def _log(self, message: str) -> None:
        self.window_log_message(
            types.LogMessageParams(types.MessageType.Error, visible(f"healthlint: {message}"))
        )

    def report_server_error(self, error: Exception, source: object) -> None:
        """Say in the log what went wrong with us; nobody needs to click it away."""
        self._log(f"internal error ({type(error).__name__}: {error}); please report it")

    # --- changes ---------------------------------------------------------------------------------------

    def changing(self, result: Linted, edits: Sequence[Edit]) -> types.WorkspaceEdit:
        """A change of the article that was linted, for that version if the editor can tell."""
        texts = [result.places.edit(edit) for edit in edits]
        workspace = self.client_capabilities.workspace
        if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
            identifier = types.OptionalVersionedTextDocumentIdentifier(
                result.article.uri, result.article.version
            )
            return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, list(texts))])
        return types.WorkspaceEdit(changes={result.article.uri: texts})


def diagnostics(result: Linted) -> list[types.Diagnostic]:
    """What an editor shows of an article: its violations, and what it chose that is not there."""
    if not result.document:
        return []
    chosen = [field.span for field in result.document.fields if field.name.startswith("healthlint.")]
    vain = [
        types.Diagnostic(
            result.places.range(chosen[0] if chosen else Span(0, 0)),
            visible(failure.message),
            severity=types.DiagnosticSeverity.Error,
            source=SOURCE,
        )
        for failure in result.report.failures
    ]
    return [*vain, *(diagnostic(result, each) for each in result.violations)]


def diagnostic(result: Linted, found: Violation) -> types.Diagnostic:
    """A violation as an editor shows it."""
    return types.Diagnostic(
        result.places.range(found.span),
        visible(found.message),
        severity=SEVERITIES[found.severity],
        code=found.rule,
        code_description=types.CodeDescription(found.url) if found.url else None,
        source=SOURCE,
        data={"family": found.family, "fix": found.fix, "also": list(found.also)},
    )


def _fault(error: DataError) -> types.Diagnostic:
    line = max(error.line - 1, 0)
    return types.Diagnostic(
        types.Range(types.Position(line, 0), types.Position(line + 1, 0)),
        visible(error.message),
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
    )


def server(configs: Configs) -> Server:
    """A server that has heard of no editor yet; `start_io()` lets it speak on standard input and output."""
    made = Server(configs)

    @made.feature(types.INITIALIZED)
    async def initialized(ls: Server, params: types.InitializedParams) -> None:
        workspace = ls.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace else None
        if watching and watching.dynamic_registration:
            watchers = [types.FileSystemWatcher(glob) for glob in WATCHED]
            options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
            registration = types.Registration("watched", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await ls.client_register_capability_async(types.RegistrationParams([registration]))
        else:
            await ls.watch()

    @made.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
        ls.opened(params.text_document)

    @made.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
        changed = params.text_document
        ls.changed(changed.uri, changed.version, ls.workspace.get_text_document(changed.uri).source)

    @made.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)

    @made.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
        await ls.look()

    @made.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_watched_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
        await ls.look()

    @made.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
        """Nothing is configured in the editor, but many tell all the same."""

    @made.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovering(ls: Server, params: types.HoverParams) -> types.Hover | None:
        result = await ls.linted(params.text_document.uri)
        if result is None:
            return None
        at = result.places.offset(params.position)
        found = [
            each
            for each in result.violations
            if each.span.start <= at < max(each.span.end, each.span.start + 1)
        ]
        if not found:
            return None
        text_document = ls.client_capabilities.text_document
        accepted = (text_document and text_document.hover and text_document.hover.content_format) or ()
        kind = (
            types.MarkupKind.Markdown if types.MarkupKind.Markdown in accepted else types.MarkupKind.PlainText
        )
        text = hover(found, result.report, markdown=kind == types.MarkupKind.Markdown)
        around = Span(min(each.span.start for each in found), max(each.span.end for each in found))
        return types.Hover(types.MarkupContent(kind, text), result.places.range(around))

    @made.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(KINDS))
    async def code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
        result = await ls.linted(params.text_document.uri)
        if result is None or result.document is None or result.linter is None:
            return []
        document, linter, places = result.document, result.linter, result.places
        selected = Span(places.offset(params.range.start), places.offset(params.range.end))
        return await ls.at_work(
            lambda: actions(
                document,
                result.violations,
                selected,
                only=params.context.only,
                proved=lambda found: proved(document, found, linter),
                changed=lambda edits: ls.changing(result, edits),
                shown=lambda found: diagnostic(result, found),
            )
        )

    return made
