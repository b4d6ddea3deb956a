"""notice.docx: the results as an official circular (通报)."""

from official_paper.paper import FANG, HEI, Paper, set_run
from official_paper.parts import circular_head, signed, width

from ..view import Model
from .content import Part, annex, body
from .issue import Issue, blank, written
from .record import print_record

ANNEX = "各单位得分表"


def render(model: Model, digest: str, issue: Issue) -> bytes:
    """The notice's bytes; figures come from the release, the office's own facts from `issue`."""
    name = str(model["round"]["name"])
    paper = Paper(f"关于{name}结果的通报", issue.issuer)
    circular_head(paper, issue.issuer or blank("发文机关"), issue.number or blank("发文字号"))
    # A title of two lines breaks between words: 20 signs stand in one.
    paper.title(f"关于{name}\n结果的通报" if width(name) > 13 else f"关于{name}结果的通报")
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


def _close(paper: Paper, issue: Issue) -> None:
    """附件说明, then who signs and when."""
    paper.line()
    paper.text(f"附件：{ANNEX}")
    signed(paper, issue.issuer or blank("发文机关"), written(issue.signed_on, "成文日期"))


def _annex(paper: Paper, model: Model) -> None:
    """附件 on a page of its own: the word in 黑体 at the left, the title on the third line."""
    word = paper.line()
    word.paragraph_format.page_break_before = True
    set_run(word.add_run("附件"), HEI, 16)
    paper.line()
    paper.title(ANNEX)
    paper.line()
    write(paper, annex(model))
