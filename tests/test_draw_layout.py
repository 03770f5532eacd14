"""Pictures: that nothing in them touches, and each is one page, for all nets."""

import pytest
import zoo
from pictures import NETS
from touching import Page

import netwright
from netwright.draw import draw

ZOO = sorted(
    (file.relative_to(zoo.SPECS).as_posix(), name)
    for file in zoo.SPECS.rglob("*.net")
    for name in zoo.nets(file.relative_to(zoo.SPECS).as_posix())
)


def page(net: netwright.Net, detail: int | None) -> Page:
    return Page(draw(net._checked, net._net, "dot", detail=detail).decode())


@pytest.mark.parametrize("detail", [None, 1, 3])
@pytest.mark.parametrize("name", NETS)
def test_nothing_touches_on_a_page(name: str, detail: int | None) -> None:
    assert not list(page(NETS[name], detail).faults())


@pytest.mark.parametrize(("spec", "name"), ZOO)
def test_a_net_of_the_zoo_is_one_page(spec: str, name: str) -> None:
    found = page(zoo.nets(spec)[name], None)
    assert not list(found.faults())
    assert 1 / 3 <= found.aspect <= 3
    assert found.boxes <= 60
