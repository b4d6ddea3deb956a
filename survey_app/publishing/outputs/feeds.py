"""For readers that are machines: an Atom feed of notices, the map of the site, the file for search engines."""

import html
from urllib.parse import urlsplit

from survey_app.publishing.outputs.built import Built
from survey_app.publishing.pages import Page

FEED = "notices/feed.xml"
NEWEST = 50
BEGUN = "2026"  # the year of this way of naming feeds; part of the name, so it never changes
DAYS = ("updated_on", "version_on", "published_on", "valid_from", "opens_on", "last_on")


def write(built: Built) -> None:
    """Feed and map need the site's absolute address; without it there is none, rather than a wrong one."""
    built.drop("sitemap.xml.gz")  # MkDocs's own holds the time of the build
    built.put("robots.txt", "User-agent: *\nAllow: /\n" + (f"Sitemap: {built.root}sitemap.xml\n" if built.root else ""))
    if not built.root:
        built.drop("sitemap.xml")
        built.drop(FEED)
        return
    built.put("sitemap.xml", sitemap(built))
    if built.touches_kind("notice", "unit"):
        built.put(FEED, feed(built))


def sitemap(built: Built) -> str:
    """Every page with the day its data names as the last change."""
    lines = [
        f"<url><loc>{_text(built.root + page.url)}</loc>{_lastmod(page)}</url>"
        for page in built.book.pages
        if not page.path.startswith("search/")
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "\n".join(lines)
        + "\n</urlset>\n"
    )


def _lastmod(page: Page) -> str:
    days = [str(page.data[key]) for key in DAYS if page.data.get(key)]
    return f"<lastmod>{_text(days[0])}</lastmod>" if days else ""


def feed(built: Built) -> str:
    """The newest notices; a withdrawn one stays as what it is."""
    newest = built.book.notices[:NEWEST]
    site_name = str(built.home.get("site_name", ""))
    latest = max((_changed_on(page) for page in newest), default="1970-01-01")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh">\n'
        f"<id>{_text(_tag(built, 'notices/', BEGUN))}</id>\n<title>{_text(site_name)}：公示公告</title>\n"
        f"<updated>{_moment(latest)}</updated>\n<author><name>{_text(site_name)}</name></author>\n"
        f'<link rel="self" href="{_text(built.root + FEED)}"/>\n<link href="{_text(built.root)}notices/"/>\n'
        + "".join(_entry(built, page) for page in newest)
        + "</feed>\n"
    )


def _entry(built: Built, page: Page) -> str:
    day, title, told = str(page.data["published_on"]), page.title, str(page.data.get("summary", ""))
    if page.data.get("withdrawn"):
        title, told = f"已撤回：{title}", f"这条公告已经撤回。原因：{page.data['withdrawn'].get('reason', '')}"
    unit = built.book.unit_title(str(page.data.get("unit", "")))
    return (
        f"<entry>\n<id>{_text(_tag(built, page.url, day))}</id>\n<title>{_text(title)}</title>\n"
        f'<link href="{_text(built.root + page.url)}"/>\n<published>{_moment(day)}</published>\n'
        f"<updated>{_moment(_changed_on(page))}</updated>\n<author><name>{_text(unit)}</name></author>\n"
        f'<category term="{_text(str(page.data["category"]))}"/>\n<summary>{_text(told)}</summary>\n</entry>\n'
    )


def _changed_on(page: Page) -> str:
    return str(page.data.get("withdrawn", {}).get("on") or page.data["published_on"])


def _moment(day: str) -> str:
    """The beginning of the day in China: notices carry no time of day."""
    return f"{_text(day)}T00:00:00+08:00"


def _tag(built: Built, url: str, day: str) -> str:
    """An identifier that outlives a move to https or to another path (RFC 4151)."""
    return f"tag:{urlsplit(built.root).hostname},{day}:{url}"


def _text(text: str) -> str:
    """Escaped; characters that XML cannot hold are left out."""
    return html.escape("".join(sign for sign in text if sign in "\t\n" or ord(sign) >= 32), quote=True)
