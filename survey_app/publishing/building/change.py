"""What lies between the live site and the pages as they are now, and which of it may go public."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from survey_app.config import Settings
from survey_app.domain.errors import Finding
from survey_app.publishing.book import Book
from survey_app.publishing.building.fingerprint import fingerprint
from survey_app.publishing.building.releases import Record
from survey_app.publishing.checks import check_page, errors
from survey_app.publishing.outputs import extras
from survey_app.publishing.pages import Page
from survey_app.publishing.shelf import Shelf


@dataclass(frozen=True)
class Change:
    """The pages before and after, and where they differ."""

    before: Book  # the pages of which the live site was made
    after: Book  # the pages of which the next is to be made: as they are now, but for those held back
    paths: frozenset[str]  # pages written or removed
    files: frozenset[str]  # the same for files that are no pages
    held: Mapping[str, list[Finding]] = field(default_factory=dict)  # page path -> why it stays as it was

    @property
    def is_empty(self) -> bool:
        """Whether the live site already is what the pages say."""
        return not self.paths and not self.files

    def around(self, path: str) -> set[str]:
        """Paths of pages whose bodies may change with this one, asked before and after the change."""
        return extras.affected(self.before, path) | extras.affected(self.after, path)

    def affected(self) -> list[Page]:
        """All pages whose bodies may change, in order of path, but for those held back."""
        found = {near for path in self.paths for near in self.around(path)} - self.held.keys()
        return [self.after.by_path[path] for path in sorted(found) if path in self.after.by_path]


def what_changed(settings: Settings, old: Record, known: Shelf, asked: Iterable[str]) -> Change | None:
    """The change since the live release; None where only a full build can tell what hangs on it.

    That is so when the theme, a program or the home page's data changed, and when this process never read a page as
    it was before: what that page was part of is then unknown.
    """
    now, then = known.digests(), old.pages
    differing = {path for path in {*now, *then} if now.get(path) != then.get(path)}
    former = {path: known.recall(path, then[path]) for path in differing if path in then}
    after = Book(known.sound(), frozenset(known.files))
    if None in former.values() or fingerprint(settings, after.home) != old.fingerprint:
        return None
    before = after.with_pages((page for page in former.values() if page), differing - then.keys())
    paths = frozenset(differing | (set(asked) & after.by_path.keys()))
    change = Change(before, after, paths, _files(known, old))
    return without(change, {finding.path: [finding] for finding in known.unread() if finding.path in paths})


def _files(known: Shelf, old: Record) -> frozenset[str]:
    now = {path: list(stamp) for path, stamp in known.files.items()}
    return frozenset(path for path in {*now, *old.files} if now.get(path) != old.files.get(path))


def hold_back(change: Change, today: date) -> Change:
    """Keep pages that fail their checks as they were; what was sound only with them is held back in the next turn."""
    while faults := _faults(change, today):
        change = without(change, faults)
    return change


def _faults(change: Change, today: date) -> dict[str, list[Finding]]:
    """Errors by changed page; those on a page that did not change are laid at the door of what it hangs on."""
    wrong = {page.path: errors(check_page(page, change.after, today)) for page in change.affected()}
    found = {path: wrong[path] for path in change.paths if wrong.get(path)}
    for path in sorted(change.paths - found.keys()):
        near = change.around(path) - change.paths
        if others := [finding for other in sorted(near) for finding in wrong.get(other, [])]:
            found[path] = others
    return found


def without(change: Change, faults: Mapping[str, list[Finding]]) -> Change:
    """The same change with these pages left as the live site has them."""
    former = [change.before.by_path[path] for path in faults if path in change.before.by_path]
    new = [path for path in faults if path not in change.before.by_path]
    after = change.after.with_pages(former, new)
    return replace(change, after=after, paths=change.paths - faults.keys(), held={**change.held, **faults})
