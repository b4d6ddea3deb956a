"""The Word documents of a release: the official notice, the brief, and the check whether their figures are true."""

from .bulletin import render as render_brief
from .check import compare
from .issue import Issue, load_issue
from .letter import render as render_notice

__all__ = ["Issue", "compare", "load_issue", "render_brief", "render_notice"]
