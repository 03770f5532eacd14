"""How weights start, where the spec says so: a loop in PyTorch, configs in Keras."""

from typing import Any

from netwright.lower import model
from netwright.lower.model import Routine
from netwright.targets.code import Block
from netwright.targets.variables import every


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
    """One loop over the modules of a net, an `isinstance` a kind."""
    if not written.routine.is_net:
        return []
    rows: dict[tuple[str, Any, Any], None] = {}
    layers = list(file.all_layers(written.routine))
    for layer in layers:
        if layer.op.name in ("parameter", "scale"):
            continue  # they start as their own line says
        if layer.op.init is not None or getattr(layer.op, "bias_init", None) is not None:
            kind = written.module(layer, lambda text: text.plain, chained=False).partition("(")[0]
            rows[(kind, layer.op.init, getattr(layer.op, "bias_init", None))] = None
    if not rows:
        return []
    chain: list[Any] = []
    for place, (kind, init, bias) in enumerate(rows):
        body: list[Any] = [torch_line(init, "module.weight")] if init is not None else []
        if bias is not None:
            line = torch_line(bias, "module.bias")
            body += (
                [line] if kind == "nn.Linear" else [Block("if module.bias is not None:", [line])]
            )
        chain.append(Block(f"{'elif' if place else 'if'} isinstance(module, {kind}):", body))
    return [Block("for module in self.modules():", chain)]


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
