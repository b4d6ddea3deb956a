"""An order in Word, as it is signed and sent: the sheet of GB/T 9704, and a slip to reply on."""

from official_paper.paper import FANG, Paper, set_run
from official_paper.parts import circular_head, signed
from survey_app.domain.blanks import blank
from survey_app.domain.orders.state import OrderState
from survey_app.supervision.sheets import new_sheet

REPLY_ROWS = ("单位", "文号", "整改或办理情况", "责任人", "单位负责人签字（盖章）", "日期")


def render(order: OrderState, unit: str) -> bytes:
    """The document's bytes; `unit` is its title. A draft shows its blanks and no day."""
    paper = new_sheet(order.title, order.issuer)
    circular_head(paper, order.issuer, order.paper_number)
    paper.title(order.title)
    paper.line()
    paper.line(f"{unit}：")
    for line in order.text.splitlines():
        paper.text(line)
    if order.due_on:
        paper.text(f"回复的最后一日：{_day(order.due_on)}。")
    signed(paper, order.issuer, _day(order.issued_on) if order.issued_on else blank("写日期"))
    _slip(paper, order, unit)
    return paper.save()


def _slip(paper: Paper, order: OrderState, unit: str) -> None:
    paper.new_page()
    paper.title("回　执")
    paper.line()
    told = {"单位": unit, "文号": order.paper_number}
    paper.table(("项目", "内容"), [(row, told.get(row, "\n\n")) for row in REPLY_ROWS], (45, 111))
    set_run(paper.line().add_run("也可以由单位负责人在工作台的“督查件”里直接回复，附上材料。"), FANG, 12)


def _day(day: object) -> str:
    year, month, number = str(day).split("-")
    return f"{year}年{int(month)}月{int(number)}日"
