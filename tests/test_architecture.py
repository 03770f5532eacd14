"""`ARCHITECTURE.md` names what is there, and the laws of the code that it states hold."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import netwright

ROOT = Path(__file__).parent.parent
HOME = Path(netwright.__file__).parent
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
TIERS = ("Data", "Stages", "Pipeline", "Commands")

FILES = sorted(file for file in HOME.rglob("*.py") if "templates" not in file.parts)
OURS = sorted({*FILES, *(ROOT / "tests").glob("*.py")})
FRAMEWORKS = {"torch", "torchvision", "keras", "tensorflow", "jax", "numpy"}
HEAVY = {*FRAMEWORKS, "lark", "jinja2", "dataclasses", "inspect", "graphviz", "pygraphviz"}
AT_IMPORT = {"parsing/make.py": {"lark"}, "testing": {"hypothesis", "pytest", "_pytest"}}
"""Where a package of others may be imported at the top: tools that no command runs."""

TODO = re.compile(r"#.*\b(TODO|FIXME|XXX)\b(?!.*#?\d)")
SUPPRESSED = re.compile(r"#\s*(type:\s*ignore|noqa|pyright:\s*ignore)|filterwarnings|simplefilter")


def name(file: Path) -> str:
    return file.relative_to(HOME).as_posix()


@cache
def modules() -> Mapping[str, Path]:
    """All modules of the package by their dotted names."""
    found = {}
    for file in FILES:
        parts = file.relative_to(HOME.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imports(file: Path) -> Iterator[tuple[str, bool]]:
    """What a file imports, and whether as soon as it is imported itself; types aside."""
    yield from _imports(ast.parse(file.read_text(encoding="utf-8")), at_once=True)


def _imports(node: ast.AST, *, at_once: bool) -> Iterator[tuple[str, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from ((alias.name, at_once) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0 and child.module, "imports are absolute"
            whole = [f"{child.module}.{alias.name}" for alias in child.names]
            yield from ((one if one in modules() else child.module, at_once) for one in whole)
        function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _imports(child, at_once=at_once and not function)


@cache
def tiers() -> Mapping[str, int]:
    """The tier of each file and folder of the package, as the map has it."""
    found: dict[str, int] = {}
    for place, tier in enumerate(TIERS):
        section = PAGE.split(f"### {tier}\n")[1].split("\n#")[0]
        for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE):
            for path in re.findall(r"`([\w/.]+)`", row):
                assert path not in found, f"{path} stands twice"
                found[path] = place
    return found


def tier(file: Path) -> int:
    """The tier of a module."""
    top, *rest = file.relative_to(HOME).parts
    return tiers()[f"{top}/" if rest else top]


# What the page says


def test_every_stage_names_what_is_there() -> None:
    rows = [row for row in PAGE.splitlines() if row.startswith("| ") and row.count("|") == 6]
    assert len(rows) == 12
    for row in rows[1:]:
        for path in re.findall(r"`([\w/.]+)`", row.split("|")[4]):
            beside = path.split("/")[0] in ("grammar", "templates")
            assert ((ROOT if beside else HOME) / path).exists(), path


def test_every_type_and_function_that_a_stage_is_about_is_there() -> None:
    for dotted in ("syntax.File", "program.Program", "instance.Instance", "lower.model.Routine"):
        module, _, thing = dotted.rpartition(".")
        assert f"`{dotted}`" in PAGE
        assert re.search(rf"^class {thing}\b", modules()[f"netwright.{module}"].read_text(), re.M)
    for module, function in (("pipeline", "check"), ("emit", "emit")):
        assert f"`{module}.{function}`" in PAGE
        assert f"\ndef {function}(" in modules()[f"netwright.{module}"].read_text()


def test_every_path_that_the_page_names_is_there() -> None:
    named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*|\w+\.(?:py|md|net))`", PAGE)
    for path in named:
        if re.search(r"\b[A-Z]+\b", path) and "ARCHITECTURE" not in path:
            continue  # `targets/NAME` stands for one to come
        homes = (ROOT, HOME, HOME / "parsing", HOME / "ops", HOME / "lower")
        assert any((home / path).exists() for home in homes), path


def test_the_map_has_every_file_and_folder_once() -> None:
    there = {f"{file.name}/" if file.is_dir() else file.name for file in HOME.iterdir()}
    data = {"grammar/", "templates/", "specs/", "docs/"}
    ignored = {one for one in there if one.startswith((".", "__pycache__")) or one == "py.typed"}
    assert set(tiers()) == there - data - ignored


# What the code keeps to


@pytest.mark.parametrize("file", FILES, ids=name)
def test_imports_go_one_way(file: Path) -> None:
    for found, _ in imports(file):
        if found in modules():
            assert tier(modules()[found]) <= tier(file), found


def test_no_module_needs_itself() -> None:
    graph = {
        module: {found for found, at_once in imports(file) if at_once and found in modules()}
        for module, file in modules().items()
    }
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("file", FILES, ids=name)
def test_nothing_of_others_is_imported_at_the_top(file: Path) -> None:
    allowed = AT_IMPORT.get(name(file), AT_IMPORT.get(file.relative_to(HOME).parts[0], set()))
    for found, at_once in imports(file):
        package = found.partition(".")[0]
        if at_once and package not in ("netwright", *sys.stdlib_module_names):
            assert package in allowed, found


def run(code: str, *words: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_check_imports_no_framework_and_nothing_heavy() -> None:
    code = (
        "import sys; from netwright import cli; code = cli.main(sys.argv[1:])\n"
        "print(code, *{name.partition('.')[0] for name in sys.modules})"
    )
    said = run(code, "check", str(ROOT / "specs/resnet.net")).splitlines()[-1].split()
    assert said[0] == "0" and "netwright" in said
    assert not HEAVY & set(said)


def test_importing_everything_imports_no_framework() -> None:
    left_out = [module for module in modules() if "testing" in module or module.endswith("make")]
    wanted = sorted({*modules()} - {*left_out, "netwright.__main__"})
    code = (
        "import sys; from importlib import import_module\n"
        "for module in sys.argv[1:]: import_module(module)\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    assert not (FRAMEWORKS | {"lark", "jinja2"}) & set(run(code, *wanted).split())


def functions(file: Path) -> Iterator[ast.FunctionDef]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_files_are_short() -> None:
    lengths = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert not [(file, length) for file, length in lengths.items() if length > 500]
    assert statistics.median(lengths.values()) <= 150
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= 350


def test_functions_are_short() -> None:
    spans = [f.end_lineno - f.lineno + 1 for file in FILES for f in functions(file) if f.end_lineno]
    assert statistics.median(spans) <= 10
    assert statistics.quantiles(spans, n=10)[-1] <= 25


def test_every_module_says_why_it_is_there() -> None:
    bare = [name(file) for file in FILES if not ast.get_docstring(ast.parse(file.read_text()))]
    assert not bare


@pytest.mark.parametrize("law", [TODO, SUPPRESSED], ids=["no bare TODO", "nothing suppressed"])
def test_no_line_puts_off_or_hides(law: re.Pattern[str]) -> None:
    places = [
        f"{file.name}:{number}"
        for file in OURS
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if law.search(line) and file != Path(__file__)
    ]
    assert not places
