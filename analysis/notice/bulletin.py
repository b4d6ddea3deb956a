"""brief.docx: one short brief (简报) for those who read one page."""

from docx.shared import Pt

from ..view import Model
from .content import brief
from .issue import Issue, blank, written
from .letter import write
from .paper import CENTER, FANG, RED, SONG, Paper, set_run
from .record import print_record


def render(model: Model, digest: str, issue: Issue) -> bytes:
    """The brief's bytes; the same figures and digest as the notice."""
    name = str(model["round"]["name"])
    paper = Paper(f"{name}结果简报", issue.issuer)
    _head(paper, issue)
    paper.title(f"{name}结果")
    paper.line()
    write(paper, brief(model, digest))
    print_record(paper, issue)
    return paper.save()


def _head(paper: Paper, issue: Issue) -> None:
    """简报 in red, its number, then who made it at the left and the day at the right above a red line."""
    mark = paper.line(align=CENTER)
    set_run(mark.add_run("简　报"), SONG, 48, RED)
    mark.paragraph_format.line_spacing = Pt(66)
    paper.line(f"第{issue.serial or blank('期号')}期", align=CENTER)
    line = paper.line()
    set_run(line.add_run(f"{issue.issuer or blank('编印单位')}\t{written(issue.signed_on, '日期')}"), FANG, 16)
    line.paragraph_format.tab_stops.add_tab_stop(Pt(442), 2)
    paper.rule(line, "bottom", 8, str(RED))
    paper.line()
