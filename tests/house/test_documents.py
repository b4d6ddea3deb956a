"""Documents are true: what they name exists, and what exists is named."""

import re
from pathlib import Path

import click

from survey_app.cli import main

HOME = Path(__file__).resolve().parents[2]
DOCUMENTS = [HOME / "README.md", HOME / "CONTRIBUTING.md", HOME / "SECURITY.md", *sorted((HOME / "docs").rglob("*.md"))]


def commands(group: click.Group, before: str = "") -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        path = f"{before} {name}".strip()
        found += commands(command, path) if isinstance(command, click.Group) else [(path, command)]
    return found


def test_every_command_has_help_with_an_example():
    lacking = [path for path, command in commands(main) if f"pingyi {path}" not in (command.help or "")]

    assert lacking == []
    assert len(commands(main)) >= 15


def test_every_command_is_in_the_operators_list():
    text = (HOME / "docs" / "operate" / "commands.md").read_text("utf-8")

    assert [path for path, _ in commands(main) if f"pingyi {path}" not in text] == []


def test_links_between_documents_lead_somewhere():
    broken = []
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                broken.append(f"{document.name}: {target}")

    assert broken == []


def test_every_make_target_is_explained_and_every_target_in_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):.*## ", (HOME / "Makefile").read_text("utf-8"), re.MULTILINE))
    phony = set(re.search(r"^\.PHONY: (.*)$", (HOME / "Makefile").read_text("utf-8"), re.MULTILINE)[1].split())
    named = set(re.findall(r"`make ([a-z-]+)", (HOME / "README.md").read_text("utf-8")))

    assert phony == targets
    assert named <= targets


def test_every_setting_is_documented():
    source = (HOME / "survey_app" / "config.py").read_text("utf-8")
    text = (HOME / "docs" / "operate" / "settings.md").read_text("utf-8")
    settings = set(re.findall(r"PINGYI_[A-Z_]*[A-Z]", source))

    assert len(settings) >= 5
    assert [name for name in sorted(settings) if name not in text] == []


def test_the_readme_opens_in_chinese_and_shows_pictures_that_exist():
    lines = (HOME / "README.md").read_text("utf-8").splitlines()

    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in lines[2:5])
    assert re.findall(r"!\[[^\]]*\]\((docs/screenshots/[^)]+)\)", "\n".join(lines))
