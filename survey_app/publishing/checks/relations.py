"""Pages that name one another: units, procedures, notices; and what only one page may be."""

from collections.abc import Iterator

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.looks import At, Check, Look
from survey_app.publishing.pages import Page

UNIQUE = {
    "notice": ("index_no", N_("与“%(other)s”的索引号相同，请改一个。"), N_("索引号一条一个，凭它找得到唯一的一条。")),
    "disclosure_item": ("number", N_("与“%(other)s”的序号相同，请改一个。"), N_("目录里一个序号只排一项。")),
}
ANSWERED_WHY = N_("公告发出后不改：新的一条要指得出它替代或更正的是哪一条。")
NOT_YOURS_WHY = N_("一条公告只由发它的单位改口，群众才知道该信哪一条。")
MERGED_WHY = N_("单位合并后，办的事归新单位，老网址转过去，群众不会走错门。")


def known_units(look: Look) -> Iterator[Finding]:
    """Every unit a page names has a page."""
    for at, slug in _named_units(look):
        if slug and not look.book.unit(slug):
            message = N_("没有“%(slug)s”这个单位。请先写units/%(slug)s/index.md。")
            yield look.error(at, message, slug=slug)


def _named_units(look: Look) -> Iterator[tuple[At, str]]:
    data, kind = look.data, look.page.kind
    yield ("unit",), look.page.unit  # the folder
    if kind in ("notice", "disclosure_item", "disclosure_block", "annual_report"):
        yield ("unit",), data.get("unit", "")
    if kind == "unit":
        yield ("parent",), data.get("parent", "")
        yield ("merged_into",), data.get("merged_into", "")
    for number, slug in enumerate(data.get("co_units", [])):
        yield ("co_units", number), slug


def no_circle_of_units(look: Look) -> Iterator[Finding]:
    """Following parents, or mergers, ends."""
    if look.page.kind != "unit":
        return
    if _circles(look, "parent"):
        yield look.error(("parent",), N_("主管单位绕成了一圈，请改掉其中一个。"))
    if _circles(look, "merged_into"):
        yield look.error(("merged_into",), N_("并入的单位绕成了一圈，请改掉其中一个。"))


def _circles(look: Look, key: str) -> bool:
    seen, slug = {look.page.unit}, look.data.get(key, "")
    while slug and (above := look.book.unit(slug)):
        if slug in seen:
            return True
        seen.add(slug)
        slug = str(above.data.get(key, ""))
    return False


def merged_unit_is_empty(look: Look) -> Iterator[Finding]:
    """What a merged unit did has moved to the unit it is part of now, and that one is not merged itself."""
    target = look.data.get("merged_into") if look.page.kind == "unit" else None
    if not target:
        return
    left = len(look.book.procedures_of(look.page.unit)) + len(look.book.commitments_of(look.page.unit))
    if left:
        message = N_("已经并入别的单位，名下还有%(count)s份办事指南和承诺。请移到新单位名下。")
        yield look.error(("merged_into",), message, MERGED_WHY, count=left)
    into = look.book.unit(target)
    if into and (further := into.data.get("merged_into")):
        message = N_("“%(name)s”自己也已经并入别的单位。请直接写“%(slug)s”。")
        yield look.error(("merged_into",), message, MERGED_WHY, name=into.title, slug=further)


def former_slugs_are_free(look: Look) -> Iterator[Finding]:
    """An old address leads to one unit and is nobody's present address."""
    for number, slug in enumerate(look.data.get("former_slugs", []) if look.page.kind == "unit" else []):
        owner = look.book.former_slugs.get(slug)
        if look.book.unit(slug) or slug == "map":
            message = N_("“%(slug)s”现在是一个单位的网址，不能再转到这里。请删去。")
            yield look.error(("former_slugs", number), message, slug=slug)
        elif owner and owner.path != look.page.path:
            message = N_("“%(slug)s”已经是“%(name)s”的老网址。请删去一个。")
            yield look.error(("former_slugs", number), message, slug=slug, name=owner.title)


def known_procedure(look: Look) -> Iterator[Finding]:
    """A commitment's procedure is one of the same unit."""
    slug = look.data.get("procedure") if look.page.kind == "commitment" else None
    if slug and not look.book.procedure(look.page.unit, slug):
        message = N_("本单位没有“%(slug)s”这份办事指南。请改文件名，或删去这一行。")
        yield look.error(("procedure",), message, slug=slug)


def known_predecessor(look: Look) -> Iterator[Finding]:
    """A notice supersedes or corrects an older one of the same unit or of its former parts, and does one of the two."""
    if look.page.kind != "notice":
        return
    for key in ("supersedes", "corrects"):
        slug = look.data.get(key)
        former = _older(look, slug) if slug else None
        if slug and not former:
            yield look.error((key,), N_("没有更早的公告“%(slug)s”。请核对文件名。"), ANSWERED_WHY, slug=slug)
        elif former and former.data.get("unit") not in look.book.united(str(look.data["unit"])):
            message = N_("“%(title)s”是别的单位发的，不能由本单位替代或更正。请删去这一行，或请那个单位来发。")
            yield look.error((key,), message, NOT_YOURS_WHY, title=former.title)
    if look.data.get("supersedes") and look.data.get("corrects"):
        message = N_("既写了替代，又写了更正。整条替代的只写替代，只改几处的只写更正。")
        yield look.error(("corrects",), message, ANSWERED_WHY)


def withdrawn_has_no_words(look: Look) -> Iterator[Finding]:
    """What was withdrawn is not told again: the tombstone keeps title, number and days only."""
    if look.page.kind != "notice" or "withdrawn" not in look.data:
        return
    for key in ("text", "summary", "attachments"):
        if key in look.data:
            yield look.error((key,), N_("撤回的公告不再显示这一项。请删去，只留标题、索引号、日期和撤回的原因。"))
            return


def _older(look: Look, slug: str) -> Page | None:
    found = look.book.by_path.get(f"notices/{slug}.md")
    same_day_or_before = slug[:10] <= look.page.slug[:10] and slug != look.page.slug
    return found if same_day_or_before else None


def one_page_for_one_number(look: Look) -> Iterator[Finding]:
    """An index number names one notice, a row number one row of the catalogue."""
    if look.page.kind not in UNIQUE:
        return
    key, message, why = UNIQUE[look.page.kind]
    first = look.book.first_with.get((key, str(look.data.get(key, ""))))
    if first and first != look.page.path:
        yield look.error((key,), message, why, other=first)


CHECKS: tuple[Check, ...] = (
    known_units,
    no_circle_of_units,
    merged_unit_is_empty,
    former_slugs_are_free,
    known_procedure,
    known_predecessor,
    withdrawn_has_no_words,
    one_page_for_one_number,
)
