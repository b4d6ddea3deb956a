"""One folder made like another: whatever stood there before."""

import os
from pathlib import Path

import pytest

from survey_app.publishing.building.mirror import mirror


def make(folder: Path, *entries: str) -> Path:
    """`a/b=text` is a file, `a/` a folder, `a->b` a link."""
    for entry in entries:
        path = folder / entry.split("=")[0].split("->")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        if "->" in entry:
            path.symlink_to(entry.split("->")[1])
        elif "=" in entry:
            path.write_text(entry.split("=")[1])
            os.utime(path, ns=(10**18, 10**18))
        else:
            path.mkdir(exist_ok=True)
    return folder


def seen(folder: Path) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            found[name] = ("link", os.readlink(path))
        elif path.is_file():
            found[name] = (path.read_text(), path.stat().st_mtime_ns)
        else:
            found[name] = "folder"
    return found


@pytest.mark.parametrize(
    "before",
    [
        (),
        ("index.html=old home", "gone/index.html=gone", "empty/"),
        ("units/a/index.html=a", "pagefind->../.index-000001"),
        ("units=a file where a folder is wanted", "index.html/", "pagefind/"),
        ("index.html->elsewhere", "units->nowhere", "pagefind=a file where a link is wanted"),
    ],
)
def test_it_ends_the_same_whatever_stood_there(before: tuple[str, ...], tmp_path: Path) -> None:
    source = make(tmp_path / "source", "index.html=home", "units/a/index.html=a", "bare/", "pagefind->../.index-000002")
    target = tmp_path / "target"
    if before:
        make(target, *before)
    mirror(source, target)
    assert seen(target) == seen(source)


def test_what_is_equal_is_not_touched_and_what_differs_is_replaced_not_written_into(tmp_path: Path) -> None:
    source = make(tmp_path / "source", "same.html=same", "other.html=new")
    target = make(tmp_path / "target", "same.html=same", "other.html=older")
    same = (target / "same.html").stat().st_ino
    with (target / "other.html").open() as reader:
        mirror(source, target)
        assert reader.read() == "older", "whoever reads the old file reads it to its end"
    assert (target / "same.html").stat().st_ino == same
    assert (target / "other.html").read_text() == "new"


def test_the_copy_is_real(tmp_path: Path) -> None:
    source = make(tmp_path / "source", "index.html=home")
    mirror(source, tmp_path / "target")
    (tmp_path / "target" / "index.html").write_text("changed")
    assert (source / "index.html").read_text() == "home"


def test_nothing_outside_is_touched_through_a_link(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", "kept.html=kept")
    source = make(tmp_path / "source", "units/index.html=new")
    target = make(tmp_path / "target", f"units->{outside}")
    mirror(source, target)
    assert seen(outside) == {"kept.html": ("kept", 10**18)}
    assert (target / "units" / "index.html").read_text() == "new"
