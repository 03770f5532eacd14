"""Names and texts of one function: paths of layers, sizes asked of tensors."""

from collections.abc import Iterator
from typing import Any

from netwright.bind.paths import Naming as Way
from netwright.bind.paths import naming
from netwright.evaluate import NotGeneral
from netwright.lower import model
from netwright.lower.inputs import input_keys, member
from netwright.lower.model import Home, Place, Routine
from netwright.lower.text import NameOf, SizeOf, Text
from netwright.lower.wording import python_name
from netwright.sym import Sym, keys
from netwright.targets.docs import dynamic_sizes
from netwright.targets.keras.flattened import seen_by_weights_alone
from netwright.targets.keras.fuse import fuse
from netwright.targets.keras.idle import without_idle
from netwright.targets.keras.index import Numbering
from netwright.targets.keras.order import channels_last, keras_axis
from netwright.targets.lists import Lists
from netwright.targets.liveness import numbers_in, texts_of
from netwright.targets.sides import Outputs, outputs, pull
from netwright.targets.variables import Variables, every
from netwright.tensor import Tensor

RESERVED = {"keras", "layers", "ops", "partial", "name", "losses"}


class Naming:
    """The routine behind a function, and how its places and sizes are said."""

    def __init__(self, file: Any, routine: Routine) -> None:
        self.file = file
        self.routine = routine
        self.name = file.names[id(routine)]
        self.way = naming(routine.definition)
        statements, sides = pull(routine.statements)
        self.outputs: Outputs = outputs(routine, statements, sides)
        self.sides = sides
        results = {
            routine.result,
            *(value for _, value in self.outputs.others),
            *(s.side.value for s in sides),
        }
        self.inputs = {value: (name, tensor) for name, value, tensor in routine.inputs}
        named = (s for s in statements if not isinstance(s, model.Side) or s.body)
        live = without_idle((*named, *(s.side for s in sides)), results, self.reads)
        flow = fuse(live, results)
        self.sides = [
            type(s)(fused, s.conditions)
            for s, fused in zip(sides, flow[len(flow) - len(sides) :], strict=True)
        ]
        self.flow = flow
        self.variables: Variables
        self.started: set[int] = set()
        self.params = {
            python_name(p.name.name): p
            for p in routine.definition.params
            if p.name.name not in routine.bound
        }
        self.taken = set(self.params) | {
            python_name(s.place.static or "")
            for s in every(routine.statements)
            if getattr(getattr(s, "place", None), "kind", "") == "shared"
        }
        self.numbers_wanted: set[str] = set()
        self.asked_sizes: dict[str, str] = {}
        self.numberings: dict[int, Numbering] = {}
        self.turn_names: dict[int, str] = {}
        self.named = routine.is_net or file.takes_name(routine)
        self.done: set[int] = set()
        self.lists: Lists
        self.loaded = {s.name for s in every(flow) if isinstance(s, model.Load)}

    def needs_name(self, statement: Any) -> bool:
        """Whether a member is named: it holds weights, or has a label of its own."""
        if isinstance(statement, model.Layer):
            place = statement.place
            if place is None or not is_named(place, self.way):
                return False
            return place.weights or self.named
        if isinstance(statement, model.Call):
            return statement.routine is None or self.file.takes_name(statement.routine)
        if isinstance(statement, model.Group):
            return any(map(self.needs_name, every(statement.body)))
        return False

    def numbering(self, home: Home) -> Numbering:
        """How the members of a home are counted."""
        if id(home) not in self.numberings:
            made = Numbering(home, self.flow, self.needs_name)
            taken = {other.name for other in self.numberings.values() if other.counted}
            taken |= set(self.params) | numbers_in(self.flow)
            count = 1
            while made.counted and made.name in taken:
                count += 1
                made.name = f"index_{count}"
            self.numberings[id(home)] = made
        return self.numberings[id(home)]

    def path(self, place: Place) -> list[str]:
        """The parts of a path from the outside in, each the inside of an f-string."""
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
        text = ""
        for part in self.path(place):
            text = self.way.joined(text, part)
        return f'f"{text}"' if "{" in text else f'"{text}"'

    def render(self, text: Text) -> str:
        """A text for the function."""
        return text.render(self.word, self.size)

    def word(self, part: NameOf) -> str:
        """A name as it is; numbers of `let`s are noted as wanted."""
        if part.key.startswith("file:"):
            self.file.use_top(part.key)
        self.want(part.key)
        return self.ask(part.key) or part.name

    def ask(self, key: str) -> str | None:
        """Note that a text speaks of a size of an input by the name of a local; of a tensor of a
        list, what the size is."""
        for name, tensor in self.inputs.values() if not self.routine.is_net else ():
            locals_ = input_keys(name, tensor)
            if key in locals_:
                self.refuse_late(tensor, locals_.index(key))
                axis = keras_axis(tensor, locals_.index(key))
                size = f"{self.input_name(name)}.shape[{axis}]"
                if member(self.routine.definition, name) is not None:
                    return size
                self.asked_sizes[key] = size
        return None

    def want(self, key: str) -> None:
        """Note that a number is read, and the keys that its variable gets its value from."""
        if key not in self.numbers_wanted:
            self.numbers_wanted.add(key)
            for other in self.file.lowerer.equal_keys.get(id(self.routine), {}).get(key, ()):
                self.want(other)

    def size(self, part: SizeOf) -> str:
        """A size of a tensor: of the block's input a local, of another asked where it is."""
        if part.value in self.inputs and not self.routine.is_net:
            name, tensor = self.inputs[part.value]
            local = input_keys(name, tensor)[part.axis]
            return self.ask(local) or local
        tensor = self.routine.values[part.value]
        size = tensor.sizes[part.axis]
        if isinstance(size, int) and part.value in self.inputs:
            return str(size)
        if isinstance(size, Sym) and keys(size) & dynamic_sizes(self.routine):
            raise NotGeneral(self.routine.node.name.span)  # none while the model is built
        self.refuse_late(tensor, part.axis)
        return f"{self.variables.names[part.value]}.shape[{keras_axis(tensor, part.axis)}]"

    def refuse_late(self, tensor: Tensor, axis: int) -> None:
        """Refuse to compute with a size that only the run may know."""
        channels = axis == 0 and channels_last(tensor)
        if self.file.late_sizes and not channels and not isinstance(tensor.sizes[axis], int):
            raise NotGeneral(self.routine.node.name.span)

    def reads(self, statement: Any) -> Iterator[int]:
        """Tensors whose sizes a statement asks for."""
        for text in texts_of(statement):
            for size in text.sizes():
                if size.value not in self.inputs or self.routine.is_net:
                    yield size.value

    def feeds_linear(self, value: int) -> bool:
        """Whether only weights see the order of a flattened map."""
        return seen_by_weights_alone(self.routine, value)

    def given(self) -> dict[int, str]:
        """Names of the inputs."""
        found = {value: self.input_name(name) for name, value, _ in self.routine.inputs}
        truth = self.truth
        return found if truth is None else {**found, truth[1]: truth[0]}

    @property
    def truth(self) -> tuple[str, int] | None:
        """The variable of what an image shows, where a net has losses."""
        if self.routine.truth is None:
            return None
        name, value = self.routine.truth
        return f"{name}_" if name in RESERVED else name, value

    def input_name(self, name: str) -> str:
        """The variable of an input: of a block's own input ``x``, or what no parameter is."""
        listed = member(self.routine.definition, name)
        if listed is not None:
            return f"{python_name(listed.param)}[{listed.place}]"
        if name != "in":
            return python_name(name)
        return next(x for x in ("x", "inputs", "inputs_") if x not in self.taken)


def is_named(place: Place, way: Way) -> bool:
    """Whether a layer is named: by a label of its own, or, with weights, by its path."""
    own = place.label is not None and place.user
    return own or (place.weights and way is not Way.AUTO)
