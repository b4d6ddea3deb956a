"""How long a page takes to the public, as a ratio to bounds measured in the same run.

python tests/bench_publishing.py [N …]    Nothing here is asserted.
For each number of generated pages (1,135 and 10,000, or PINGYI_BENCH_PAGES="300 1135"):

    full build           check, render, MkDocs, extras, Pagefind, swap      CPU and wall, also per 1,000 pages
    one approval         publish_changes after one procedure changed        wall until live, CPU, against the full build
    mkdocs --dirty       the same page, MkDocs alone in a site of its own   the bound the fast path cannot pass
    search refresh       after it, while the site is live
    preview              one draft as HTML
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from survey_app.config import Settings
from survey_app.publishing.book import Book
from survey_app.publishing.building.engine import child_config
from survey_app.publishing.building.incremental import publish_changes
from survey_app.publishing.building.preview import build_preview
from survey_app.publishing.building.searching import refresh_search
from survey_app.publishing.building.site import build_site
from survey_app.publishing.pages import Page, parse_page
from survey_app.publishing.shelf import shelf
from survey_app.publishing.words import THEMES
from tests.pages.page_trees import NOTICE, PROCEDURE, UNIT, Tree, small_tree, write_tree

SIZES = "1135 10000"
PROCEDURES, NOTICES = 30, 8  # of each unit
APPROVALS = 5
CHANGED = "units/u0001/procedures/p001.md"


@dataclass
class Spent:
    """Seconds of one piece of work, with those of the programs it ran."""

    wall: float = 0.0
    cpu: float = 0.0


def main() -> None:
    """Measure each size in a process of its own, so that peak memory is its own too."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=int, nargs="*", help="how many pages")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    sizes = asked.pages or [int(size) for size in os.environ.get("PINGYI_BENCH_PAGES", SIZES).split()]
    if asked.alone:
        measure(sizes[0])
        return
    for size in sizes:
        subprocess.run([sys.executable, __file__, str(size), "--alone"], check=True)
    print(f"\n{os.cpu_count()} cores, Python {sys.version.split()[0]}; CPU is user + system with all programs run.")


def measure(size: int) -> None:
    """One district of this size, from nothing to an approval that is live."""
    with tempfile.TemporaryDirectory(prefix="pingyi-bench-") as folder:
        var = Path(folder)
        settings = Settings(var=var, pages=write_tree(var / "pages", district(size)))
        with spent() as full:
            report = build_site(settings)
        refresh_search(settings)  # as the worker does at its start: the next copy is prepared
        approvals, bound = [], []
        for number in range(APPROVALS):
            change(settings, f"买卖双方本人，第{number}次修改")
            with spent() as one:
                publish_changes(settings)
            approvals.append(one)
        for number in range(APPROVALS):
            bound.append(dirty(settings, number))
        with spent() as search:
            refresh_search(settings)
        preview(settings, var)
        with spent() as draft:
            preview(settings, var)
        show(report.pages, full, middle(approvals), middle(bound), search, draft)


def district(size: int) -> Tree:
    """Units with procedures and notices, in the proportion of a real district."""
    tree, unit = small_tree(), 0
    tree["index.md"] |= {"address": "https://pingyi.shiyan.example/"}
    while len(tree) < size:
        unit += 1
        for path, data in one_unit(unit):
            if len(tree) < size:
                tree[path] = data
    return tree


def one_unit(unit: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """One unit, its procedures, its notices."""
    slug, name = f"u{unit:04d}", f"第{unit}局"
    yield f"units/{slug}/index.md", {**UNIT, "title": name}
    for number in range(PROCEDURES):
        theme = THEMES[(unit + number) % len(THEMES)]
        own = {"title": f"{name}第{number}项办理", "code": f"{unit:06d}{number:06d}", "theme": theme}
        yield f"units/{slug}/procedures/p{number:03d}.md", {**PROCEDURE, **own}
    for number in range(NOTICES):
        day = f"2026-{number + 1:02d}-{unit % 28 + 1:02d}"
        own = {"title": f"{name}公告{number}", "unit": slug, "index_no": f"{unit:03d}QH002/2026-{number:05d}"}
        yield f"notices/{day}-n{unit}.md", {**NOTICE, **own, "published_on": day, "issued_on": day}


def change(settings: Settings, scope: str) -> None:
    """What an approval writes: one page with other data."""
    write_tree(settings.pages, {CHANGED: {**draft_of(settings).data, "scope": scope}})


def draft_of(settings: Settings) -> Page:
    """The page that is changed."""
    page = parse_page(CHANGED, (settings.pages / CHANGED).read_bytes())
    assert isinstance(page, Page)
    return page


def dirty(settings: Settings, number: int) -> Spent:
    """`mkdocs build --dirty` of the same page in place: no checks, no copy, no extras, no policy."""
    into = settings.var / "bound"
    if not into.exists():
        subprocess.run(["cp", "-a", str(settings.live_site.resolve()), str(into)], check=True)
    config = settings.var / "bound.yml"
    config.write_text(child_config(settings, Book(shelf(settings.pages).sound()).home, into), "utf-8")
    (settings.pages / CHANGED).touch()
    command = [sys.executable, "-m", "mkdocs", "build", "--dirty", "--quiet", "--config-file", str(config)]
    with spent() as one:
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    return one


def preview(settings: Settings, var: Path) -> None:
    """One draft as HTML."""
    build_preview(settings, draft_of(settings), var / "preview")


@contextmanager
def spent() -> Iterator[Spent]:
    """Wall time, and CPU time of this process and of those it waited for."""
    found, wall, before = Spent(), time.perf_counter(), cpu()
    yield found
    found.wall, found.cpu = time.perf_counter() - wall, cpu() - before


def cpu() -> float:
    """CPU seconds until now."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def middle(found: list[Spent]) -> Spent:
    """The median of each figure."""
    get: Callable[[str], float] = lambda name: statistics.median(getattr(one, name) for one in found)  # noqa: E731
    return Spent(get("wall"), get("cpu"))


def show(pages: int, full: Spent, one: Spent, bound: Spent, search: Spent, draft: Spent) -> None:
    """Each figure beside its bound."""
    own, others = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"\n{pages:,} pages{'':22}{'wall s':>9}{'CPU s':>9}")
    for name, found in (("full build", full), ("  per 1,000 pages", per_thousand(full, pages))):
        print(f"{name:34}{found.wall:9.2f}{found.cpu:9.2f}")
    for name, found in (("one approval until live", one), ("mkdocs build --dirty (the bound)", bound)):
        print(f"{name:34}{found.wall:9.2f}{found.cpu:9.2f}")
    for name, found in (("search refresh after it", search), ("preview of one draft", draft)):
        print(f"{name:34}{found.wall:9.2f}{found.cpu:9.2f}")
    print(f"{'approval / full build':34}{one.wall / full.wall:9.3f}{one.cpu / full.cpu:9.3f}")
    print(f"{'approval / the bound':34}{one.wall / bound.wall:9.2f}{one.cpu / bound.cpu:9.2f}")
    print(f"peak memory: {own:.0f} MB in this process, {others:.0f} MB in the largest program it ran")


def per_thousand(found: Spent, pages: int) -> Spent:
    """The same for 1,000 pages."""
    return Spent(found.wall / pages * 1000, found.cpu / pages * 1000)


if __name__ == "__main__":
    main()
