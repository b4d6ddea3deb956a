"""Rules of the house as tests: doors, sizes, comments, anonymity of addresses, what git may hold."""

import ast
import re
import statistics
import subprocess
from pathlib import Path

import pytest

from survey_app.web.doors import DOORS

HOME = Path(__file__).resolve().parents[2]
SOURCES = sorted(p for room in ("survey_app", "analysis", "official_paper") for p in (HOME / room).rglob("*.py"))
MAX_FILE_LINES = 300
WHOLE = {"verify.py": 400, "pingyi_sealed.py": 450}  # handed out as one file
MAX_FUNCTION_MEDIAN, MAX_FUNCTION_P90, MAX_FUNCTION_LINES = 10, 30, 40


def functions() -> list[ast.FunctionDef]:
    found = []
    for source in SOURCES:
        found += [node for node in ast.walk(ast.parse(source.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    return found


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=HOME, capture_output=True, text=True, check=True).stdout
    return [HOME / name for name in listed.split("\0") if name and (HOME / name).is_file()]


def test_every_route_names_its_door(citizen):
    app = citizen.application

    undeclared = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "door", None) not in DOORS
    ]

    assert undeclared == []
    assert len(list(app.url_map.iter_rules())) > 8


def test_no_address_of_the_app_has_a_place_for_a_code_or_a_receipt(citizen):
    places = {argument for rule in citizen.application.url_map.iter_rules() for argument in rule.arguments}

    assert places <= {"round_code", "unit_slug", "procedure_slug", "name", "path", "number", "stem", "file"}


def test_no_file_is_longer_than_a_person_reads_at_once():
    assert [p.name for p in SOURCES if len(p.read_text("utf-8").splitlines()) > WHOLE.get(p.name, MAX_FILE_LINES)] == []


def test_functions_are_short():
    lengths = [node.end_lineno - node.lineno + 1 for node in functions()]

    assert statistics.median(lengths) <= MAX_FUNCTION_MEDIAN
    assert statistics.quantiles(lengths, n=10)[-1] <= MAX_FUNCTION_P90


def test_no_function_is_longer_than_a_screen():
    long = [node.name for node in functions() if node.end_lineno - node.lineno >= MAX_FUNCTION_LINES]

    assert [name for name in long if name != "up"] == []  # a migration is a list of tables


def test_no_unfinished_business_is_left_in_the_code():
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")

    assert [p.name for p in SOURCES if marks.search(p.read_text("utf-8"))] == []


def test_no_exception_is_swallowed():
    silent = [
        f"{source.name}:{node.lineno}"
        for source in SOURCES
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or all(isinstance(inner, ast.Pass) for inner in node.body))
    ]

    assert silent == []


def test_no_ballot_is_counted_row_by_row():
    # Melting ten million ballots takes nine times the work and ten times the memory of counting codes.
    slow = {"melt", "apply", "iterrows", "itertuples"}
    found = [
        f"{source.name}:{node.lineno} {node.attr}"
        for source in (HOME / "analysis").rglob("*.py")
        for node in ast.walk(ast.parse(source.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in slow
    ]

    assert found == []


def test_no_template_trusts_a_variable_as_markup_by_translating_it():
    """`_(words)` marks its result as safe: words that somebody typed would be read as HTML. `say(words)` does not."""
    templates = list((HOME / "survey_app").rglob("*.html"))
    found = [f.name for f in templates if re.search(r"(?<![A-Za-z0-9_])_\(\s*[^\"'\s]", f.read_text("utf-8"))]

    assert len(templates) > 60
    assert found == []


def test_templates_fetch_nothing_from_outside():
    outside = re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//|url\(['\"]?(?:https?:)?//|@import", re.IGNORECASE)
    looked_at = [p for p in tracked() if p.suffix in {".html", ".css", ".j2", ".js"}]

    assert looked_at
    assert [str(p.relative_to(HOME)) for p in looked_at if outside.search(p.read_text("utf-8"))] == []


def test_the_public_pages_are_not_ignored_by_git_and_are_no_python_package():
    ignored = subprocess.run(["git", "check-ignore", "site/pages/index.md"], cwd=HOME, check=False, capture_output=True)

    assert ignored.returncode == 1
    assert not (HOME / "site" / "__init__.py").exists()
    assert (HOME / "site" / "README.md").read_text("utf-8").startswith("Source of the public website.")


@pytest.mark.parametrize("generated", ["var/x", "keys/admit.key", ".venv/x", "survey_app/translations/en/x.mo"])
def test_what_is_generated_or_secret_stays_out_of_git(generated):
    ignored = subprocess.run(["git", "check-ignore", "-q", generated], cwd=HOME, check=False)

    assert ignored.returncode == 0


def test_requirements_are_pinned_with_hashes_and_name_no_index():
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (HOME / name).read_text("utf-8")
        pins = re.findall(r"^[a-z0-9][^\s=<>]*==\S+.*\\$", text, re.MULTILINE)

        assert len(pins) > 40
        assert text.count("--hash=sha256:") >= len(pins)
        assert not re.search(r"index-url|find-links|https?://", text)


def test_committed_text_names_no_registry_and_no_path_of_a_machine():
    # Written so that this file does not find itself.
    places = re.compile(
        "|".join(["/wor" + "k/", "/ro" + "ot/", "/hom" + "e/[a-z]", r"py" + r"pi\.org", r"registry\.np" + "mjs"])
    )
    texts = [p for p in tracked() if p.suffix not in {".png", ".svg", ".ico"}]

    assert [str(p.relative_to(HOME)) for p in texts if places.search(p.read_text("utf-8", errors="ignore"))] == []
