"""Layers in an order in which one of them undoes another."""

from collections.abc import Iterator

from netwright.flat import Layer
from netwright.lint.graph import CARRIES, Graph, channels, given, made, params
from netwright.lint.rule import Finding, rule
from netwright.ops.base import Role
from netwright.record import record

LINEAR = (Role.CONVOLUTION, Role.LINEAR)
CENTRING = frozenset({"batch_norm", "instance_norm"})


@rule("bias-before-norm")
def bias_before_norm(graph: Graph) -> Iterator[Finding]:
    """A bias that the mean of the normalisation behind it takes away again."""
    for layer in graph.of(*LINEAR):
        biases = [weight for weight in layer.step.weights if weight.name == "bias"]
        behind = graph.behind(layer)
        if biases and behind and all(one.step.op.name in CENTRING for one in behind):
            norm = behind[0].step.op.name
            yield Finding(
                layer.step.span,
                f"`{norm}` takes away the bias of the `{layer.step.op.name}` in front of it",
                "`bias=false`",
                0 if layer.reused else channels(made(layer)),
            )


@rule("dropout-before-norm")
def dropout_before_norm(graph: Graph) -> Iterator[Finding]:
    """Dropout whose variance the running statistics behind it learn, and miss in evaluation."""
    for layer in graph.of(Role.REGULARISATION):
        behind = graph.only(layer, ("relu", "relu6", "leaky_relu", "identity"))
        rate = getattr(layer.step.op, "p", 0)
        if rate and behind is not None and behind.step.op.name == "batch_norm":
            yield Finding(
                layer.step.span,
                "`batch_norm` behind `dropout` learns a variance that evaluation does not have",
                "put the dropout behind the last `batch_norm`",
            )


@rule("softmax-output")
def softmax_output(graph: Graph) -> Iterator[Finding]:
    """A softmax at the end: the cross-entropy of both frameworks takes logits."""
    for value in graph.main:
        layer = graph.maker.get(value)
        if layer is not None and layer.step.op.name in ("softmax", "log_softmax"):
            yield Finding(
                layer.step.span,
                f"the net ends in `{layer.step.op.name}`, and a cross-entropy takes logits",
                "leave it out: it is in the loss, where it rounds less",
            )


@record
class Matrix:
    """A layer that multiplies by a matrix at each cell."""

    layer: Layer

    @property
    def wide(self) -> tuple[int, int]:
        """Its input and output channels."""
        return channels(given(self.layer)), channels(made(self.layer))


@rule("linear-after-linear")
def linear_after_linear(graph: Graph) -> Iterator[Finding]:
    """Two matrices with nothing between them that one matrix could not do.

    A narrow layer between two wide ones is a factorisation, and no mistake.
    """
    for layer in graph.of(*LINEAR):
        behind = graph.only(layer, {*CARRIES, "batch_norm"})
        if behind is None or not (_is_matrix(layer) and _is_matrix(behind)):
            continue
        (enter, middle), (_, leave) = Matrix(layer).wide, Matrix(behind).wide
        if middle >= min(enter, leave) and channels(given(behind)) == middle:
            saved = params(layer) + params(behind) - (enter + 1) * leave
            yield Finding(
                behind.step.span,
                f"no nonlinearity since the `{layer.step.op.name}` before: "
                "the two are one linear map",
                "an activation between them, or one layer in their place",
                max(saved, 0),
            )


def _is_matrix(layer: Layer) -> bool:
    """Whether a layer is dense, and looks at one cell at a time."""
    op = layer.step.op
    kernel = getattr(op, "k", 1)
    sides = kernel if isinstance(kernel, tuple) else (kernel,)
    strides = getattr(op, "stride", 1)
    return (
        op.name in ("linear", "conv")
        and all(side == 1 for side in sides)
        and getattr(op, "groups", 1) == 1
        and set(strides if isinstance(strides, tuple) else (strides,)) == {1}
    )
