"""A net and its lines as JSON, the interface of users' scripts."""

from collections.abc import Sequence
from typing import Any

from netwright import count
from netwright.dynamic import Constraint, Constraints
from netwright.instance import Named
from netwright.ledger import Row
from netwright.pipeline import CheckedNet
from netwright.report.json import text
from netwright.report.page import Scale, sums
from netwright.tensor import Dynamic, Tensor, number


def render(
    net: CheckedNet, lines: Sequence[Row], path: str, scale: Scale, sizes: Constraints | None
) -> str:
    """The document of `show --json`."""
    instance, totals = net.instance, net.instance.totals
    kept, held = sums(lines)
    return text(
        {
            "net": net.name,
            "file": path,
            "params": totals.params,
            "total_params": totals.total_params,
            "macs": totals.macs,
            "batch": scale.batch,
            "precision": scale.precision,
            "activation_bytes": scale.bytes(kept),
            "inference_bytes": scale.bytes(held),
            "depth": count.depth(instance),
            "receptive_field": count.receptive_field(instance),
            "output_stride": count.output_stride(instance),
            "inputs": [_input(name, tensor) for name, tensor in instance.inputs],
            "outputs": [_output(output) for output in instance.outputs],
            "sizes": [_size(one) for one in sizes.each] if sizes is not None else None,
            "together": list(sizes.together) if sizes is not None else None,
            "lines": [_line(row, scale) for row in lines],
        }
    )


def shape(tensor: Tensor) -> list[Any]:
    """The sizes; a dynamic one with its name and the size that it is checked at."""
    return [
        {"name": str(size.form), "size": size.size} if isinstance(size, Dynamic) else int(size)
        for size in tensor.sizes
    ]


def _input(name: str, tensor: Tensor) -> dict[str, Any]:
    dtype = "float" if tensor.integers is None else "int"
    return {"name": name, "shape": shape(tensor), "dtype": dtype}


def _output(output: Named) -> dict[str, Any]:
    return {
        "name": output.name,
        "shape": shape(output.tensor),
        "sizes": [number(size) for size in output.tensor.sizes],
        "when": "training" if output.training else None,
    }


def _size(one: Constraint) -> dict[str, Any]:
    """What a dynamic size must be."""
    return {
        "name": one.name,
        "checked": one.checked,
        "must_be": "any size" if one.free else one.text,
        "period": one.period,
        "rests": list(one.rests),
        "least": one.least,
        "others": list(one.others),
    }


def _line(row: Row, scale: Scale) -> dict[str, Any]:
    output = [shape(tensor) for tensor in row.output]
    return {
        "path": row.path,
        "kind": row.kind,
        **({"times": row.times} if row.times > 1 else {}),
        "inputs": [shape(tensor) for tensor in row.inputs],
        "output": output[0] if len(output) == 1 else output,
        "params": row.params,
        "total_params": row.total_params,
        "macs": row.macs,
        "activation_bytes": scale.bytes(row.kept),
        "inference_bytes": scale.bytes(row.held),
        "receptive_field": row.receptive_field,
        "output_stride": row.output_stride,
        "file": row.span.source.path,
        "line": row.span.line,
    }
