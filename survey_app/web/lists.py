"""Lists of the work side: filters, order and page stand in the address; saved views, count, Excel. No script.

A room declares a list once; one call parses the address, fetches a page of rows and answers, as a page or as Excel:

    CASES = List(
        title=N_("办件"),
        empty=N_("还没有办件。群众来信登记以后列在这里。"),
        columns=(
            Column("number", N_("编号"), lambda case: case.number, href=_address),
            Column("opened_on", N_("收到"), lambda case: case.opened_on),
        ),
        filters=(words("q", N_("标题或编号")), choice("state", N_("情况"), STATES.items()), day("since", N_("从哪天"))),
        order="-opened_on",  # a minus: the largest first
    )

    @blueprint.get("/cases/")
    @door("case_handler")
    def cases() -> ResponseReturnValue:
        return lists.answer(CASES, _find)  # the template staff/list.html, or one of yours that uses staff/lists.html

    def _find(asked: Asked) -> Found:  # from a table; a short list in memory is `lists.in_memory(CASES, rows)`
        wanted = store.Wanted(words=asked["q"], state=asked["state"], since=asked.day("since"))
        return Found(store.count(wanted), lambda limit, offset: store.listed(wanted, asked.sort, limit, offset))
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from survey_app.domain.errors import N_, Refusal
from survey_app.store.saved_views import View, views_of
from survey_app.web import tables
from survey_app.web.context import now, today
from survey_app.web.language import say
from survey_app.web.people import person
from survey_app.web.sending import XLSX, send_download
from survey_app.web.workbook import write_table

A_PAGE, LONGEST_WORDS = 50, 200
MOST_ROWS = 50_000  # written while a browser waits: about seven seconds; more is prepared in the background
WORDS, CHOICE, DAY = "words", "choice", "day"
Fetch = Callable[[int, int], Iterable[Any]]


class ListTooLong(Refusal):
    code, status = "list-too-long", 422
    message = N_("这张表有%(count)s行，一次最多下载%(most)s行。请用条件缩小范围，例如分月下载。")


@dataclass(frozen=True)
class Column:
    """`cell` gives what stands there: text, number, day or None. `key` orders rows in memory; `sort=False`: no order.

    `tag` gives the look of a state: "good", "warn", "bad" or "" for a plain one; None for no tag. `text` is what the
    page says instead of the cell, such as a number with its digits.
    """

    name: str
    title: str
    cell: Callable[[Any], object]
    text: Callable[[Any], object] | None = None
    href: Callable[[Any], str] | None = None
    tag: Callable[[Any], str | None] | None = None
    key: Callable[[Any], Any] | None = None
    sort: bool = True
    number: bool = False
    on_page: bool = True  # False: in the workbook alone
    in_book: bool = True  # False: on the page alone


@dataclass(frozen=True)
class Filter:
    """A condition that the address may carry under `name`."""

    name: str
    title: str
    kind: str
    choices: tuple[tuple[str, str], ...] = ()
    fits: Callable[[Any, str], bool] | None = None  # for rows in memory
    boxed: bool = True  # False: chosen by links of the page, the form carries it along

    def takes(self, value: str) -> bool:
        """Whether the value can be asked for."""
        if self.kind == DAY:
            return _day(value) is not None
        return value in dict(self.choices) if self.kind == CHOICE else len(value) <= LONGEST_WORDS


def words(name: str, title: str, fits: Callable[[Any, str], bool] | None = None) -> Filter:
    """Words typed."""
    return Filter(name, title, WORDS, fits=fits)


def choice(
    name: str, title: str, choices: Iterable[tuple[str, str]], fits: Callable[[Any, str], bool] | None = None
) -> Filter:
    """One of these: value and its words."""
    return Filter(name, title, CHOICE, tuple(choices), fits)


def day(name: str, title: str, fits: Callable[[Any, str], bool] | None = None) -> Filter:
    """A day."""
    return Filter(name, title, DAY, fits=fits)


@dataclass(frozen=True)
class List:
    """What a list shows and by what it can be narrowed; `order` is the name of a column, with a minus for down."""

    title: str
    empty: str  # what to do when there is nothing at all
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    order: str = ""
    a_page: int = A_PAGE


@dataclass(frozen=True)
class Asked:
    """What the address asks of a list; `ignored` are the titles of conditions that nothing can be."""

    values: Mapping[str, str]
    sort: str
    page: int = 1
    ignored: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def day(self, name: str) -> date | None:
        """The day asked for."""
        return _day(self[name])


@dataclass(frozen=True)
class Found:
    """How many rows there are, and how to fetch some of them: `fetch(limit, offset)`."""

    count: int
    fetch: Fetch


@dataclass(frozen=True)
class Shown:
    """One page of a list, as templates draw it."""

    made: List
    asked: Asked
    found: Found
    page: int
    rows: list[Any]
    address: str
    views: list[View] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.found.count // self.made.a_page))

    def query(self, **changes: object) -> str:
        """What stands behind the question mark, with these changes; None takes one away."""
        order = {"sort": self.asked.sort} if self.asked.sort != self.made.order else {}
        wanted = {**self.asked.values, **order, **changes}
        return urlencode({name: value for name, value in wanted.items() if value not in (None, "")})

    def href(self, **changes: object) -> str:
        """The address of this list, with these changes."""
        query = self.query(**changes)
        return f"{self.address}?{query}" if query else self.address

    def workbook(self) -> Response:
        """Every row that fits, in this order, as Excel; the download is logged. Raises ListTooLong."""
        if self.found.count > MOST_ROWS:
            raise ListTooLong(count=self.found.count, most=MOST_ROWS)
        content = table(self.made, self.found.fetch(self.found.count, 0))
        name, asked = f"{say(self.made.title)}-{today()}.xlsx", dict(self.asked.values)
        return send_download(content, name, XLSX, rows=self.found.count, asked=asked)


def table(made: List, rows: Iterable[Any]) -> bytes:
    """These rows as Excel, with all columns of the list but those of the page alone."""
    columns = [column for column in made.columns if column.in_book]
    cells = ([_written(column.cell(row)) for column in columns] for row in rows)
    return write_table(say(made.title), [say(column.title) for column in columns], cells, now())


def answer(
    made: List, find: Callable[[Asked], Found], template: str = "staff/list.html", **more: Any
) -> ResponseReturnValue:
    """The list as a page, or as Excel where the address asks for it."""
    shown = look(made, find)
    return shown.workbook() if wants_workbook() else render_template(template, shown=shown, **more)


def look(made: List, find: Callable[[Asked], Found], address: str = "") -> Shown:
    """One page of the list that this request asks for. `address`: where the list stands, if not here."""
    asked = ask(made)
    found = find(asked)
    page = min(asked.page, max(1, -(-found.count // made.a_page)))
    rows = list(found.fetch(made.a_page, (page - 1) * made.a_page))
    address, here = address or f"{request.script_root}{request.path}", person()
    views = views_of(here.username, address.removeprefix(request.script_root)) if here else []
    return Shown(made, asked, found, page, rows, address, views)


def ask(made: List) -> Asked:
    """What this request's address asks; a condition nothing can be is left out and named."""
    given = {one.name: request.args.get(one.name, "").strip() for one in made.filters}
    wrong = [one for one in made.filters if given[one.name] and not one.takes(given[one.name])]
    values = {one.name: given[one.name] for one in made.filters if given[one.name] and one not in wrong}
    sort, page = request.args.get("sort", ""), request.args.get("page", 1, type=int)
    known = {column.name for column in made.columns if column.sort}
    return Asked(
        values, sort if sort.removeprefix("-") in known else made.order, max(page, 1), tuple(one.title for one in wrong)
    )


