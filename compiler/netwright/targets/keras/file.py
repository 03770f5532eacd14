"""One Keras file: partials, helpers, blocks and nets as functions, and constructors of variants."""

import re
from collections.abc import Iterable
from typing import Any

from netwright import syntax
from netwright.arguments import type_of
from netwright.bind.paths import Naming, naming
from netwright.evaluate import NotGeneral
from netwright.instance import Instance, step_totals
from netwright.lower import model
from netwright.lower.bound import holds_layer
from netwright.lower.kinds import Parameter
from netwright.lower.model import Routine
from netwright.lower.wording import python_name
from netwright.program import Definition
from netwright.targets.code import Block, text_of
from netwright.targets.file import NetSpec, SourceFile
from netwright.targets.imports import keras_imports
from netwright.targets.keras.counts import lost
from netwright.targets.keras.freezing import any_shared, freezing
from netwright.targets.keras.initial import config, constant_name, turned
from netwright.targets.keras.naming import is_named
from netwright.targets.keras.order import channels_last, settle
from netwright.targets.keras.routine import KerasFunction
from netwright.targets.liveness import numbers_in
from netwright.targets.signature import param_type
from netwright.targets.spell import call
from netwright.targets.variables import every
from netwright.tensor import CHANNELS, Tensor
from netwright.values import Partial


