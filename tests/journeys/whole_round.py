"""The deeds of a whole round in the browser, one function each, for the journey that plays them all."""

import csv
import io
import re
from pathlib import Path

from survey_app.office import steps
from tests.browsing import picture
from tests.factories import cast, make_codes

DIMENSIONS = ("attitude", "efficiency", "lawful", "openness", "integrity", "style", "promise", "overall")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def plan(he, address):
    """A plan of the standard method with a rule that looks at bad marks, settled."""
    he.goto(f"{address}/office/rounds")
    he.get_by_role("link", name="新的一轮").click()
    he.get_by_label("现成的办法：七个方面加总体评价").check()
    press(he, "开始写计划")
    he.get_by_role("link", name="名称和日期").click()
    he.locator("[name=opens_on]").fill("2026-11-04")
    he.locator("[name=closes_on]").fill("2026-11-30")
    press(he, "存好，下一步")
    he.get_by_label("全部窗口服务").check()
    for _step in ("评哪些单位", "谁来评", "评哪些方面", "怎么计分、哪些渠道"):
        press(he, "存好，下一步")
    he.get_by_label("空着的都填 群众 计划发码").fill("60")
    press(he, "存好，下一步")
    write_rule(he)
    picture(he, "whole-plan-rules-1280")
    press(he, "存好，下一步")
    he.goto(f"{address}/office/plans/1")
    press(he, "定稿")


def write_rule(he):
    """Overall dissatisfied reaches one third."""
    he.locator("[name=zh-0]").fill("总体不满意达到三分之一")
    he.locator("[name=basis-0]").fill("本区评议办法第八条")
    he.locator("[name=dimension-0]").select_option("overall")
    he.locator("[name=value-0]").fill("1/3")
    for level in ("level_1", "level_2"):
        he.locator(f"[name=left-0][value={level}]").check()


def issue_codes(sun, address, code):
    """Cards to print, and a batch for messages whose codes come back as text."""
    sun.goto(f"{address}/office/codes/{code}")
    sun.get_by_label("多少个").fill("20")
    with sun.expect_download() as cards:
        sun.get_by_role("button", name="发码并下载").click()
    assert Path(cards.value.path()).read_bytes().startswith(b"%PDF-")
    sun.goto(f"{address}/office/codes/{code}")
    sun.get_by_label("短信平台用的表（CSV）").check()
    sun.locator("#channel").select_option("invited")
    sun.get_by_label("多少个").fill("12")
    with sun.expect_download() as table:
        sun.get_by_role("button", name="发码并下载").click()
    text = Path(table.value.path()).read_text("utf-8-sig")
    picture(sun, "whole-codes-1280")
    return re.findall(
        r"\b[2-9A-Z]{5}-?[2-9A-Z]{5}\b", "\n".join(",".join(row) for row in csv.reader(io.StringIO(text)))
    )


def keep_copy(page, hand_over, tmp_path):
    """Download a copy with the hand-over code, give it back for proof."""
    page.get_by_label("交接码", exact=True).fill(hand_over)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载我这一份私钥").click()
    saved = tmp_path / f"{id(page)}-{waiting.value.suggested_filename}"
    waiting.value.save_as(saved)
    page.get_by_label("验证：把存好的私钥文件交回来试一次").set_input_files(saved)
    press(page, "验证我这一份")
    return saved


def rate_on_a_phone(page, address, code, spoken):
    """One citizen, with the best of marks for the tax hall."""
    page.goto(f"{address}/rate/{code}/tax")
    for name in DIMENSIONS:
        page.locator(f"#q-{name}").get_by_text("非常满意", exact=True).click()
    page.locator("#code").fill(spoken)
    page.get_by_role("button", name="提交评议").click()
    assert page.locator("#receipt-code").inner_text()
    picture(page, "whole-rated-390")


def others_rate(keys, clock, code):
    """Fifteen citizens, twelve enterprises and twelve deputies a unit; the water works are found wanting."""
    for unit, level in (("tax", 5), ("water", 2), ("noise", 4)):
        for group, count in (("citizen", 15), ("enterprise", 12), ("deputy", 12)):
            for number, one in enumerate(make_codes(keys, clock, round_code=code, group=group, count=count)):
                marks = dict.fromkeys(DIMENSIONS, level - number % 2)
                cast(keys, clock, one, unit=unit, round_code=code, answers=marks)


def type_card(page, address, code, spoken):
    """A clerk reads a card: all fours."""
    page.goto(f"{address}/office/paper/{code}/card")
    page.get_by_label("评议码（卡号）").fill(spoken)
    page.get_by_label("服务态度").focus()
    for _name in DIMENSIONS:
        page.keyboard.type("4")
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page.inner_text("main")


