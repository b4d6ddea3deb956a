"""A page's kind and its folder belong together, and no two names are one file on another machine."""

from collections.abc import Iterator
from pathlib import Path

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.pages import PLACES, Page

WHY = N_("网址由文件夹和文件名组成，放错地方就没有网址。")


def out_of_place(page: Page) -> Iterator[Finding]:
    """A page's kind and its folder belong together; addresses are made from them."""
    place = PLACES.get(page.kind)
    if place and not place.fullmatch(page.path):
        message = N_("这一类页面不放在这里，或文件名里有小写字母、数字和短横线以外的字。")
        yield Finding(page.path, "文件名", message, why=WHY)


def clashing_names(pages_dir: Path) -> Iterator[Finding]:
    """Two names that differ in case only are one file on many desktops."""
    seen: dict[str, str] = {}
    for file in sorted(pages_dir.rglob("*")):
        path = file.relative_to(pages_dir).as_posix()
        first = seen.setdefault(path.lower(), path)
        if first != path:
            yield Finding(path, "文件名", N_("与“%(other)s”只差大小写，请改名。"), {"other": first})
