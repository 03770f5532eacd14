"""The page that unfolds: what it holds, and what it does in a browser."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import browser as browsers
import pytest
from console import Run

import netwright
from netwright.draw import CannotDraw, draw

ROOT = Path(__file__).parents[1]
HOME = Path(__file__).parent / "golden/draw"
NETS = netwright.load(HOME / "nets.net")
Page = Callable[..., None]


def page(net: netwright.api.Net, **options: Any) -> str:
    return draw(net._checked, net._net, "html", **options).decode()


def data(text: str) -> Any:
    found = re.search(r'id="data">(.*?)</script>', text, re.S)
    assert found is not None
    return json.loads(found[1])


def words(box: Any) -> str:
    return " | ".join(" ".join(filter(None, row)) for row in box["rows"])


def box(found: Any, id: str, part: int = 0) -> Any:
    return next(each for each in found["parts"][part]["boxes"] if each["id"] == id)


def inside(found: Any, *path: str) -> Any:
    """The boxes of the part that a path opens to, by their ids."""
    part = 0
    for id in path:
        part = box(found, id, part)["opens"]
    return {each["id"]: each for each in found["parts"][part]["boxes"]}


# What it holds


def test_a_page_stands_alone_and_is_small() -> None:
    text = page(netwright.load(ROOT / "specs/resnet.net")["ResNet152"])
    assert not re.search(r'(src|href)="(?!data:)', text) and "@import" not in text
    assert "default-src 'none'" in text
    assert len(text.encode()) < 130_000


def test_a_net_goes_from_its_labels_over_blocks_and_turns_down_to_layers() -> None:
    found = data(page(NETS["Residual"]))
    assert words(box(found, "layer2_0")) == "layer2 64→128, /2 78 K"
    stage = inside(found, "layer2_0")
    assert words(stage["layer2_1"]) == "Bottleneck B 128 18 K ×3"
    turns = inside(found, "layer2_0", "layer2_1")
    assert [words(turns[name]) for name in ("layer2_1", "layer2_2", "layer2_3")] == [
        f"Bottleneck B 128 18 K | layer2.{turn}" for turn in (1, 2, 3)
    ]
    block = inside(found, "layer2_0", "layer2_1", "layer2_2")
    assert words(block["conv2"]) == "Conv 3×3 32 9.3 K | BN · ReLU"
    layers = inside(found, "layer2_0", "layer2_1", "layer2_2", "conv2")
    row = [words(layers[f"layer{place}"]) for place in range(3)]
    assert row == ["Conv 3×3 32 9.2 K", "BN 64", "ReLU"]


def test_equal_blocks_are_laid_out_once() -> None:
    found = data(page(NETS["Residual"]))
    turns = inside(found, "layer2_0", "layer2_1")
    assert len({turns[f"layer2_{turn}"]["opens"] for turn in (1, 2, 3)}) == 1


def test_a_growing_block_opens_to_its_turns_with_their_own_numbers() -> None:
    turns = inside(data(page(NETS["Dense"])), "block1_layer1", "block1_layer1")
    assert [words(turns[f"block1_layer{turn}"])[:17] for turn in (1, 6)] == [
        "DenseLayer 16→24 ",
        "DenseLayer 56→64 ",
    ]


def test_a_label_counts_all_that_is_under_it() -> None:
    text = """net N {
        input image[3, 8, 8]
        few: repeat 3 { conv(3, 3x3, pad=1) }
        many: repeat 100 { conv(3, 3x3, pad=1) -> conv(3, 1x1) }
    }"""
    found = data(page(netwright.loads(text)["N"]))
    tips = [found["tips"][each["tip"]].split("\n")[-1] for each in found["parts"][0]["boxes"]]
    assert tips[1:3] == ["252 params", "9,600 params"]


def test_the_file_of_the_net_comes_first() -> None:
    found = data(page(netwright.load(ROOT / "specs/inception_resnet.net")["InceptionResNetV2"]))
    assert any(line.startswith("net InceptionResNetV2") for line in found["sources"][0])


def opened(found: Any) -> set[str]:
    return {each["id"] for part in found["parts"] for each in part["boxes"] if "open" in each}


def test_detail_and_expand_say_what_is_open_at_first() -> None:
    net = NETS["Residual"]
    assert opened(data(page(net, detail=1))) == set()
    assert opened(data(page(net))) == {"layer1_0", "layer2_0"}
    assert {"layer2_1", "layer2_2"} <= opened(data(page(net, expand=["bottleneck"])))
    assert opened(data(page(net, detail=3))) == opened(data(page(net, expand=["bottleneck"])))
    with pytest.raises(CannotDraw, match="no block `nothing`"):
        page(net, expand=["nothing"])


def test_lines_of_every_file_are_there_and_boxes_know_theirs() -> None:
    found = data(page(netwright.load(ROOT / "specs/resnet.net")["ResNet18"]))
    lines = inside(found, "layer1_0", "layer1_0", "layer1_0")["conv1"]["lines"]
    said = [found["sources"][file][line - 1].strip() for file, line in lines]
    assert said[0].startswith("conv1: conv(") and said[1:] == ["bn1: batch_norm", "relu"]


def test_a_spec_cannot_leave_the_script() -> None:
    text = "## </script><b>\nnet N { input x[3, 8, 8] # <!-- \n conv(4, 1x1) }\n"
    found = page(netwright.loads(text)["N"])
    assert "</script><b>" not in found and "<!--" not in found
    assert data(found)["sources"][0][0] == "## </script><b>"


def test_a_page_of_too_many_boxes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netwright.draw.nest.MOST_BOXES", 100)
    with pytest.raises(CannotDraw, match="more than the 100 boxes"):
        page(NETS["Residual"])
    assert page(NETS["Text"])


def test_the_command_writes_a_page(run: Run, tmp_path: Path) -> None:
    done = run("draw", str(HOME / "nets.net"), "--net", "Text", "-o", str(tmp_path / "text.html"))
    assert done.code == 0
    assert (tmp_path / "text.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


TRICKY = ROOT / "tests/cases/tricky"


@pytest.mark.parametrize("file", sorted(TRICKY.glob("*.net")), ids=lambda file: file.stem)
def test_every_net_has_a_page(file: Path) -> None:
    for net in netwright.load(file).values():
        found = data(page(net))
        opens = {
            each["opens"] for part in found["parts"] for each in part["boxes"] if "opens" in each
        }
        assert opens == set(range(1, len(found["parts"])))


# What it does in a browser


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    yield from browsers.chromium(tmp_path_factory.mktemp("profile"))


def test_without_a_browser_a_test_says_how_to_get_one_or_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    monkeypatch.delenv("NETWRIGHT_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install chromium chromium-driver"):
        next(browsers.chromium(tmp_path))
    monkeypatch.setenv("NETWRIGHT_BROWSER", "required")
    with pytest.raises(pytest.fail.Exception, match="no Chromium"):
        next(browsers.chromium(tmp_path))


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Page:
    def show(net: netwright.api.Net, **options: Any) -> None:
        file = tmp_path / "net.html"
        file.write_text(page(net, **options), encoding="utf-8")
        browser.get(file.as_uri())

    return show


def node(browser: Any, path: str) -> Any:
    return browser.find_element("css selector", f'[data-path="{path}"]')


def paths(browser: Any) -> list[str]:
    return [each.get_attribute("data-path") for each in browser.find_elements("class name", "node")]


def toggle(browser: Any, path: str) -> None:
    browser.find_element("css selector", f'[data-path="{path}"] > .toggle').click()


def test_a_block_shuts_another_opens_and_a_tooltip_tells_all_arguments(
    browser: Any, show: Page
) -> None:
    show(NETS["Residual"])
    assert node(browser, "/layer1_0").get_attribute("aria-expanded") == "true"
    toggle(browser, "/layer1_0")
    assert node(browser, "/layer1_0").get_attribute("aria-expanded") == "false"
    assert "/layer1_0/layer1_0" not in paths(browser)
    toggle(browser, "/layer2_0/layer2_0")
    conv = node(browser, "/layer2_0/layer2_0/conv2")
    conv.click()
    tip = browser.find_element("id", "tip")
    assert tip.is_displayed() and conv.get_attribute("aria-describedby") == "tip"
    assert "conv(width=32, k=3x3, stride=2, pad=1, dilation=1" in tip.text
    here = browser.find_elements("css selector", "#file .here")
    assert [each.text.strip() for each in here] == [
        "conv2: conv(width, 3x3, stride=stride, pad=1, bias=false)",
        "bn2: batch_norm",
        "relu",
    ]
    assert not browser.get_log("browser")


def test_keys_move_open_and_shut(browser: Any, show: Page) -> None:
    from selenium.webdriver.common.keys import Keys

    show(NETS["Residual"], detail=1)
    node(browser, "/layer1_0").click()

    def press(*keys: str) -> str:
        for key in keys:
            browser.switch_to.active_element.send_keys(key)
        return str(browser.switch_to.active_element.get_attribute("data-path"))

    assert press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT) == "/layer1_0/layer1_0"
    assert press(Keys.ENTER, Keys.ARROW_DOWN) == "/layer1_0/layer1_0/conv1"
    assert press(Keys.ARROW_LEFT, Keys.ARROW_LEFT) == "/layer1_0/layer1_0"
    assert "/layer1_0/layer1_0/conv1" not in paths(browser)
    press("e")
    assert "/layer1_0/layer1_0/conv1" in paths(browser)
    press("c")
    assert paths(browser) == [path for path in paths(browser) if path.count("/") == 1]


def test_a_line_of_the_spec_and_the_search_bring_out_what_is_shut_in(
    browser: Any, show: Page
) -> None:
    show(NETS["Residual"], detail=1)
    lines = browser.find_elements("css selector", "#file li.linked")
    next(each for each in lines if each.text.strip().startswith("conv2:")).click()
    assert "/layer1_0/layer1_0/conv2" in paths(browser)
    search = browser.find_element("id", "search")
    search.send_keys("downsample", "\n")
    assert browser.find_element("id", "hits").text.startswith("1 of ")
    chosen = browser.find_element("class name", "chosen").get_attribute("data-path")
    assert chosen.endswith("/downsample_0")


OVERLAPS = """
const apart = (a, b) => a.right < b.left + 1 || b.right < a.left + 1
  || a.bottom < b.top + 1 || b.bottom < a.top + 1;
const side = node => node.querySelector(":scope > rect").getBoundingClientRect();
const found = [];
for (const group of document.querySelectorAll("#root, [role=group]")) {
  const nodes = [...group.querySelectorAll(":scope > .node")];
  for (const one of nodes) for (const other of nodes) {
    if (one !== other && !apart(side(one), side(other))) found.push(one.dataset.path);
    const outer = group.closest(".node");
    if (outer) {
      const inside = side(one), around = side(outer);
      if (inside.left < around.left || inside.right > around.right
        || inside.top < around.top || inside.bottom > around.bottom) found.push(one.dataset.path);
    }
  }
}
return found;
"""


@pytest.mark.parametrize("name", ["Inception", "Unet", "Cells", "Siamese", "Dense", "Pyramid"])
def test_what_is_open_overlaps_nothing(name: str, browser: Any, show: Page) -> None:
    show(NETS[name])
    for _ in range(4):
        browser.find_element("id", "expand").click()
        assert browser.execute_script(OVERLAPS) == []
    assert not browser.get_log("browser")
