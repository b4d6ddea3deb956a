"""The words into which Pagefind cut the pages, for cutting a question in the same way.

Browsers cut Chinese each in their own way and not as the index does (注销 becomes 注 and 销); the search page cuts by
this list instead.
"""

import gzip
import json
import re
from pathlib import Path

FILE = "vocabulary.txt"
MARK = b"pagefind_dcd"
WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{2,8}")
BETWEEN = re.compile(r"[\u200b\s]+")


def write(index: Path) -> None:
    """Put the list into the folder of an index."""
    words: set[str] = set()
    for fragment in (index / "fragment").glob("*.pf_fragment"):
        words.update(words_in(fragment.read_bytes()))
    (index / FILE).write_text(" ".join(sorted(words)) + "\n", "utf-8")


def words_in(fragment: bytes) -> set[str]:
    """Chinese words of one page; Pagefind keeps its text with a mark of no width between words."""
    text = gzip.decompress(fragment).removeprefix(MARK)
    content = str(json.loads(text)["content"])
    return {word for word in BETWEEN.split(content) if WORD.fullmatch(word)}
