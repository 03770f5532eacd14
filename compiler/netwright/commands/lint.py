"""`netwright lint`: what a good reviewer says of a net, with the numbers that it saves."""

from netwright.commands.console import Console
from netwright.commands.declare import BOUNDS, NET, SET, Command, Given, Option, Usage
from netwright.commands.specs import Specs, chosen
from netwright.diagnostics import Severity
from netwright.pipeline import CheckedNet

COMMAND = Command(
    "lint",
    "say what a good reviewer would say of a net, and what it would save",
    "FILE…",
    (
        ("netwright lint resnet.net", "every remark, with its reason and what it saves"),
        ("netwright lint specs/*.net --allow channels-off-eight", "all rules but one"),
        ("netwright explain large-kernel", "what a remark means, with the paper"),
        ("netwright lint specs/*.net --format github", "notes on the lines of a pull request"),
    ),
    (NET, SET, Option("allow", "leave out a rule", "CODE", repeats=True), *BOUNDS),
    about="`# lint: allow CODE: the reason` on a line, or above it, leaves a rule out there,\n"
    "on the line of a net in all that it calls;\n"
    'allow = ["CODE"] under [tool.netwright.lint] of pyproject.toml leaves it out everywhere.',
)


def run(given: Given, console: Console) -> int:
    """Print what the rules find; 1 if they find anything, or a spec has an error."""
    from netwright.lint import MARKS, RULES, UNUSED, lint

    allow = {*given.every("allow"), *_configured()}
    for code in sorted(allow - RULES.keys() - MARKS):
        from netwright.spelling import nearest

        raise Usage(f"no rule `{code}`", nearest(code, RULES) or ", ".join(RULES))
    specs = Specs(given, console)
    specs.check_all(given.operands)
    if not specs.failed:
        nets = [net for _, net in specs.nets()]
        names = given.every("net")
        found = lint(_chosen(nets, specs, names), allow | ({UNUSED} if names else set()))
        for one in found:
            specs.found.add(one)
    specs.tell()
    warned = any(one.severity is Severity.WARNING for one in specs.diagnostics)
    return int(specs.failed or warned)


def _chosen(nets: list[CheckedNet], specs: Specs, names: tuple[str, ...]) -> list[CheckedNet]:
    return chosen(nets, specs, names) if names else nets


def _configured() -> list[str]:
    """The rules that the project leaves out, by the nearest `pyproject.toml` above."""
    import os
    import tomllib

    folder = os.getcwd()
    while not os.path.isfile(os.path.join(folder, "pyproject.toml")):
        above = os.path.dirname(folder)
        if above == folder:
            return []
        folder = above
    path = os.path.join(folder, "pyproject.toml")
    try:
        with open(path, "rb") as file:
            settings = tomllib.load(file)
    except (OSError, ValueError) as error:
        raise Usage(f"cannot read `{path}`: {error}") from error
    allow = settings.get("tool", {}).get("netwright", {}).get("lint", {}).get("allow", [])
    if not (isinstance(allow, list) and all(isinstance(code, str) for code in allow)):
        raise Usage(f"`{path}`: `allow` of [tool.netwright.lint] is a list of codes")
    return allow
