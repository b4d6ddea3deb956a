"""Small page trees as dicts: one of each kind, sound. A test changes what it is about and writes it to a folder."""

import copy
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from survey_app.publishing.pages import Page

Tree = dict[str, dict[str, Any]]
PHONE = "0000-8123401"

UNIT = {
    "kind": "unit",
    "title": "登记中心",
    "class": "window",
    "credit_code": "00000000MB0000101X",
    "summary": "办理登记。",
    "duties": ["登记房屋"],
    "address": "政和路18号",
    "hours": "周一至周五9:00–17:00",
    "phone": PHONE,
    "complaint_phone": PHONE,
    "head": "刘洋（主任）",
    "updated_on": "2026-11-01",
}
PROCEDURE = {
    "kind": "procedure",
    "title": "二手房过户",
    "code": "000000000001",
    "type": "行政确认",
    "item_kind": "承诺件",
    "audience": ["个人", "企业"],
    "theme": "住房",
    "synonyms": ["房产证改名字"],
    "scope": "买卖双方本人",
    "basis": ["《不动产登记暂行条例》第十四条"],
    "conditions": ["房屋没有查封。"],
    "materials": [{"name": "身份证", "copies": "1份", "form": "原件核验", "source": "公安机关"}],
    "steps": [
        {
            "name": "收件",
            "text": "窗口核对材料。",
            "branch": {"when": "材料不齐", "text": "一次性告知。", "back_to": 1},
        },
        {"name": "领证", "text": "窗口领取。"},
    ],
    "legal_limit_days": 30,
    "promised_limit_days": 5,
    "fee": {"amount": "80元", "note": "住宅每件", "basis": "发改价格规〔2016〕2559号"},
    "place": "一楼1号窗口",
    "hours": "周一至周五9:00–17:00",
    "visits": 1,
    "online": "可以网上查进度。",
    "result": "不动产权证书",
    "delivery": "窗口领取。",
    "phone": PHONE,
    "complaint_phone": PHONE,
    "first_contact": "周静（工号017）",
    "faq": [{"q": "卖方能不能不来？", "a": "可以。"}],
    "version_on": "2026-10-08",
    "review_by": "2027-04-08",
}
COMMITMENT = {
    "kind": "commitment",
    "title": "二手房过户5个工作日出证",
    "what": "收件后5个工作日出证。",
    "measure": "从收件次日起数。",
    "limit": {"value": 5, "unit": "工作日"},
    "procedure": "guohu",
    "remedy": "当天说明原因。",
    "phone": PHONE,
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
}
NOTICE = {
    "kind": "notice",
    "title": "关于延长周六办公的公告",
    "category": "服务调整",
    "unit": "dengji",
    "index_no": "000QH001/2026-00001",
    "issued_on": "2026-11-02",
    "published_on": "2026-11-03",
    "validity": "有效",
    "summary": "周六办到17:00。",
    "text": "从11月8日起，周六办到17:00。\n\n- 窗口照常\n",
}
ITEM = {
    "kind": "disclosure_item",
    "title": "集体财务收支",
    "number": 1,
    "level1": "村务公开",
    "content": "收入、支出、债权债务",
    "basis": "《中华人民共和国村民委员会组织法》",
    "time_limit": "每季度结束后30天内",
    "unit": "dengji",
    "channels": ["政府网站", "公示栏电子屏"],
    "audience": "特定群众",
    "method": "主动",
    "levels": ["县", "村"],
    "cadence": "每季度",
    "last_on": "2026-10-23",
    "links": [{"title": "周六办公", "href": "/notices/2026-11-03-zhouliu/"}],
}
CATALOGUE = {"kind": "catalogue", "title": "标准目录", "updated_on": "2026-10-15"}
BLOCK = {
    "kind": "disclosure_block",
    "title": "政府信息公开指南",
    "lead": "公开哪些信息，怎么申请。",
    "unit": "dengji",
    "sections": [{"heading": "怎么申请", "text": "写清要什么。\n\n### 多久答复\n\n20天内。看[公告](/notices/)。"}],
    "updated_on": "2026-11-01",
}
REPORT = {
    "kind": "annual_report",
    "title": "2025年政府信息公开年报",
    "year": 2025,
    "unit": "dengji",
    "published_on": "2026-03-20",
    "overview": "全年主动公开84条。",
    "proactive": [{"name": "行政规范性文件", "count": 12, "unit": "件"}],
    "requests": {"carried_in": 2, "received": 57, "outcomes": [{"name": "予以公开", "count": 56}], "carried_out": 3},
    "reviews": {"upheld": 1, "corrected": 0, "other": 0, "pending": 0},
    "lawsuits": {"upheld": 0, "corrected": 0, "other": 0, "pending": 0},
    "problems": ["村级公开更新慢，每季度核对一次。"],
}
HOME_PAGE = {
    "kind": "home",
    "title": "首页",
    "district": "试验区",
    "site_name": "试验区政务公开与群众评议",
    "sponsor": ["试验区人民政府办公室"],
    "band": "办什么事，找哪个单位",
    "hot": [],
}
PROCEDURE_PATH = "units/dengji/procedures/guohu.md"
UNIT_PATH = "units/dengji/index.md"
COMMITMENT_PATH = "units/dengji/commitments/chuzheng.md"
NOTICE_PATH = "notices/2026-11-03-zhouliu.md"
ITEM_PATH = "disclosure/items/shouzhi.md"
CATALOGUE_PATH = "disclosure/catalogue.md"
BLOCK_PATH = "disclosure/guide.md"
REPORT_PATH = "disclosure/annual-2025.md"
TODAY = date(2026, 11, 24)  # a day on which nothing in the tree or the sample is overdue
LISTINGS = ("units", "procedures", "commitments", "notices", "disclosure", "results")

