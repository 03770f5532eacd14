"""What the command line does to files: `build` and `fmt` write all of them or none."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from console import GOOD, LIBRARY, WRONG, Run, shell


@pytest.fixture
def emitted(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Lets `build` write a line that tells what it was asked for."""
    asked: list[Any] = []

    def emit(checked: Any, target: str, nets: Any, settings: Any, freeze: Any) -> str:
        asked.append((target, [net.name for net in nets], settings))
        return f"# {target} {settings}\n"

    monkeypatch.setitem(sys.modules, "netwright.emit", SimpleNamespace(emit=emit))
    return asked


# build


def test_build_writes_a_file_for_each_target(run: Run, spec: Any, emitted: list[Any]) -> None:
    done = run("build", spec(), "-o", "out/models", "--set", "classes=3")
    assert done.code == 0
    assert Path("out/models/small_torch.py").read_text() == "# torch {'classes': 3}\n"
    assert Path("out/models/small_keras.py").exists()
    assert emitted == [(target, ["Small"], {"classes": 3}) for target in ("torch", "keras")]
    assert sorted(os.listdir("out/models")) == ["small_keras.py", "small_torch.py"]


def test_build_writes_nothing_if_one_spec_is_wrong(run: Run, spec: Any, emitted: list[Any]) -> None:
    Path("small_torch.py").write_text("old")
    done = run("build", spec(), spec(WRONG, "wrong.net"))
    assert done.code == 1
    assert done.out == "" and "shape-mismatch" in done.err
    assert Path("small_torch.py").read_text() == "old"
    assert not Path("small_keras.py").exists()


def test_check_says_which_files_are_out_of_date(run: Run, spec: Any, emitted: list[Any]) -> None:
    done = run("build", spec(), "--check")
    assert done.code == 1 and "small_torch.py: missing" in done.err
    assert run("build", "small.net").code == 0
    assert run("build", "small.net", "--check").code == 0
    Path("small_keras.py").write_text("edited")
    done = run("build", "small.net", "--check")
    assert done.code == 1
    assert done.err == "small_keras.py: out of date\n"


def test_two_specs_that_write_one_file_are_refused(run: Run, spec: Any, emitted: list[Any]) -> None:
    Path("other").mkdir()
    done = run("build", spec(), spec(name="other/small.net"))
    assert done.code == 2
    assert "both write `small_torch.py`" in done.err
    assert not emitted


def test_a_library_writes_nothing_and_is_no_error(run: Run, spec: Any, emitted: list[Any]) -> None:
    done = run("build", spec(LIBRARY))
    assert (done.code, done.out) == (0, "")
    assert "nothing to build" in done.err
    assert os.listdir(".") == ["small.net"]


def test_stdout_has_the_code_alone(run: Run, spec: Any, emitted: list[Any]) -> None:
    done = run("build", spec(), "--target", "torch", "--stdout")
    assert done.out == "# torch {}\n"
    assert os.listdir(".") == ["small.net"]


def test_a_folder_that_cannot_be_written_is_misuse_and_leaves_no_trace(
    run: Run, spec: Any, emitted: list[Any]
) -> None:
    Path("out").write_text("a file")
    done = run("build", spec(), "-o", "out")
    assert done.code == 2
    assert "cannot" in done.err
    Path("small_keras.py").mkdir()
    assert run("build", "small.net").code == 2
    assert sorted(os.listdir(".")) == ["out", "small.net", "small_keras.py"]


def test_a_failure_halfway_puts_the_old_files_back(
    run: Run, spec: Any, emitted: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("small_torch.py").write_text("old")
    replace, calls = os.replace, []

    def failing(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise PermissionError(13, "Permission denied", target)
        replace(source, target)

    monkeypatch.setattr(os, "replace", failing)
    assert run("build", spec()).code == 2
    assert Path("small_torch.py").read_text() == "old"
    assert sorted(os.listdir(".")) == ["small.net", "small_torch.py"]


def test_links_and_permissions_of_a_file_stay(run: Run, spec: Any, emitted: list[Any]) -> None:
    Path("real.py").write_text("old")
    Path("real.py").chmod(0o640)
    Path("small_torch.py").symlink_to("real.py")
    assert run("build", spec(), "--target", "torch").code == 0
    assert Path("small_torch.py").is_symlink()
    assert Path("real.py").read_text() == "# torch {}\n"
    assert Path("real.py").stat().st_mode & 0o777 == 0o640


# fmt


UGLY = "net Small(classes=10)  {  # ten\n  input image[3,8,8]\n    linear( classes )\n}\n"


def test_fmt_writes_in_place_and_is_content_afterwards(run: Run, spec: Any) -> None:
    spec("\ufeff" + GOOD.replace("    ", "\t").replace("\n", "\r\n"))
    assert run("fmt", "small.net", "--check").code == 1
    done = run("fmt", "small.net")
    assert (done.code, done.out) == (0, "")
    assert Path("small.net").read_bytes().decode() == GOOD
    assert run("fmt", "small.net", "--check").code == 0


def test_fmt_diff_shows_changes_and_makes_none(run: Run, spec: Any) -> None:
    done = run("fmt", spec(UGLY), "--diff")
    assert done.code == 1
    assert done.out.startswith("--- small.net\n+++ small.net, formatted\n@@")
    assert Path("small.net").read_text() == UGLY


def test_fmt_of_standard_input_is_standard_output(spec: Any) -> None:
    spec()
    done = shell("fmt", "-", input=UGLY)
    assert done.returncode == 0
    assert "# ten" in done.stdout and "input image[3, 8, 8]\n" in done.stdout


def test_fmt_leaves_every_file_alone_if_one_cannot_be_read(run: Run, spec: Any) -> None:
    done = run("fmt", spec(UGLY), spec("net {", "wrong.net"))
    assert done.code == 1
    assert done.out == "" and "error[" in done.err
    assert Path("small.net").read_text() == UGLY


def test_an_import_of_an_import_is_looked_for_beside_the_main_file(
    run: Run, tmp_path: Path
) -> None:
    """Nothing marks the folder as a project; the shipped `vgg` is not meant."""
    (tmp_path / "blocks").mkdir()
    (tmp_path / "vgg.net").write_text("block stages { conv(7, 1x1) }\n")
    (tmp_path / "blocks" / "maps.net").write_text("use vgg (stages)\nblock maps { stages }\n")
    main = tmp_path / "main.net"
    main.write_text(
        "use blocks.maps (maps)\nnet Main {\n    input image[3, H=9, W=9]\n    maps\n}\n"
    )
    done = run("check", main)
    assert done.code == 0, done.err
    assert " 28 params" in done.out + done.err
