"""Pages: front matter that holds the data, then a body made from it. The files are the truth for what is published."""

import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from survey_app.config import Settings
from survey_app.domain.errors import N_, BadInput, Finding, PagesUnsound
from survey_app.files import alone_in, put_folder, sync_folder, write_if_changed

SLUG = r"[a-z0-9-]+"
PLACES = {
    "home": re.compile(r"index\.md"),
    "unit": re.compile(rf"units/(?!map/)(?P<unit>{SLUG})/index\.md"),
    "procedure": re.compile(rf"units/(?P<unit>{SLUG})/procedures/(?P<slug>{SLUG})\.md"),
    "commitment": re.compile(rf"units/(?P<unit>{SLUG})/commitments/(?P<slug>{SLUG})\.md"),
    "answers": re.compile(rf"units/(?P<unit>{SLUG})/(?P<slug>answers)\.md"),
    "notice": re.compile(rf"notices/(?P<slug>\d{{4}}-\d\d-\d\d-{SLUG})\.md"),
    "disclosure_item": re.compile(rf"disclosure/items/(?P<slug>{SLUG})\.md"),
    "catalogue": re.compile(r"disclosure/(?P<slug>catalogue)\.md"),
    "annual_report": re.compile(rf"disclosure/(?P<slug>annual-\d{{4}}(?:-{SLUG})?)\.md"),
    "disclosure_block": re.compile(rf"disclosure/(?P<slug>(?!annual-|catalogue\.|index\.){SLUG})\.md"),
    "handling": re.compile(r"disclosure/(?P<slug>handling-\d{4}-\d\d)\.md"),
    "kept_rates": re.compile(r"commitments/(?P<slug>kept)\.md"),
    "listing": re.compile(
        r"(?P<slug>units|procedures|commitments|notices|disclosure|results|data)/index\.md|units/map\.md"
    ),
    "round": re.compile(rf"results/(?P<slug>{SLUG})/index\.md"),
    "result": re.compile(rf"results/{SLUG}/(scores/)?(?P<slug>{SLUG})\.md"),
    "page": re.compile(r"(about|disclosure|search|results)/(.+/)?[a-z0-9-]+\.md"),
}
FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One file below the pages folder. `head` is the front matter as its author wrote it, fences included."""

    path: str
    data: dict[str, Any]
    head: str
    body: str = field(repr=False)

    @property
    def kind(self) -> str:
        """What the page is; names its schema and its template."""
        return str(self.data.get("kind", ""))

    @property
    def title(self) -> str:
        """What people call it."""
        return str(self.data.get("title", ""))

    @property
    def url(self) -> str:
        """The page's address below the site's root; empty for the home page."""
        stem = self.path.removesuffix(".md")
        return stem.removesuffix("index") if stem.endswith(("/index", "index")) else f"{stem}/"

    @property
    def unit(self) -> str:
        """Slug of the unit whose folder the page stands in, else empty."""
        parts = self.path.split("/")
        return parts[1] if parts[0] == "units" and len(parts) > 2 else ""

    @property
    def slug(self) -> str:
        """The page's own name in its address."""
        parts = self.path.removesuffix(".md").split("/")
        return parts[-2] if parts[-1] == "index" and len(parts) > 1 else parts[-1]

    def text(self, body: str) -> str:
        """The whole file with another body; the front matter stays byte for byte."""
        head = self.head if self.head.endswith("\n") else self.head + "\n"
        return f"{head}\n{body}\n" if body else head


class PageLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the faster of two classes
    """YAML in which a day stays the text its author wrote and a key given twice is an error."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (PyYAML's own name)
        sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Refuse the second of two equal keys, which YAML would let win in silence."""
        seen: set[Any] = set()
        for key, _value in node.value:
            if key.value in seen:
                raise yaml.constructor.ConstructorError(None, None, f"twice: {key.value}", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)  # type: ignore[no-any-return]  # PyYAML's own


class PageDumper(yaml.SafeDumper):
    """YAML that people can edit: texts of several lines stand as such; what YAML would fold away is escaped."""

    def ignore_aliases(self, _data: Any) -> bool:
        """Write a value that stands twice twice: no & and * for an editor to wonder at."""
        return True


def _text(dumper: PageDumper, text: str) -> yaml.ScalarNode:
    # PyYAML reads these three back as line breaks unless they are escaped.
    odd = any(sign in text for sign in "\x85\u2028\u2029")
    style = '"' if odd else "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


PageDumper.add_representer(str, _text)


