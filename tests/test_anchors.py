"""`netwright anchors`: boxes of all formats, and sizes that suit them."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from console import Run, run

from netwright.anchors.cluster import anchors, iou
from netwright.anchors.read import read

__all__ = ["run"]
SIZES = ((0.1, 0.2), (0.5, 0.25), (0.8, 0.9))
VOC = """<annotation><size><width>400</width><height>200</height></size>
<object><bndbox><xmin>20</xmin><ymin>30</ymin><xmax>60</xmax><ymax>70</ymax></bndbox></object>
<object><bndbox><xmin>0</xmin><ymin>0</ymin><xmax>200</xmax><ymax>50</ymax></bndbox></object>
</annotation>"""
COCO = {
    "images": [{"id": 7, "width": 400, "height": 200}],
    "annotations": [
        {"image_id": 7, "bbox": [20, 30, 40, 40]},
        {"image_id": 7, "bbox": [0, 0, 200, 50.0]},
    ],
}


def around(sizes: Any, count: int = 50) -> list[tuple[float, float]]:
    """Boxes near some sizes."""
    draw = random.Random(1)
    return [
        (width * draw.uniform(0.95, 1.05), height * draw.uniform(0.95, 1.05))
        for width, height in sizes
        for _ in range(count)
    ]


def table(path: Path, boxes: Any) -> Path:
    path.write_text("".join(f"{','.join(map(str, box))}\n" for box in boxes), encoding="utf-8")
    return path


@pytest.mark.parametrize("seed", range(5))
def test_anchors_are_the_means_of_what_is_alike(seed: int) -> None:
    boxes = around(SIZES)
    found = anchors(boxes, 3, seed=seed, tell=lambda turn: None)
    for place, size in enumerate(found.sizes):
        alike = boxes[50 * place : 50 * place + 50]
        assert size == pytest.approx([sum(sides) / 50 for sides in zip(*alike, strict=True)])
    best = [max(iou(box, size) for size in found.sizes) for box in boxes]
    assert found.mean_iou == pytest.approx(sum(best) / len(best))


def test_the_distance_is_of_areas_and_not_of_sides() -> None:
    boxes = [(0.02, 0.02)] * 20 + [(0.06, 0.06)] * 20 + [(0.8, 0.8)] * 20 + [(0.9, 0.9)] * 20
    found = anchors(boxes, 3, seed=0, tell=lambda turn: None)
    assert [round(width, 3) for width, _ in found.sizes] == [0.02, 0.06, 0.85]


def test_every_format_gives_the_parts_of_the_image(tmp_path: Path) -> None:
    (tmp_path / "voc").mkdir()
    (tmp_path / "voc/a.xml").write_text(VOC, encoding="utf-8")
    (tmp_path / "a.json").write_text(json.dumps(COCO), encoding="utf-8")
    named = "width,height,image_width,image_height\n40,40,400,200\n\n200,50,400,200\n"
    (tmp_path / "a.csv").write_text(named, encoding="utf-8")
    (tmp_path / "a.tsv").write_text("0.1\t0.2\n0.5\t0.25\n", encoding="utf-8")
    for name in ("voc", "a.json", "a.csv", "a.tsv"):
        assert read(str(tmp_path / name)) == ((0.1, 0.2), (0.5, 0.25)), name


def test_anchors_are_printed_in_cells_as_a_spec_has_them(run: Run, tmp_path: Path) -> None:
    boxes = table(tmp_path / "a.csv", SIZES)
    done = run("anchors", boxes, "--k", "3", "--input", "320", "--stride", "16")
    assert done.out == "[[2.0, 4.0], [10.0, 5.0], [16.0, 18.0]]\n"
    assert (done.code, done.err) == (0, "3 boxes, mean IoU 1.0000\n")
    facts = json.loads(run("anchors", boxes, "--k", "1", "--format", "json").out)
    assert facts["boxes"] == 3 and 0 < facts["mean_iou"] < 1 and len(facts["anchors"]) == 1


def test_a_seed_gives_the_same_anchors_each_time(run: Run, tmp_path: Path) -> None:
    draw = random.Random(0)
    boxes = table(tmp_path / "a.csv", [(draw.random(), draw.random()) for _ in range(300)])
    outs = [run("anchors", boxes, "--seed", seed).out for seed in ("1", "1", "2")]
    assert outs[0] == outs[1] != outs[2]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", "0.1,0.2\n0.1,wide\n", "a.csv:2: a side is a number, found `wide`"),
        ("a.csv", "0.1\n", "a.csv:1: a row has a width and a height, found 1 columns"),
        ("a.csv", "0.1,0\n", "a.csv:1: a side is more than 0, found 0"),
        ("a.csv", "30,40\n", "a.csv:1: a box of 30 x 40 does not fit in an image of 1 x 1"),
        ("a.csv", "", "`a.csv` has no box"),
        ("a.csv", "0.1,0.2\n0.1,0.2\n", "5 anchors need as many boxes of unlike size, found 1"),
        ("a.csv", f"{'1' * 200_000},2\n", "`a.csv` is no table: field larger"),
        ("a.csv", b"\xff\xfe", "cannot read `a.csv`: it is no utf-8"),
        ("a.json", '{"images": []\n', "a.json:2: expecting"),
        ("a.json", '{"images": []}', "no COCO annotation file: it lacks 'annotations'"),
        ("a.json", "[" * 100_000, "`a.json` is nested too deeply"),
        ("a.json", "[]", "no COCO annotation file"),
        ("a.yaml", "", "no format has the ending of `a.yaml`"),
        ("d/a.xml", "<a>", "a.xml:1: it is no XML"),
        ("d/a.xml", VOC.replace("60", "up"), "a.xml: a side is a number, found `up`"),
        ("none.csv", None, "cannot read `none.csv`: no such file"),
    ],
)
def test_boxes_that_cannot_be_meant_are_told(
    run: Run, tmp_path: Path, monkeypatch: Any, name: str, content: Any, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if content is not None:
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    done = run("anchors", name.removesuffix("/a.xml"))
    assert done.code == 1 and words in done.err and not done.out


def test_numbers_of_options_are_whole(run: Run) -> None:
    for option, value in (("--k", "0"), ("--input", "wide"), ("--seed", "-1"), ("--stride", "1.5")):
        done = run("anchors", "a.csv", f"{option}={value}")
        assert done.code == 2 and f"`{option}` takes a whole number" in done.err
