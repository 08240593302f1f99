"""An editor for tests: a real client of the language server, over its standard input and output."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.client import LanguageClient

Result = TypeVar("Result")

LONGEST = 60
"""So many seconds an answer may take; a busy machine needs a few to load the rules."""

CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
    ),
    text_document=types.TextDocumentClientCapabilities(
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
    ),
)


class Editor:
    """Opens, types and asks; every method waits for the answer."""

    def __init__(
        self,
        folder: Path,
        *,
        encodings: tuple[str, ...] = (),
        capabilities: types.ClientCapabilities = CAPABILITIES,
        program: tuple[str, ...] = ("-m", "healthlint"),
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.folder = folder
        self.published: list[types.PublishDiagnosticsParams] = []
        self.messages: list[types.ShowMessageParams] = []
        self.log: list[types.LogMessageParams] = []
        self.registered: list[types.Registration] = []
        self._news = threading.Condition()
        self._versions: dict[str, int] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client = self._made()
        self._wait(
            self._client.start_io(
                sys.executable, *program, "server", *arguments, cwd=str(folder), limit=2**24
            )
        )
        general = types.GeneralClientCapabilities(position_encodings=list(encodings)) if encodings else None
        self.initialized: types.InitializeResult = self._wait(
            self._client.initialize_async(
                types.InitializeParams(
                    types.ClientCapabilities(
                        workspace=capabilities.workspace,
                        text_document=capabilities.text_document,
                        general=general,
                    ),
                    workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
                )
            )
        )
        self._tell(self._client.initialized, types.InitializedParams())

    # --- what an editor does ---------------------------------------------------------------------------

    def open(self, uri: str, text: str, language: str = "markdown") -> types.PublishDiagnosticsParams:
        """Opens a text and waits for what is shown of it."""
        self._versions[uri] = 1
        item = types.TextDocumentItem(uri, language, 1, text)
        self._tell(self._client.text_document_did_open, types.DidOpenTextDocumentParams(item))
        return self.shown(uri)

    def type(self, uri: str, text: str) -> int:
        """Replaces the text and does not wait; the new version."""
        self._versions[uri] += 1
        identifier = types.VersionedTextDocumentIdentifier(self._versions[uri], uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self._tell(
            self._client.text_document_did_change, types.DidChangeTextDocumentParams(identifier, [change])
        )
        return self._versions[uri]

    def change(self, uri: str, text: str) -> types.PublishDiagnosticsParams:
        """Replaces the text and waits for what is shown of it."""
        self.type(uri, text)
        return self.shown(uri)

    def close(self, uri: str) -> None:
        identifier = types.TextDocumentIdentifier(uri)
        self._tell(self._client.text_document_did_close, types.DidCloseTextDocumentParams(identifier))

    def watched(self, *files: Path) -> None:
        """Tells that files changed on disk."""
        events = [types.FileEvent(file.as_uri(), types.FileChangeType.Changed) for file in files]
        self._tell(self._client.workspace_did_change_watched_files, types.DidChangeWatchedFilesParams(events))

    def hover(self, uri: str, line: int, character: int) -> types.Hover | None:
        parameters = types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(line, character))
        return self._wait(self._client.text_document_hover_async(parameters))

    def actions(self, uri: str, at: types.Range, only: list[str] | None = None) -> list[types.CodeAction]:
        parameters = types.CodeActionParams(
            types.TextDocumentIdentifier(uri), at, types.CodeActionContext([], only=only)
        )
        found = self._wait(self._client.text_document_code_action_async(parameters))
        return [each for each in found or () if isinstance(each, types.CodeAction)]

    def quit(self) -> int:
        """Ends the session; the exit code of the server."""
        self._wait(self._client.shutdown_async(None))
        self._tell(self._client.exit, None)
        process = self._client._server
        assert process is not None
        code = self._wait(process.wait())
        self._wait(self._client.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        return code

    # --- what it sees ----------------------------------------------------------------------------------

    def shown(self, uri: str) -> types.PublishDiagnosticsParams:
        """What is shown of the present version of a text, as soon as it is."""
        return self.until(
            lambda: next(
                (
                    each
                    for each in self.published
                    if each.uri == uri and each.version == self._versions.get(uri)
                ),
                None,
            )
        )

    def until(self, found: Callable[[], Result | None]) -> Result:
        """What `found` gives when something came that makes it give anything."""
        with self._news:
            result = self._news.wait_for(found, LONGEST)
        assert result is not None, f"nothing came; log: {self.log}, messages: {self.messages}"
        return result

    # --- the connection --------------------------------------------------------------------------------

    def _made(self) -> LanguageClient:
        client = LanguageClient("tests", "1")

        def keep(kept: list[Any]) -> Callable[[Any], None]:
            def kept_and_told(parameters: Any) -> None:
                with self._news:
                    kept.append(parameters)
                    self._news.notify_all()

            return kept_and_told

        client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(keep(self.published))
        client.feature(types.WINDOW_SHOW_MESSAGE)(keep(self.messages))
        client.feature(types.WINDOW_LOG_MESSAGE)(keep(self.log))
        register = keep(self.registered)

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)
        def registered(parameters: types.RegistrationParams) -> None:
            for each in parameters.registrations:
                register(each)

        return client

    def _wait(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(LONGEST)

    def _tell(self, notify: Callable[[Any], None], parameters: Any) -> None:
        self._loop.call_soon_threadsafe(notify, parameters)