class KerasFile(SourceFile):
    """Collects what one file needs, and writes it; twice, as partials hold what all uses share."""

    target = "keras"
    channels_first = False
    any_size = False
    params_word = "trainable parameters"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.asked: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.partials: dict[tuple[str, str], dict[str, str]] = {}
        self.used_partials: dict[tuple[str, str], None] = {}
        self.initialisers: dict[str, str] = {}
        self.hidden = False
        self.direct: set[str] = set()  # what stands at calls, where type checkers look
        self.names_cache: dict[int, bool] = {}
        self.lost_of: dict[int, tuple[int, int, int]] = {}
        self.freezer = ""  # the function that freezes parts of a model

    def write(self, doc: str, routines: list[Routine], nets: list[NetSpec]) -> str:
        self.nets = nets
        params = {param.name.name for routine in routines for param in routine.definition.params}
        self.hidden = "layers" in params.union(*(numbers_in(r.statements) for r in routines))
        settle(routines)
        super().write(doc, routines, nets)
        self.partials = {}
        for key, uses in self.asked.items():
            shared = {
                name: value
                for name, value in uses[0].items()
                if all(use.get(name) == value for use in uses)
            }
            if shared:
                self.partials[key] = shared
        self.helpers, self.tops, self.public, self.initialisers = {}, {}, [], {}
        self.direct = set()
        return super().write(doc, routines, nets)

    def in_full(self, code: str) -> str:
        """Code that says ``keras.layers`` where a number of the spec is called `layers`."""
        if not self.hidden:
            return code
        return re.sub(r"(?<![\w.])layers\.(?=[A-Z])", "keras.layers.", code)

    def helper_text(self, name: str) -> str:
        return self.in_full(super().helper_text(name))

    def camel(self, routine: Routine) -> str:
        """Functions keep a block's name; a net's is in lower case."""
        return (
            routine.name.lower() + (f"{routine.suffix}_model" if routine.bound else "")
            if routine.is_net
            else python_name(routine.name) + routine.suffix.lower()
        )

    def choose_names(self, routines: list[Routine], nets: list[NetSpec]) -> None:
        if self.names:
            return
        super().choose_names(routines, nets)
        if self.frozen is not None:
            taken = {*self.names.values(), *(net.function for net in nets)}
            for routine in routines:
                taken |= set(routine.names.name_of.values())
            self.freezer = "frozen"
            while self.freezer in taken:
                self.freezer += "_"

    def helpers_text(self) -> list[str]:
        """What must stand in front of the blocks, and what freezes the layers of a model."""
        if self.frozen is None:
            return super().helpers_text()
        nested = any(any_shared(net.instance) for net in self.nets)
        code = freezing(self.frozen, self.freezer, nested=nested)
        return [*super().helpers_text(), "\n".join(text_of(code))]

    def has_constructor(self, net: NetSpec) -> bool:
        """A net's own function is its constructor."""
        return isinstance(net.definition.node, syntax.Variant) or bool(net.routine.bound)

    def write_routine(self, routine: Routine) -> list[Any]:
        if id(routine) not in self.written:
            self.written[id(routine)] = KerasFunction(self, routine)
        written: KerasFunction = self.written[id(routine)]
        return written.write()

    def takes_name(self, routine: Routine) -> bool:
        """Whether a block's layers are named: it holds weights, or is passed where others do.

        Only of what holds weights do the paths differ.
        """
        if id(routine) not in self.names_cache:
            self.names_cache[id(routine)] = routine.passed
            way = naming(routine.definition)
            self.names_cache[id(routine)] = routine.passed or any(
                self._holds(statement, way) for statement in every(routine.statements)
            )
        return self.names_cache[id(routine)]

    def _holds(self, statement: Any, way: Naming) -> bool:
        if isinstance(statement, model.Layer):
            place = statement.place
            return place is not None and place.weights and is_named(place, way)
        if isinstance(statement, model.Call):
            return statement.routine is None or self.takes_name(statement.routine)
        return False

    # Partials

    def partial(
        self, function: str, op: str, settings: dict[str, str]
    ) -> tuple[str, dict[str, str]]:
        """The name to call a layer by, and the settings that are left for the call."""
        key = (function, op)
        self.asked.setdefault(key, []).append(settings)
        shared = self.partials.get(key)
        self.direct |= {value for name, value in settings.items() if name not in (shared or ())}
        if not shared:
            return function, settings
        self.used_partials[key] = None
        return self.partial_name(key), {k: v for k, v in settings.items() if k not in shared}

    def partial_name(self, key: tuple[str, str]) -> str:
        """``BatchNorm`` of ``batch_norm``; two classes of one layer keep Keras's names."""
        function, op = key
        others = [other for other in self.partials if other[1] == op]
        name = "".join(part[:1].upper() + part[1:] for part in op.split("_"))
        return name if len(others) == 1 else function.rpartition(".")[2]

    def initialiser(self, value: Any, *, depthwise: bool = False, by: float = 1.0) -> str | None:
        """The constant that holds the config of an initialiser."""
        text = config(turned(value) if depthwise else value, by)
        if text is None or text.startswith('"'):
            return text
        name = constant_name(value)
        count = 1
        while self.initialisers.get(name, text) != text:
            count += 1
            name = f"{constant_name(value)}_{count}"
        self.initialisers[name] = text
        return name

    def preamble(self) -> list[Any]:
        lines: list[Any] = []
        if self.initialisers:
            lines.append(
                "# Configs, not instances: one instance gives layers of equal shape equal weights."
            )
            lines += [
                f"{name}{': Any' if name in self.direct else ''} = {text}"
                for name, text in self.initialisers.items()
            ]
        partials = [
            self.in_full(f"{self.partial_name(key)} = {call('partial', key[0], **shared)}")
            for key, shared in self.partials.items()
        ]
        return [*lines, *([""] if lines and partials else []), *partials]

    # Signatures

    def kind_text(self, routine: Routine, param: syntax.Param) -> str:
        values = self.values_of(routine.definition, param.name.name)
        kind = type_of(param)
        if kind in ("norm", "activation"):
            return "Callable[..., Any]"
        if kind == "block" or any(isinstance(v, Partial) for v in values):
            return "Callable[..., KerasTensor]"
        return param_type(param, values, self.default_value(routine.definition, param))

    def docstring_lines(self, written: KerasFunction) -> list[str]:
        lines = [
            *self.paragraphs(written.routine.node.doc),
            *self.uses(written.routine),
            self.shape_line(written.routine),
            *self.stays(written.routine),
        ]
        if written.routine.is_net:
            net = next((n for n in self.nets if n.definition is written.routine.definition), None)
            if net is not None:
                lines += self.constructor_lines(net)
        return lines

    nets: list[NetSpec]

    def input_shape(self, routine: Routine, name: str, tensor: Tensor) -> str:
        """The shape of an input: channels last, a dynamic size none."""
        dynamic = [False] * tensor.rank
        for statement in routine.node.body.statements:
            if routine.fixed:  # what is written holds for the sizes that it was checked at
                break
            if isinstance(statement, syntax.Input) and statement.name.name == name:
                dynamic = [size.name is not None for size in statement.sizes]
        sizes = [
            "None"
            if open_
            else (text.plain if (text := routine.names.say(size)) is not None else str(size))
            for size, open_ in zip(tensor.sizes, dynamic, strict=True)
        ]
        return _tuple(self.last(sizes, tensor))

    @property
    def late_sizes(self) -> bool:
        """Whether sizes may be known only when the model runs: a net of the file says so."""
        inputs = [
            statement
            for net in self.nets
            if not net.routine.fixed
            for statement in net.routine.node.body.statements
            if isinstance(statement, syntax.Input)
        ]
        return any(size.name is not None for statement in inputs for size in statement.sizes)

    def last(self, sizes: list[str], tensor: Tensor) -> list[str]:
        """Sizes with the channels last."""
        channels = tensor.axes and tensor.axes[0] == CHANNELS
        return [*sizes[1:], sizes[0]] if channels and len(sizes) > 1 else sizes

    def over_channels(self, net: NetSpec) -> dict[str, bool]:
        """Whether Keras has the channels last, of each input and output of a net that was
        written: two sizes alone do not tell."""
        written: KerasFunction = self.written[id(net.routine)]
        values = {name: value for name, value, _ in net.routine.inputs}
        values |= dict([written.outputs.main, *written.outputs.others])
        values |= {output.side.name: output.side.value for output in written.sides}
        return {name: channels_last(net.routine.values[value]) for name, value in values.items()}

    # References and constructors

    def reference(self, value: Partial, render: Any, rank: int = 2) -> str:
        """A layer or block as a value."""
        if isinstance(value.target, Parameter):
            return value.target.name
        if isinstance(value.target, Definition):
            routine = self.passed_routine(value.target, rank)
            name = self.names[id(routine)]
            args = self.held_args(value, routine, render, rank)
            return f"partial({', '.join([name, *args])})" if args else name
        from netwright.targets.keras.passed import passed_layer

        return passed_layer(self, value)

    def args(self, call: Any, render: Any, tensors: Iterable[str] = ()) -> list[str]:
        """The arguments of a call; a layer is no function of a tensor, as a block is."""
        for param in call.routine.definition.params if call.routine is not None else ():
            given = call.args.get(param.name.name)
            open_ = given is not None and param.name.name not in call.routine.bound
            if open_ and type_of(param) == "block" and holds_layer(given.value):
                raise NotGeneral(call.span)
        return super().args(call, render, tensors)

    def positional(self, call: Any, name: str) -> bool:
        """By place stand only required parameters; the others are keywords."""
        if call.routine is None:
            return True
        param = next(p for p in call.routine.definition.params if p.name.name == name)
        return param.default is None and super().positional(call, name)

    def held(self, net: NetSpec) -> int:
        biases, added, left_out = self.lost(net.instance)
        return net.instance.totals.params + added - biases - left_out

    def left(self, net: NetSpec) -> int:
        frozen = self.frozen
        if frozen is None:
            return self.held(net)
        biases, added, left_out = lost(net.instance, frozen.leaves)
        return frozen.trained(net.instance) + added - biases - left_out

    def lost(self, instance: Instance) -> tuple[int, int, int]:
        """Scalars that a Keras model does not hold, or holds beside; counted once."""
        if id(instance) not in self.lost_of:
            self.lost_of[id(instance)] = lost(instance)
        return self.lost_of[id(instance)]

    def remark(self, net: NetSpec) -> str:
        params, said = net.instance.totals.params, []
        biases, added, left_out = self.lost(net.instance)
        if biases:
            said.append(f"{params:,} with the second biases, which Keras adds to the first")
        if added:
            said.append(f"{params:,} with one bias for each gate, where Keras's GRU has two")
        if left_out:
            said.append(f"{params:,} with layers that no output depends on, which Keras leaves out")
        if any(output.training for output in net.instance.outputs):
            sides = sum(step_totals(step).params for step in net.instance.steps if step.side)
            said.append(f"without `training_outputs` {self.held(net) - sides:,}")
        return "".join(f"; {text}" for text in said)

    def constructor(self, net: NetSpec) -> list[Any]:
        """``def resnet50(classes: int = 1000) -> keras.Model``."""
        params = [self.param_text(net.routine, param) for param in net.open]
        local, args = self.constructor_args(net)
        args += [f"{python_name(p.name.name)}={python_name(p.name.name)}" for p in net.open]
        written = self.written[id(net.routine)]
        if any(output.training for output in net.instance.outputs):
            params.append("training_outputs: bool = False")
            args.append("training_outputs=training_outputs")
        args.append(f'name="{net.function}"')
        body = [
            self.doc(self.constructor_lines(net), 1),
            *local,
            f"return {written.name}({', '.join(args)})",
        ]
        return [Block(f"def {net.function}({', '.join(params)}) -> {written.model_type}:", body)]

    def imports(self, lines: Iterable[str]) -> list[str]:
        return keras_imports(lines, ("layers",) if self.hidden else (), foreign=self.foreign)


def _tuple(sizes: list[str]) -> str:
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"
