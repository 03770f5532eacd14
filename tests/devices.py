"""What in emitted PyTorch names a device or a kind of numbers that is not its input's."""

import ast
from collections.abc import Iterator

FACTORIES = {"arange", "as_tensor", "empty", "eye", "full", "linspace", "ones", "rand", "randn"}
FACTORIES |= {"randint", "tensor", "zeros"}
MOVES = {"bfloat16", "cpu", "cuda", "double", "float", "half", "to", "type"}
MOVES |= {"set_default_device", "set_default_dtype"}


def own(source: str) -> list[str]:
    """The calls in a file that would bind what runs with a batch to a device or kind."""
    return [
        ast.unparse(node)
        for function in running(source)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and (_moves(node) or _makes(node) or _names(node))
    ]


def running(source: str) -> Iterator[ast.FunctionDef]:
    """The functions of a file that take tensors."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            kinds = [
                argument.annotation
                for argument in (*node.args.args, node.args.vararg)
                if argument is not None
            ]
            if any(kind is not None and ast.unparse(kind) == "Tensor" for kind in kinds):
                yield node


def _moves(call: ast.Call) -> bool:
    """Whether it moves a tensor, unless that is to where another one is: ``x.to(y)``."""
    like = [ast.unparse(argument) for argument in call.args]
    if like and all(one.isidentifier() or one.endswith((".dtype", ".device")) for one in like):
        return any(one.startswith("torch.") for one in like)
    return isinstance(call.func, ast.Attribute) and call.func.attr in MOVES


def _makes(call: ast.Call) -> bool:
    """Whether it makes a tensor and does not say where."""
    made = ast.unparse(call.func).startswith("torch.") and _last(call.func) in FACTORIES
    return made and "device" not in {keyword.arg for keyword in call.keywords}


def _last(callee: ast.expr) -> str:
    return callee.attr if isinstance(callee, ast.Attribute) else ""


def _names(call: ast.Call) -> bool:
    """Whether a device or kind is given that is not a tensor's, as ``x.device`` is."""
    given = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
    return any(
        not value.endswith(f".{name}") or value.startswith("torch.")
        for name, value in given.items()
        if name in ("device", "dtype")
    )
