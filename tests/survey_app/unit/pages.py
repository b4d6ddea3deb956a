"""The least pages with which a desk can work, and how a browser's form is filled from the page it was drawn on."""

from pathlib import Path

import html5lib

from survey_app.domain import revisions as rules
from survey_app.publishing.pages import new_page, parse_page
from survey_app.store import revisions as store

PROCEDURE = {
    "kind": "procedure",
    "title": "开具完税证明",
    "code": "00001101000001",
    "type": "公共服务",
    "item_kind": "即办件",
    "audience": ["个人"],
    "theme": "税费",
    "synonyms": ["完税凭证"],
    "scope": "缴过税的人。",
    "basis": ["《中华人民共和国税收征收管理法》第三十四条"],
    "conditions": ["已经缴清税款。", "税款已经入库。"],
    "materials": [
        {"name": "身份证", "copies": "1份", "form": "原件核验", "source": "公安机关"},
        {"name": "申请表", "copies": "1份", "form": "原件", "source": "窗口打印"},
    ],
    "steps": [{"name": "申请", "text": "到窗口说要开证明。"}, {"name": "领取", "text": "当场打印。"}],
    "legal_limit_days": 5,
    "promised_limit_days": 1,
    "fee": {"amount": "不收费"},
    "place": "办税服务厅1号窗口",
    "hours": "周一至周五9:00–17:00",
    "visits": 1,
    "result": "完税证明",
    "delivery": "窗口领取。",
    "phone": "0000-8110101",
    "complaint_phone": "0000-8110109",
    "first_contact": "周静",
    "faq": [{"q": "要多久？", "a": "当场办好。"}],
    "online": "在电子税务局也能开。",
    "version_on": "2026-06-01",
    "review_by": "2027-06-01",
}
PROCEDURE_PATH = "units/tax/procedures/wanshui.md"
NOTICE_PATH = "notices/2026-10-09-tingshui.md"
NOTICE = {
    "kind": "notice",
    "title": "办税厅周六开放",
    "category": "服务调整",
    "unit": "tax",
    "index_no": "TAX-2026-0001",
    "issued_on": "2026-10-09",
    "published_on": "2026-10-09",
    "validity": "有效",
    "summary": "周六上午也能办税。",
    "text": "从10月11日起，周六9:00–12:00开放。",
}
WINDOWS = [
    {"number": "1号", "business": "申报", "person": "周静", "state": "on"},
    {"number": "2号", "business": "发票", "person": "马文涛", "state": "on"},
]


def put(pages: Path, path: str, data: dict) -> None:
    """Write one page as a person would by hand."""
    file = pages / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(new_page(path, data).text(""), "utf-8")


def read(pages: Path, path: str) -> dict:
    """The data of the page as its file is now."""
    return parse_page(path, (pages / path).read_bytes()).data


def give_desk_pages(pages: Path) -> None:
    """A procedure, a notice and windows for the tax hall; one procedure of another unit as noise."""
    put(pages, PROCEDURE_PATH, PROCEDURE)
    put(pages, "units/water/procedures/baozhuang.md", {**PROCEDURE, "title": "用水报装", "code": "00002201000001"})
    put(pages, NOTICE_PATH, NOTICE)
    unit = {"kind": "unit", "title": "办税服务厅", "class": "window", "imported": True, "windows": WINDOWS}
    put(pages, "units/tax/index.md", {**unit, "updated_on": "2026-01-05"})


def form_of(answer) -> dict[str, list[str]]:
    """Every box of the page's long form with what stands in it, as a browser would send it."""
    tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
    form = max(tree.iter("form"), key=lambda one: len(list(one.iter())))
    sent: dict[str, list[str]] = {}
    for box in form.iter():
        name = box.get("name")
        if not name or box.tag == "button" or name == "csrf_token":
            continue
        if box.tag == "input" and box.get("type") in ("checkbox", "radio") and box.get("checked") is None:
            continue
        sent.setdefault(name, []).append(_value(box))
    return sent


def _value(box) -> str:
    if box.tag == "textarea":
        return "".join(box.itertext()).removeprefix("\n")
    if box.tag == "select":
        chosen = [option.get("value") for option in box.iter("option") if option.get("selected") is not None]
        return (chosen or [next(box.iter("option")).get("value")])[0]
    return box.get("value", "on")


def only(*states):
    """The one revision there is in these states, or not finished."""
    [revision] = store.listed(states=states or rules.OPEN)
    return revision


def change(revision, clock, by="zhou", **changes):
    """Write past the form, as somebody would who found a way around it."""
    data = {**revision.data, **changes}
    how = {"number": revision.number, "version": revision.version, "title": revision.title, "note": revision.note}
    return store.save(data=data, by=by, now=clock(), **how)
