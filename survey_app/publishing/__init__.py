"""Pages read, checked, rendered and written; the public site built, indexed and swapped in."""

from survey_app.publishing.building.site import BuildReport, build_site
from survey_app.publishing.checks import check_pages
from survey_app.publishing.imports import ImportReport, import_lists
from survey_app.publishing.pages import Page, read_pages, seed_pages, write_page
from survey_app.publishing.render import check_rendered, render_pages
from survey_app.publishing.rounds import write_round_page

__all__ = [
    "BuildReport",
    "ImportReport",
    "Page",
    "build_site",
    "check_pages",
    "check_rendered",
    "import_lists",
    "read_pages",
    "render_pages",
    "seed_pages",
    "write_page",
    "write_round_page",
]
