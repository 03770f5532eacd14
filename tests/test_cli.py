"""The command line: exit codes, streams, formats, help and completion."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from console import GOOD, LIBRARY, WRONG, Run, shell

from netwright import __version__, commands
from netwright.bind.binder import Bounds
from netwright.commands.declare import BOUNDS, COMMON
from netwright.limits import Limits

# check


def test_a_right_spec_gives_a_table_of_its_nets(run: Run, spec: Any) -> None:
    done = run("check", spec())
    assert (done.code, done.err) == (0, "")
    assert done.out == "small.net:\n  Small  162 params  3.93 K MACs\n"


def test_a_wrong_spec_gives_exit_code_1_and_the_error(run: Run, spec: Any) -> None:
    done = run("check", spec(WRONG))
    assert done.code == 1
    assert done.out.startswith("error[shape-mismatch]")
    assert done.out.endswith("\n1 error in small.net\n")


def test_quiet_leaves_the_table_out(run: Run, spec: Any) -> None:
    assert run("check", spec(), "-q").out == ""


def test_a_library_is_right_and_says_that_it_is_one(run: Run, spec: Any) -> None:
    done = run("check", spec(LIBRARY))
    assert done.code == 0
    assert "library" in done.out


def test_json_is_all_that_stdout_has(run: Run, spec: Any) -> None:
    done = run("check", spec(WRONG, "b.net"), spec(GOOD, "a.net"), "--format=json")
    document = json.loads(done.out)
    (found,) = document["diagnostics"]
    assert done.code == 1
    assert [found[key] for key in ("code", "severity", "file")] == [
        "shape-mismatch",
        "error",
        "b.net",
    ]
    assert [found[key] for key in ("line", "column", "end_line", "end_column")] == [3, 5, 3, 8]
    assert [other["line"] for other in found["related"]] == [4, 5]
    assert document["nets"] == [
        {"name": "Small", "file": "a.net", "params": 162, "total_params": 162, "macs": 3928}
    ]


def test_standard_input_is_read_for_a_dash(spec: Any) -> None:
    spec()
    done = shell("check", "-", "--format", "json", input=WRONG)
    assert done.returncode == 1
    assert json.loads(done.stdout)["diagnostics"][0]["file"] == "<stdin>"


def test_warnings_count_only_under_strict(run: Run, spec: Any) -> None:
    spec(f"{GOOD}\n## This describes nothing.\n")
    assert run("check", "small.net").code == 0
    assert run("check", "small.net", "--strict").code == 1


def test_settings_stand_in_for_defaults(run: Run, spec: Any) -> None:
    assert "117 params" in run("check", spec(), "--set", "classes=1").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "missing.net"], "no such file"),
        (["check", "smal.net"], "did you mean `small.net`?"),
        (["check", "small"], "did you mean `small.net`?"),
        (["check", "."], "is a directory"),
        (["check"], "needs a FILE"),
        (["chekc", "small.net"], "did you mean `check`?"),
        (["small.net"], "netwright check small.net"),
        (["check", "small.net", "--formt", "json"], "did you mean `--format`?"),
        (["check", "small.net", "--format", "jsn"], "did you mean `json`?"),
        (["check", "small.net", "--format"], "`--format FORMAT`"),
        (["check", "small.net", "--quiet=1"], "takes no value"),
        (["check", "small.net", "--set", "clases=3"], "did you mean `classes`?"),
        (["check", "small.net", "--set", "classes"], "has no value"),
        (["check", "small.net", "--set", "classes=[1"], "is no value"),
        (["check", "small.net", "--set", 'classes="x"'], "takes an integer"),
        (["check", "small.net", "--max-layers", "none"], "takes a number"),
        (["show", "small.net", "--net", "Smal"], "did you mean `Small`?"),
        (["show", "small.net", "other.net"], "takes FILE and no more"),
        (["show", "small.net", "--depth", "0"], "from 1 on"),
        (["build", "small.net", "--net", "Large"], "its nets are `Small`"),
        (["build", "-"], "add `--stdout`"),
        (["build", "small.net", "--stdout", "--check"], "leave `--check`"),
        (["draw", "small.net", "-o", "small.gif"], "svg"),
        (["layers", "convv"], "did you mean `conv`?"),
        (["explain", "no-such-code-at-all"], "no code"),
        (["completion", "bahs"], "did you mean `bash`?"),
        (["weights", "small.net"], "--from FILE"),
        (["--verion"], "did you mean `--version`?"),
    ],
)
def test_misuse_is_exit_code_2_with_a_way_out(
    run: Run, spec: Any, words: list[str], said: str
) -> None:
    spec()
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_net_that_needs_arguments_says_so(run: Run, spec: Any) -> None:
    spec("net Any(width) {\n    input image[3, 8, 8]\n    conv(width, 3x3)\n}\n")
    done = run("show", "small.net", "--net", "Any")
    assert done.code == 2
    assert "needs `width`" in done.err
    assert run("show", "small.net", "--net", "Any", "--set", "width=4").code == 0


def test_an_option_may_stand_before_its_file_and_a_file_after_two_dashes(
    run: Run, spec: Any
) -> None:
    spec(name="-odd.net")
    assert run("check", "--quiet", "--", "-odd.net").code == 0


# Our own faults, closed pipes, interruptions


def test_our_own_fault_is_exit_code_70_without_a_traceback(
    run: Run, spec: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("of ours")

    monkeypatch.delenv("NETWRIGHT_DEBUG", raising=False)
    monkeypatch.setattr(commands.module("check"), "run", fail)
    done = run("check", spec())
    assert done.code == 70
    assert "of ours" in done.err and "report" in done.err and "Traceback" not in done.err
    monkeypatch.setenv("NETWRIGHT_DEBUG", "1")
    assert "Traceback" in run("check", spec()).err


def test_a_key_that_interrupts_gives_exit_code_130(
    run: Run, spec: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands.module("check"), "run", interrupt)
    done = run("check", spec())
    assert (done.code, done.err) == (130, "")


def test_a_closed_pipe_is_silent(spec: Any) -> None:
    lines = "".join(f"    c{i}: conv(4, 1x1)\n" for i in range(2000))
    spec(f"net Long {{\n    input image[4, 8, 8]\n{lines}}}\n")
    command = f"{sys.executable} -m netwright show small.net --json | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("{\n", "")


def test_an_output_that_knows_ascii_alone_is_no_fault(spec: Any) -> None:
    spec(WRONG)
    done = shell("check", "small.net", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert "shape-mismatch" in done.stdout


# Colours


def test_colours_come_when_asked_for_and_never_into_a_pipe(run: Run, spec: Any) -> None:
    spec(WRONG)
    assert "\x1b[" not in run("check", "small.net").out
    assert "\x1b[1;31m" in run("check", "small.net", "--color", "always").out


def test_no_color_is_honoured_on_a_terminal(
    run: Run, spec: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec(WRONG)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    assert "\x1b[" in run("check", "small.net").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("check", "small.net").out


# show, layers, completion, help


def test_show_gives_every_line_for_programs(run: Run, spec: Any) -> None:
    done = run("show", spec(), "--json")
    document = json.loads(done.out)
    assert [line["path"] for line in document["lines"]] == ["conv1", "global_avg_pool", "fc"]
    assert document["outputs"][0]["shape"] == [10]
    assert document["inputs"] == [{"name": "image", "shape": [3, 8, 8], "dtype": "float"}]
    for count in ("params", "total_params", "macs"):
        assert sum(line[count] for line in document["lines"]) == document[count]


def test_show_folds_what_repeats(run: Run, spec: Any) -> None:
    spec("net Deep {\n    input image[4, 8, 8]\n    repeat 7 { conv(4, 1x1) }\n}\n")
    table = run("show", "small.net").out
    assert "×7" in table and "0…6" in table


def test_dynamic_sizes_have_a_name_and_a_size(run: Run, spec: Any) -> None:
    spec("net Any {\n    input image[3, H=8, W=9]\n    conv(4, 1x1)\n}\n")
    (output,) = json.loads(run("show", "small.net", "--json").out)["outputs"]
    assert output["shape"] == [4, {"name": "H", "size": 8}, {"name": "W", "size": 9}]
    assert output["sizes"] == [4, 8, 9]


def test_a_wrong_spec_is_json_on_stdout_for_show_json(run: Run, spec: Any) -> None:
    done = run("show", spec(WRONG), "--json")
    assert done.code == 1
    assert json.loads(done.out)["diagnostics"]


def test_layers_tell_their_signatures_and_arguments(run: Run) -> None:
    assert "conv(width, k, stride=1" in run("layers").out
    page = run("layers", "conv").out
    assert "Number of output channels." in page and "at least 1" in page
    facts = json.loads(run("layers", "conv", "--format", "json").out)
    assert facts[0]["params"][0]["name"] == "width"


@pytest.mark.parametrize("name", commands.NAMES)
def test_every_command_has_help_with_examples_that_parse(run: Run, name: str) -> None:
    done = run(name, "--help")
    assert done.code == 0
    command = commands.module(name).COMMAND
    for example, purpose in command.examples:
        assert example in done.out and purpose in done.out
    for option in (*command.options, *COMMON):
        assert f"--{option.name}" in done.out


def test_the_overview_names_every_command(run: Run) -> None:
    done = run("--help")
    assert done.code == 0
    assert all(f"\n  {name} " in done.out for name in commands.NAMES)
    assert run().code == 2
    assert run("help", "check").out == run("check", "--help").out


def test_the_version_is_said(run: Run) -> None:
    assert run("--version").out == f"netwright {__version__}\n"


def test_every_bound_can_be_moved() -> None:
    fields = (*Bounds.__dict__["__record_fields__"], *Limits.__dict__["__record_fields__"])
    assert [option.name for option in BOUNDS] == [f"max-{name}" for name in fields]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["netwright", "ch"], {"check"}),
        (["netwright", "build", "--ta"], {"--target"}),
        (["netwright", "build", "--target", ""], {"torch", "keras"}),
        (["netwright", "completion", "f"], {"fish"}),
    ],
)
def test_bash_completes(run: Run, words: list[str], offered: set[str]) -> None:
    script = run("completion", "bash").out
    quoted = " ".join(f"'{word}'" for word in words)
    asking = f"COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _netwright"
    ending = 'printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(
        ["bash", "-c", f"{script}\n{asking}\n{ending}"], capture_output=True, text=True
    )
    assert set(done.stdout.split()) == offered


def test_a_check_imports_nothing_that_it_does_not_need(spec: Any) -> None:
    spec()
    code = (
        "import sys; from netwright.cli import main; main(['check', 'small.net']); "
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    modules = set(done.stderr.split())
    assert "netwright.pipeline" in modules
    heavy = "argparse dataclasses inspect json pathlib lark jinja2 torch keras tensorflow numpy"
    assert not modules & {
        *heavy.split(),
        "netwright.emit",
        "netwright.api",
        "netwright.report.text",
    }


@pytest.mark.parametrize(
    ("body", "option", "code"),
    [
        ("let a = [1] * 200", "--max-items=100", "list-too-long"),
        ("{ { { { relu } } } }", "--max-nesting=4", "nesting-too-deep"),
        ("relu", "--max-bytes=20", "file-too-large"),
    ],
)
def test_each_bound_is_moved_for_one_command(
    run: Run, spec: Any, body: str, option: str, code: str
) -> None:
    text = f"net N {{\n    input image[3, 8, 8]\n    {body}\n    relu\n}}\n"
    assert run("check", spec(text)).code == 0
    done = run("check", spec(text), option, "--format", "json")
    assert [found["code"] for found in json.loads(done.out)["diagnostics"]] == [code]
    assert run("check", spec(text)).code == 0


def test_a_bound_above_its_default_allows_more(run: Run, spec: Any) -> None:
    deep = "{ " * 300 + "relu" + " }" * 300
    text = f"net N {{\n    input image[3, 8, 8]\n    {deep}\n}}\n"
    assert run("check", spec(text)).code == 1
    assert run("check", spec(text), "--max-nesting", "400").code == 0
    assert run("check", spec(text), "--max-nesting", "4000").code == 2
