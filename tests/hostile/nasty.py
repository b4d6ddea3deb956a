"""Texts that break careless programs: a list of our own, and the public one where it lies beside the project."""

import json
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "hostile_strings_blns" / "blns.json"

OWN = [
    "=1+1",
    "=HYPERLINK(\"http://a.example\",\"x\")",
    "+86 0000-8110101",
    "-1+1|cmd",
    "@SUM(1)",
    "'=1+1",
    "''",
    "\t=1",
    "＝1＋1",
    "<script>alert(1)</script>",
    "<r>rich</r>",
    "</p></div><h1>x</h1>",
    "\"><img src=x onerror=alert(1)>",
    "<!-- --> ]]> <?php",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "![x](http://a.example/x.png)",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "---\nkind: home\n---",
    "# heading\n\n    code",
    "a: b # c",
    "- item",
    "!!python/object:os.system",
    "&anchor *alias",
    "null",
    "true",
    "2026-11-03",
    "1e309",
    "0123",
    "_x0041_",
    "_x005F_",
    "%(name)s %s %%",
    "../../x",
    "C:\\new\\table",
    "a\nb\n\nc",
    "\u202e\u0645\u0631\u062d\u0628\u0627",
    "\u200b\ufeff\u00ad",
    "e\u0301\u0323\u0323\u0323",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "\U00020000\U0002a6d6\U0002b740\u3400\u4dbf",
    "\ue000\uf8ff",
    "↳\\",
    "a" * 5000,
    "\x00",
    "\x01\x1b[31m",
    "\x7f\x85",
    "a\u2028b",
    "\ufffe",
]  # fmt: skip


def big_list() -> list[str]:
    """The public list; empty where it is absent."""
    return json.loads(SHARED.read_text("utf-8")) if SHARED.is_file() else []
