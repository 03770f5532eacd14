"""`netwright diff`: what an architect would say of two nets, and what a checkpoint makes of it."""

import json
import subprocess
from pathlib import Path

import pytest
from console import Run
from effort import cases
from hypothesis import given

import netwright
from netwright.api import Net
from netwright.compare import Change, checkpoint, compare
from netwright.testing import nets, specs
from netwright.testing.functions import names

RESNET = Path(__file__).parents[1] / "specs" / "resnet.net"
UNIT = """block unit(width, k: kernel = 3x3) {
    conv: conv(width, k, pad=same, bias=false)
    bn: batch_norm
    relu
}
"""
SMALL = (
    UNIT
    + """net Small(classes=10) {
    input image[3, 32, 32]
    conv1: conv(16, 7x7, pad=3)
    stage: repeat 2 { unit(16) }
    global_avg_pool
    fc: linear(classes)
}
"""
)


def only(text: str) -> Net:
    return next(iter(netwright.loads(text).values()))


def told(before: str, after: str) -> list[str]:
    """The changes between two specs, each as where and what."""
    return list(map(said, compare(only(before).instance, only(after).instance)))


def said(change: Change) -> str:
    place = change.paths[0] if len(change.paths) == 1 else f"{change.paths[0]}…{change.paths[-1]}"
    return f"{change.sort.value} {place}: {change.text}"


# What is said


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("7x7, pad=3", "3x3, pad=1", ["changed conv1: k 7x7 → 3x3, pad 3 → 1"]),
        ("repeat 2", "repeat 5", ["changed stage: 2 → 5 × unit"]),
        ("unit(16)", "unit(16, k=5x5)", ["changed stage.0…stage.1: k 3x3 → 5x5"]),
        ("fc: linear", "head: linear", ["renamed head: was fc"]),
        ("    fc:", "    dropout(0.5)\n    fc:", ["added dropout: dropout"]),
        ("    fc:", "    more: linear(64)\n    fc:", ["added more: linear(64)"]),
        ("[3, 32, 32]", "[1, 32, 32]", ["changed image: [3, 32, 32] → [1, 32, 32]"]),
        ("    global_avg_pool\n", "    flatten\n", ["changed flatten: global_avg_pool → flatten"]),
        ("    bn: batch_norm\n", "", ["removed stage.0.bn…stage.1.bn: batch_norm"]),
        ("classes=10", "classes=7", ["changed : classes 10 → 7", "changed fc: features 10 → 7"]),
        (
            "bn: batch_norm",
            "bn: batch_norm(eps=0.001)",
            ["changed stage.0.bn…stage.1.bn: eps 1e-05 → 0.001"],
        ),
        ("unit(16)", "unit(32)", ["changed stage.0…stage.1: width 16 → 32"]),
        ("# no", "# yes", []),
    ],
)
def test_a_change_is_told_where_it_was_made(old: str, new: str, found: list[str]) -> None:
    after = SMALL.replace(old, new)
    assert told(SMALL, after) == found


FORK = """net Fork {
    input image[3, 8, 8]
    a: conv(8, 1x1)
    b: conv(8, 1x1)
    c: conv(8, 1x1)
    mixed: concat [ a, c ]
    d: conv(8, 1x1)
}
"""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("[ a, c ]", "[ b, c ]", ["changed mixed.concat: reads a, c → b, c"]),
        ("[ a, c ]", "[ c, a ]", ["changed mixed.concat: reads in another order: c, a"]),
        ("b: conv", "b: a -> conv", []),
        ("c: conv", "c: a -> conv", ["changed c: reads b → a"]),
        ("    b: conv(8, 1x1)\n", "", ["removed b: conv(8, 1x1)"]),
        ("c: conv", "e: conv(8, 3x3, pad=1)\n    c: conv", ["added e: conv(8, 3x3)"]),
    ],
)
def test_what_is_read_from_elsewhere_is_told(old: str, new: str, found: list[str]) -> None:
    after = FORK.replace(old, new)
    assert [text.replace("mixed.concat", "concat") for text in told(FORK, after)] == [
        text.replace("mixed.concat", "concat") for text in found
    ]


def test_numbered_parts_stay_where_they_are_when_all_change() -> None:
    """Two of the new widths are old ones of other parts, which they are not."""
    units = "    repeat 2 { unit(16) }\n    unit(24)\n    unit(32)\n    unit(64)\n"
    text = SMALL.replace("    stage: repeat 2 { unit(16) }\n", f"    stage: {{\n{units}    }}\n")
    after = text.replace("unit(32)", "unit(24)").replace("unit(64)", "unit(32)")
    assert told(text, after) == ["changed stage.3: width 32 → 24", "changed stage.4: width 64 → 32"]


def test_a_row_of_labelled_blocks_is_told_by_their_number() -> None:
    layer = "    {}: unit(16)\n"
    body = [layer.format(f"layer{i}") for i in range(1, 6)]
    small = SMALL.replace("    stage: repeat 2 { unit(16) }\n", "    stage: {\nBODY    }\n")
    before, after = (small.replace("BODY", "".join(body[:n])) for n in (3, 5))
    assert told(before, after) == ["changed stage: 3 → 5 × unit"]


def test_what_a_block_has_more_is_told_with_its_arguments() -> None:
    text = UNIT.replace("    bn: batch_norm\n", "    if norm { bn: batch_norm }\n")
    text = text.replace("3x3)", "3x3, norm=false)") + SMALL.removeprefix(UNIT)
    after = text.replace("unit(16)", "unit(16, norm=true)")
    assert told(text, after) == ["changed stage.0…stage.1: norm false → true: +1 batch_norm"]


