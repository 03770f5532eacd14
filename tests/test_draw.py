"""Pictures: formats, and who draws them."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pictures import HOME, NETS, picture

from netwright.draw import CannotDraw, graphviz
from netwright.draw.theme import DARK, LIGHT

ACCEPTED = ["Residual", "Dense", "Inception", "Unet", "Siamese", "Cells", "Pairs", "Text"]


@pytest.mark.parametrize("name", ACCEPTED)
def test_dot_is_the_accepted_text(name: str, request: pytest.FixtureRequest) -> None:
    file, text = HOME / f"{name.lower()}.dot", picture(name, "dot").decode()
    if request.config.getoption("--accept", default=False):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), "`pytest --accept` renews it, to be read"


def test_mermaid_is_the_accepted_text(request: pytest.FixtureRequest) -> None:
    file, text = HOME / "residual.mmd", picture("Residual", "mmd").decode()
    if request.config.getoption("--accept", default=False):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8"), "`pytest --accept` renews it, to be read"


@pytest.mark.parametrize("name", NETS)
def test_mermaid_declares_what_it_joins(name: str) -> None:
    text = picture(name, "mmd").decode()
    known = set(re.findall(r"^ +(\w+)[\[(]", text, re.MULTILINE))
    ends = re.findall(r"^ +(\w+) -(?:->|--|\.-)(?:\|[^|]*\|)? (\w+)$", text, re.MULTILINE)
    assert ends and {end for pair in ends for end in pair} <= known


def test_every_seed_gives_the_same_text() -> None:
    code = (
        "import netwright, sys; nets = netwright.load(sys.argv[1])\n"
        "for net in nets.values():\n"
        "    for kind in ('dot', 'mmd', 'html'): sys.stdout.buffer.write(net.draw(kind))"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", code, str(HOME / "nets.net")],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


@cache
def svg(theme: str) -> str:
    pytest.importorskip("pygraphviz")
    return picture("Residual", "svg", theme=theme).decode()


def test_svg_speaks_to_screen_readers() -> None:
    root = ElementTree.fromstring(svg("light"))
    assert root.get("role") == "img" and "2.4" not in (root.get("aria-label") or "")
    assert (root.get("aria-label") or "").startswith("Residual: Stages of bottlenecks.")
    titles = [element.text for element in root.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[0] == "Residual" and any("conv(width=16, k=7x7" in (t or "") for t in titles)


def test_svg_has_an_id_a_class_a_link_and_a_tooltip_for_each_box() -> None:
    found = re.search(
        r'<g id="conv1" class="node convolution">\n<title>.*?</g>', svg("light"), re.S
    )
    assert found is not None
    assert (
        'xlink:href="nets.net#L' in found[0] and 'xlink:title="conv1&#10;conv(width=16' in found[0]
    )


def test_svg_joins_the_runs_of_a_line_and_holds_numbers_at_the_right() -> None:
    text = svg("light")
    assert re.search(r">Conv 7×7<tspan [^>]*>[\u00a0 ]+16, /2</tspan></text>", text)
    assert re.search(r'text-anchor="end"[^>]*>2.4 K</text>', text)


def test_only_an_automatic_svg_follows_the_reader() -> None:
    assert "prefers-color-scheme: dark" in svg("auto")
    assert "prefers-color-scheme" not in svg("light") + svg("dark")
    assert LIGHT.page in svg("light") and DARK.page in svg("dark")


def test_png_and_pdf_are_drawn() -> None:
    pytest.importorskip("pygraphviz")
    assert picture("Text", "png").startswith(b"\x89PNG")
    assert picture("Text", "pdf").startswith(b"%PDF")


def test_without_graphviz_one_message_names_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphviz.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(CannotDraw) as problem:
        picture("Text", "svg")
    assert "dot" in problem.value.message and "pygraphviz" in problem.value.message
    assert "pip install 'netwright[draw]'" in problem.value.help
    assert picture("Text", "dot") and picture("Text", "mmd") and picture("Text", "html")


def test_a_dot_on_the_path_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _dot(tmp_path, monkeypatch, 'printf "%s: " "$1"; head -c 7')
    assert picture("Text", "pdf") == b"-Tpdf: digraph"


def test_what_dot_says_is_told_where_it_draws_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _dot(tmp_path, monkeypatch, 'cat >/dev/null; echo "no pdf here" >&2; exit 1')
    with pytest.raises(CannotDraw, match="draws no PDF: no pdf here"):
        picture("Text", "pdf")


def _dot(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """A `dot` on the PATH that is a script."""
    program = folder / "dot"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_a_png_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netwright.draw.picture.LARGEST", 500)
    with pytest.raises(CannotDraw) as problem:
        picture("Residual", "png")
    assert "pixels" in problem.value.message and "`--detail 1`" in problem.value.help


def test_a_notebook_shows_the_picture_that_fits_its_column(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pygraphviz")
    shown = NETS["Text"]._repr_svg_()
    assert shown is not None and shown.startswith("<svg") and "max-width: 100%" in shown
    monkeypatch.setattr(graphviz.shutil, "which", lambda name: None)
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    assert NETS["Text"]._repr_svg_() is None


def test_python_draws_with_the_options_of_the_command() -> None:
    text = NETS["Residual"].draw("dot", expand=["bottleneck"], theme="dark").decode()
    assert "used 5 times" not in text and DARK.page in text
