"""What the macros of layers that look up, hold or multiply by learned numbers ask."""

from netwright.evaluate import NotGeneral
from netwright.ops.learned import Parameter
from netwright.ops.learned import Scale as ScaleOp
from netwright.sym import Sym, keys
from netwright.targets.keras.calls import Calls
from netwright.targets.keras.order import channels_last, keras_order
from netwright.targets.spell import tuple_of
from netwright.tensor import LENGTH


class Learned(Calls):
    """Learned numbers: how many, in which sizes, and how they start."""

    @property
    def source(self) -> str:
        """A tensor of the batch, for layers that need no more of it than its size."""
        return str(next(iter(self.function.given().values())))

    @property
    def vocabulary(self) -> str:
        """How many tokens the input tells apart."""
        found = self.layer.tensors[0].integers
        if isinstance(found, Sym) and any(key.endswith("_integers") for key in keys(found)):
            raise NotGeneral(self.layer.span)  # no tensor tells how many tokens there are
        assert found is not None
        return self.say(found)

    @property
    def learned(self) -> Parameter | None:
        """The learned numbers of a `parameter` or a `scale`."""
        if isinstance(self.op, Parameter):
            return self.op
        assert isinstance(self.op, ScaleOp)
        return self.op.learned(self.tensors[0])

    @property
    def learned_init(self) -> str | None:
        """How learned numbers start, where it is not as the helper has it."""
        found = self.learned
        assert found is not None
        text = str(self.file.initialiser(found.init))
        return None if text == ('"zeros"' if isinstance(self.op, Parameter) else '"ones"') else text

    @property
    def learned_shape(self) -> str:
        """The sizes of learned numbers, those of an image with the channels last."""
        found = self.learned
        assert found is not None
        texts = [self.say(size) for size in found.sizes]
        if isinstance(self.op, Parameter):
            texts = self.elements(self.of("sizes")) or texts
        like = self.result if isinstance(self.op, Parameter) else self.tensors[0]
        if len(texts) == like.rank and (like.rank > 2 or isinstance(self.op, ScaleOp)):
            texts = [texts[axis] for axis in keras_order(like)]
        alone = len(texts) == 1 and found.sizes[0] != 1 and like.rank > 1
        if isinstance(self.op, ScaleOp) and alone and not channels_last(like):
            texts += [] if like.axes[0] == LENGTH else ["1"] * (like.rank - 1)
        return tuple_of(texts)

    @property
    def parameter_turned(self) -> str | None:
        """The line that gives a `parameter` of two sizes Keras's order: it is held as written."""
        return self.to_keras if self.result.rank == 2 else None
