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
    "notice": "公示公告",
    "catalogue": "信息公开",
    "round": "评议结果",
    "page": "说明",
    "home": "首页",
    "listing": "目录",
}
CATEGORIES = ["政务公开", "党务公开", "村务公开", "政策文件", "结果公示", "人事招考", "征求意见", "服务调整"]
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


def workdays(days: int) -> str:
    """A time limit; none at all is done at the counter."""
    return f"{days}个工作日" if days else "当场办结"


def saved(data: dict[str, Any]) -> str:
    """What the promise spares against the law, in words."""
    legal, promised = data["legal_limit_days"], data["promised_limit_days"]
    if not legal:
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


def prose(text: str, root: str = "") -> str:
    """An author's Markdown as HTML. Threat: it may carry HTML or a script link; both are taken out."""
    made = markdown.markdown(html.escape(text.strip(), quote=False), extensions=["tables", "sane_lists"])
    made = _LINK.sub("", made).replace('href="/', f'href="{root}').replace("<th>", '<th scope="col">')
    box = '<div class="p-scroll" tabindex="0" role="region" aria-label="表格">'
    return made.replace("<table>", f'{box}<table class="p-table">').replace("</table>", "</table></div>")


def by_level1(items: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Rows of the catalogue under their first-level matter, in the order in which these first appear."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(items, key=lambda row: int(row["number"])):
        found.setdefault(row["level1"], []).append(row)
    return list(found.items())


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
    "by_level1": by_level1,
}