def wants_workbook() -> bool:
    """Whether the address asks for Excel."""
    return request.args.get("as") == "xlsx" and tables.wanted() is None  # a table beside the list is another's


def in_memory(made: List, rows: Sequence[Any]) -> Callable[[Asked], Found]:
    """Rows that are all at hand, narrowed by the filters' `fits` and ordered by the column's `key`, or its cell."""

    def find(asked: Asked) -> Found:
        tests = [(one.fits, asked[one.name]) for one in made.filters if one.fits and asked[one.name]]
        left = _ordered(made, [row for row in rows if all(fits(row, value) for fits, value in tests)], asked.sort)
        return Found(len(left), lambda limit, offset: left[offset : offset + limit])

    return find


def _ordered(made: List, rows: list[Any], sort: str) -> list[Any]:
    """Equal rows keep their order; what has no value stands at the end either way."""
    column = next((one for one in made.columns if one.name == sort.removeprefix("-")), None)
    if column is None:
        return rows
    key: Callable[[Any], Any] = column.key or column.cell
    have: list[Any] = [row for row in rows if key(row) is not None]
    return [*sorted(have, key=key, reverse=sort.startswith("-")), *(row for row in rows if key(row) is None)]


def _written(value: object) -> object:
    return say(value) if isinstance(value, str) else value


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