def wait_for_step(page, address, settings, clock, words):
    """The jobs do what was asked for; the person reloads until it says so."""
    for _turn in range(60):
        page.goto(address)
        if words in page.inner_text("main"):
            return
        assert page.get_by_role("alert").count() == 0, page.inner_text("main")
        steps.advance(settings, clock())
        page.wait_for_timeout(300)
    raise AssertionError(f"{words!r} not in {page.inner_text('main')!r}")


def send_out(page, at):
    page.goto(f"{at}/draft")
    page.get_by_role("button", name="送单位核对").click()
    assert "已送单位核对，单位提异议到2026年12月8日为止" in page.inner_text("main")


def object_to(head, address, code):
    """The head of the water works, with a file."""
    head.goto(f"{address}/desk/results/{code}")
    head.get_by_label("哪个数不对，为什么").fill("群众应评人数是200人，没有写进计划。")
    head.locator("#files").set_input_files({"name": "名册.pdf", "mimeType": "application/pdf", "buffer": PDF})
    head.get_by_role("button", name="提交异议").click()
    assert "异议收到了" in head.inner_text("main")


def propose_ruling(he, at):
    he.goto(f"{at}/objections")
    he.get_by_label("成立", exact=True).check()
    he.get_by_label("理由，随结果公布").fill("查过名册，属实。")
    he.get_by_label("改应评人数", exact=True).check()
    he.get_by_label("评议主体").select_option("citizen")
    he.get_by_label("应评人数改成").fill("200")
    he.get_by_role("button", name="提出裁定").click()
    assert "等第二个人确认" in he.inner_text("main")


def review_flags(he, at):
    """What the tests ask to be looked at stands: cards were handed out at a meeting."""
    he.goto(f"{at}/flags")
    assert "存疑，这几周的票不计入" in he.inner_text("main")
    for _ in range(20):
        he.goto(f"{at}/flags")
        forms = he.locator("form", has=he.get_by_role("button", name="记下结论"))
        if forms.count() == 0:
            break
        forms.first.get_by_label("没有问题，照计").check()
        forms.first.get_by_label("理由").fill("查过发码记录，同一天开会时发的卡。")
        with he.expect_navigation():
            forms.first.get_by_role("button", name="记下结论").click()
    picture(he, "whole-flags-1280")
    assert "没有问题，照计" in he.inner_text("main")


def draw_order(ji, address):
    """From the rule that fired to an order that is issued; its number."""
    ji.goto(f"{address}/office/orders/sources")
    assert "总体不满意达到三分之一" in ji.inner_text("main")
    picture(ji, "whole-sources-1280")
    ji.get_by_role("link", name=re.compile("起草督查件.*供水")).click()
    ji.get_by_label("发文机关").fill("试验区作风办")
    ji.get_by_label("文号").fill("试作督〔2026〕1号")
    text = ji.get_by_label("正文").input_value()
    ji.get_by_label("正文").fill(re.sub("【请[^】]*】", "群众普遍反映报修没有人接", text))
    press(ji, "存成草稿")
    picture(ji, "whole-order-draft-1280")
    press(ji, "发出")
    assert "等单位回复" in ji.inner_text("main")
    return ji.url.rsplit("/", 1)[1]


def reply(head, address, number):
    head.goto(f"{address}/desk/orders/{number}")
    head.get_by_label("整改或办理情况").fill("报修电话增到四部，夜间有人值班，附值班表。")
    head.locator("#files").set_input_files({"name": "值班表.pdf", "mimeType": "application/pdf", "buffer": PDF})
    head.get_by_role("button", name="以单位负责人的名义回复").click()
    assert "回复收到了" in head.inner_text("main")
    picture(head, "whole-order-reply-390")


def verify(lu, address, number):
    lu.goto(f"{address}/office/orders/{number}")
    lu.locator("#do summary", has_text="核查通过，办结").click()
    lu.get_by_label("怎么核查的").fill("夜里打了三次，都有人接。")
    press(lu, "核查通过，办结")
    assert "已办结" in lu.inner_text("main")
    picture(lu, "whole-order-closed-1280")


def take_papers(ji, address, tmp_path):
    """Workbook and notice from the start page."""
    found = []
    ji.goto(f"{address}/office/")
    for name in ("工作簿", "通报"):
        with ji.expect_download() as waiting:
            ji.get_by_role("link", name=name, exact=True).click()
        found.append(tmp_path / waiting.value.suggested_filename)
        waiting.value.save_as(found[-1])
    return found