def parse_page(path: str, raw: bytes) -> Page | Finding:
    """Read one file; what cannot be read is a finding that says where."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        return Finding(path, "文件", N_("第%(line)s行不是UTF-8编码。请另存为UTF-8。"), {"line": line})
    front = FRONT.match(text)
    if not front:
        return Finding(path, "文件", N_("开头没有两行---括起来的数据。请照同类页面补上。"))
    return _page(path, text, front)


def _page(path: str, text: str, front: re.Match[str]) -> Page | Finding:
    try:
        data = yaml.load(front["yaml"], PageLoader)  # noqa: S506 (a SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = {"line": (mark.line if mark else 0) + 2}
        return Finding(path, "数据", N_("第%(line)s行读不懂，多半是冒号、引号、缩进不对，或同一项写了两遍。"), where)
    if not isinstance(data, dict):
        return Finding(path, "数据", N_("开头的数据要写成“项: 值”，一行一项。"))
    return Page(path, data, front[0], text[front.end() :].strip("\r\n"))


def scan_pages(pages_dir: Path) -> tuple[list[Page], list[Finding]]:
    """Every Markdown file in order of path, and a finding for each that cannot be read."""
    if not pages_dir.is_dir():
        problem = N_("没有这个文件夹。运行 pingyi init 会放一份示例页面。")
        raise BadInput(file=str(pages_dir), problem=problem)
    below = (file.relative_to(pages_dir) for file in pages_dir.rglob("*.md"))
    files = sorted(pages_dir / path for path in below if not any(part.startswith(".") for part in path.parts))
    read = [parse_page(file.relative_to(pages_dir).as_posix(), file.read_bytes()) for file in files]
    return [p for p in read if isinstance(p, Page)], [f for f in read if isinstance(f, Finding)]


def read_pages(pages_dir: Path) -> list[Page]:
    """Every page in order of path. Raises PagesUnsound when one cannot be read."""
    pages, unread = scan_pages(pages_dir)
    if unread:
        raise PagesUnsound(count=len(unread))
    return pages


def write_page(pages_dir: Path, page: Page, body: str) -> bool:
    """Give the page a body; say whether the file changed."""
    return write_if_changed(pages_dir / page.path, page.text(body).encode())


def rewrite_body(pages_dir: Path, page: Page, body: str) -> bool:
    """Give the page the body made from its data; say whether the file changed.

    What was written or removed since the page was read is newer than the body, and stays.
    """
    with alone_in(pages_dir):
        return is_as_read(pages_dir, page) and write_page(pages_dir, page, body)


def is_as_read(pages_dir: Path, page: Page) -> bool:
    """Whether the file still has the front matter that was read from it."""
    file = pages_dir / page.path
    return file.is_file() and file.read_bytes().startswith(page.head.encode())


def remove_page(pages_dir: Path, path: str) -> bool:
    """Take one page out for good; say whether it was there. Its unit's folder goes with its last file."""
    file = pages_dir / path
    if not file.is_file():
        return False
    file.unlink()
    sync_folder(file.parent)
    for folder in file.parents:
        if folder == pages_dir or any(folder.iterdir()):
            break
        folder.rmdir()
    return True


def digest(page: Page | bytes) -> str:
    """SHA-256 of a page's data, in canonical JSON: the same for two files that say the same in another spelling.

    The body does not count. A file that cannot be read has the digest of its bytes, which no page has.
    """
    read = parse_page("", page) if isinstance(page, bytes) else page
    if isinstance(read, Finding):
        return hashlib.sha256(b"unreadable\0" + (page if isinstance(page, bytes) else b"")).hexdigest()
    text = json.dumps(_plain(read.data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, str | int | float | bool) else repr(value)


def new_page(path: str, data: dict[str, Any]) -> Page:
    """A page that has data and, as yet, no body; keys keep their order."""
    front = yaml.dump(data, Dumper=PageDumper, allow_unicode=True, sort_keys=False, width=1000)
    return Page(path, data, f"---\n{front}---\n", "")


def seed_pages(settings: Settings) -> bool:
    """Give a new portal its own copy of site/pages; an existing one is never touched."""
    source = settings.home / "site" / "pages"
    if settings.pages.exists() or settings.pages.resolve() == source.resolve():
        return False
    settings.pages.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(dir=settings.pages.parent, prefix=".pages."))
    shutil.copytree(source, part, dirs_exist_ok=True)
    part.chmod(0o755)
    put_folder(part, settings.pages)
    return True
