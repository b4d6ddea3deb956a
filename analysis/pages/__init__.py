"""Result pages in Markdown: the round's own page, one page a unit, annexes. All from release.json alone."""

from ..view import shown_classes, shown_units
from .annexes import changes_page, commitments_page, rules_page, sensitivity_page
from .evidence import integrity_page, withheld_page
from .figures import figures_page
from .frame import Release
from .front import front_page
from .methodpage import method_page
from .unit import unit_page
from .versions import versions_page

__all__ = ["Release", "render"]


def render(release: Release, files: frozenset[str]) -> dict[str, bytes]:
    """File name -> page; `files` are the names of everything else in the release."""
    parts = {
        "figures": figures_page(release, files),
        "method": method_page(release),
        "changes": changes_page(release),
        "rules": rules_page(release),
        "integrity": integrity_page(release),
        "sensitivity": sensitivity_page(release),
        "withheld": withheld_page(release),
        "commitments": commitments_page(release),
        "versions": versions_page(release, files),
    }
    made = {f"{name}.md": content for name, content in parts.items() if content is not None}
    units = [unit for c in shown_classes(release.model) for unit in shown_units(release.model, c["code"])]
    made |= {f"scores/{unit['slug']}.md": unit_page(release, unit) for unit in units}
    return made | {"index.md": front_page(release, [name for name in parts if f"{name}.md" in made], files)}
