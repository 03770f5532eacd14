"""Pictures: what they say of a net, in which words and colours, and who draws them."""

import itertools
import math
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import netwright
from netwright.draw import CannotDraw, draw, graphviz
from netwright.draw.compose import compose
from netwright.draw.model import Box, Drawing, Kind, Line, Shape
from netwright.draw.theme import DARK, LIGHT, Family, Theme, pairs

HOME = Path(__file__).parent / "golden/draw"
NETS = netwright.load(HOME / "nets.net")
ACCEPTED = ["Residual", "Dense", "Inception", "Unet", "Siamese", "Cells", "Pairs", "Text"]


def drawing(name: str, detail: int | None = None, expand: frozenset[str] = frozenset()) -> Drawing:
    net = NETS[name]
    return compose(net._checked, net._net, detail, expand)


def picture(name: str, format: str, **options: Any) -> bytes:
    net = NETS[name]
    return draw(net._checked, net._net, format, **options)


def said(found: Drawing) -> dict[str, str]:
    """The words of each box, by its id."""
    return {box.id: words(box) for box in found.boxes}


def words(box: Box) -> str:
    rows = [(r.bold, r.plain, r.muted, r.right, r.badge) for r in box.rows]
    return " | ".join(" ".join(filter(None, row)).replace("\u00a0", "").strip() for row in rows)


def box(found: Drawing, id: str) -> Box:
    return next(each for each in found.boxes if each.id == id)


# What boxes say


def test_a_convolution_is_one_box_with_what_follows_it() -> None:
    assert said(drawing("Residual"))["conv1"] == "Conv 7×7 16, /2 2.4 K | BN · ReLU"


def test_a_parameter_that_is_called_as_what_it_is_for_is_told_once() -> None:
    text = """block b(dilation) { conv(4, 3x3, dilation=dilation) -> relu -> conv(4, 1x1) }
    net N {
        input image[3, 32, 32]
        b(2)
        b(3)
    }"""
    net = netwright.loads(text)["N"]
    found = said(compose(net._checked, net._net, 2, frozenset()))
    assert any("Conv 3×3 4, dilation |" in words for words in found.values())


def test_equal_neighbours_are_one_box_and_the_first_of_a_stage_is_another() -> None:
    found = said(drawing("Residual"))
    assert found["layer1_0"] == "Bottleneck A 16→64 4.9 K"
    assert found["layer1_1"] == "Bottleneck B 64 4.5 K ×2"
    assert found["layer2_0"] == "Bottleneck A 64→128, /2 24 K"
    assert found["layer2_1"] == "Bottleneck B 128 18 K ×3"
    assert "layer1_2" not in found


def test_layers_in_a_loop_are_one_box_though_the_first_has_other_channels() -> None:
    found = said(drawing("Plain"))
    assert found["features_0"].startswith("Conv 3×3 16") and found["features_0"].endswith(
        "×3 | ReLU"
    )


def test_growing_blocks_are_one_box_that_says_how_they_grow() -> None:
    found = said(drawing("Dense"))
    assert found["block1_layer1"].startswith("DenseLayer 16→64, +8 each")
    assert found["block1_layer1"].endswith("in all ×6 | layer1…6")


def test_a_period_is_one_frame_with_a_badge() -> None:
    frames = [f for f in drawing("Pairs").frames if f.kind is Kind.REPEAT]
    assert [frame.title.badge for frame in frames] == ["×3", "×5"]
    assert [len(frame.boxes) for frame in frames] == [2, 3]


def test_a_skip_stays_in_a_frame_that_repeats() -> None:
    found = drawing("Pairs")
    names = set(found.frames[1].boxes)
    skips = [wire for wire in found.wires if wire.line is Line.SKIP]
    assert len(skips) == 1 and skips[0].head in names


def test_cells_that_take_the_two_before_them_are_one_box() -> None:
    found = drawing("Cells")
    assert said(found)["cell0"].endswith("×4 | each takes the 2 before it")
    assert [wire.line for wire in found.wires if wire.head == "cell0"] == [Line.FLOW, Line.SKIP]


def test_what_stands_before_a_convolution_is_above_its_name() -> None:
    assert said(drawing("Dense"))["p0_2"] == "BN · ReLU | Conv 1×1 4·growth"


def test_side_outputs_and_second_uses_are_dashed() -> None:
    dashed = [each.id for each in drawing("Inception").boxes if each.dashed]
    assert dashed == ["early", "output_early"]
    twin = box(drawing("Siamese"), "tower__2")
    assert twin.dashed and words(twin) == "Twin 16 | tower (shared)"


