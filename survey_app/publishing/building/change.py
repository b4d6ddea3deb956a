"""What lies between the live site and the pages as they are now, and which of it may go public."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from survey_app.config import Settings
from survey_app.domain.errors import Finding
from survey_app.publishing.book import Book
from survey_app.publishing.building import kept
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
    then: Mapping[str, str] = field(default_factory=dict)  # page path -> digest of the file the live site was made of
    whole: bool = False  # whether every page may change: the theme, a program or the home page's data did

    @property
    def is_empty(self) -> bool:
        """Whether the live site already is what the pages say."""
        return not self.paths and not self.files

    def around(self, path: str) -> set[str]:
        """Paths of pages whose bodies may change with this one, asked before and after the change."""
        return extras.affected(self.before, path) | extras.affected(self.after, path)

    def affected(self) -> list[Page]:
        """All pages whose bodies may change, in order of path, but for those held back."""
        if self.whole:
            return [page for page in self.after.pages if page.path not in self.held]
        found = {near for path in self.paths for near in self.around(path)} - self.held.keys()
        return [self.after.by_path[path] for path in sorted(found) if path in self.after.by_path]


def what_changed(settings: Settings, old: Record, known: Shelf, asked: Iterable[str]) -> Change | None:
    """The change since the live release; None where the text of a page as it was before is not to be had.

    What that page was part of is then unknown, and only a full build can tell.
    """
    now, then = known.digests(), old.pages
    differing = {path for path in {*now, *then} if now.get(path) != then.get(path)}
    former = {path: _as_it_was(settings, known, path, then[path]) for path in differing if path in then}
    after = Book(known.sound(), frozenset(known.files))
    if None in former.values():
        return None
    before = after.with_pages((page for page in former.values() if page), differing - then.keys())
    paths = frozenset(differing | (set(asked) & after.by_path.keys()))
    whole = fingerprint(settings, after.home) != old.fingerprint
    change = Change(before, after, paths, _files(known, old), then=then, whole=whole)
    return without(change, {finding.path: [finding] for finding in known.unread() if finding.path in paths})


def _as_it_was(settings: Settings, known: Shelf, path: str, sha256: str) -> Page | None:
    """From memory, or from the disk when another process read it."""
    return known.recall(path, sha256) or kept.recall(settings, path, sha256)


def _files(known: Shelf, old: Record) -> frozenset[str]:
    now = {path: list(stamp) for path, stamp in known.files.items()}
    return frozenset(path for path in {*now, *old.files} if now.get(path) != old.files.get(path))


def hold_back(change: Change, today: date) -> Change:
    """Keep pages that fail their checks as they were; what was sound only with them is held back in the next turn."""
    while faults := _faults(change, today):
        change = without(change, faults)
    return change


def _faults(change: Change, today: date) -> dict[str, list[Finding]]:
    """Errors by changed page: its own; where no changed page has any, those on others are laid at somebody's door."""
    found = {page.path: errors(check_page(page, change.after, today)) for page in change.affected()}
    wrong = {path: findings for path, findings in found.items() if findings}
    return {path: wrong[path] for path in change.paths & wrong.keys()} or _laid(change, wrong)


def _laid(change: Change, wrong: Mapping[str, list[Finding]]) -> dict[str, list[Finding]]:
    """Errors on pages that did not change, by the changed page with the least about it that they may hang on.

    The home page hangs together with everything, so it is to blame only for what nobody else can have done.
    """
    near = {path: change.around(path) for path in change.paths} if wrong else {}
    found: dict[str, list[Finding]] = {}
    for other, findings in sorted(wrong.items()):
        if suspects := [path for path in near if other in near[path]]:
            path = min(suspects, key=lambda suspect: (len(near[suspect]), suspect))
            found.setdefault(path, []).extend(findings)
    return found


def without(change: Change, faults: Mapping[str, list[Finding]]) -> Change:
    """The same change with these pages left as the live site has them."""
    former = [change.before.by_path[path] for path in faults if path in change.before.by_path]
    new = [path for path in faults if path not in change.before.by_path]
    after = change.after.with_pages(former, new)
    return replace(change, after=after, paths=change.paths - faults.keys(), held={**change.held, **faults})
