"""`docs/gallery.md`: every net of the zoo, with its counts and a picture that is still its own."""

import re
from functools import cache
from pathlib import Path

import pytest
import zoo

from netwright import gallery
from netwright.draw.compose import compose

DOCS = Path(__file__).parents[1] / "docs"
AGAIN = "`python -m netwright.gallery` makes the page and its pictures again"


@cache
def families() -> tuple[gallery.Family, ...]:
    return tuple(gallery.families(zoo.SPECS))


def test_the_page_lists_every_net_as_it_is() -> None:
    every = families()
    paths = [path.relative_to(zoo.SPECS).as_posix() for path in zoo.SPECS.rglob("*.net")]
    assert {family.path for family in every} == {path for path in paths if zoo.nets(path)}
    written = (DOCS / "gallery.md").read_text(encoding="utf-8")
    assert written == gallery.page(list(every)), AGAIN


def test_each_net_has_a_picture_and_each_picture_a_net() -> None:
    names = {gallery.picture_name(family, net) for family in families() for net in family.nets}
    files = list((DOCS / gallery.FOLDER).iterdir())
    assert {file.name for file in files} == names, AGAIN
    assert sum(file.stat().st_size for file in files) < 4_500_000


@pytest.mark.slow
def test_the_pictures_show_the_boxes_that_the_nets_have() -> None:
    for family in families():
        for net in family.nets:
            text = (DOCS / gallery.FOLDER / gallery.picture_name(family, net)).read_text("utf-8")
            shown = re.findall(r'<g id="([^"]*)" class="node (?!legend|title)', text)
            drawn = compose(net._checked, net._net, None)
            assert shown == [box.id for box in drawn.boxes], f"{net.name}: {AGAIN}"
