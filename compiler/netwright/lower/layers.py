"""Layers on symbols: the same shape rules, on sizes that are formulas."""

from typing import Any

from netwright import syntax
from netwright.arguments import tensor_params
from netwright.bind.call import Bound
from netwright.bind.names import is_tensor
from netwright.bind.scope import default_for
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.kinds import Parameter
from netwright.lower.model import Argument
from netwright.lower.modules import Modules
from netwright.lower.speech import may_be_block
from netwright.lower.text import Text, python_value
from netwright.lower.wording import word
from netwright.ops.base import Op
from netwright.ops.fit import place as axis_place
from netwright.ops.frame import refs_of, shape_of
from netwright.ops.join import Concat, Join, Mul, gated, gates
from netwright.ops.linear import Linear
from netwright.ops.shape import Flatten
from netwright.program import Definition
from netwright.source import Span
from netwright.sym import Sym, keys, variable
from netwright.tensor import Tensor
from netwright.values import Kernel, Partial, Ref, plain


class Layers(Modules):
    """Layers at work, with the texts of their arguments."""

    def makes(self, use: syntax.Use) -> bool:
        if isinstance(use.callee, syntax.Name):
            found = self.scope.find(use.callee.name)
            if may_be_block(found) or (
                isinstance(found, Partial) and isinstance(found.target, Parameter)
            ):
                return True
        return super().makes(use)

    def layer(self, op: type[Op], bound: Bound, inputs: list[Any], use: syntax.Use) -> Any:
        refs = [plain(ref) for ref in inputs]
        if any(ref.id in self.ragged for ref in refs):
            raise NotGeneral(use.span)
        if op is Linear and not self.routine.is_net:
            refs = [self.features(refs[0])]
        tensors = tuple(ref.tensor for ref in refs)
        made, result = self.ruled(op, bound, tensors, use.span)
        extra: dict[str, int] = {}
        for name in tensor_params(op):
            refs_there = refs_of(bound.values[name])
            keys_there = [f"{name}[{i}]" for i in range(len(refs_there))]
            single = isinstance(plain(bound.values[name]), Ref)
            extra |= {
                name if single else key: ref.id
                for key, ref in zip(keys_there, refs_there, strict=True)
            }
        if not isinstance(result, Tensor):
            return tuple(refs)
        result = self.best(made, result, tensors)
        weights = made.weights(*tensors)
        place = None
        if self.makes(use):
            place = self.place(
                self.kind,
                use,
                None if weights else tuple(bound.values.items()),
                weights=bool(weights),
            )
        ref = self.new(result, use.span)
        if isinstance(made, Flatten):
            start = axis_place(made.from_, tensors[0].rank)
            self.flat[ref.id] = tuple(tensors[0].sizes[start:])
        dims = tuple(
            tuple(self.names.say(size) if isinstance(size, int | Sym) else None for size in t.sizes)
            for t in tensors
        )
        self.out.append(
            model.Layer(
                made,
                place,
                self.arguments(op.name, op.params, bound),
                tuple(r.id for r in refs),
                tensors,
                dims,
                extra,
                ref.id,
                result,
                use.span,
                words=self.sizes_said(result),
            )
        )
        return ref

    def ruled(
        self, op: type[Op], bound: Bound, tensors: tuple[Tensor, ...], span: Span
    ) -> tuple[Op, Any]:
        """A layer and what it gives. A line that no instance runs was never checked: its layer may
        not fit its input, and the numbers of a distinct use tell that nobody runs it."""
        try:
            made = op(**self.reworded(bound))
            return made, shape_of(made, tensors)
        except (LookupError, ValueError) as unfit:
            raise NotGeneral(span) from unfit

    def sizes_said(self, tensor: Tensor) -> dict[str, Text]:
        """The sizes of an output that can be said here, by place."""
        said = {
            str(i): self.names.say(size)
            for i, size in enumerate(tensor.sizes)
            if isinstance(size, int | Sym)
        }
        return {place: text for place, text in said.items() if text is not None}

    def reworded(self, bound: Bound) -> dict[str, Any]:
        """Values that will be said as their arguments were written."""
        found = dict(bound.values)
        for name, arg in bound.given.items():
            if isinstance(found.get(name), Sym) and not self.special:
                found[name] = self.worded(found[name], arg.value)
        return found

    def features(self, ref: Ref) -> Ref:
        """The input of a `linear` in a block: a size that the block cannot word is an argument."""
        size = ref.tensor.sizes[-1]
        if ref.id not in self.flat or isinstance(size, int) or not self.spatial(size):
            return ref
        label = next((name for name in reversed(self.label_stack) if name), "")
        taken = [extra for extra in self.routine.sizes if extra.endswith("in_features")]
        name = (
            f"{label}_in_features"
            if label and (taken or self.lowerer.linears(self.routine) > 1)
            else "in_features"
        )
        if name not in self.routine.sizes:
            self.routine.sizes[name] = Tensor(self.flat[ref.id], ("",) * len(self.flat[ref.id]))
            self.names.bind(name, name)
        sizes = (*ref.tensor.sizes[:-1], variable(name))
        return Ref(ref.tensor.resized(sizes), ref.id, ref.span)

    def spatial(self, size: Any) -> bool:
        """Whether the caller tells a size better: it depends on the input's cells, and on nothing
        that only this body knows, such as what the arms of a condition leave."""
        own = {key for key in keys(size) if "'" in key and self.names.valid(key)}
        cells = ("height", "width", "length", "depth")
        return not own and any(
            key.rpartition("_")[2] in cells or not self.names.valid(key) for key in keys(size)
        )

    def best(self, made: Op, result: Tensor, tensors: tuple[Tensor, ...]) -> Tensor:
        """Of sizes that must be equal, those that can be said best."""
        if len(tensors) < 2 or not isinstance(made, Join):
            return result
        if isinstance(made, Mul):
            tensors = tuple(x for x in tensors if not gates(x, gated(*tensors)))
        if any(tensor.rank != result.rank for tensor in tensors):
            return result
        grown = axis_place(made.axis, result.rank) if isinstance(made, Concat) else None
        sizes = []
        for axis, size in enumerate(result.sizes):
            options = [tensor.sizes[axis] for tensor in tensors]
            if size in options and axis != grown:
                sizes.append(min([size, *options], key=self._cost))
            else:
                sizes.append(size)
        return result.resized(tuple(sizes))

    def _cost(self, size: Any) -> tuple[bool, bool, int]:
        """How badly a size is said: best are numbers, then what a caller knows as well."""
        if isinstance(size, int):
            return (False, False, 0)
        known = keys(size)
        own = any("'" in key for key in known)
        return (not all(map(self.names.valid, known)), own, len(known))

    def remember(self, target: Any, bound: Bound) -> None:
        """Keep the arguments of a `shared` module as they are said where it is declared."""
        params = target.params
        names = [p.name.name for p in params] if isinstance(target, Definition) else list(params)
        self.said[id(bound)] = bound, self.arguments(target.name, names, bound)

    def still(self, argument: Argument) -> Argument:
        """An argument that was said further up: as it was, while its names hold."""
        if all(self.names.valid(name.key) for name in argument.text.names()):
            return argument
        if isinstance(argument.value, int | float):
            return Argument(
                argument.value, Text.of(python_value(argument.value)), argument.positional
            )
        raise NotGeneral(None)

    def arguments(self, callee: str, params: Any, bound: Bound) -> dict[str, Argument]:
        """The arguments of a call that were written somewhere, with their texts."""
        if id(bound) in self.said:
            return {name: self.still(arg) for name, arg in self.said[id(bound)][1].items()}
        found: dict[str, Argument] = {}
        for name in params:
            value = bound.values.get(name)
            if name in bound.given:
                arg = bound.given[name]
                found[name] = Argument(value, self.text(value, arg.value), arg.name is None)
                continue
            default = default_for(self.defaults, callee, name) if self.defaults else None
            if default is not None:
                expr, env = default
                text = (
                    self.text(value, expr) if env is self else Text.of(_constant_text(value, expr))
                )
                found[name] = Argument(value, text, False)
        return found

    def text(self, value: Any, expr: syntax.Expr) -> Text:
        """The text of an argument."""
        if isinstance(value, Partial | str) or value is None or is_tensor(value):
            if isinstance(value, str) and not (self.special or isinstance(expr, syntax.Name)):
                return word(expr, self)
            return Text.of(python_value(value) if isinstance(value, str) else "")
        if type(value).__name__ == "Init":
            return Text.of("")
        text = word(expr, self)
        if self.special and isinstance(value, Sym):
            return self.names.say(Sym(value.terms)) or text
        if self.special and isinstance(value, int | float) and not any(text.names()):
            return Text.of(python_value(value))
        return text


def _constant_text(value: Any, expr: syntax.Expr) -> str:
    from netwright.lower.wording import kernel_text

    if isinstance(value, Kernel):
        return kernel_text(value)
    if isinstance(expr, syntax.Number):
        return expr.text
    return python_value(value) if isinstance(value, int | float | bool | str | tuple) else ""
