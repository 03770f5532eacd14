"""`netwright zoo`: what it lists, and specs copied to start from."""

import json
import os
from pathlib import Path

import pytest
from console import Run

from netwright import cli
from netwright.commands import shipped
from netwright.diagnostics import Report
from netwright.emit import TARGETS, emit
from netwright.files import DiskFiles
from netwright.parse import parse_bytes
from netwright.pipeline import Checked, check

NAMES = [shipped.name_of(path) for path in shipped.files()]


def checked(path: Path) -> Checked:
    report = Report()
    _, file = parse_bytes(str(path), path.read_bytes(), report)
    found = check(file, DiskFiles(), report)
    assert not report.failed, report.diagnostics
    return found


def names(found: Checked) -> list[tuple[str, int, int]]:
    return [(n.name, n.instance.totals.params, n.instance.totals.macs) for n in found.nets]


def test_every_spec_has_a_name() -> None:
    assert {"resnet", "keras/resnet", "blocks/residual"} <= set(NAMES)
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_whole_and_has_the_same_nets(name: str, run: Run, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "my.net"
    done = run("zoo", "copy", name, target)
    assert done.code == 0, done.err
    found = checked(target)
    assert names(found) == names(checked(Path(shipped.home(), f"{name}.net")))
    files = [Path(module.source.path).resolve() for module in found.program.modules.values()]
    assert all(file.is_relative_to(tmp_path) for file in files)
    assert sorted(files) == sorted(file.resolve() for file in tmp_path.rglob("*.net"))
    assert str(target) in done.err


@pytest.mark.parametrize("name", ["resnet", "keras/resnext"])
def test_a_copy_builds(name: str, run: Run, tmp_path: Path) -> None:
    run("zoo", "copy", name, tmp_path / "my.net")
    for target in TARGETS:
        compile(emit(checked(tmp_path / "my.net"), target), target, "exec")


def test_a_net_of_one_spec_alone_means_that_spec(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("zoo", "copy", "unet_same").code == 0
    assert run("zoo", "copy", "specs/vgg.net", "sub/").code == 0
    assert sorted(map(str, Path().rglob("*.net"))) == ["sub/vgg.net", "unet.net"]
    several = run("zoo", "copy", "ResNet50")
    assert several.code == 2
    assert "one of keras/resnet, resnet" in several.err


def test_what_is_there_is_written_over_only_when_asked(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("zoo", "copy", "resnet", "my.net").code == 0
    assert "my.net: as before" in run("zoo", "copy", "resnet", "my.net").err
    mine = Path("blocks/residual.net")
    text = mine.read_bytes()
    mine.write_bytes(b"# mine\n" + text)
    refused = run("zoo", "copy", "resnet", "other.net")
    assert refused.code == 2
    assert f"`{mine}` is there already" in refused.err and "--force" in refused.err
    assert not Path("other.net").exists()
    assert run("zoo", "copy", "resnet", "other.net", "--force").code == 0
    assert mine.read_bytes() == text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("copy",), "`zoo copy` needs the name of a spec"),
        (("copy", "resent"), "did you mean `resnet`?"),
        (("copy", "resnet", "my"), "`my.net`"),
        (("copy", "resnet", "-"), "not to standard output"),
        (("copy", "resnet", "a.net", "b.net"), "found `b.net`"),
        (("copy", "keras/resnext", "resnet.net"), "also the name of a spec that it imports"),
        (("copy", "resnet", "--as", "csv"), "`--as` is for the table"),
        (("resnet", "--force"), "`--force` is for `zoo copy`"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    words: tuple[str, ...], said: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("zoo", *words)
    assert done.code == 2
    assert said in done.err
    assert not os.listdir(tmp_path)


def test_the_table_says_which_spec_a_net_is_in(run: Run) -> None:
    rows = json.loads(run("zoo", "resnet50", "--format", "json").out)
    found = [row["spec"] for row in rows if row["net"] == "ResNet50"]
    assert found == ["keras/resnet", "resnet"]
    head, *lines = run("zoo", "resnet50").out.splitlines()
    assert head.split() == ["net", "spec", "params", "MACs", "MB", "depth", "input", "paper"]
    assert any(line.startswith("ResNet50") and " keras/resnet " in line for line in lines)
    assert run("zoo", "no such net", "--as", "markdown").out == ""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_names_are_completed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert "copy" in script and "keras/nasnet" in script
