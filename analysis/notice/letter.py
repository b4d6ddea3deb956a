"""notice.docx: the results as an official circular (通报)."""

from docx.shared import Mm, Pt

from ..view import Model
from .content import Part, annex, body
from .issue import Issue, blank, written
from .paper import CENTER, FANG, HEI, RED, RIGHT, SIGN, SONG, Paper, set_run
from .record import print_record

WIDTH_PT = 442  # the text area, 156 mm
ANNEX = "各单位得分表"


def render(model: Model, digest: str, issue: Issue) -> bytes:
    """The notice's bytes; figures come from the release, the office's own facts from `issue`."""
    name = str(model["round"]["name"])
    paper = Paper(f"关于{name}结果的通报", issue.issuer)
    _head(paper, issue)
    # A title of two lines breaks between words: 20 signs stand in one.
    paper.title(f"关于{name}\n结果的通报" if _width(name) > 13 else f"关于{name}结果的通报")
    paper.line()
    paper.line(f"{issue.to}：")
    write(paper, body(model, digest))
    _close(paper, issue)
    _annex(paper, model)
    print_record(paper, issue)
    return paper.save()


def write(paper: Paper, parts: list[Part]) -> None:
    """Write parts in their order."""
    for part in parts:
        if part.kind == "table":
            paper.table(part.head, part.rows, part.widths)
        elif part.kind == "text":
            paper.text(part.text)
        elif part.kind == "note":
            set_run(paper.line().add_run(part.text), FANG, 12)
        else:
            paper.heading(part.text, int(part.kind[1]))


def _head(paper: Paper, issue: Issue) -> None:
    """版头: whose paper it is in red, 35 mm below the edge of the text; its number; a red line; two empty lines."""
    mark = f"{issue.issuer or blank('发文机关')}文件"
    size = min(48, WIDTH_PT // len(mark))
    line = paper.line(align=CENTER)
    set_run(line.add_run(mark), SONG, size, RED)
    line.paragraph_format.space_before, line.paragraph_format.line_spacing = Mm(35), Pt(size * 1.3)
    for _ in range(2):
        paper.line()
    number = paper.line(issue.number or blank("发文字号"), align=CENTER)
    paper.rule(number, "bottom", 8, str(RED))
    for _ in range(2):
        paper.line()


def _close(paper: Paper, issue: Issue) -> None:
    """附件说明, then the issuer above its day, which stands four signs from the right edge (room for the seal)."""
    paper.line()
    paper.text(f"附件：{ANNEX}")
    for _ in range(2):
        paper.line()
    signer, day = issue.issuer or blank("发文机关"), written(issue.signed_on, "成文日期")
    # The day has half-width digits; both lines are centred on one another.
    shift = (len(signer) - _width(day)) / 2
    paper.line(signer, align=RIGHT).paragraph_format.right_indent = round(SIGN * max(4 - shift, 0))
    paper.line(day, align=RIGHT).paragraph_format.right_indent = SIGN * 4


def _width(text: str) -> float:
    """Width in signs; ASCII takes half of one."""
    return sum(0.5 if ord(sign) < 128 else 1 for sign in text)


def _annex(paper: Paper, model: Model) -> None:
    """附件 on a page of its own: the word in 黑体 at the left, the title on the third line."""
    word = paper.line()
    word.paragraph_format.page_break_before = True
    set_run(word.add_run("附件"), HEI, 16)
    paper.line()
    paper.title(ANNEX)
    paper.line()
    write(paper, annex(model))
