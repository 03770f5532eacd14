"""A net and its lines as JSON, the interface of users' scripts."""

from typing import Any

from netwright import count
from netwright.instance import Named
from netwright.ledger import Row, rows
from netwright.pipeline import CheckedNet
from netwright.report.json import text
from netwright.tensor import Dynamic, Tensor, number


def render(net: CheckedNet, path: str) -> str:
    """The document of `show --json`."""
    instance, totals = net.instance, net.instance.totals
    lines = list(rows(instance))
    return text(
        {
            "net": net.name,
            "file": path,
            "params": totals.params,
            "total_params": totals.total_params,
            "macs": totals.macs,
            "activation_bytes": sum(row.activation_bytes for row in lines),
            "depth": count.depth(instance),
            "receptive_field": count.receptive_field(instance),
            "output_stride": count.output_stride(instance),
            "inputs": [_input(name, tensor) for name, tensor in instance.inputs],
            "outputs": [_output(output) for output in instance.outputs],
            "lines": [_line(row) for row in lines],
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


def _line(row: Row) -> dict[str, Any]:
    output = [shape(tensor) for tensor in row.output]
    return {
        "path": row.path,
        "kind": row.kind,
        "inputs": [shape(tensor) for tensor in row.inputs],
        "output": output[0] if len(output) == 1 else output,
        "params": row.params,
        "total_params": row.total_params,
        "macs": row.macs,
        "activation_bytes": row.activation_bytes,
        "receptive_field": row.receptive_field,
        "output_stride": row.output_stride,
        "file": row.span.source.path,
        "line": row.span.line,
    }
