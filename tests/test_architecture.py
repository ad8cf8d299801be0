"""The one-way rule, read from every import: lawsite → articles → statutes → pure modules.

PURE is the register of pure modules: no Django, no models, no settings, no clock, no network.
"""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["lawsite", "articles", "statutes"]  # each may import those after it

PURE = [
    "articles.checks",
    "articles.generating.prose",
    "articles.importing.cleaning",
    "articles.importing.inline",
    "articles.importing.markup",
    "articles.importing.old",
    "articles.importing.parse_dump",
    "articles.importing.parse_markdown",
    "articles.importing.parse_php",
    "articles.importing.parse_word",
    "articles.importing.parse_wordpress",
    "articles.importing.parse_zblog",
    "articles.importing.word_numbers",
    "articles.overlap",
    "articles.qr",
    "articles.relatedness",
    "articles.rendering",
    "articles.tags",
    "articles.typesetting",
    "articles.workflow",
    "lawsite.negotiation",
    "statutes.aliases",
    "statutes.authorities",
    "statutes.comparison",
    "statutes.days",
    "statutes.diff",
    "statutes.effective_dates",
    "statutes.filters",
    "statutes.ids",
    "statutes.importing.dates",
    "statutes.importing.doubts",
    "statutes.importing.history",
    "statutes.importing.parse_docx",
    "statutes.importing.parse_markdown",
    "statutes.importing.parse_package",
    "statutes.importing.parse_text",
    "statutes.importing.parsed",
    "statutes.importing.pasted",
    "statutes.importing.text",
    "statutes.index.ranking",
    "statutes.index.snippets",
    "statutes.lay_words",
    "statutes.locators",
    "statutes.misspelt",
    "statutes.numerals",
    "statutes.parts",
    "statutes.pinyin",
    "statutes.reading",
    "statutes.repeals",
    "statutes.slugs",
    "statutes.terms",
    "statutes.timeline",
    "statutes.traditional",
    "statutes.verdicts",
]

PURE_PACKAGES = ["statutes.citations"]  # every module in them

# What a pure module may not import: Django and what asks the world outside.
IMPURE = {"django", "environ", "taggit", "axes", "http", "os", "random", "requests", "secrets"}
IMPURE |= {"socket", "sqlite3", "subprocess", "time", "urllib3", "uuid"}
CLOCK = {"now", "today", "utcnow"}  # of datetime and date


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {
    module_name(path): path
    for package in ORDER
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
}
PURE += [name for name in MODULES if name.startswith(tuple(f"{name}." for name in PURE_PACKAGES))]
TREES = {name: ast.parse(path.read_text()) for name, path in MODULES.items()}


def imports(name: str) -> set[str]:
    """Return what a module imports, by full names; `from a import b` gives a and a.b."""
    found = set()
    package = name if MODULES[name].stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = node.module or ""
            if node.level:
                parts = package.split(".")
                base = ".".join(parts[: len(parts) - node.level + 1])
                source = f"{base}.{source}".strip(".")
            found |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return found


def test_the_tree_was_read():
    assert {"lawsite.urls", "articles.models", "statutes.models"} <= MODULES.keys()
    assert "articles.images" in imports("articles.admin.tables"), "relative imports are read too"
    assert "articles.tags" in imports("articles.importing.parse_markdown")


@pytest.mark.parametrize("name", MODULES)
def test_imports_run_one_way(name):
    own = ORDER.index(name.split(".")[0])
    above = set(ORDER[:own])
    wrong = {imported for imported in imports(name) if imported.split(".")[0] in above}
    assert not wrong, f"{name} must not know {wrong}"


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_is_pure(name):
    assert name in MODULES, "registered as pure, but not there"
    for imported in imports(name):
        top = imported.split(".")[0]
        assert top not in IMPURE, f"{name} imports {imported}"
        if top in ORDER:
            known = imported if imported in MODULES else imported.rpartition(".")[0]
            is_package = MODULES[known].stem == "__init__" if known in MODULES else False
            assert known in PURE or is_package, f"{name} imports {imported}, which is not pure"


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_never_asks_what_time_it_is(name):
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Attribute):
            assert node.attr not in CLOCK, f"{name}:{node.lineno}"


@pytest.mark.parametrize("name", MODULES)
def test_the_register_names_every_module_that_calls_itself_pure(name):
    docstring = ast.get_docstring(TREES[name]) or ""
    assert ("Pure: " in docstring or "Pure." in docstring) <= (name in PURE)


@pytest.mark.parametrize("name", MODULES)
def test_nothing_is_imported_inside_a_function(name):
    for node in ast.walk(TREES[name]):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            for inner in ast.walk(node):
                wrong = isinstance(inner, (ast.Import, ast.ImportFrom))
                assert not wrong, f"{name}:{node.lineno}: something is in the wrong place"


@pytest.mark.parametrize("name", MODULES)
def test_there_are_no_signals(name):
    assert name.rpartition(".")[2] not in {"signals", "services", "utils", "helpers", "managers"}
    assert not {imported for imported in imports(name) if "signals" in imported}


COMMANDS = [
    name for name in MODULES if ".management.commands." in name or name.split(".")[1:2] == ["admin"]
]
ADMIN = [name for name in COMMANDS if ".management." not in name]


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ADMIN])
def test_nothing_calls_a_command_or_the_admin(name):
    wrong = imports(name) & set(COMMANDS)
    assert not wrong


# --- Templates -------------------------------------------------------------------------

TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
COMPONENTS = [path for path in TEMPLATES if path.parent.name == "components"]
PAGES = [path for path in TEMPLATES if path.suffix == ".html"]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_call_nothing_safe(path):
    text = path.read_text()
    assert not re.search(r"\|\s*(safe|safeseq)\b", text)
    if "autoescape off" in text:
        assert path.suffix in {".md", ".txt"}, "only plain text goes unescaped"


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_templates_hold_no_inline_script_style_or_handler(path):
    text = path.read_text()
    assert not re.search(r"<style\b", text, re.IGNORECASE)
    assert not re.search(r"<[^>]*\sstyle\s*=", text, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text, re.IGNORECASE)
    assert not re.search(r"javascript:", text, re.IGNORECASE)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script


@pytest.mark.parametrize("path", COMPONENTS, ids=name_of)
def test_a_component_says_what_it_takes(path):
    assert path.read_text().startswith("{#")
