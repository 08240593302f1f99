import os
import socket
from pathlib import Path

import pytest

from healthlint.files import articles, relative
from healthlint.violation import Failure


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def write(*names: str, text: str = "Rest and drink enough.\n") -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def found(*paths: str | Path, **options) -> list[str]:
    return [
        f"! {each.path} {each.message}" if isinstance(each, Failure) else each.as_posix()
        for each in articles(paths, **options)
    ]


def test_every_format_is_found_in_any_case_and_nothing_else():
    names = ["a.md", "b.markdown", "c.mdx", "d.html", "e.htm", "f.php", "g.rst", "h.txt", "i.MD", "j.Html"]
    write(*names, "k.py", "l.docx", "md", "m.md.bak")
    assert found(".") == sorted(names)


def test_the_order_is_that_of_the_names():
    write("b/z.md", "b/a.md", "a/deep/x.md", "z.md", "c.md", "a/y.md")
    assert found(".") == ["c.md", "z.md", "a/y.md", "a/deep/x.md", "b/a.md", "b/z.md"]


def test_paths_are_as_given_or_relative_to_the_working_directory(tmp_path):
    write("site/a.md", "b.md")
    os.chdir("site")
    assert found("./a.md", "../b.md") == ["a.md", "../b.md"]
    assert found(tmp_path / "site", tmp_path / "b.md") == ["a.md", (tmp_path / "b.md").as_posix()]
    assert relative(tmp_path / "site") == Path()


def test_hidden_and_installed_things_are_passed_over_unless_named():
    write("a.md", ".draft.md", ".git/b.md", ".venv/c.md", "node_modules/d/e.md", "x/__pycache__/f.md")
    assert found(".") == ["a.md"]
    assert found(".draft.md", "node_modules") == [".draft.md", "node_modules/d/e.md"]


def test_gitignore_files_hold_below_them_and_the_inner_ones_win():
    write(
        "a.md", "build/b.md", "notes/c.md", "notes/old/d.md", "notes/old/keep.md", "x/build.md", "x/e.tmp.md"
    )
    write(".gitignore", text="build/\n*.tmp.md\n/notes/old/*\n")
    write("notes/old/.gitignore", text="!keep.md\n")
    write("x/.gitignore", text="!e.tmp.md\nbuild.md\n")
    assert found(".") == ["a.md", "notes/c.md", "notes/old/keep.md", "x/e.tmp.md"]


def test_a_line_that_is_no_pattern_is_passed_over():
    write("a.md", "b.md")
    Path(".gitignore").write_text("[z-a].md\n!\nold\\\nb.md\n", encoding="utf-8")
    assert found(".") == ["a.md"]


def test_the_ignore_files_above_hold_up_to_the_root_of_the_repository():
    write("repo/.git/info/exclude", text="secret.md\r\n")
    write("repo/.gitignore", text="/site/drafts/\n*.tmp.md\n")
    write(".gitignore", text="*.md\n")
    write("repo/site/a.md", "repo/site/secret.md", "repo/site/drafts/b.md", "repo/site/c.tmp.md")
    assert found("repo/site") == ["repo/site/a.md"]


def test_the_exclude_file_of_a_worktree_is_that_of_its_repository():
    write("repo/.git/info/exclude", text="secret.md\n")
    write("repo/.git/worktrees/two/commondir", text="../..\n")
    write("two/.git", text="gitdir: ../repo/.git/worktrees/two\n")
    write("two/a.md", "two/secret.md")
    assert found("two") == ["two/a.md"]


def test_without_a_repository_ignore_files_hold_from_the_working_directory_down():
    write(".gitignore", text="*.tmp.md\n")
    write("site/a.md", "site/b.tmp.md")
    assert found("site") == ["site/a.md"]
    os.chdir("site")
    assert found(".") == ["a.md", "b.tmp.md"]


def test_a_folder_that_is_ignored_can_be_named():
    write(".git/HEAD", ".gitignore", text="public/\n")
    write("public/a.md", "public/deep/b.html")
    assert found("public") == ["public/a.md", "public/deep/b.html"]
    assert found("public/deep") == ["public/deep/b.html"]
    assert found("public/a.md") == ["public/a.md"]


def test_an_ignored_file_can_be_named():
    write(".gitignore", text="a.md\n")
    write("a.md")
    assert found("a.md") == ["a.md"]