def test_a_checkpoint_that_loads_into_another_function_is_told(run: Run, tmp_path: Path) -> None:
    one, other = tmp_path / "one.net", tmp_path / "other.net"
    one.write_text(SMALL)
    other.write_text(SMALL.replace("    relu", "    silu"))
    done = run("diff", str(one), str(other))
    assert done.code == 0
    assert "what it computes there is something else" in done.out
    assert "stage.0.silu, stage.1.silu: relu → silu" in done.out


def test_a_stage_of_other_blocks_is_told_as_such() -> None:
    spec = netwright.load(RESNET)
    changes = compare(spec["ResNet18"].instance, spec["ResNet50"].instance)
    assert "changed layer2: 2 × basic → 4 × bottleneck" in list(map(said, changes))


def test_what_an_architect_would_say_of_two_resnets() -> None:
    spec = netwright.load(RESNET)
    old, new = spec["ResNet50"], spec["ResNet101"]
    _, deeper = compare(old.instance, new.instance)
    assert said(deeper) == "changed layer3: 6 → 23 × bottleneck"
    assert deeper.params == new.params - old.params == 18_992_128
    assert deeper.macs == new.macs - old.macs


@cases(60)
@given(specs())
def test_a_spec_differs_in_nothing_from_itself_read_again(text: str) -> None:
    again = netwright.loads(text)
    for name, net in netwright.loads(text).items():
        assert not compare(net.instance, again[name].instance)
        assert checkpoint(net.instance, again[name].instance).loads


@cases(60)
@given(nets(), nets())
def test_a_checkpoint_loads_where_names_and_sizes_are_the_same(one: Net, other: Net) -> None:
    found = checkpoint(one.instance, other.instance)
    state, wanted = names(one), names(other)
    assert set(found.missing) == wanted.keys() - state.keys()
    assert set(found.unexpected) == state.keys() - wanted.keys()
    both = wanted.keys() & state.keys()
    resized = {name: (state[name], wanted[name]) for name in both if state[name] != wanted[name]}
    assert {name: (old, new) for name, old, new in found.resized} == resized
    assert found.kept == len(both) - len(resized)


# The command


def test_the_exit_code_is_that_of_the_checkpoint(run: Run, tmp_path: Path) -> None:
    old, new = tmp_path / "old.net", tmp_path / "new.net"
    old.write_text(SMALL)
    new.write_text(SMALL.replace("bn: batch_norm", "bn: batch_norm(eps=0.001)"))
    assert run("diff", old, new).code == 0
    new.write_text(SMALL.replace("fc:", "head:"))
    result = run("diff", old, new)
    assert result.code == 1
    assert "2 missing:\n    head.weight\n    head.bias" in result.out
    assert "2 unexpected:\n    fc.weight\n    fc.bias" in result.out


def test_two_nets_of_one_file(run: Run) -> None:
    result = run("diff", RESNET, "--net", "ResNet50", "--net", "ResNet101")
    assert result.code == 1
    assert "layer3: 6 → 23 × bottleneck" in result.out
    assert "+18,992,128 params" in result.out
    assert "a checkpoint of ResNet50 does not load into ResNet101; 320 weights fit" in result.out


def test_json_names_every_weight(run: Run) -> None:
    result = run("diff", RESNET, "--net", "ResNet50", "--net", "ResNet101", "--format", "json")
    found = json.loads(result.out)["nets"][0]
    assert found["params"] == [25_557_032, 44_549_160]
    assert len(found["checkpoint"]["missing"]) == 306
    assert found["changes"][1]["paths"] == ["layer3"]
    assert found["changes"][1]["after"]["line"] > 0


def test_a_revision_of_git_with_what_it_imports(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    (tmp_path / "nets").mkdir()
    (tmp_path / "unit.net").write_text(UNIT)
    spec = tmp_path / "nets" / "small.net"
    spec.write_text(f"use unit (unit)\n{SMALL.removeprefix(UNIT)}")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True)
    (tmp_path / "unit.net").write_text(UNIT.replace("bias=false", "bias=true"))
    result = run("diff", "HEAD:nets/small.net", "nets/small.net")
    assert result.code == 1
    assert "bias false → true" in result.out
    monkeypatch.chdir(tmp_path / "nets")
    assert run("diff", "HEAD:small.net", "small.net").out == result.out
    assert (
        "no file `other.net` in the revision `HEAD`"
        in run("diff", "HEAD:other.net", "small.net").err
    )
    assert run("diff", "NEVER:small.net", "small.net").code == 2


def test_what_cannot_be_compared_is_said(run: Run, tmp_path: Path) -> None:
    other = tmp_path / "other.net"
    other.write_text(SMALL.replace("net Small", "net Tiny") + "net Wide = Tiny(20)\n")
    assert "no net in common" in run("diff", RESNET, other).err
    assert "say which two nets" in run("diff", RESNET).err
    wrong = tmp_path / "wrong.net"
    wrong.write_text(SMALL.replace("linear", "linaer"))
    result = run("diff", other, wrong)
    assert result.code == 1 and "linaer" in result.err


def test_a_net_that_is_gone_breaks_its_checkpoints(run: Run, tmp_path: Path) -> None:
    old, new = tmp_path / "old.net", tmp_path / "new.net"
    new.write_text(SMALL)
    old.write_text(SMALL + "net Wide = Small(20)\n")
    result = run("diff", old, new)
    assert result.code == 1
    assert result.out == "no change: Small\n\nno more there: Wide\n"
