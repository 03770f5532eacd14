"""`netwright build`: specs become PyTorch and Keras files."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.replace import differs, replace_all
from netwright.commands.specs import Specs, chosen
from netwright.diagnostics import SpecError

if TYPE_CHECKING:
    from netwright.freeze import Freeze
    from netwright.pipeline import CheckedNet

TARGETS = ("torch", "keras")
COMMAND = Command(
    "build",
    "write PyTorch and Keras code",
    "FILE…",
    (
        ("netwright build resnet.net", "resnet_torch.py and resnet_keras.py, here"),
        ("netwright build specs/*.net --target torch -o models", "PyTorch alone, in a folder"),
        ("netwright build resnet.net --net ResNet50 --set classes=10", "one net, other defaults"),
        (
            "netwright build resnet.net --net ResNet50 --set classes=10 --freeze 'all but fc'",
            "a start for ten classes: only `fc` trains",
        ),
        ("netwright build specs/*.net -o models --check", "is the generated code up to date?"),
        ("netwright build - --target keras --stdout < resnet.net", "from input to output"),
    ),
    (
        Option("target", "both unless said", "TARGET", TARGETS, repeats=True),
        NET,
        SET,
        Option(
            "freeze",
            "parts that do not train: `all`, `all but fc`, `conv1 layer1`",
            "PARTS",
            repeats=True,
        ),
        Option("output", "the folder of the files; here unless said", "DIR", short="o"),
        Option("check", "write nothing; 1 if a file would change"),
        Option("stdout", "print the code, write no file"),
        *BOUNDS,
    ),
)


def run(given: Given, console: Console) -> int:
    """Write the files of all specs, or none of them if one has an error."""
    if given.has("stdout") and (given.has("check") or given.has("output")):
        raise Usage("`--stdout` writes no file: leave `--check` and `--output` out")
    if "-" in given.operands and not given.has("stdout"):
        raise Usage("a spec from standard input has no name for a file", "add `--stdout`")
    if given.has("stdout") and console.format != "text":
        raise Usage("`--stdout` prints code: `--format` cannot go there too")
    paths = _paths(given)
    specs = Specs(given, console)
    specs.check_all(given.operands)
    freeze = _freeze(given)
    files = {} if specs.failed else _emit(given, specs, console, paths, freeze)
    specs.tell()
    if specs.failed:
        return 1
    if given.has("stdout"):
        console.out(_joined(files))
        return 0
    if given.has("check"):
        return _compare(files, console)
    _write(files, console)
    for spec, nets in _nets(given, specs):
        _tell(spec, nets, freeze, console)
    return 0


def targets(given: Given) -> tuple[str, ...]:
    """The targets of a command line, each once."""
    return tuple(dict.fromkeys(given.every("target"))) or TARGETS


def _paths(given: Given) -> dict[tuple[str, str], str]:
    """The file of each spec and target; `Usage` where two are one."""
    found: dict[tuple[str, str], str] = {}
    owners: dict[str, str] = {}
    for spec in dict.fromkeys(given.operands):
        stem = os.path.basename(spec).removesuffix(".net") if spec != "-" else "stdin"
        for target in targets(given):
            path = os.path.join(given.last("output", ""), f"{stem}_{target}.py")
            if path in owners:
                both = f"`{owners[path]}` and `{spec}` would both write `{path}`"
                raise Usage(both, "build them into different folders: `-o`")
            owners[path] = spec
            found[spec, target] = path
    return found


def _freeze(given: Given) -> "Freeze | None":
    """What ``--freeze`` says; words of several are those of one."""
    if not given.has("freeze"):
        return None
    from netwright.freeze import FreezeError, parse

    try:
        return parse(" ".join(given.every("freeze")))
    except FreezeError as error:
        raise Usage(error.message, error.help) from error


def _nets(given: Given, specs: Specs) -> "Iterator[tuple[str, tuple[CheckedNet, ...]]]":
    """Each spec with the nets of it that are wanted."""
    names = given.every("net")
    for path, checked in specs.checked:
        yield path, tuple(net for net in checked.nets if not names or net.name in names)


def _emit(
    given: Given,
    specs: Specs,
    console: Console,
    paths: dict[tuple[str, str], str],
    freeze: "Freeze | None",
) -> dict[str, str]:
    """The code by file; what a target refuses joins the other errors."""
    from netwright.emit import emit
    from netwright.freeze import FreezeError

    files: dict[str, str] = {}
    chosen((net for _, net in specs.nets()), specs, given.every("net"))
    rows = zip(dict.fromkeys(given.operands), specs.checked, _nets(given, specs), strict=True)
    for spec, (path, checked), (_, nets) in rows:
        for target in targets(given) if nets else ():
            console.progress(f"{path}: {target}")
            try:
                values = specs.values(checked)
                files[paths[spec, target]] = emit(checked, target, nets, values, freeze)
            except SpecError as error:
                for found in error.diagnostics:
                    specs.found.add(found)
            except FreezeError as error:
                raise Usage(error.message, error.help) from error
        if not checked.program.nets():
            console.note(f"{path}: a library, nothing to build")
    return files


def _joined(files: dict[str, str]) -> str:
    """The code of one file; of several, each under its name."""
    if len(files) == 1:
        return "".join(files.values())
    return "\n\n".join(f"# {os.path.basename(path)}\n{code}" for path, code in files.items())


def _compare(files: dict[str, str], console: Console) -> int:
    """Say which files are not as they would be written."""
    old = [path for path, code in files.items() if differs(path, code.encode())]
    for path in old:
        state = "out of date" if os.path.exists(path) else "missing"
        console.err(f"{path}: {state}\n")
    if not old:
        console.note(f"{len(files)} files are up to date")
    return int(bool(old))


def _write(files: dict[str, str], console: Console) -> None:
    changed = replace_all({path: code.encode() for path, code in files.items()})
    for path, code in files.items():
        lines = code.count("\n")
        console.note(f"{path}: {lines:,} lines{'' if path in changed else ', as before'}")


def _tell(
    spec: str, nets: "tuple[CheckedNet, ...]", freeze: "Freeze | None", console: Console
) -> None:
    """Say how much of each net trains, where parts are frozen."""
    if freeze is None:
        return
    from netwright.freeze import frozen

    stays = frozen(freeze, [(net.name, net.instance) for net in nets])
    for net in nets:
        trained, params = stays.trained(net.instance), net.instance.totals.params
        console.note(f"{spec}: of {net.name} train {trained:,} of {params:,} params")
