"""Windows that do not fit the map, and maps that are summed up before anything saw them whole."""

from collections.abc import Iterator

from netwright.flat import Layer
from netwright.lint.graph import Graph, given, height
from netwright.lint.rule import Finding, rule
from netwright.ops.base import Op, Role
from netwright.ops.window import each, pairs, reach, spatial
from netwright.tensor import Tensor, number

WINDOWED = frozenset({"conv", "depthwise_conv", "separable_conv", "max_pool", "avg_pool"})


@rule("stride-drops-rows")
def stride_drops_rows(graph: Graph) -> Iterator[Finding]:
    """Rows at the end of a map that no window covers, padding aside."""
    for layer in graph.of(Role.CONVOLUTION, Role.POOLING):
        tall, window = height(given(layer)), _window(layer.step.op, given(layer))
        if tall is None or window is None:
            continue
        extent, stride, before, after = window
        if stride > extent:
            continue  # it picks cells, and leaves out more than the last
        lost = (tall + before + after - extent) % stride - after
        if lost > 0 and not getattr(layer.step.op, "ceil", False):
            less, more = tall - lost, tall + stride - lost
            what = "an input" if layer.step.inputs[0] in graph.inputs else "a map"
            yield Finding(
                layer.step.span,
                f"the last {_rows(lost)} of {tall} {'are' if lost > 1 else 'is'} in no window of "
                f"`{layer.step.op.name}`",
                f"{what} of {less} or {more} rows fits{_sizes(graph, layer, (less, more))}",
            )


def _window(op: Op, x: Tensor) -> tuple[int, int, int, int] | None:
    """Extent, stride and pad of a window along the height; of none, none."""
    if op.name not in WINDOWED or getattr(op, "pad", None) == "same":
        return None
    kernel, dilation = getattr(op, "k", 1), getattr(op, "dilation", 1)
    stride = getattr(op, "stride", None)
    stride = kernel if stride is None else stride
    rank = spatial(x)
    extent = int(reach(each(kernel, rank)[0], each(dilation, rank)[0]))
    before, after = pairs(x, getattr(op, "pad", 0), kernel, stride, dilation)[0]
    return extent, int(each(stride, rank)[0]), number(before), number(after)


def _rows(number: int) -> str:
    return f"{number} rows" if number > 1 else "row"


def _sizes(graph: Graph, layer: Layer, wanted: tuple[int, int]) -> str:
    """The inputs of the net for which a map has these heights and no window before drops a row."""
    found: list[int] = []
    for tall in wanted:
        size: int | None = tall
        maker = graph.maker.get(layer.step.inputs[0])
        while maker is not None and size is not None:
            size = _enters(maker, size)
            maker = graph.maker.get(maker.step.inputs[0]) if maker.step.inputs else None
        found += [size] if size is not None and size != tall else []
    return f", as from an input of {' or '.join(map(str, found))}" if found else ""


def _enters(layer: Layer, leaves: int) -> int | None:
    """The height of what a layer reads, for what it is to give; none if that is not known."""
    window = _window(layer.step.op, given(layer))
    if window is not None:
        extent, stride, before, after = window
        return (leaves - 1) * stride + extent - before - after
    made = layer.step.result
    same = isinstance(made, Tensor) and height(made) == height(given(layer))
    return leaves if same else None


@rule("field-below-input")
def field_below_input(graph: Graph) -> Iterator[Finding]:
    """A global pool over cells of which none has seen the whole input."""
    inputs = [height(tensor) for _, tensor in graph.instance.inputs]
    whole = inputs[0] if inputs else None
    for layer in graph.of(Role.POOLING):
        if layer.step.op.name not in ("global_avg_pool", "global_max_pool") or whole is None:
            continue
        sees = graph.fields.get(layer.step.inputs[0])
        if sees is not None and height(given(layer)) not in (None, 1) and sees.extent < whole:
            yield Finding(
                layer.step.span,
                f"a cell of the map sees {int(sees.extent)} of the {whole} rows of the input",
                "more layers, strides or dilation in front of the pool, or a smaller input",
            )
