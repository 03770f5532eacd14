"""What emitted constructors and functions take: names, types and defaults in Python."""

from collections.abc import Iterable
from typing import Any

from netwright import syntax
from netwright.arguments import type_of
from netwright.lower.wording import python_name
from netwright.program import Definition
from netwright.values import Kernel, Partial


def annotation(values: Iterable[Any]) -> str:
    """The type of all of some values: ``int``, ``Sequence[int]``, ``int | tuple[int, int]``."""
    found = dict.fromkeys(_type(value) for value in values)
    names = list(found)
    if "float" in names and "int" in names:
        names.remove("int")
    if "None" in names:
        names = [*(name for name in names if name != "None"), "None"]
    return " | ".join(names) or "int"


def _type(value: Any) -> str:
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case str():
            return "str"
        case None:
            return "None"
        case Kernel():
            return f"tuple[{', '.join(['int'] * len(value))}]" if len(set(value)) > 1 else "int"
        case tuple():
            return f"Sequence[{annotation(value)}]"
    return "Any"


def kernel_annotation(values: Iterable[Any]) -> str:
    """The type of a kernel: a number or one a spatial axis."""
    ranks = {len(value) for value in values if isinstance(value, Kernel)} or {2}
    return " | ".join(["int", *(f"tuple[{', '.join(['int'] * rank)}]" for rank in sorted(ranks))])


def param_type(param: syntax.Param, values: list[Any], default: Any) -> str:
    """The type of a parameter, told by its annotation and by what it is given."""
    kind = type_of(param)
    plain = {"int": "int", "float": "float", "bool": "bool", "text": "str"}
    if kind in plain:
        return plain[kind]
    if kind == "kernel":
        return kernel_annotation(values)
    known = [
        value for value in [default, *values] if value is not ... and not isinstance(value, Partial)
    ]
    if kind == "list":
        return annotation(known) if known else "Sequence[int]"
    return annotation(known)


def defaults_on_others(param: syntax.Param, names: set[str]) -> bool:
    """Whether a default speaks of earlier parameters: then it is computed in the body."""
    from netwright.bind.fold import Reads

    return param.default is not None and bool(Reads()(param.default) & names)


def split(definition: Definition) -> tuple[list[syntax.Param], list[syntax.Param]]:
    """Parameters without and with a default."""
    required = [param for param in definition.params if param.default is None]
    return required, [param for param in definition.params if param.default is not None]


__all__ = ["annotation", "defaults_on_others", "param_type", "python_name", "split"]
