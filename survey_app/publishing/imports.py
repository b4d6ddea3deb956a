"""Foreign lists of units and procedures made into a folder of pages: complete enough to build, honest about gaps."""

import csv
import io
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from pypinyin import lazy_pinyin

from survey_app.config import HOME
from survey_app.domain.errors import N_, BadInput
from survey_app.files import put_folder
from survey_app.publishing import auditheads, boxheads
from survey_app.publishing.book import Book
from survey_app.publishing.pages import Page, new_page, read_pages
from survey_app.publishing.render import RENDERED, environment, render_body

SAMPLE = HOME / "site" / "pages"
MARK = ".imported"
FILES = ("about/everyday-method.toml", auditheads.FILE, boxheads.FILE)  # carried with the pages, which name them
CARRIED = (
    *("about", "search", "procedures", "commitments", "data"),
    *("units/index.md", "units/map.md", "notices/index.md", "results/index.md"),
)
CARRIED_DISCLOSURE = ("index.md", "guide.md", "rules.md")
COLUMN_PAGES = ("statistics", "replies")
SLUG_LENGTH = 60
CODE = re.compile(r"[0-9A-Za-z-]{6,120}")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Row:
    """One line of a list: where it stands, and its values without outer blanks."""

    file: str
    line: int
    values: dict[str, str]

    def need(self, field: str) -> str:
        """A value that must be there."""
        value = self.values.get(field, "")
        if not value:
            problem = N_("第%(line)s行，%(field)s：空着。请补上，或删去这一行。")
            raise BadInput(file=self.file, problem=problem, line=self.line, field=field)
        return value


@dataclass(frozen=True)
class ImportReport:
    """What became of the lists; `duplicates`: unit and name of procedures named alike in a unit, all kept."""

    units: int
    procedures: int
    pages: int
    duplicates: list[tuple[str, str]]


def import_lists(
    units_csv: Path,
    items_csv: Path,
    into: Path,
    progress: Progress = lambda _step: None,
    *,
    district: str | None = None,
    on: date | None = None,
) -> ImportReport:
    """Make `into` a pages folder from two lists. Raises BadInput with file, line and field; then nothing is written."""
    refuse_used_folder(into)
    progress(N_("读清单"))
    units = read_list(units_csv, ("unit",))
    items = read_list(items_csv, ("unit", "item", "item_code"))
    made = [*unit_pages(units, (on or date.today()).isoformat()), *procedure_pages(items, slugs_of(units))]
    progress(N_("写页面"))
    pages = write_folder(into, district or "本区", made)
    return ImportReport(len(units), len(items), pages, duplicates(items))


def refuse_used_folder(into: Path) -> None:
    """An earlier import may be replaced as long as nobody has worked on it."""
    if not into.exists() or (into.is_dir() and not any(into.iterdir())):
        return
    if not (into / MARK).is_file() or any(_worked_on(page) for page in read_pages(into)):
        problem = N_("文件夹里已有别的内容，没有写入。请换一个空文件夹；只有从没改过的导入结果可以覆盖。")
        raise BadInput(file=str(into), problem=problem)


def _worked_on(page: Page) -> bool:
    written = page.kind in ("unit", "procedure") and not page.data.get("imported")
    return written or page.kind in ("commitment", "notice", "catalogue", "disclosure_item", "annual_report")


