"""One block or net as a function: its signature and its body, one stream of lines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from netwright import syntax
from netwright.arguments import type_of
from netwright.lower import model
from netwright.lower.flow import input_keys
from netwright.lower.model import Home, Place, Routine
from netwright.lower.text import NameOf, SizeOf, Text
from netwright.lower.wording import python_name
from netwright.targets.code import Block
from netwright.targets.keras.fuse import Skip, fuse
from netwright.targets.keras.index import Numbering, loop_index
from netwright.targets.keras.view import KerasView
from netwright.targets.sides import Outputs, outputs, pull
from netwright.targets.spell import spell
from netwright.targets.torch.constructor import negated, parallel
from netwright.targets.variables import Variables, every
from netwright.tensor import CHANNELS, Tensor

Lines = list[Any]
RESERVED = {"keras", "layers", "ops", "partial", "name"}


class KerasFunction:
    """Writes the function of a routine."""

    def __init__(self, file: Any, routine: Routine) -> None:
        self.file = file
        self.routine = routine
        self.name = file.names[id(routine)]
        statements, sides = pull(routine.statements)
        self.outputs: Outputs = outputs(routine, sides)
        self.sides = sides
        results = {routine.result, *(value for _, value in self.outputs.others), *(s.side.value for s in sides)}
        flow = fuse((*statements, *(s.side for s in sides)), results)
        self.sides = [type(s)(fused, s.conditions) for s, fused in zip(sides, flow[len(flow) - len(sides) :], strict=True)]
        self.flow = flow
        self.params = {python_name(p.name.name): p for p in routine.definition.params if p.name.name not in routine.bound}
        self.numbers_wanted: set[str] = set()
        self.asked_sizes: dict[str, str] = {}
        self.inputs = {value: (name, tensor) for name, value, tensor in routine.inputs}
        self.numberings: dict[int, Numbering] = {}
        self.turn_names: dict[int, str] = {}
        self.named = any(map(self.needs_name, every(flow))) or routine.passed
        self.done: set[int] = set()
        self.loaded = {s.name for s in every(flow) if isinstance(s, model.Load)}

    # Names

    def needs_name(self, statement: Any) -> bool:
        """Whether a member is named: it holds weights, or has a label of its own."""
        if isinstance(statement, model.Layer):
            place = statement.place
            return place is not None and (place.weights or (place.label is not None and place.user))
        if isinstance(statement, model.Call):
            return statement.routine is None or self.file.takes_name(statement.routine)
        if isinstance(statement, model.Group):
            return any(map(self.needs_name, every(statement.body)))
        return False

    def numbering(self, home: Home) -> Numbering:
        """How the members of a home are counted."""
        if id(home) not in self.numberings:
            made = Numbering(home, self.flow, self.needs_name)
            taken = {other.name for other in self.numberings.values() if other.counted} | set(self.params)
            count = 1
            while made.counted and made.name in taken:
                count += 1
                made.name = f"index_{count}"
            self.numberings[id(home)] = made
        return self.numberings[id(home)]

    def path(self, place: Place) -> list[str]:
        """The parts of a path, each the inside of an f-string."""
        parts = []
        home = place.home
        if home.place is not None:
            parts = self.path(home.place)
        elif not self.routine.is_net:
            parts = ["{name}"]
        if place.label is None:
            return [*parts, self.numbering(home).text(place, self.turn_names)]
        label = self.render(place.label)
        inner = label[2:-1] if label.startswith('f"') else label
        return [*parts, inner]

    def name_text(self, place: Place) -> str:
        """The name of a layer or block: its path, joined by ``_``."""
        text = "_".join(self.path(place))
        return f'f"{text}"' if "{" in text else f'"{text}"'

    # Texts

    def render(self, text: Text) -> str:
        """A text for the function."""
        return text.render(self.word, self.size)

    def word(self, part: NameOf) -> str:
        """A name as it is; numbers of `let`s are noted as wanted."""
        if part.key.startswith("file:"):
            self.file.use_top(part.key)
        self.numbers_wanted.add(part.key)
        return part.name

    def size(self, part: SizeOf) -> str:
        """A size of a tensor: of the block's input a local, of another asked where it is."""
        if part.value in self.inputs and not self.routine.is_net:
            name, tensor = self.inputs[part.value]
            local = input_keys(name, tensor)[part.axis]
            variable = "x" if name == "in" else python_name(name)
            self.asked_sizes[local] = f"{variable}.shape[{keras_axis(tensor, part.axis)}]"
            return local
        tensor = self.routine.values[part.value]
        size = tensor.sizes[part.axis]
        if isinstance(size, int) and part.value in self.inputs:
            return str(size)
        return f"{self.variables.names[part.value]}.shape[{keras_axis(tensor, part.axis)}]"

    def reads(self, statement: Any) -> Iterator[int]:
        """Tensors whose sizes a statement asks for."""
        for text in texts_of(statement):
            for size in text.sizes():
                if size.value not in self.inputs or self.routine.is_net:
                    yield size.value

    # The function

    def write(self) -> Lines:
        """The lines of the function."""
        lines = self.body_lines()
        while True:
            before = set(self.numbers_wanted)
            lines = self.body_lines()
            if before == self.numbers_wanted:
                break
        kind = "keras.Model" if self.routine.is_net else "KerasTensor" if not self.outputs.several else "dict[str, KerasTensor]"
        return [Block(f"def {self.name}({self.signature()}) -> {kind}:", [self.file.class_docstring(self, 1), *lines])]

    def body_lines(self) -> Lines:
        """All lines behind the docstring."""
        self.done.clear()
        self.numberings.clear()
        self.turn_names.clear()
        given = self.given()
        results = [self.routine.result, *(value for _, value in self.outputs.others), *(s.side.value for s in self.sides)]
        reserved = RESERVED | (set(given.values()) if self.routine.is_net else set()) | set(self.params)
        self.variables = Variables(self.flow, given, results, reserved, self.reads, start="x")
        main = [s for s in self.flow if not (isinstance(s, model.Side) and s.training)]
        self.started: set[int] = set()
        body = self.body(main)
        returns = self.returns()
        top = [f"{name} = {value}" for name, value in self.asked_sizes.items()]
        stored = [f"{name}: dict[int, KerasTensor] = {{}}" for name in sorted(self.loaded)]
        late = [
            Block(f"if {name} is None:", [f"{name} = {self.file.default_text(param, self.render)}"])
            for name, param in self.params.items()
            if self.file.late_default(self.routine, param)
        ]
        return [*self.input_lines(body), *top, *late, *stored, *body, *returns]

    def given(self) -> dict[int, str]:
        """Names of the inputs."""
        return {value: "x" if name == "in" else python_name(name) for name, value, _ in self.routine.inputs}

    def signature(self) -> str:
        """Tensors, required parameters, then the rest by keyword, and the name."""
        tensors = [f"{name}: KerasTensor" for name in self.given().values()] if not self.routine.is_net else []
        skip = {name for name, _, _ in self.routine.inputs}
        params = [p for n, p in self.params.items() if type_of(p) not in ("tensor", "tensors") and p.name.name not in skip]
        required = [self.file.param_text(self.routine, p) for p in params if p.default is None]
        optional = [self.file.param_text(self.routine, p) for p in params if p.default is not None]
        if self.routine.is_net:
            if self.sides:
                optional.append("training_outputs: bool = False")
            optional.append(f'name: str = "{self.name}"')
            return ", ".join([*tensors, *required, *optional])
        if self.named:
            optional.append("name: str")
        return ", ".join([*tensors, *required, *(["*", *optional] if optional else [])])

    def input_lines(self, body: Lines) -> Lines:
        """``image = keras.Input(…)`` of a net."""
        if not self.routine.is_net:
            return []
        lines = []
        for name, _, tensor in self.routine.inputs:
            variable = python_name(name)
            shape = self.file.input_shape(self.routine, name, tensor)
            dtype = 'dtype="int32", ' if tensor.integers is not None else ""
            kind = ": Any" if self.goes_to_block(name) else ""
            lines.append(f'{variable}{kind} = keras.Input({shape}, {dtype}name="{name}")')
        return lines

    def goes_to_block(self, name: str) -> bool:
        """Whether an input is handed to a function of ours, or copied to the flow."""
        value = next(v for n, v, _ in self.routine.inputs if n == name)
        for statement in every(self.flow):
            if isinstance(statement, model.Call) and statement.place.kind != "shared" and value in (*statement.inputs, *statement.tensors.values()):
                return True
            if any(value in (phi.before, phi.end) for phi in getattr(statement, "phis", ())):
                return self.named_any(statement)
        return False

    def named_any(self, statement: Any) -> bool:
        """Whether a loop or condition calls functions of ours."""
        return any(isinstance(s, model.Call) for s in every([statement]))

    def returns(self) -> Lines:
        """The end: a tensor, or the model with its outputs."""
        main = self.variables.names[self.routine.result]
        outs = {self.outputs.main[0]: main, **{n: self.variables.names[v] for n, v in self.outputs.others}}
        if not self.routine.is_net:
            if len(outs) == 1:
                return [f"return {main}"]
            return [f"return {{{', '.join(f'{chr(34)}{n}{chr(34)}: {v}' for n, v in outs.items())}}}"]
        inputs = [python_name(name) for name, _, _ in self.routine.inputs]
        given = inputs[0] if len(inputs) == 1 else f"[{', '.join(inputs)}]"
        plain = main if len(outs) == 1 else _dict(outs)
        model_line = f"return keras.Model({given}, {plain}, name=name)"
        if not self.sides:
            return [model_line]
        conditions = {tuple(self.render(c) for c in output.conditions) for output in self.sides}
        body: Lines = []
        if len(conditions) == 1:
            (condition,) = conditions
            for output in self.sides:
                body += self.body(output.side.body)
                outs[output.side.name] = self.variables.names[output.side.value]
            body.append(f"outputs = {_dict(outs)}")
            test = " and ".join(["training_outputs", *(c if " or " not in c else f"({c})" for c in condition)])
            return [Block(f"if {test}:", [*body, f"return keras.Model({given}, outputs, name=name)"]), model_line]
        body.append(f"outputs = {_dict(outs)}")
        for output in self.sides:
            inner = [*self.body(output.side.body), f'outputs["{output.side.name}"] = {self.variables.names[output.side.value]}']
            test = " and ".join(self.render(c) for c in output.conditions)
            body += [Block(f"if {test}:", inner)] if test else inner
        return [Block("if training_outputs:", [*body, f"return keras.Model({given}, outputs, name=name)"]), model_line]

    # Statements

    def body(self, statements: Sequence[Any]) -> Lines:
        """The lines of some statements."""
        lines: Lines = []
        for place, statement in enumerate(statements):
            if id(statement) in self.variables.dead:
                continue
            lines += self.statement(statement, statements[place + 1 :])
            if isinstance(statement, model.Layer | model.Call | model.Group | Skip):
                lines += self.counted(statement, statements[place + 1 :])
        return lines

    def statement(self, statement: Any, following: Sequence[Any]) -> Lines:
        """The lines of one statement."""
        match statement:
            case model.Layer():
                return self.layer(statement, following)
            case model.Call():
                return self.call(statement, following)
            case model.Group() | model.Side():
                return self.body(statement.body)
            case model.Loop():
                return self.loop(statement)
            case model.Arms():
                return self.arms(statement)
            case model.Number():
                return self.number(statement)
            case model.Gather():
                return [line for branch in statement.branches for line in self.body(branch.body)]
            case model.Alias():
                return self.alias(statement)
            case model.Store():
                return self.store(statement)
            case model.Load():
                self.variables.names[statement.output] = f"{statement.name}[{self.render(statement.index)}]"
        return []

    def counted(self, statement: Any, following: Sequence[Any]) -> Lines:
        """Let the count of a numbered home go on behind a member."""
        place = statement.place
        if place is None or place.label is not None or not place.home.numbered:
            return []
        numbering = self.numbering(place.home)
        if not numbering.counted or place.own in numbering.literal:
            return []
        numbering.pending += 1
        run_ends = not any(
            getattr(other, "place", None) is not None and other.place.home is place.home and other.place.label is None
            for other in _before_control(following, numbering)
        )
        if not run_ends:
            return []
        count, numbering.pending = numbering.pending, 0
        return [f"{numbering.name} += {count}"] if numbering.wanted_behind(place.own) else []

    def starts(self, statement: Any) -> Lines:
        """``index = 2`` in front of the first loop or condition that counts members."""
        lines = []
        for home in dict.fromkeys(_homes([statement])):
            if home.numbered and not (isinstance(statement, model.Loop | model.Arms) and _inside_group(statement, home)):
                numbering = self.numbering(home)
                if numbering.counted and id(home) not in self.started and numbering.holds(statement):
                    self.started.add(id(home))
                    if any(need for own, need, _ in numbering.order if own not in numbering.literal):
                        lines.append(f"{numbering.name} = {numbering.start_value}")
        return lines

    def layer(self, layer: model.Layer, following: Sequence[Any]) -> Lines:
        """The calls that a layer is in Keras, one line each."""
        out = self.variables.names[layer.output]
        inputs = [self.variables.names[value] for value in layer.inputs]
        inputs += [self.variables.names[value] for value in layer.extra.values()]
        view = KerasView(layer, self.render, inputs, out, file=self.file, function=self)
        if layer.place is not None and self.needs_name(layer):
            view.label = self.name_text(layer.place)
        lines = spell("keras", layer.op.name, view)
        self.file.use_helpers(view.helpers)
        if layer.place is not None and layer.place.kind == "shared":
            return self.shared_layer(layer, lines, inputs, following)
        return self.chain(lines, inputs, out, layer.output, following)

    def chain(self, lines: list[str], inputs: list[str], out: str, value: int, following: Sequence[Any]) -> Lines:
        """Callables applied one after another; ``$`` stands for the tensor, ``if …:`` for a condition."""
        found: Lines = []
        source = inputs[0] if inputs else ""
        for place, line in enumerate(lines):
            condition = ""
            if line.startswith("if ") and ": " in line:
                condition, _, line = line.partition(": ")
            if line.startswith("= "):
                line, inputs = line[2:], []
            expression = line.replace("$", source) if "$" in line or not inputs else f"{line}({source})"
            if condition and source != out:
                found.append(f"{out} = {source}")
            names = self.names_of(out, value, following) if place == len(lines) - 1 else [out]
            assigned = f"{' = '.join(names)} = {expression}"
            found.append(Block(f"{condition}:", [assigned]) if condition else assigned)
            source = out
        return found

    def names_of(self, out: str, value: int, following: Sequence[Any]) -> list[str]:
        """The variable of an output, and the label that is read further down."""
        names = [out]
        for other in following:
            if isinstance(other, Skip):
                continue
            if isinstance(other, model.Alias) and value in other.sources and len(other.names) == 1:
                name = self.variables.names.get(other.outputs[0])
                if id(other) not in self.variables.dead and name is not None and name not in names:
                    names.append(name)
                    self.done.add(id(other))
                continue
            if isinstance(other, model.Store) and other.source == value:
                if id(other) not in self.variables.dead and other.name in self.loaded:
                    names.append(f"{other.name}[{self.render(other.index)}]")
                    self.done.add(id(other))
                continue
            break
        return names

    def shared_layer(self, layer: model.Layer, lines: list[str], inputs: list[str], following: Sequence[Any]) -> Lines:
        """A layer with one set of weights for several uses."""
        assert layer.place is not None
        name = python_name(layer.place.static or "shared")
        found: Lines = [f"{name} = {lines[-1]}"] if layer.first else []
        return [*found, *self.chain([*lines[:-1], name], inputs, self.variables.names[layer.output], layer.output, following)]

    def call(self, call: model.Call, following: Sequence[Any]) -> Lines:
        """A block at work."""
        out = self.variables.names[call.output]
        inputs = [self.variables.names[value] for value in (*call.inputs, *call.tensors.values())]
        shared = call.place.kind == "shared"
        lines: Lines = []
        if shared:
            name = python_name(call.place.static or "shared")
            if call.first:
                shape = self.file.tensor_shape(self.routine, self.routine.values[call.inputs[0]])
                lines.append(f"{name}_input: Any = keras.Input({shape})")
                lines.append(f"{name}_output = {self.expression(call, [f'{name}_input'])}")
                lines.append(f'{name} = keras.Model({name}_input, {name}_output, name={self.name_text(call.place)})')
            expression = f"{name}({', '.join(inputs)})"
        else:
            expression = self.expression(call, inputs)
        if call.outputs:
            result = self.variables.names[call.output]
            lines.append(f"{result}_outputs = {expression}")
            main = self.file.written[id(call.routine)].outputs.main[0]
            lines.append(f'{result} = {result}_outputs["{main}"]')
            lines += [f'{self.variables.names[v]} = {result}_outputs["{n}"]' for n, v in call.outputs.items()]
            return lines
        return [*lines, f"{' = '.join(self.names_of(out, call.output, following))} = {expression}"]

    def expression(self, call: model.Call, inputs: list[str]) -> str:
        """``bottleneck(x, width, stride=stride, name=f"{name}_0")``."""
        function = call.parameter or self.file.names[id(call.routine)]
        args = self.file.args(call, self.render, set(call.tensors))
        named = call.routine is None or self.file.takes_name(call.routine)
        if call.parameter_kind == "activation":
            return f"{function}()({inputs[0]})"
        if call.parameter_kind == "norm":
            return f"{function}(name={self.name_text(call.place)})({inputs[0]})"
        if named:
            args = [*args, f"name={self.name_text(call.place)}"]
        return f"{function}({', '.join([*inputs, *args])})"

    def alias(self, alias: model.Alias) -> Lines:
        """A name for a tensor, where it is not the variable already."""
        if id(alias) in self.done:
            return []
        names = self.variables.names
        pairs = [(names[o], names[s]) for s, o in zip(alias.sources, alias.outputs, strict=True) if names[o] != names[s]]
        if len(pairs) > 1:
            return [f"{', '.join(n for n, _ in pairs)} = {', '.join(v for _, v in pairs)}"]
        return [f"{name} = {value}" for name, value in pairs]

    def store(self, store: model.Store) -> Lines:
        """Keep a tensor under its index."""
        if id(store) in self.done:
            return []
        lines = []
        names = self.variables.names
        if store.name in self.loaded:
            lines.append(f"{store.name}[{self.render(store.index)}] = {names[store.source]}")
        if self.variables.uses.get(store.output) and names[store.output] != names[store.source]:
            lines.append(f"{names[store.output]} = {names[store.source]}")
        return lines

    def number(self, number: model.Number) -> Lines:
        """A `let`, where anything reads it."""
        if number.key not in self.numbers_wanted and not self.wanted_by_arms(number):
            return []
        return [f"{number.name} = {self.render(number.text)}"]

    def wanted_by_arms(self, number: model.Number) -> bool:
        """Whether a variable that several arms bind is read behind them."""
        merged = self.file.lowerer.arm_keys.get(id(self.routine), {})
        return any(key in self.numbers_wanted for key, name in merged.items() if name == number.name)

    def loop(self, loop: model.Loop) -> Lines:
        """A loop; it counts its turns where names need it."""
        lines = [*parallel(self.variables.before[id(loop)]), *self.starts(loop)]
        counter, kind = loop_index(loop)
        counts = any(id(loop) in n.loops for n in map(self.numbering, dict.fromkeys(h for h in _homes(loop.body) if h.numbered)))
        if counts:
            counter = counter or self.turn_variable()
            self.turn_names[id(loop)] = counter
        body = [*self.body(loop.body), *parallel(self.variables.after[id(loop)])]
        if not body:
            return lines
        used = used_words(body)
        names = [name if name in used else "_" for name, _ in loop.targets]
        iterable = self.render(loop.iterable)
        if counts and kind == "repeat":
            names = [counter or "_"]
        elif counts and kind == "items":
            names = [counter or "_", *names] if len(names) == 1 else [counter or "_", f"({', '.join(names)})"]
            iterable = f"enumerate({iterable})"
        return [*lines, Block(header(names, iterable), body)]

    def turn_variable(self) -> str:
        """A loop variable of our own."""
        taken = {name for name, _ in _targets(self.flow)} | set(self.params) | set(self.turn_names.values())
        return next(name for name in ("i", "j", "k", "turn") if name not in taken)

    def arms(self, arms: model.Arms) -> Lines:
        """A condition."""
        lines = [*parallel(self.variables.before[id(arms)]), *self.starts(arms)]
        then = [*self.body(arms.then), *parallel(self.variables.after[id(arms)])]
        otherwise = [*self.body(arms.otherwise), *parallel(self.variables.otherwise[id(arms)])]
        if not then and not otherwise:
            return lines
        condition = self.render(arms.condition)
        if not then:
            return [*lines, Block(f"if {negated(condition)}:", otherwise)]
        return [*lines, Block(f"if {condition}:", then), *([Block("else:", otherwise)] if otherwise else [])]


