"""A layer that is passed as a `norm` or `activation`: its class, or a partial application."""

import ast

from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.text import Text
from netwright.ops.base import Role
from netwright.ops.fit import place
from netwright.source import Source, Span
from netwright.sym import variable
from netwright.targets.spell import call, spell
from netwright.targets.torch.view import TorchView
from netwright.tensor import CHANNELS, FEATURES, IMAGE_AXES, LENGTH, Tensor
from netwright.values import Partial

NOWHERE = Span(Source("", ""), 0, 0)
SIZES = (CHANNELS, "height", "width", "depth")


def passed_view(value: Partial, rank: int = 2) -> TorchView:
    """The view of a layer at no place: its input has ``rank`` axes behind its ``channels``."""
    op = value.target(
        **{name: spec.default for name, spec in value.target.params.items()} | dict(value.args)
    )
    if ("axis" in op.params and place(op.axis, rank + 1) == rank) or op.name == "rms_norm":
        x = Tensor((variable(CHANNELS),), (FEATURES,))
    else:
        axes = (
            (CHANNELS, LENGTH) if rank == 1 else IMAGE_AXES.get(rank + 1, (CHANNELS, *[""] * rank))
        )
        x = Tensor(tuple(map(variable, [*SIZES, *SIZES][: rank + 1])), axes)
    said = tuple(map(Text.of, [*SIZES, *SIZES][: x.rank]))
    layer = model.Layer(op, None, {}, (0,), (x,), (said,), {}, 1, op.shape(x), NOWHERE)
    return TorchView(layer, lambda text: text.plain, ["x"], "")


def passed(value: Partial, rank: int = 2) -> tuple[str, list[str]]:
    """The expression that stands for a layer, and the helpers that it needs: ``nn.BatchNorm2d``,
    ``partial(nn.GroupNorm, 32)`` or a lambda. A `norm` is called with channels, an `activation`
    with nothing."""
    view = passed_view(value, rank)
    activation = value.target.role is Role.ACTIVATION
    text = " ".join(spell("torch", value.target.name, view))
    made = ast.parse(text, mode="eval").body
    assert isinstance(made, ast.Call)
    name = ast.unparse(made.func)
    args = [ast.get_source_segment(text, arg) or "" for arg in made.args]
    keywords = [ast.get_source_segment(text, keyword) or "" for keyword in made.keywords]
    asked = sum(isinstance(node, ast.Name) and node.id == CHANNELS for node in ast.walk(made))
    if asked and activation:
        raise NotGeneral(None)
    if not activation and (asked != 1 or args[-1:] != [CHANNELS]):
        return f"lambda {CHANNELS if asked else '_'}: {text}", view.helpers
    given = [*(args[:-1] if asked else args), *keywords]
    return call("partial", name, *given) if given else name, view.helpers
