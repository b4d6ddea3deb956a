"""brief.docx: one short brief (简报) for those who read one page."""

from official_paper.paper import Paper
from official_paper.parts import brief_head

from ..view import Model
from .content import brief
from .issue import Issue, blank, written
from .letter import write
from .record import print_record


def render(model: Model, digest: str, issue: Issue) -> bytes:
    """The brief's bytes; the same figures and digest as the notice."""
    name = str(model["round"]["name"])
    paper = Paper(f"{name}结果简报", issue.issuer)
    serial, issuer = issue.serial or blank("期号"), issue.issuer or blank("编印单位")
    brief_head(paper, serial, issuer, written(issue.signed_on, "日期"))
    paper.title(f"{name}结果")
    paper.line()
    write(paper, brief(model, digest))
    print_record(paper, issue)
    return paper.save()