def test_a_named_file_is_an_article_whatever_its_ending():
    write("LICENSE", "page.j2")
    assert found("LICENSE", "page.j2") == ["LICENSE", "page.j2"]


def test_what_is_excluded_is_left_out_of_folders_and_of_named_files():
    write("a.md", "drafts/b.md", "c.md")
    asked = []

    def excludes(path: str) -> bool:
        asked.append(path)
        return path in ("drafts/", "c.md")

    assert found(".", excludes=excludes) == ["a.md"]
    assert asked == ["a.md", "c.md", "drafts/"]
    # A hook passes file names, and none of them may be left over: that is no failure.
    assert found("c.md", excludes=excludes) == []


def test_each_real_file_is_found_once():
    write("site/a.md", "site/b.md")
    Path("site/0-link.md").symlink_to("b.md")
    Path("alias").symlink_to("site", target_is_directory=True)
    assert found("site/b.md", "site", "./site/../site", "alias", "site/a.md") == ["site/b.md", "site/a.md"]
    assert found("site") == ["site/a.md", "site/b.md"]


def test_links_to_folders_are_not_followed_so_that_loops_do_no_harm():
    write("site/a.md", "elsewhere/b.md")
    Path("site/loop").symlink_to("..", target_is_directory=True)
    Path("site/other.md").symlink_to("../elsewhere", target_is_directory=True)
    assert found("site") == ["site/a.md"]


def test_a_link_to_a_file_is_followed_and_one_to_nothing_is_a_failure():
    write("elsewhere/b.md")
    Path("site").mkdir()
    Path("site/a.md").symlink_to("../elsewhere/b.md")
    Path("site/gone.md").symlink_to("nowhere.md")
    Path("site/round.md").symlink_to("round.md")
    assert found("site") == [
        "site/a.md",
        "! site/gone.md is a link to a file that does not exist",
        "! site/round.md cannot be read: Too many levels of symbolic links",
    ]


def test_pipes_and_sockets_are_never_opened():
    write("site/a.md")
    os.mkfifo("site/pipe.md")
    os.mkfifo("site/.gitignore")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("site/socket.md")
        assert found("site") == ["site/a.md"]
        message = "is not a plain file but a pipe, socket or device; it is not opened"
        assert found("site/pipe.md", "site/socket.md", "/dev/null") == [
            f"! site/pipe.md {message}",
            f"! site/socket.md {message}",
            f"! /dev/null {message}",
        ]


def test_a_folder_may_have_the_ending_of_an_article():
    write("notes.md/a.md")
    assert found(".") == ["notes.md/a.md"]


def test_what_is_named_and_missing_is_a_failure_and_the_rest_is_found():
    write("a.md")
    assert found("nope.md", "a.md", "none/") == ["! nope.md does not exist", "a.md", "! none does not exist"]


@pytest.mark.parametrize("name", ["a\0b.md", "x" * 5000 + ".md"])
def test_impossible_names_are_failures(name):
    (failure,) = found(name)
    assert failure.startswith("! ")
    assert "cannot be read" in failure


def test_a_folder_that_vanishes_is_a_failure_and_the_rest_is_found(monkeypatch):
    write("site/a.md", "site/going/b.md", "site/staying/c.md")
    walk = articles(["site"])
    assert next(walk) == Path("site/a.md")
    Path("site/going/b.md").unlink()
    Path("site/going").rmdir()
    assert list(walk) == [
        Failure("site/going", "this folder cannot be listed: No such file or directory"),
        Path("site/staying/c.md"),
    ]


def test_nothing_at_all_is_a_failure():
    write("site/picture.png", "empty/.hidden/a.md")
    nothing = (
        "holds no article (.md .markdown .mdx .html .htm .php .rst .txt) that is not ignored or excluded"
    )
    assert found("site", "empty") == [f"! site {nothing}", f"! empty {nothing}"]
    write("site/a.md")
    assert found("site", "empty") == ["site/a.md"]


def test_names_that_are_not_utf8_are_found():
    Path(os.fsdecode(b"caf\xe9.md")).write_text("Rest.\n", encoding="utf-8")
    assert found(".") == ["caf\udce9.md"]


def test_folders_may_be_nested_deeply(tmp_path):
    for _ in range(900):
        os.mkdir("d")
        os.chdir("d")
    Path("a.md").write_text("Rest.\n", encoding="utf-8")
    os.chdir(tmp_path)
    (name,) = found(".")
    assert name == "d/" * 900 + "a.md"
