"""What all pages of a release share: what they are made from, front matter, the way back, one block of HTML.

No blank line and no deep indent stands inside the block: Markdown would end it there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from ..view import Model
from ..words import esc

RESULTS = "评议结果"
# Parts beside the round's own page: file name -> title. Each is written only where there is something to say.
PARTS = {
    "figures": "图和表",
    "method": "评议办法",
    "changes": "与前几轮比较",
    "rules": "规则判定",
    "integrity": "评议过程核查",
    "sensitivity": "换一种算法会怎样",
    "withheld": "没有公布的",
    "commitments": "承诺兑现和日常评价",
    "versions": "版本和更正",
}


@dataclass(frozen=True)
class Release:
    """A release to be shown: release.json and what stands beside it."""

    model: Model
    digest: str
    published_on: str
    unit_pages: frozenset[str] = frozenset()  # slugs of units that have a page to link to
    method_toml: bytes = b""
    privacy: Mapping[str, Any] = field(default_factory=dict)  # privacy.json
    objections: str = ""  # where the site shows objections and rulings; empty where it does not


def page(release: Release, path: str, matter: Mapping[str, Any], lines: Iterable[str]) -> bytes:
    """A whole page as UTF-8: front matter, then its lines inside the page's frame."""
    front = yaml.safe_dump(dict(matter), allow_unicode=True, sort_keys=False, width=1000)
    body = [
        f'<div class="p-page" data-pagefind-filter="kind:{RESULTS}">',
        *crumb(release, path, str(matter["title"])),
        '<div class="p-main">',
        *(line for line in lines if line),
        "</div></div>",
    ]
    return f"---\n{front}---\n{chr(10).join(body)}\n".encode()


def part_page(release: Release, part: str, lines: Iterable[str]) -> bytes:
    """A page beside the round's own, by its name in PARTS."""
    title = PARTS[part]
    head = [f"<h1>{title}</h1>", f'<p class="p-lead">{esc(release.model["round"]["name"])}</p>']
    return page(release, f"{part}.md", matter_of(release, title), [*head, *lines, *foot(release)])


def matter_of(release: Release, title: str) -> dict[str, Any]:
    """The front matter of a page that belongs to a round."""
    facts = release.model["round"]
    return {
        "kind": "result",
        "title": f"{title}：{facts['name']}",
        "round": facts["code"],
        "published_on": release.published_on,
        "release_digest": release.digest,
    }


def root_of(path: str) -> str:
    """The way from the page's address (/results/<round>/ and below) up to the site's root."""
    return "../" * (2 + path.removesuffix("index.md").removesuffix(".md").rstrip("/").count("/") + (path != "index.md"))


def crumb(release: Release, path: str, title: str) -> list[str]:
    """Home, results, the round, this page."""
    root, facts = root_of(path), release.model["round"]
    trail = [(root, "首页"), (f"{root}results/", RESULTS)]
    if path != "index.md":
        trail.append((f"{root}results/{facts['code']}/", facts["name"]))
    links = "".join(f'<li><a href="{address}">{esc(words)}</a></li>' for address, words in trail)
    own = title.removesuffix(f"：{facts['name']}")
    here = f'<li aria-current="page">{esc(own)}</li>'
    return [
        '<nav class="p-crumb" aria-label="当前位置" data-pagefind-ignore><ol>',
        links,
        here,
        "</ol></nav>",
    ]


def foot(release: Release) -> list[str]:
    """The digest under every page, so that a printed one says which release it shows."""
    return [f'<p class="p-small p-quiet p-break">发布版指纹：{esc(release.digest)}</p>']
