"""Lists of tensors in emitted code: one name for all, one expression for what is done to each."""

import re

import pytest

import netwright
from netwright.emit import emit
from netwright.targets.lists import bracket, comprehension, with_lists

LENGTHS = {"maps": 3, "parts": 2}


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("f([maps[0], maps[1], maps[2]], x)", "f(maps, x)"),
        ("f([maps[0], maps[1]])", "f(maps[:2])"),
        ("f([maps[1], maps[2], x])", "f([*maps[1:3], x])"),
        ("f([x, maps[0], maps[1], maps[2]])", "f([x, *maps])"),
        ("f([maps[2], maps[1], maps[0]])", "f([maps[2], maps[1], maps[0]])"),
        ("f([parts[0]], [other[0], other[1]])", "f([parts[0]], [other[0], other[1]])"),
        ("x[maps[0]]", "x[maps[0]]"),
        ("f([1, 2], a[0])", "f([1, 2], a[0])"),
    ],
)
def test_a_list_stands_where_all_its_tensors_stand_in_a_row(code: str, short: str) -> None:
    assert with_lists(code, LENGTHS) == short


def test_a_list_of_nothing_but_one_list_is_that_list() -> None:
    assert bracket(["maps[0]", "maps[1]", "maps[2]"], LENGTHS) == "maps"
    assert bracket(["maps[1]", "maps[2]"], LENGTHS) == "maps[1:3]"
    assert bracket(["maps[1]"], LENGTHS) == "[maps[1]]"


@pytest.mark.parametrize(
    ("items", "one"),
    [
        (["f(maps[0])", "f(maps[1])", "f(maps[2])"], "[f(x) for x in maps]"),
        (
            ["self.a[0](maps[0])", "self.a[1](maps[1])", "self.a[2](maps[2])"],
            "[layer(x) for layer, x in zip(self.a, maps)]",
        ),
        (
            ['f(n, name="h_0")(maps[0])', 'f(n, name="h_1")(maps[1])', 'f(n, name="h_2")(maps[2])'],
            '[f(n, name=f"h_{i}")(x) for i, x in enumerate(maps)]',
        ),
        (
            ["self.a[0](top)", "self.a[1](maps[1])", "self.a[2](other)"],
            "[layer(x) for layer, x in zip(self.a, [top, maps[1], other])]",
        ),
        (["f(maps[0])", "f(maps[1])"], None),  # one is left over
        (["f(maps[0])", "f(maps[2])", "f(maps[1])"], None),
        (["f(maps[0], 3)", "f(maps[1], 5)", "f(maps[2], 7)"], None),
        (["self.a(x)", "self.b(x)", "self.c(x)"], None),
        (["f(maps[0])", "g(maps[1], 1)", "f(maps[2])"], None),
        (["f(x)", "f(x)", "f(x)"], None),
    ],
)
def test_what_is_done_to_each_is_said_once(items: list[str], one: str | None) -> None:
    assert comprehension(items, LENGTHS) == one


def test_variants_that_differ_in_numbers_share_a_class() -> None:
    text = """block many(widths: list) {
    let found = []
    for width in widths {
        conv(width, 1x1)
        let found = found + [_]
    }
    list [ for map in found { map } ]
}
net Base(widths: list, scale, classes=3) {
    input image[3, H=8, W=8]
    many(widths)
    concat [ for map in _ { map -> conv(scale, 1x1) } ]
    global_avg_pool -> linear(classes)
}
net Small = Base([4, 5], 6)
net Wide = Base([4, 5], 60, classes=9)
net Long = Base([4, 5, 6], 6)
"""
    checked = netwright.loads(text)["Small"]._checked
    code = emit(checked, "torch")
    assert re.findall(r"^class (Base\w*)", code, re.MULTILINE) == ["Base", "Base2"]
    made = re.findall(r"return (Base.*)", code)
    assert made == [
        "Base(scale=6, classes=classes)",
        "Base(scale=60, classes=9)",
        "Base2(scale=6, classes=classes)",
    ]