def header(names: list[str], iterable: str) -> str:
    """``for i, n in enumerate(depths):``, shorter where a variable is not read."""
    if len(names) == 2 and iterable.startswith("enumerate(") and not names[1].startswith("("):
        inner = iterable[len("enumerate(") : -1]
        if names[1] == "_" and names[0] != "_":
            return f"for {names[0]} in range(len({inner})):"
        if names[0] == "_" and "," not in inner:
            return f"for {names[1]} in {inner}:"
    return f"for {', '.join(names) or '_'} in {iterable}:"


def keras_axis(tensor: Tensor, axis: int) -> int:
    """The place of an axis in a Keras shape, where the batch is first and channels are last."""
    if tensor.axes and tensor.axes[0] == CHANNELS and tensor.rank > 1:
        return -1 if axis == 0 else axis
    return -1 if axis == tensor.rank - 1 else axis + 1


def texts_of(statement: Any) -> Iterator[Text]:
    """All texts of a statement."""
    match statement:
        case model.Layer() | model.Call():
            yield from (argument.text for argument in statement.args.values())
        case model.Number():
            yield statement.text
        case model.Arms():
            yield statement.condition
        case model.Loop():
            yield statement.iterable
        case model.Store() | model.Load():
            yield statement.index
    place = getattr(statement, "place", None)
    if place is not None and place.label is not None:
        yield place.label


def used_words(code: Iterable[Any]) -> set[str]:
    """All names that lines speak of."""
    import re

    found: set[str] = set()
    for item in code:
        text = item.header if isinstance(item, Block) else item
        found |= set(re.findall(r"[A-Za-z_]\w*", text))
        if isinstance(item, Block):
            found |= used_words(item.body)
    return found


def _before_control(statements: Sequence[Any], numbering: Numbering) -> Iterator[Any]:
    for statement in statements:
        if isinstance(statement, model.Loop | model.Arms) and numbering.holds(statement):
            return
        yield statement


def _homes(statements: Sequence[Any]) -> Iterator[Home]:
    for statement in every(statements):
        place = getattr(statement, "place", None)
        if place is not None and place.label is None:
            yield place.home


def _inside_group(statement: Any, home: Home) -> bool:
    return any(isinstance(s, model.Group) and s.home is home for s in every([statement]))


def _targets(statements: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for statement in every(statements):
        if isinstance(statement, model.Loop):
            yield from statement.targets


def _dict(items: dict[str, str]) -> str:
    return "{" + ", ".join(f'"{name}": {value}' for name, value in items.items()) + "}"


__all__ = ["KerasFunction", "syntax"]
