"""How weights start, where the spec says so: a loop in PyTorch, configs in Keras."""

import re
from typing import Any

from netwright.lower import model
from netwright.lower.model import Routine
from netwright.ops.base import Op
from netwright.targets.code import Block
from netwright.targets.variables import every

TRUNCATED = "scaled_normal_"  # PyTorch has no truncated one that knows of fans
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


SEVERAL = {  # modules that have several weights and biases
    **dict.fromkeys(("nn.LSTM", "nn.GRU", "nn.RNN"), "recurrent"),
    "nn.MultiheadAttention": "attention",
}


def torch_classes(module: str) -> list[str]:
    """The classes of PyTorch that hold the weights of a module: those that our own derive from."""
    ours = r"\b(?:Same|Padded|Trimmed|Channel|Flat)(\w+)\("
    found = re.search(rf"nn\.(?!Sequential)\w+|{ours}", module)
    if found is None:
        return [module.partition("(")[0]]
    kind = f"nn.{found[1]}" if found[1] else found[0]
    return [kind, "nn.Linear"] if kind == "nn.MultiheadAttention" else [kind]


def starting(*starts: Any) -> list[str]:
    """The helpers that PyTorch needs for some initialisers."""
    return [TRUNCATED] if any(init is not None and init.truncated for init in starts) else []


def starts_of_op(op: Op) -> tuple[Any, Any]:
    """The initialisers of a layer's weight and of its bias."""
    return getattr(op, "init", None), getattr(op, "bias_init", None)


def surely_has(op: Op, kind: str) -> set[str]:
    """Which of its weight and bias a layer surely has; mypy is never sure of a convolution's."""
    bias = all(getattr(op, name, True) is True for name in ("bias", "shift"))
    weight = getattr(op, "scale", True) is True
    return {*(("weight",) if weight else ()), *(("bias",) if bias and "Conv" not in kind else ())}


def torch_own_lines(
    layer: model.Layer, kind: str, member: str, already: tuple[Any, Any] = (None, None)
) -> list[Any]:
    """The lines of one layer, where those of its kind start in several ways; ``already`` are the
    starts that it has."""
    op = layer.op
    init, bias = (
        None if start == known else start
        for start, known in zip(starts_of_op(op), already, strict=True)
    )
    if op.name == "separable_conv":
        body = torch_lines(init, bias, "module", "", {"weight"})
        inner: list[Any] = [Block(f"if isinstance(module, {kind}):", body)]
        return [Block(f"for module in {member}.modules():", inner)] if body else []
    init = None if getattr(op, "scale", True) is False else init
    lacks = getattr(op, "bias", True) is False or getattr(op, "shift", True) is False
    several, sure = SEVERAL.get(kind, ""), surely_has(op, kind)
    return torch_lines(init, None if lacks else bias, member, several, sure)


def torch_lines(init: Any, bias: Any, module: str, several: str, sure: set[str]) -> list[Any]:
    """What starts the weight and the bias of a module, each of which it surely has or not."""
    if several == "recurrent":
        return recurrent_lines(init, bias, module)
    if several == "attention":
        return attention_lines(init, bias, module)
    body: list[Any] = []
    for name, how in (("weight", init), ("bias", bias)):
        if how is not None:
            line = torch_line(how, f"{module}.{name}")
            body += [line if name in sure else Block(f"if {module}.{name} is not None:", [line])]
    return body


def recurrent_lines(init: Any, bias: Any, module: str) -> list[Any]:
    """What starts the matrices and the biases of a recurrent layer."""
    tests = [(f'"{part}" in name', how) for part, how in (("weight", init), ("bias", bias)) if how]
    body: list[Any] = [
        Block(f"{'elif' if place else 'if'} {test}:", [torch_line(how, "parameter")])
        for place, (test, how) in enumerate(tests)
    ]
    return [Block(f"for name, parameter in {module}.named_parameters():", body)] if body else []


def attention_lines(init: Any, bias: Any, module: str) -> list[Any]:
    """What starts the four projections of an `attention`, of which three are stored as one."""
    body: list[Any] = []
    if init is not None:
        three = f"*{module}.in_proj_weight.chunk(3), {module}.out_proj.weight"
        body.append(Block(f"for weight in ({three}):", [torch_line(init, "weight")]))
    if bias is not None:
        lines: list[Any] = [
            torch_line(bias, f"{module}.{part}") for part in ("in_proj_bias", "out_proj.bias")
        ]
        body.append(Block(f"if {module}.in_proj_bias is not None:", lines))
    return body


def torch_line(init: Any, weight: str) -> str:
    """The call of `nn.init` that an initialiser is in PyTorch."""
    args = dict(init.args)
    fan = args.get("fan", "in")
    match init.name:
        case "he_normal" | "glorot_normal" if init.truncated:
            scale, mode = (2, f"fan_{fan}") if init.name == "he_normal" else (1, "fan_avg")
            return f'{TRUNCATED}({weight}, {scale}, "{mode}")'
        case "he_normal" | "he_uniform":
            kind = "kaiming_normal_" if init.name == "he_normal" else "kaiming_uniform_"
            mode = ', mode="fan_out"' if fan == "out" else ""
            return f"nn.init.{kind}({weight}{mode})"
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
