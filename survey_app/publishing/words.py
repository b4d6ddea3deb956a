"""Figures and days as a citizen reads them; the names behind the codes of terms.md."""

import html
import re
from typing import Any

import markdown

from survey_app.domain import scale

CLASSES = scale.CLASSES | {"": "待定类别"}
KINDS = {
    "procedure": "办事指南",
    "unit": "单位",
    "commitment": "服务承诺",
    "answers": "答问和整改",
    "handling": "信息公开",
    "kept_rates": "服务承诺",
    "notice": "公示公告",
    "disclosure_item": "公开事项",
    "catalogue": "信息公开",
    "disclosure_block": "信息公开",
    "annual_report": "信息公开",
    "round": "评议结果",
    "result": "评议结果",
    "page": "说明",
    "home": "首页",
    "listing": "目录",
}
CATEGORIES = [
    "政务公开",
    "党务公开",
    "村务公开",
    "政策文件",
    "重大决策",
    "行政执法",
    "财务收支",
    "结果公示",
    "人事招考",
    "征求意见",
    "服务调整",
    "热点问题",
]
STATES = {"on": ("●", "在岗"), "away": ("◐", "暂离"), "out": ("○", "外出")}
THEMES = [
    "出生和养育",
    "户籍和证件",
    "上学",
    "就业和创业",
    "成家",
    "住房",
    "看病和医保",
    "退休和养老",
    "社会救助",
    "出行",
    "水电和生活",
    "身后事",
    "开办和注销",
    "许可和备案",
    "用地和建设",
    "税费",
    "政策和资金",
    "涉企检查",
]
_LINK = re.compile(r'(href|src)="(?!https?://|tel:|mailto:|#|/(?!/))[^"]*"')
_ROOTED = re.compile('(href|src)="/')
# Python-Markdown looks from every "[" of a paragraph to its end, moves all blocks for each new one, goes down once for
# every mark that begins a line: 20,000 of them cost a minute, or the stack.
MOST_BRACKETS, DEEPEST, MOST_LINES = 500, 60, 2_000
_LEAD = re.compile(r"(?:[ \t]|[-+*](?=[ \t])|\d{1,9}\.(?=[ \t]))*")
_CELL = re.compile(r'<(th|td)(?: style="text-align: (\w+);")?>')


def day(iso: str) -> str:
    """2026-11-03 as 11月3日."""
    _year, month, number = str(iso).split("-")
    return f"{int(month)}月{int(number)}日"


def full_day(iso: str) -> str:
    """2026-11-03 as 2026年11月3日."""
    return f"{str(iso)[:4]}年{day(iso)}"


def month(iso: str) -> str:
    """2026-11-03 as 2026年11月."""
    return f"{str(iso)[:4]}年{int(str(iso)[5:7])}月"


def moment(local: str) -> str:
    """2026-11-24 09:52 as 11月24日9:52."""
    on, _blank, clock = str(local).partition(" ")
    return f"{day(on)}{clock.removeprefix('0')}"


def workdays(days: int) -> str:
    """A time limit; none at all is done at the counter."""
    return f"{days}个工作日" if days else "当场办结"


def saved(data: dict[str, Any]) -> str:
    """What the promise spares against the law, in words."""
    legal, promised = data.get("legal_limit_days"), data.get("promised_limit_days")
    if not legal or promised is None:
        return ""
    return f"法定{legal}个工作日" + (f"，少用{legal - promised}个工作日" if legal > promised else "")


def visits(count: int) -> str:
    """How often one must come."""
    return f"{count}趟" if count else "不用跑"


def limit(value: dict[str, Any]) -> str:
    """A commitment's limit: number and unit as they are spoken."""
    number, unit = value["value"], value["unit"]
    shown = f"{number:g}" if isinstance(number, float) else str(number)
    if not number:
        return {"工作日": "当场办结", "趟": "不用跑"}.get(unit, f"0{unit}")
    return f"{shown}个工作日" if unit == "工作日" else f"{shown}{unit}"


def tel(number: str) -> str:
    """A telephone number as a phone dials it."""
    return "tel:" + number.replace("-", "")


def is_tangled(text: str) -> bool:
    """Whether Markdown would take without end over this text: brackets together, a deep list, very many lines."""
    if text.count("\n") > MOST_LINES or any(
        block.count("[") > MOST_BRACKETS for block in re.split(r"\n[ \t]*\n", text)
    ):
        return True
    leads = (_LEAD.match(line) for line in text.splitlines())
    return any(len(lead[0].expandtabs(4)) > DEEPEST for lead in leads if lead)


def _as_typed(text: str) -> str:
    blocks = re.split(r"\n\s*\n", html.escape(text.strip(), quote=False))
    return "\n".join("<p>" + "<br>".join(block.splitlines()) + "</p>" for block in blocks)


def markup(text: str) -> str:
    """What Markdown makes of an author's text, before its addresses are looked at; HTML in it stays text."""
    return markdown.markdown(html.escape(text.strip(), quote=False), extensions=["tables", "sane_lists"])


def prose(text: str, root: str = "") -> str:
    """An author's Markdown as HTML; what is tangled is shown as it was typed.

    Threat: it may carry HTML or a script link; both are taken out.
    """
    if is_tangled(text):
        return _as_typed(text)
    made = _ROOTED.sub(rf'\1="{root}', _LINK.sub("", markup(text)))
    made = _CELL.sub(_cell, made)  # the library aligns with inline styles, which the site's policy forbids
    box = '<div class="p-scroll" tabindex="0" role="region" aria-label="表格">'
    return made.replace("<table>", f'{box}<table class="p-table">').replace("</table>", "</table></div>")


def _cell(found: re.Match[str]) -> str:
    scope = ' scope="col"' if found[1] == "th" else ""
    end = ' class="p-num-end"' if found[2] == "right" else ""
    return f"<{found[1]}{scope}{end}>"


def href(address: str, root: str = "") -> str:
    """An address written from the site's root, as a page below it reaches it; a script link leads nowhere."""
    if address.startswith(("https://", "http://")):
        return address
    return root + address.lstrip("/") if address.startswith("/") else "#"


def file_format(path: str) -> str:
    """What kind of file it is, as people call it."""
    return path.rpartition(".")[2].upper()


def thousands(number: float) -> str:
    """1284 as 1,284."""
    return f"{number:,g}" if isinstance(number, float) and not number.is_integer() else f"{int(number):,}"


def join(names: list[str]) -> str:
    """Names in a row."""
    return "、".join(names)


FILTERS = {
    "day": day,
    "full_day": full_day,
    "month": month,
    "workdays": workdays,
    "saved": saved,
    "visits": visits,
    "limit": limit,
    "tel": tel,
    "prose": prose,
    "names": join,
    "moment": moment,
    "href": href,
    "file_format": file_format,
    "thousands": thousands,
}
