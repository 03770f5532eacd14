"""`netwright build`: specs become PyTorch and Keras files."""

import os

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.replace import differs, replace_all
from netwright.commands.specs import Specs, chosen
from netwright.diagnostics import SpecError

TARGETS = ("torch", "keras")
COMMAND = Command(
    "build",
    "write PyTorch and Keras code",
    "FILE…",
    (
        ("netwright build resnet.net", "resnet_torch.py and resnet_keras.py, here"),
        ("netwright build specs/*.net --target torch -o models", "PyTorch alone, in a folder"),
        ("netwright build resnet.net --net ResNet50 --set classes=10", "one net, other defaults"),
        ("netwright build specs/*.net -o models --check", "is the generated code up to date?"),
        ("netwright build - --target keras --stdout < resnet.net", "from input to output"),
    ),
    (
        Option("target", "both unless said", "TARGET", TARGETS, repeats=True),
        NET,
        SET,
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
    files = {} if specs.failed else _emit(given, specs, console, paths)
    specs.tell()
    if specs.failed:
        return 1
    if given.has("stdout"):
        console.out(_joined(files))
        return 0
    return _compare(files, console) if given.has("check") else _write(files, console)


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


def _emit(
    given: Given, specs: Specs, console: Console, paths: dict[tuple[str, str], str]
) -> dict[str, str]:
    """The code by file; what a target refuses joins the other errors."""
    from netwright.emit import emit

    files: dict[str, str] = {}
    names = given.every("net")
    chosen((net for _, net in specs.nets()), specs, names)
    for spec, (path, checked) in zip(dict.fromkeys(given.operands), specs.checked, strict=True):
        nets = tuple(net for net in checked.nets if not names or net.name in names)
        for target in targets(given) if nets else ():
            console.progress(f"{path}: {target}")
            try:
                files[paths[spec, target]] = emit(checked, target, nets, specs.values(checked))
            except SpecError as error:
                for found in error.diagnostics:
                    specs.found.add(found)
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


def _write(files: dict[str, str], console: Console) -> int:
    changed = replace_all({path: code.encode() for path, code in files.items()})
    for path, code in files.items():
        lines = code.count("\n")
        console.note(f"{path}: {lines:,} lines{'' if path in changed else ', as before'}")
    return 0