def test_uses_of_one_module_are_tied() -> None:
    ties = [wire for wire in drawing("Siamese").wires if wire.line is Line.TIE]
    assert [(wire.tail, wire.head) for wire in ties] == [("tower", "tower__2")]


def test_a_wire_tells_a_shape_once_where_it_changes() -> None:
    labels = [wire.label.text for wire in drawing("Residual").wires if wire.label]
    assert labels == ["16×32×32", "16×16×16", "64×16×16", "128×8×8", "128"]


def test_a_bar_has_a_part_for_each_branch() -> None:
    bar = box(drawing("Inception"), "p0_concat")
    assert bar.shape is Shape.BAR and [part.text for part in bar.segments] == ["c1", "c3", "proj"]
    assert math.isclose(sum(part.width for part in bar.segments), bar.width)
    assert words(bar) == "Concat  c1 + c3 + proj"


def test_the_subtitle_counts_the_net_and_names_the_level() -> None:
    found = drawing("Siamese")
    assert found.subtitle[0].startswith("8.4 K params · 119 K MACs · inputs left 1×20×20, right")
    assert found.subtitle[-1].endswith("detail 2: stages and blocks")
    assert drawing("Unet").subtitle[0] == "Down and up again."


def test_the_legend_holds_what_is_there() -> None:
    keys = [key for row in drawing("Text").legend for key, _, _ in row]
    assert keys == ["LINEAR", "SEQUENCE"]
    assert [row[-1][0] for row in drawing("Residual").legend] == ["×"]


def test_a_tooltip_has_all_arguments_and_a_link_the_line() -> None:
    conv = box(drawing("Residual"), "conv1")
    assert "conv(width=16, k=7x7, stride=2, pad=3, dilation=1" in conv.tooltip
    assert "batch_norm(eps=1e-05" in conv.tooltip and "2,384 params" in conv.tooltip
    assert re.fullmatch(r"nets\.net#L\d+", conv.link)


# Panels


def test_each_distinct_block_is_a_panel_with_symbols() -> None:
    found = drawing("Residual")
    panels = {panel.title.bold: panel for panel in found.frames if panel.kind is Kind.PANEL}
    assert list(panels) == ["Bottleneck A", "Bottleneck B"]
    assert panels["Bottleneck A"].title.plain == "c → 4·width, /stride"
    assert panels["Bottleneck A"].title.right == "used 2 times"
    assert panels["Bottleneck A"].note == "width = 16, 32 · stride = 1, 2"
    assert panels["Bottleneck B"].title.right == "used 5 times"
    assert said(found)["p0_conv2"] == "Conv 3×3 width, /stride | BN · ReLU"
    assert said(found)["p0_downsample_0"] == "Conv 1×1 4·width, /stride | BN"
    assert "p1_downsample_0" not in said(found)


def test_a_block_that_is_one_box_has_no_panel() -> None:
    titles = [frame.title.bold for frame in drawing("Inception").frames]
    assert titles == ["Inception", "Head"]
    assert said(drawing("Inception"))["p0_branch2_1_conv"] == "Conv 3×3 c3 | BN · ReLU"


def test_a_block_that_is_used_in_one_way_has_numbers() -> None:
    assert said(drawing("Siamese"))["p0_4"] == "Flatten | Linear 16 | Sigmoid"


# Levels of detail


def test_level_one_has_no_panels_and_level_three_no_blocks() -> None:
    one, three = drawing("Residual", 1), drawing("Residual", 3)
    assert not [frame for frame in one.frames if frame.kind is Kind.PANEL]
    assert len(one.boxes) == 10 and len(three.boxes) == 43
    assert not [each for each in three.boxes if "Bottleneck" in words(each)]
    assert {frame.title.bold for frame in three.frames} == {"layer1", "layer2"}


def test_what_does_not_fit_a_page_is_left_out_by_default_and_said() -> None:
    tall, labels = drawing("Tall"), drawing("Labels")
    assert len(tall.boxes) <= 60 and "the middle left out" in tall.subtitle[-1]
    assert "… 94 more" in words(box(tall, "elided"))
    assert len(labels.boxes) == 12 and words(box(labels, "stage3_0")).startswith("stage3 17→18")
    assert "each label as one box" in labels.subtitle[-1]
    assert len(drawing("Tall", 3).boxes) == 152