def read_list(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """Rows of a UTF-8 CSV file, with or without BOM, that has these columns."""
    if not path.is_file():
        raise BadInput(file=str(path), problem=N_("没有这个文件。请核对路径。"))
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        problem = N_("第%(line)s行：不是UTF-8编码。请另存为“CSV UTF-8”再导入。")
        raise BadInput(file=str(path), problem=problem, line=line) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    for column in columns:
        if column not in (reader.fieldnames or []):
            problem = N_("第1行：没有“%(field)s”这一列。要有这些列：%(columns)s。")
            raise BadInput(file=str(path), problem=problem, field=column, columns="、".join(columns))
    return _rows(path, reader)


def _rows(path: Path, reader: "csv.DictReader[str]") -> list[Row]:
    try:
        rows = [Row(str(path), reader.line_num, _stripped(row)) for row in reader]
    except csv.Error as error:
        problem = N_("第%(line)s行：引号不成对，或有不能用的字符。请用表格软件重新另存。")
        raise BadInput(file=str(path), problem=problem, line=reader.reader.line_num) from error
    if not rows:
        raise BadInput(file=str(path), problem=N_("只有表头，没有内容。"))
    return rows


def _stripped(row: dict[str, Any]) -> dict[str, str]:
    return {key: " ".join(value.split()) for key, value in row.items() if key and isinstance(value, str)}


def slug(name: str, taken: Iterable[str] = ()) -> str:
    """A name in pinyin, cut at a syllable, made unique by a number; the same list gives the same slugs."""
    sounds = lazy_pinyin(name, errors=lambda signs: f" {signs.lower()} ")
    made, room = "", SLUG_LENGTH - 4
    for sound in re.findall(r"[a-z0-9]+", " ".join(sounds)):
        if len(made) + len(sound) + 1 > room:
            break
        made = f"{made}-{sound}".strip("-")
    made = (made or "x")[:room]
    number, used = 1, set(taken)
    while (free := made if number == 1 else f"{made}-{number}") in used:
        number += 1
    return free


def slugs_of(units: list[Row]) -> dict[str, str]:
    """The slug of each unit by name; a name listed twice is refused."""
    found: dict[str, str] = {}
    lines: dict[str, int] = {}
    for row in units:
        name = row.need("unit")
        if name in found:
            problem = N_("第%(line)s行，unit：“%(value)s”在第%(first)s行已有。请删去一行。")
            raise BadInput(file=row.file, problem=problem, line=row.line, value=name, first=lines[name])
        lines[name] = row.line
        # "index" is the unit list's own page and must stay free.
        found[name] = slug(name, {*found.values(), "index"})
    return found


def unit_pages(units: list[Row], on: str) -> Iterator[Page]:
    """A page for each unit; what the list does not know, the page says is missing."""
    for name, unit_slug in slugs_of(units).items():
        data = {"kind": "unit", "title": name, "updated_on": on, "imported": True}
        yield new_page(f"units/{unit_slug}/index.md", data)


def procedure_pages(items: list[Row], units: dict[str, str]) -> Iterator[Page]:
    """A page for each procedure below its unit; equal names get numbered slugs."""
    taken: dict[str, set[str]] = {}
    for row in items:
        if row.need("unit") not in units:
            problem = N_("第%(line)s行，unit：单位清单里没有“%(value)s”。请先加到单位清单。")
            raise BadInput(file=row.file, problem=problem, line=row.line, value=row.values["unit"])
        unit_slug = units[row.values["unit"]]
        used = taken.setdefault(unit_slug, set())
        own = slug(row.need("item"), used)
        used.add(own)
        yield new_page(f"units/{unit_slug}/procedures/{own}.md", procedure_data(row))


def procedure_data(row: Row) -> dict[str, Any]:
    """What the list knows of a procedure, under the names of the schema."""
    code = row.need("item_code")
    if not CODE.fullmatch(code):
        problem = N_("第%(line)s行，item_code：“%(value)s”写法不对。要6至120个字母、数字或短横线。")
        raise BadInput(file=row.file, problem=problem, line=row.line, value=code)
    data = {"kind": "procedure", "title": row.need("item"), "code": code}
    for key, field in (("group", "main_item"), ("link", "link")):
        if row.values.get(field):
            data[key] = row.values[field]
    return {**data, "imported": True}


def duplicates(items: list[Row]) -> list[tuple[str, str]]:
    """Unit and name wherever a unit lists a name more than once."""
    names = Counter((row.values["unit"], row.values["item"]) for row in items)
    return [pair for pair, count in names.items() if count > 1]


def carried_pages(district: str) -> Iterator[Page]:
    """The sample's pages that hold for any district, and a home page in this district's name."""
    for page in read_pages(SAMPLE):
        if _is_carried(page):
            yield _without_the_sample(page)
        elif page.kind == "home":
            yield new_page(page.path, home_data(page.data, district))


def _is_carried(page: Page) -> bool:
    first, _slash, rest = page.path.partition("/")
    known = first in CARRIED or page.path in CARRIED or (first == "disclosure" and rest in CARRIED_DISCLOSURE)
    return known and not page.data.get("column")  # a column's figures are the sample's own


def _without_the_sample(page: Page) -> Page:
    if page.kind == "disclosure_block":  # whom to ask and what to fill in is the district's to say
        return new_page(page.path, {k: v for k, v in page.data.items() if k not in ("unit", "contact", "downloads")})
    if page.path == "about/index.md":
        kept = [line for line in page.body.splitlines() if not any(f'href="{name}/"' in line for name in COLUMN_PAGES)]
        return replace(page, body="\n".join(kept))
    return page


def home_data(sample: dict[str, Any], district: str) -> dict[str, Any]:
    """The home page's words without anything of the sample."""
    return {
        "kind": "home",
        "title": sample["title"],
        "district": district,
        "site_name": f"{district}政务公开与群众评议",
        "sponsor": [f"{district}人民政府办公室"],
        "band": sample["band"],
        "hot": [],
    }


def write_folder(into: Path, district: str, made: list[Page]) -> int:
    """Write all pages beside the target, then rename the folder into place."""
    book, env = Book([*carried_pages(district), *made]), environment()
    into.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=into.parent, prefix=".import-"))
    try:
        for page in book.pages:
            body = render_body(env, book, page) if page.kind in RENDERED else page.body
            (part / page.path).parent.mkdir(parents=True, exist_ok=True)
            (part / page.path).write_text(page.text(body), "utf-8")
        for name in FILES:
            (part / name).parent.mkdir(parents=True, exist_ok=True)
            (part / name).write_bytes((SAMPLE / name).read_bytes())
        (part / MARK).write_text("pingyi import\n", "utf-8")
        part.chmod(0o755)
        put_folder(part, into)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return len(book.pages)
