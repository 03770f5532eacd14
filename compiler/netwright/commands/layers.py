"""`netwright layers`: the layers of the language, from the classes that declare them."""

from typing import Any

from netwright.commands.console import Console
from netwright.commands.declare import Command, Given, Usage
from netwright.ops import find
from netwright.ops.base import Op, Param
from netwright.reference import doc, kind, signature, takes, value

COMMAND = Command(
    "layers",
    "list the layers, or say all about some",
    "[NAME…]",
    (
        ("netwright layers", "every layer with its arguments, by family"),
        ("netwright layers conv", "the arguments of one, their defaults and bounds"),
        ("netwright layers --format json", "all of it for a program"),
    ),
    least=0,
)


def run(given: Given, console: Console) -> int:
    """Print the layers of some names, or a list of all."""
    for name in given.operands:
        if find.find(name) is None:
            from netwright.spelling import nearest

            raise Usage(f"no layer `{name}`", nearest(name, find.NAMES) or "`netwright layers`")
    known = find.every()
    chosen = {name: known[name] for name in given.operands or known}
    if console.format == "json":
        from netwright.report.json import text

        console.out(text([_facts(op) for op in chosen.values()]))
    elif given.operands:
        console.out("\n".join(page(op) for op in chosen.values()))
    else:
        console.out(overview(chosen))
    return 0


def overview(known: dict[str, type[Op]]) -> str:
    """One line a layer, family by family."""
    lines: list[str] = []
    for family in dict.fromkeys(find.HOMES[name] for name in known):
        members = [op for name, op in known.items() if find.HOMES[name] == family]
        lines += [family, *(f"  {signature(op)}\n      {_summary(op)}" for op in members), ""]
    return "\n".join(lines)


def page(op: type[Op]) -> str:
    """Everything about a layer."""
    lines = [signature(op), "", doc(op), ""]
    for name, spec in op.params.items():
        lines.append(f"  {name}: {takes(spec)}{_default(spec)}")
        lines.append(f"      {spec.doc}")
    lines += [f"role: {op.role.value}"] if not op.params else ["", f"role: {op.role.value}"]
    return "\n".join([*lines, *([f"paper: {op.paper}"] if op.paper else []), ""])


def _default(spec: Param) -> str:
    return "" if spec.default is ... else f", {value(spec)} unless said"


def _summary(op: type[Op]) -> str:
    return doc(op).split("\n\n")[0].replace("\n", " ")


def _facts(op: type[Op]) -> dict[str, Any]:
    """A layer as JSON."""
    return {
        "name": op.name,
        "family": find.HOMES[op.name],
        "role": op.role.value,
        "joins": op.joins,
        "doc": doc(op),
        "paper": op.paper or None,
        "params": [
            {
                "name": name,
                "takes": kind(spec),
                "default": None if spec.default is ... else value(spec),
                "required": spec.default is ...,
                "least": spec.least,
                "most": spec.most,
                "doc": spec.doc,
            }
            for name, spec in op.params.items()
        ],
    }
