"""A unit with a procedure and promises, visit codes, and what a person sends after a visit."""

import base64
import re
import zlib
from datetime import UTC, date, datetime, time

from survey_app.domain.cases.clocks import Clocks
from survey_app.domain.everyday import Rating
from survey_app.publishing.pages import new_page
from survey_app.store import everyday as store
from survey_app.store import visits
from tests.survey_app.unit.pages import PROCEDURE

UNIT_FORM, FORM = "/rate/service/tax", "/rate/service/tax/wanshui"
PROCEDURES = {"chuzheng": "wanshui", "dengdai": ""}


def commitment(title, *, procedure="", valid_to="2026-12-31"):
    data = {"kind": "commitment", "title": title, "what": "说到做到。", "measure": "从取号起算。"}
    data |= {"limit": {"value": 20, "unit": "分钟"}, **({"procedure": procedure} if procedure else {})}
    return data | {"remedy": "当天道歉。", "phone": "12345", "valid_from": "2026-01-01", "valid_to": valid_to}


def make_promises(pages):
    """办税服务厅 promises something for one matter, and in general; an old promise and another unit's beside."""
    made = {
        "units/tax/procedures/wanshui.md": PROCEDURE,
        "units/tax/procedures/fapiao.md": {**PROCEDURE, "title": "领发票", "code": "00001101000002"},
        "units/tax/commitments/chuzheng.md": commitment("当场出证", procedure="wanshui"),
        "units/tax/commitments/dengdai.md": commitment("排队不超过20分钟"),
        "units/tax/commitments/jiuban.md": commitment("去年的承诺", valid_to="2026-10-31"),
        "units/water/commitments/tongshui.md": commitment("当天通水"),
    }
    for path, data in made.items():
        file = pages / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(new_page(path, data).text("内容"), "utf-8")


def visit_codes(keys, *, count=10, unit="tax", procedure="", month="2026-11", today=date(2026, 11, 3)):
    at = datetime.combine(today, time(4), UTC)
    return visits.issue_visit_codes(
        service=(unit, procedure), month=month, count=count, min_n=10, keys=keys, today=today, by="test", now=at
    )


def rate(keys, *, code="", nonce="n" * 32, today=date(2026, 11, 3), level=5, unit="tax", **more):
    """One rating through the store; returns whether it counts."""
    return rate_with_case(keys, code=code, nonce=nonce, today=today, level=level, unit=unit, **more).counts


def rate_with_case(keys, *, code="", nonce="n" * 32, today=date(2026, 11, 3), level=5, unit="tax", **more):
    """The same; returns the code of the case too, where an answer is wanted."""
    said = Rating(unit=unit, procedure=more.pop("procedure", "wanshui"), level=level, **more)
    when = {"clocks": Clocks(), "now": datetime.combine(today, time(4), UTC), "today": today}
    return store.rate_service(said, procedures=PROCEDURES, code=code, form_nonce=nonce, keys=keys, **when)


def drawn_on(pdf: bytes) -> str:
    """What is drawn on the pages of a PDF of ours, in the words of PDF: streams in ASCII85 and Flate."""
    drawn = re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    plain = [zlib.decompress(base64.a85decode(part.strip().removesuffix(b"~>"))) for part in drawn]
    return b"\n".join(plain).decode("latin-1")


def codes_on(pdf: bytes) -> list[str]:
    """The visit codes printed on slips."""
    return re.findall(r"\b[2-9A-Y]{5}-[2-9A-Y]{5}\b", drawn_on(pdf))