METHOD = """format = 1
min_n = 10
min_weight = "7/10"
[scale]
5 = 100
4 = 80
3 = 60
2 = 30
1 = 0
[[dimension]]
code = "attitude"
zh = "服务态度"
weight = "1/3"
[[dimension]]
code = "efficiency"
zh = "办事效率"
weight = "2/3"
[[group]]
code = "citizen"
zh = "群众"
weight = "1"
[[class]]
code = "window"
zh = "窗口服务"
""".encode()
ROUND = {
    "code": "2026-h2",
    "title": "2026年下半年群众评议",
    "status": "open",
    "opens_on": "2026-11-01",
    "closes_on": "2026-11-30",
    "units": 23,
}


def small_tree() -> Tree:
    """One of each kind, sound; a test changes what it is about."""
    tree: Tree = {"index.md": HOME_PAGE, UNIT_PATH: UNIT, PROCEDURE_PATH: PROCEDURE}
    tree |= {COMMITMENT_PATH: COMMITMENT, NOTICE_PATH: NOTICE}
    tree |= {ITEM_PATH: ITEM, CATALOGUE_PATH: CATALOGUE, BLOCK_PATH: BLOCK, REPORT_PATH: REPORT}
    tree |= {f"{of}/index.md": {"kind": "listing", "title": of, "of": of} for of in LISTINGS}
    tree |= {
        f"{name}/index.md": {"kind": "page", "title": name, "updated_on": "2026-11-01"} for name in ("about", "search")
    }
    return copy.deepcopy(tree)


def write_tree(folder: Path, tree: Tree) -> Path:
    """Front matter only, as an author leaves it."""
    for path, data in tree.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"---\n{yaml.safe_dump(data, allow_unicode=True, sort_keys=False)}---\n", "utf-8")
    return folder


def write_body(file: Path, body: str) -> None:
    """Put `body` below the front matter of the page in `file`."""
    page = Page("", {}, file.read_text("utf-8"), "")
    file.write_text(page.text(body), "utf-8")
