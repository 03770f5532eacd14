"""How weights start, where the spec says so: a loop in PyTorch, configs in Keras."""

from typing import Any

from netwright.lower import model
from netwright.lower.model import Routine
from netwright.ops.base import Op
from netwright.targets.code import Block
from netwright.targets.variables import every

OWN_LINE = ("parameter", "scale")  # they start as their own line says


def initialised(routine: Routine, seen: set[int]) -> list[model.Layer]:
    """Layers of a routine, and of those it calls, that take an initialiser."""
    if id(routine) in seen:
        return []
    seen.add(id(routine))
    found = []
    for statement in every(routine.statements):
        if isinstance(statement, model.Layer) and "init" in statement.op.params:
            found.append(statement)
        elif isinstance(statement, model.Call) and statement.routine is not None:
            found += initialised(statement.routine, seen)
    return found


def torch_initialise(file: Any, written: Any) -> list[Any]:
    """One loop over the modules of a net, an `isinstance` for each way to start."""
    if not written.routine.is_net:
        return []
    kinds = torch_kinds(file, written)
    rows: dict[tuple[Any, Any], list[str]] = {}
    for kind, starts in kinds.items():
        if len(starts) == 1 and next(iter(starts)) != (None, None):
            rows.setdefault(next(iter(starts)), []).append(kind)
    if not rows:
        return []
    chain: list[Any] = []
    for (init, bias), names in rows.items():
        test = f"{'elif' if chain else 'if'} isinstance(module, {' | '.join(names)}):"
        chain.append(Block(test, torch_lines(init, bias, "module", names)))
    return [Block("for module in self.modules():", chain)]


def torch_kinds(file: Any, written: Any) -> dict[str, set[tuple[Any, Any]]]:
    """The classes of the layers of a net, each with the ways in which its layers start."""
    kinds: dict[str, set[tuple[Any, Any]]] = {}
    for layer in file.all_layers(written.routine):
        if layer.op.name not in OWN_LINE:
            kind = written.module(layer, lambda text: text.plain, chained=False).partition("(")[0]
            starts = starts_of_op(layer.op)
            kinds.setdefault(kind, set()).add(starts)
    return kinds


def starts_of_op(op: Op) -> tuple[Any, Any]:
    """The initialisers of a layer's weight and of its bias."""
    return getattr(op, "init", None), getattr(op, "bias_init", None)


def torch_own_lines(layer: model.Layer, kind: str, member: str) -> list[Any]:
    """The lines behind one layer, where those of its kind start in several ways."""
    init, bias = starts_of_op(layer.op)
    return torch_lines(init, bias, member, [kind], known=getattr(layer.op, "bias", True) is True)


def torch_lines(
    init: Any, bias: Any, module: str, kinds: list[str], *, known: bool = False
) -> list[Any]:
    """What starts the weight and the bias of a module."""
    body: list[Any] = [torch_line(init, f"{module}.weight")] if init is not None else []
    if bias is not None:
        line = torch_line(bias, f"{module}.bias")
        plain = known or all(kind == "nn.Linear" for kind in kinds)
        body += [line] if plain else [Block(f"if {module}.bias is not None:", [line])]
    return body


def torch_line(init: Any, weight: str) -> str:
    """The call of `nn.init` that an initialiser is in PyTorch."""
    args = dict(init.args)
    fan = args.get("fan", "in")
    match init.name:
        case "he_normal" | "he_uniform":
            kind = "kaiming_normal_" if init.name == "he_normal" else "kaiming_uniform_"
            mode = ', mode="fan_out"' if fan == "out" else ""
            relu = "" if init.name == "he_normal" else ', nonlinearity="relu"'
            return f"nn.init.{kind}({weight}{mode}{relu})"
        case "glorot_normal" | "glorot_uniform":
            return f"nn.init.xavier_{init.name.partition('_')[2]}_({weight})"
        case "normal":
            return f"nn.init.normal_({weight}, std={args['std']})"
        case "truncated_normal":
            std = args["std"]
            return f"nn.init.trunc_normal_({weight}, std={std}, a={-2 * std}, b={2 * std})"
        case "uniform":
            return f"nn.init.uniform_({weight}, -{args['bound']}, {args['bound']})"
        case "zeros" | "ones":
            return f"nn.init.{init.name}_({weight})"
        case "constant":
            value = next(iter(args.values()))
            return (
                f"nn.init.zeros_({weight})"
                if value == 0
                else f"nn.init.constant_({weight}, {value})"
            )
        case "orthogonal":
            return f"nn.init.orthogonal_({weight})"
    raise AssertionError(init.name)
