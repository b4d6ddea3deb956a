"""Free text that a screen reader can follow: headings in order, pictures told in words, tables with a head."""

import re
from collections.abc import Iterator

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.looks import BODY, At, Check, Look
from survey_app.publishing.checks.markup import MARKDOWN, seen_in
from survey_app.publishing.words import DEEPEST, MOST_BRACKETS, MOST_LINES, is_tangled

# The level under which a text stands: a notice and a page have their title above them, a section its own heading too.
ABOVE = {"notice": 1, "page": 1, "disclosure_block": 2, "annual_report": 2}
ATX = re.compile(r" {0,3}(#{1,6})(?:\s|$)")
UNDERLINE = re.compile(r" {0,3}(=+|-+)\s*$")
FENCE = re.compile(r" {0,3}(```|~~~)")
RULE = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
BARE_TABLE = re.compile(r"<table\b(?:(?!</table).)*?</table", re.I | re.S)
WHY = N_("无障碍要求：读屏软件靠标题、图片说明和表头认路。")


def _prose(look: Look) -> Iterator[tuple[At, list[str]]]:
    kind = look.page.kind
    for at, key, text in look.texts:
        if (kind == "page" and at == BODY) or key in MARKDOWN.get(kind, ()):
            yield at, _without_code(text.splitlines())


def _without_code(lines: list[str]) -> list[str]:
    kept, inside = [], False
    for line in lines:
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return kept


def headings_in_order(look: Look) -> Iterator[Finding]:
    """The first heading stands right under what is above the text, and none skips a level."""
    for at, lines in _prose(look):
        above = last = ABOVE[look.page.kind]
        for number, (level, title) in enumerate(headings(lines)):
            own_title = look.page.kind == "page" and level == 1 and number == 0
            if not own_title and not above < level <= last + 1:
                message = N_("小标题“%(title)s”是%(level)s级，这里最多到%(most)s级、最少%(least)s级。请增减前面的#号。")
                yield look.error(at, message, WHY, title=title, level=level, most=last + 1, least=above + 1)
                break
            last = level


def headings(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Level and words of each heading, in both spellings of Markdown."""
    for number, line in enumerate(lines):
        if found := ATX.match(line):
            yield len(found[1]), line[found.end() :].strip(" #")
        elif number and (under := UNDERLINE.match(line)) and _is_paragraph(lines, number - 1):
            yield (1 if under[1][0] == "=" else 2), lines[number - 1].strip()


def _is_paragraph(lines: list[str], number: int) -> bool:
    line = lines[number].strip()
    return bool(line) and not line.startswith(("#", "|", "-", "*", ">")) and "|" not in line


def pictures_have_words(look: Look) -> Iterator[Finding]:
    """A picture without a description is nothing to who cannot see it."""
    for at, seen in seen_in(look):
        if seen.silent_pictures:
            yield look.error(at, N_("有图片没有文字说明。写成![图上是什么](图片地址)。"), WHY)


def tables_have_heads(look: Look) -> Iterator[Finding]:
    """Every column of a table has a name."""
    for at, lines in _prose(look):
        if any(_empty_head(lines, number) for number in range(1, len(lines))) or _bare(lines):
            yield look.error(at, N_("表格有一列没有表头。请在第一行给每一列写上名称。"), WHY)


def _empty_head(lines: list[str], number: int) -> bool:
    rule, head = lines[number].strip(), lines[number - 1].strip()
    if "|" not in rule or "|" not in head or not RULE.fullmatch(rule):
        return False
    return any(not cell.strip() for cell in head.removeprefix("|").removesuffix("|").split("|"))


def _bare(lines: list[str]) -> bool:
    return any("<th" not in table.lower() for table in BARE_TABLE.findall("\n".join(lines)))


def text_is_not_tangled(look: Look) -> Iterator[Finding]:
    """Nothing that Markdown cannot make a page of in reasonable time."""
    for at, key, text in look.texts:
        if ((look.page.kind == "page" and at == BODY) or key in MARKDOWN.get(look.page.kind, ())) and is_tangled(text):
            message = N_(
                "排不了版。一段里的“[”最多%(brackets)s个，行首的空格和短横最多%(deepest)s个，整篇最多%(lines)s行。请删去一些，或分成几段。"
            )
            yield look.error(at, message, brackets=MOST_BRACKETS, deepest=DEEPEST, lines=MOST_LINES)


CHECKS: tuple[Check, ...] = (text_is_not_tangled, headings_in_order, pictures_have_words, tables_have_heads)
