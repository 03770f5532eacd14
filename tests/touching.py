"""What touches on a page that should not, as Graphviz itself tells it (`-Tjson`)."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest

from netwright.draw import graphviz

Rect = tuple[float, float, float, float]


def texts(thing: dict[str, Any]) -> Iterator[Rect]:
    """The room that each text takes."""
    size = 11.0
    for command in thing.get("_ldraw_", ()):
        size = command["size"] if command["op"] == "F" else size
        if command["op"] == "T":
            (x, y), wide = command["pt"], command["width"]
            left = x - {"l": 0.0, "c": wide / 2, "r": wide}[command["align"]]
            yield left, y - 0.2 * size, left + wide, y + 0.75 * size


def place(node: dict[str, Any]) -> Rect:
    x, y = map(float, node["pos"].split(","))
    wide, tall = float(node["width"]) * 36, float(node["height"]) * 36
    return x - wide, y - tall, x + wide, y + tall


def path(edge: dict[str, Any]) -> list[tuple[float, float]]:
    """Points along a wire."""
    found = []
    for command in edge["_draw_"]:
        points = command.get("points", ()) if command["op"] in "bB" else ()
        for start in range(0, len(points) - 3, 3):
            for step in range(17):
                t, curve = step / 16, points[start : start + 4]
                weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
                x, y = (
                    sum(w * p[axis] for w, p in zip(weights, curve, strict=True)) for axis in (0, 1)
                )
                found.append((x, y))
    return found


def over(one: Rect, other: Rect, slack: float = 0.5) -> bool:
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )


def within(point: tuple[float, float], rect: Rect, slack: float) -> bool:
    x, y = point
    return rect[0] + slack < x < rect[2] - slack and rect[1] + slack < y < rect[3] - slack


class Page:
    """What Graphviz tells of a page."""

    def __init__(self, text: str) -> None:
        pytest.importorskip("pygraphviz")
        found: dict[str, Any] = json.loads(graphviz.run(text, "json"))
        things = found.get("objects", [])
        self.frames = [thing for thing in things if "bb" in thing]
        self.nodes = {thing["_gvid"]: thing for thing in things if "pos" in thing}
        self.places = {key: place(node) for key, node in self.nodes.items()}
        self.edges = found.get("edges", [])
        self.labels = [text for edge in self.edges for text in texts(edge)]
        self.titles = [text for frame in self.frames for text in texts(frame)]
        left, bottom, right, top = map(float, found["bb"].split(","))
        self.aspect = (right - left) / (top - bottom)

    def faults(self) -> Iterator[str]:
        """What touches that should not."""
        yield from self.overflows()
        yield from self.crossings()
        for (a, one), (b, other) in itertools.combinations(self.places.items(), 2):
            if over(one, other):
                yield f"{self.nodes[a]['name']} over {self.nodes[b]['name']}"
        for one, other in itertools.combinations((*self.labels, *self.titles), 2):
            if over(one, other):
                yield f"text over text at {one}"
        for text, (key, rect) in itertools.product(
            (*self.labels, *self.titles), self.places.items()
        ):
            if over(text, rect):
                yield f"text over {self.nodes[key]['name']}"
        yield from self.strangers()

    def overflows(self) -> Iterator[str]:
        for key, node in self.nodes.items():
            left, bottom, right, top = self.places[key]
            for text in texts(node):
                if (
                    text[0] < left + 1
                    or text[2] > right - 1
                    or text[1] < bottom - 1
                    or text[3] > top + 1
                ):
                    yield f"text leaves {node['name']}"
            for one, other in itertools.combinations(texts(node), 2):
                if over(one, other, 0.7):
                    yield f"text over text in {node['name']}"

    def crossings(self) -> Iterator[str]:
        for edge in self.edges:
            points = path(edge)
            name = f"{self.nodes[edge['tail']]['name']} -> {self.nodes[edge['head']]['name']}"
            for key, rect in self.places.items():
                if any(within(point, rect, 1.5) for point in points):
                    yield f"{name} through {self.nodes[key]['name']}"
            for text in (*self.labels, *self.titles):
                if any(within(point, text, 0.5) for point in points):
                    yield f"{name} through a text at {text}"

    def strangers(self) -> Iterator[str]:
        for frame in self.frames:
            left, bottom, right, top = map(float, frame["bb"].split(","))
            held = set(frame.get("nodes", ()))
            for edge in self.edges:
                foreign = not held & {edge["tail"], edge["head"]}
                if foreign and any(within(p, (left, bottom, right, top), 0.5) for p in path(edge)):
                    yield f"{self.nodes[edge['tail']]['name']} -> … in {frame['name']}"
            for key, rect in self.places.items():
                inside = left <= rect[0] + 0.5 and bottom <= rect[1] + 0.5
                inside = inside and rect[2] <= right + 0.5 and rect[3] <= top + 0.5
                if inside != (key in frame.get("nodes", ())):
                    yield f"{self.nodes[key]['name']} and the frame {frame['name']}"

    @property
    def boxes(self) -> int:
        """How many boxes there are; dots and the legend do not count."""
        return sum(float(node["width"]) > 0.11 for node in self.nodes.values()) - 1
