"""Calls on symbols: what a block gives is what its routine gives, with the arguments put in."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.bind.call import Bound
from netwright.bind.starts import takes_input
from netwright.condition import Cond
from netwright.evaluate import NotGeneral, evaluate
from netwright.lower import model
from netwright.lower.inputs import input_keys
from netwright.lower.model import Argument, Place
from netwright.lower.state import State
from netwright.lower.text import Text, python_value
from netwright.names.labels import member_name
from netwright.source import Span
from netwright.sym import POSITIVE, Sides, Sym, keys, substitute, variable
from netwright.tensor import ROWS, Tensor, product
from netwright.values import Kernel, Partial, Ref, Scope, plain


class Calls(State):
    """Calls of blocks in one body."""

    def call(
        self,
        callee: Partial,
        bound: Bound,
        span: Span,
        place: Callable[[], Place],
        *,
        first: bool = True,
    ) -> None:
        """A block at work: its output is its routine's, with the arguments put in."""
        t = self.trace
        definition = callee.target
        here = plain(t.current)
        tensors = tensor_arguments(bound.values)
        if not takes_input(definition):
            here = None
        elif not isinstance(here, Ref):
            here = plain(t.here(span)) if not tensors else None
        routine = t.lowerer.routine(
            definition,
            here.tensor if here else None,
            {n: r.tensor for n, r in tensors.items()},
            bound.values,
        )
        values = dict(t.reworded(bound))
        if routine.ragged or (here is not None and here.id in t.ragged):
            raise NotGeneral(span)
        mapping = self.mapping(routine, here, tensors, values)
        stands = place()
        args = t.arguments(definition.name, {p.name.name: None for p in definition.params}, bound)
        sizes = self.sizes(routine, mapping, here, tensors)
        t.names.count += 1
        key = t.names.fresh("block")
        told = self.told(definition, here, tensors, bound.values)
        result, channels_key = self.result(routine, routine.result, mapping, key, told.get(-1))
        ref = t.new(result, span)
        more = tuple(
            t.new(self.result(routine, value, mapping, key, told.get(place))[0], span)
            for place, value in enumerate(routine.more)
        )
        outputs = {}
        scope = Scope()
        for side in routine.outputs:
            tensor, _ = self.result(routine, side.value, mapping, key, told.get(side.name))
            scope.names[side.name] = t.new(tensor, span)
            outputs[side.name] = scope.names[side.name].id
        inputs = (here.id,) if here is not None else ()
        t.out.append(
            model.Call(
                routine,
                None,
                stands,
                args,
                self.taken(callee, bound),
                inputs,
                {n: r.id for n, r in tensors.items()},
                sizes,
                ref.id,
                outputs,
                channels_key,
                span,
                first=first,
                key=key,
                more=tuple(other.id for other in more),
            )
        )
        if more:
            t.current = (ref, *more)
            return
        scope.value = ref
        t.current = scope if outputs else ref

    def taken(self, callee: Partial, bound: Bound) -> tuple[tuple[str, Argument], ...]:
        """Arguments of a partial application that the call does not give anew."""
        return tuple(
            (name, Argument(value, Text.of(python_value(value)), False))
            for name, value in callee.args
            if name not in bound.given
        )

    def mapping(
        self, routine: Any, here: Ref | None, tensors: dict[str, Ref], values: dict[str, Any]
    ) -> dict[str, Any]:
        """What stands for each key of a routine in this call."""
        found: dict[str, Any] = {}
        for name, value in values.items():
            if isinstance(value, Cond):
                found[name] = value.as_dim()
            elif isinstance(value, int | Sym):
                found[name] = int(value) if isinstance(value, bool) else value
            elif isinstance(value, Kernel):
                found |= {f"{name}.{i}": side for i, side in enumerate(value)}
            elif isinstance(value, Sides):
                found |= {f"{name}.{i}": side for i, side in enumerate(value.each(3))}
            elif isinstance(value, tuple | str | float):
                found[name] = _Opaque(value)
            if isinstance(value, int | Sym) and not isinstance(value, bool):
                found |= {f"{name}.{i}": value for i in range(3)}
        for name, ref in (("in", here), *tensors.items()) if here else tensors.items():
            found |= dict(zip(input_keys(name, ref.tensor), ref.tensor.sizes, strict=True))
            found[f"{name}_integers"] = ref.tensor.integers
        for name, tensor in routine.sizes.items():
            found[name] = product(tuple(_put_in(size, found) for size in tensor.sizes))
        return found

    def sizes(
        self, routine: Any, mapping: dict[str, Any], here: Ref | None, tensors: dict[str, Ref]
    ) -> dict[str, Text | None]:
        """Texts of the sizes that a constructor may ask for, by the name of its parameter."""
        t = self.trace
        found: dict[str, Text | None] = {}
        for prefix, ref in (*((("in", here),) if here is not None else ()), *tensors.items()):
            for key, size in zip(input_keys(prefix, ref.tensor), ref.tensor.sizes, strict=True):
                found[key] = t.names.say(size)
            found[f"{prefix}_integers"] = t.names.say(ref.tensor.integers)
        for name, tensor in routine.sizes.items():
            factors = [_put_in(size, mapping) for size in tensor.sizes]
            texts = [
                t.names.say(size) if isinstance(size, int | Sym) else None
                for size in factors
                if size != 1
            ]
            found[name] = _product(texts)
        return found

    def told(
        self, definition: Any, here: Ref | None, tensors: dict[str, Ref], values: dict[str, Any]
    ) -> dict[Any, Tensor]:
        """What a block gives, where all that it is given are numbers: by place and by name."""
        refs = {**({"in": here} if here is not None else {}), **tensors}
        inputs = {name: ref.tensor for name, ref in refs.items()}
        sizes = (size for tensor in inputs.values() for size in (*tensor.sizes, tensor.integers))
        if not self.trace.special or any(isinstance(size, Sym) for size in sizes):
            return {}
        found = self.trace.lowerer.told(definition, inputs, values)
        if found is None:
            return {}
        outputs = {-1: found.result, **dict(enumerate(found.more))}
        outputs |= {side.name: side.value for side in found.outputs}
        return {key: found.values[value] for key, value in outputs.items() if value in found.values}

    def result(
        self, routine: Any, value: int, mapping: dict[str, Any], key: str, told: Tensor | None
    ) -> tuple[Tensor, str | None]:
        """An output of a routine with the arguments put in; channels that only it knows get a key,
        unless they are ``told``, as numbers."""
        t = self.trace
        tensor = routine.values[value]
        sizes: list[Any] = []
        channels_key = None
        for axis, size in enumerate(tensor.sizes):
            known = set(mapping) | set(routine.sizes)
            inner = keys(size) - known if isinstance(size, Sym) else set()
            opaque = (
                any(isinstance(mapping.get(k), _Opaque) for k in keys(size))
                if isinstance(size, Sym)
                else False
            )
            if not inner and not opaque:
                sizes.append(self.reword(_put_in(size, mapping), mapping, size))
                continue
            if told is not None and isinstance(told.sizes[axis], int):
                sizes.append(told.sizes[axis])
                continue
            out = t.names.fresh("out")
            if axis == 0 and tensor.axes[0] not in ROWS:
                channels_key = out
                routine.inner_keys = True
                t.names.bind(f"block'{key}.out_channels", out)
            sizes.append(variable(out, POSITIVE))
        integers = _put_in(tensor.integers, mapping)
        return Tensor(tuple(sizes), tensor.axes, integers, tensor.each), channels_key

    def reword(self, size: Any, mapping: dict[str, Any], formula: Any) -> Any:
        """A size that equals an argument is said as the argument was."""
        if isinstance(formula, Sym) and isinstance(size, Sym):
            for value in mapping.values():
                if isinstance(value, Sym) and value == size and value.word is not None:
                    return value
        return size

    def call_parameter(
        self, callee: Partial, use: syntax.Use, shared: Place | None = None, *, first: bool = True
    ) -> None:
        """A block, norm or activation that a parameter holds; ``shared`` is where it stands, if
        it is a shared module."""
        t = self.trace
        parameter = callee.target
        if callee.args or (use.args and parameter.kind != "block"):
            raise NotGeneral(use.span)  # each layer has its own names for its arguments
        here = plain(t.here(use.span))
        if (
            self.ranks.setdefault((parameter.key, parameter.name), here.tensor.rank)
            != here.tensor.rank
        ):
            raise NotGeneral(use.span)
        args = {}
        tensors: dict[str, int] = {}
        for place, arg in enumerate(use.args or ()):
            value = evaluate(arg.value, t)
            if isinstance(plain(value), Ref):
                tensors[arg.name or str(place)] = plain(value).id
                continue
            args[arg.name or str(place)] = Argument(
                value, t.text(value, arg.value), arg.name is None
            )
        kind = member_name(callee.held or parameter.name)
        stands = shared or t.place(kind, use, None, weights=True)
        key = t.names.fresh("block")
        sizes: dict[str, Text | None] = {
            name: t.names.say(size)
            for name, size in zip(input_keys("in", here.tensor), here.tensor.sizes, strict=True)
        }
        channels_key = None
        result = here.tensor
        if parameter.kind == "block":
            channels_key = t.names.fresh("out")
            t.names.bind(f"block'{key}.out_channels", channels_key)
            outs = [
                variable(channels_key, POSITIVE),
                *(variable(t.names.fresh("size"), POSITIVE) for _ in here.tensor.sizes[1:]),
            ]
            result = here.tensor.resized(tuple(outs))
        ref = t.new(result, use.span)
        t.out.append(
            model.Call(
                None,
                parameter.name,
                stands,
                args,
                (),
                (here.id,),
                tensors,
                sizes,
                ref.id,
                {},
                channels_key,
                use.span,
                first=first,
                key=key,
                parameter_kind=parameter.kind,
                parameter_key=parameter.key,
            )
        )
        t.current = ref


def tensor_arguments(values: dict[str, Any]) -> dict[str, Ref]:
    """The tensors among arguments; those of a list each under a name with its number."""
    found: dict[str, Ref] = {}
    for name, value in values.items():
        if isinstance(plain(value), Ref):
            found[name] = plain(value)
        elif type(value) is tuple and value and all(isinstance(plain(v), Ref) for v in value):
            found |= {f"{name}_{place}": plain(item) for place, item in enumerate(value)}
    return found


class _Opaque:
    """An argument that is no size: a size that depends on it is the callee's own."""

    def __init__(self, value: Any) -> None:
        self.value = value


def _put_in(size: Any, mapping: dict[str, Any]) -> Any:
    if not isinstance(size, Sym):
        return size
    return substitute(
        size, {key: value for key, value in mapping.items() if isinstance(value, int | Sym)}
    )


def _product(texts: list[Text | None]) -> Text | None:
    if any(text is None for text in texts):
        return None
    parts = [text for text in texts if text is not None]
    wrapped = [
        text if text.simple or len(parts) == 1 else Text.of("(", text, ")") for text in parts
    ]
    return Text.join(" * ", wrapped) if wrapped else Text.of("1")