def test_a_block_is_opened_where_it_stands() -> None:
    found = drawing("Residual", expand=frozenset(("bottleneck",)))
    assert not [frame for frame in found.frames if frame.kind is Kind.PANEL]
    badges = [f.title.badge for frame in found.frames for f in frame.frames]
    assert badges == ["", "×2", "", "×3"]
    with pytest.raises(CannotDraw, match="no block `nothing`"):
        drawing("Residual", expand=frozenset(("nothing",)))


# U-shapes


def test_a_net_that_comes_up_again_is_a_u() -> None:
    found = {each.id: each for each in drawing("Unet").boxes}
    for row in range(3):
        down, join, up = (found[name] for name in (f"enc{row}", _join(row), f"dec{row}"))
        assert down.y == join.y == up.y and down.x < join.x < up.x
    assert len({found[f"enc{row}"].x for row in range(3)}) == 1
    assert found["enc2"].y < found["bridge"].y and found["enc0"].x < found["bridge"].x
    assert "max_pool" not in found and "up0" not in found


def _join(row: int) -> str:
    return ("concat__3", "concat__2", "concat")[row]


def test_pools_and_upsamplings_of_a_u_are_wires() -> None:
    found = drawing("Unet").wires
    lines = {wire.line: wire.label.text for wire in found if wire.label}
    assert lines == {Line.POOL: "MaxPool 2×2 /2", Line.UP: "UpConv 2×2 32, ×2 · 8.2 K"}
    assert words(box(drawing("Unet"), "concat")) == "crop, concat 32 + 32"


# Colours


def channels(colour: str) -> list[float]:
    """Linear light of a colour."""
    values = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    return [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values]


VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.1523, 1.0526, -0.2049), (0.1145, 0.7863, 0.0992), (-0.0039, -0.0481, 1.0520)),
    "deutan": ((0.3673, 0.8606, -0.2280), (0.2801, 0.6725, 0.0474), (-0.0118, 0.0429, 0.9689)),
    "tritan": ((1.2555, -0.0767, -0.1788), (-0.0784, 0.9308, 0.1476), (0.0047, 0.6914, 0.3039)),
}
"""Machado et al., A Physiologically-based Model for Simulation of Color Vision Deficiency, 2009."""


def lab(light: list[float]) -> list[float]:
    """CIE Lab of linear light, by the white of D65."""
    rows = ((0.4125, 0.3576, 0.1804), (0.2127, 0.7152, 0.0722), (0.0193, 0.1192, 0.9503))
    whole = [sum(a * b for a, b in zip(row, light, strict=True)) for row in rows]
    scaled = [v / w for v, w in zip(whole, (0.9505, 1.0, 1.0888), strict=True)]
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in scaled)
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def seen(colour: str, vision: str) -> list[float]:
    light = channels(colour)
    rows = (sum(a * b for a, b in zip(row, light, strict=True)) for row in VISION[vision])
    return lab([min(1.0, max(0.0, value)) for value in rows])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize(("theme", "least"), [(LIGHT, 17), (DARK, 17)], ids=["light", "dark"])
def test_borders_are_told_apart_by_everybody(theme: Theme, least: float, vision: str) -> None:
    for one, other in itertools.combinations(theme.borders.values(), 2):
        assert math.dist(seen(one, vision), seen(other, vision)) >= least, (one, other)


def contrast(one: str, other: str) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    light, dark = sorted(
        (sum(map(float.__mul__, weights, channels(c))) + 0.05 for c in (one, other)), reverse=True
    )
    return light / dark


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_colour(theme: Theme) -> None:
    for ground in (theme.page, theme.group, *theme.fills.values()):
        assert contrast(theme.text, ground) >= 7
        assert contrast(theme.muted, ground) >= 4.5, ground
    assert contrast(theme.badge_text, theme.badge) >= 4.5


def test_each_colour_has_one_counterpart() -> None:
    assert len(pairs()) == len(dict(pairs())) == 8 + 2 * len(Family) + 2


# Formats


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
        "    for kind in ('dot', 'mmd'): sys.stdout.buffer.write(net.draw(kind))"
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
    assert picture("Text", "dot") and picture("Text", "mmd")


def test_a_dot_on_the_path_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    package = pytest.importorskip("graphviz")
    monkeypatch.setattr(graphviz.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(
        package, "pipe", lambda engine, format, data, quiet: b"drawn by " + data[:7]
    )
    assert picture("Text", "pdf") == b"drawn by digraph"


def test_a_png_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netwright.draw.picture.LARGEST", 500)
    with pytest.raises(CannotDraw) as problem:
        picture("Residual", "png")
    assert "pixels" in problem.value.message and "`--detail 1`" in problem.value.help
