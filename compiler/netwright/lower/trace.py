"""The run on symbols: one body as statements that hold for every value of its parameters."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from netwright import syntax
from netwright.bind.call import Bound, bind_block, bind_op
from netwright.bind.scope import Defaults, default_for, file_defaults, let_values
from netwright.bind.walk import SharedModule, Walk, plain
from netwright.condition import Cond, facts, negate
from netwright.evaluate import NotGeneral, evaluate, text_of, truth
from netwright.lower import model
from netwright.lower.flow import Flow
from netwright.lower.model import Argument, Home, Place, Routine, Statement
from netwright.lower.names import Names
from netwright.lower.text import NameOf, SizeOf, Text, python_value
from netwright.lower.wording import Speaker, python_name, template, word
from netwright.members import chain_members, is_numbered, is_numbered_chain
from netwright.ops.base import Op
from netwright.ops.linear import Linear
from netwright.program import Definition
from netwright.record import record
from netwright.source import Span
from netwright.sym import Dim, Sym, keys, substitute, variable
from netwright.tensor import Tensor
from netwright.values import Fault, Kernel, Partial, Ref, Scope


@record
class Parameter:
    """A block, norm or activation that a parameter holds: only its instances know which."""

    name: str
    kind: str
    key: str


@record
class Templated:
    """A tensor under an indexed label: its index, its sizes as they were, and its statement."""

    parts: tuple[Any, ...]
    index: Any
    ref: Ref
    store: int


class Lost:
    """A name that was first bound in a loop or in one arm: not for every value of the parameters."""


LOST = Lost()


class Trace(Walk, Speaker):
    """One body on symbols; statements are gathered in ``out``."""

    def __init__(self, lowerer: Any, definition: Definition, values: dict[str, Any], defaults: Defaults, routine: Routine) -> None:
        super().__init__(definition, values, defaults)
        self.lowerer = lowerer
        self.routine = routine
        self.names = Names()
        self.rows: dict[str, NameOf | Text] = {}
        self.out: list[Statement] = []
        self.home: Home = routine.home
        self.next_id = 0
        self.known: dict[str, Dim] = {}
        self.templates: list[Templated] = []
        self.taken: list[dict[str, Any]] = [{}]
        self.flat: dict[int, tuple[Dim, ...]] = {}
        self.bracket = False
        self.special = False  # some parameters are numbers: loops over numbers are run turn by turn
        self.ragged: set[int] = set()
        self.flow = Flow(self)
        self.label_stack: list[str] = []

    # Values and names

    def new(self, tensor: Tensor, span: Span | None = None) -> Ref:
        """A new tensor of the body."""
        ref = Ref(tensor, self.next_id, span)
        self.routine.values[self.next_id] = tensor
        self.next_id += 1
        return ref

    def parameter(self, name: str, key: str | None = None) -> str:
        """Bind the variable of a parameter; its key."""
        text = python_name(name)
        key = key or name
        self.names.bind(text, key)
        self.rows[name] = NameOf(key, text)
        return key

    def report(self, fault: Fault) -> None:
        raise fault

    def statement(self, statement: syntax.Statement) -> None:
        self._run(statement)

    def labels(self) -> dict[str, Any]:
        return self.taken[-1]

    def first_label(self, name: str) -> Any:
        return ()

    def lookup(self, name: str, span: Span) -> Any:
        found = self.scope.find(name) if name not in ("_", "in") else None
        if found is LOST:
            raise NotGeneral(span)
        if found is None and name not in ("_", "in"):
            stored = self.stored(name)
            if stored is not None:
                return stored
        return super().lookup(name, span)

    def callee(self, use: syntax.Use) -> Any:
        if isinstance(use.callee, syntax.Name) and use.args is None and use.branches is None:
            if self.scope.find(use.callee.name) is LOST:
                raise NotGeneral(use.span)
            if self.scope.find(use.callee.name) is None:
                stored = self.stored(use.callee.name)
                if stored is not None:
                    return stored
        if isinstance(use.callee, syntax.Name) and isinstance(self.scope.find(use.callee.name), Sym):
            return self.block_of(use.callee.name)
        return super().callee(use)

    def block_of(self, name: str) -> Partial:
        """A block out of a list that a loop runs over."""
        row = self.rows[name]
        assert isinstance(row, NameOf)
        return Partial(Parameter(row.name, "block", row.key))

    def undecided(self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        decided = condition.substitute(self.known)
        if isinstance(decided, bool):
            return then() if decided else otherwise()
        first, second = then(), otherwise()
        if first == second:
            return first
        if isinstance(first, int | Sym) and isinstance(second, int | Sym) and not isinstance(first, bool):
            return Sym({((("call", "if", (condition, first, second)), 1),): 1})  # type: ignore[dict-item]
        return variable(self.names.fresh("choice"), "any")

    def decide(self, condition: Any, expr: syntax.Expr) -> "bool | Cond":
        """A condition under what is known here."""
        value = truth(condition, expr)
        return value.substitute(self.known) if isinstance(value, Cond) else value

    # Wording

    def row(self, name: str) -> "NameOf | Text | None":
        if name in self.rows:
            row = self.rows[name]
            if isinstance(row, NameOf) and not self.names.valid(row.key):
                self.names.bind(row.name, row.key)
            return row
        return self.lowerer.top_level(self.definition.home, name)

    def size(self, base: syntax.Expr, name: str) -> SizeOf | None:
        value = plain(evaluate(base, self))
        if not isinstance(value, Ref):
            return None
        axis = value.tensor.axis(name)
        if axis is None:
            return None
        return SizeOf(value.id, axis, value.tensor.rank, self.names.say(value.tensor.sizes[axis]))

    def inline(self, expr: syntax.Expr) -> Any:
        value = evaluate(expr, self)
        if isinstance(value, Sym | Cond):
            raise NotGeneral(expr.span)
        return value

    def worded(self, value: Any, expr: syntax.Expr) -> Any:
        """A value that will be said as the expression it came from."""
        return self.names.worded(value, word(expr, self)) if isinstance(value, Sym) else value

    # Lets and labels

    def let(self, statement: syntax.Let) -> None:
        values = let_values(statement, self)
        tensors: list[tuple[str, Ref]] = []
        texts = [word(value, self) if len(statement.values) == len(statement.targets) and not _is_tensor(bound) else None
                 for value, bound in zip(statement.values, values, strict=False)]
        for place, (target, value) in enumerate(zip(statement.targets, values, strict=True)):
            if isinstance(plain(value), Ref):
                tensors.append((target.name, plain(value)))
                continue
            text = texts[place] if place < len(texts) else None
            self.bind_number(target.name, value, text)
        if tensors:
            made = [self.new(ref.tensor, ref.span) for _, ref in tensors]
            self.out.append(model.Alias(tuple(name for name, _ in tensors), tuple(ref.id for _, ref in tensors), tuple(ref.id for ref in made)))
            for (name, source), ref in zip(tensors, made, strict=True):
                self.copy_flat(source, ref)
                self.scope.names[name] = ref
                self.rows.pop(name, None)

    def copy_flat(self, source: Ref, ref: Ref) -> None:
        """Keep the factors of a flattened size with another name of the tensor."""
        if source.id in self.flat:
            self.flat[ref.id] = self.flat[source.id]

    def bind_number(self, name: str, value: Any, text: Text | None) -> None:
        """A `let` of a number: a variable of the same name."""
        if _holds_tensors(value):
            self.scope.names[name] = value
            self.rows.pop(name, None)
            return
        key = self.names.fresh(name)
        python = python_name(name)
        if isinstance(value, Partial):
            self.scope.names[name] = value
            return
        self.out.append(model.Number(python, key, text or Text.of(python_value(value)), value))
        self.names.bind(python, key)
        self.rows[name] = NameOf(key, python)
        if isinstance(value, Sym):
            value = self.names.worded(value, Text.of(NameOf(key, python)))
        self.scope.names[name] = value

    def label_name(self, label: syntax.Label) -> str:
        if all(isinstance(part, str) for part in label.parts):
            return text_of(label.parts, self)
        return Text.of(*self.label_text(label).parts).plain

    def label_text(self, label: syntax.Label) -> Text:
        """The text of a label: plain, or the inside of an f-string."""
        if all(isinstance(part, str) for part in label.parts):
            return Text.of("".join(map(str, label.parts)))
        return template(label.parts, self)

    def labelled(self, value: Any, name: str, span: Span) -> Any:
        return value

    def fixed(self, label: syntax.Label) -> syntax.Label:
        """A label whose expressions are all numbers here, as plain text."""
        if not label.parts or all(isinstance(part, str) for part in label.parts):
            return label
        for part in label.parts:
            if not isinstance(part, str) and (isinstance(evaluate(part, self), Sym) or any(word(part, self).names())):
                return label
        return syntax.Label((text_of(label.parts, self),), label.quoted, label.span)

    def line(self, line: syntax.Line) -> None:
        if line.label is not None and self.special:
            line = syntax.Line(self.fixed(line.label), line.steps, line.doc, line.span)
        if line.label is None or all(isinstance(part, str) for part in line.label.parts):
            self.label_stack.append("".join(map(str, line.label.parts)) if line.label else "")
            super().line(line)
            self.label_stack.pop()
            return
        label = line.label
        before = dict(self.scope.names)
        self.label_stack.append("")
        super().line(line)
        self.label_stack.pop()
        name = self.label_name(label)
        value = self.scope.names.get(name)
        if name not in before:
            self.scope.names.pop(name, None)
        self.store(label, plain(value))

    def store(self, label: syntax.Label, value: Any) -> None:
        """Keep the tensor of a line with an indexed label."""
        parts = tuple(part if isinstance(part, str) else None for part in label.parts)
        open_parts = [part for part in label.parts if not isinstance(part, str)]
        if not isinstance(value, Ref) or len(open_parts) != 1:
            return
        index = evaluate(open_parts[0], self)
        stem = "".join(part for part in parts if part)
        ref = self.new(value.tensor, value.span)
        self.out.append(model.Store(python_name(stem), word(open_parts[0], self), value.id, ref.id))
        self.templates.append(Templated(parts, index, ref, ref.id))

    def template(self, expr: syntax.Template) -> Any:
        parts = tuple(part if isinstance(part, str) else None for part in expr.parts)
        opened = [part for part in expr.parts if not isinstance(part, str)]
        if len(opened) != 1:
            raise NotGeneral(expr.span)
        index = evaluate(opened[0], self)
        for found in reversed(self.templates):
            if found.parts == parts:
                return self.load(found, index, word(opened[0], self), expr.span)
        if isinstance(index, int):
            return self.lookup(text_of(expr.parts, self), expr.span)
        raise NotGeneral(expr.span)

    def stored(self, name: str) -> Any:
        """The tensor of an indexed label under a plain name, ``dec1`` of ``dec{i}``."""
        for found in reversed(self.templates):
            before, after = (found.parts[0] or "") if found.parts[0] is not None else "", ""
            if found.parts[-1] is not None and len(found.parts) > 1:
                after = found.parts[-1]
            middle = name[len(before) : len(name) - len(after)]
            if name.startswith(before) and name.endswith(after) and middle.isdigit():
                return self.load(found, int(middle), Text.of(middle), None)
        return None

    def load(self, found: Templated, index: Any, text: Text, span: Span | None) -> Ref:
        """A stored tensor: the very value in the same turn, else read by its index."""
        if index == found.index and found.store in self.flow.in_turn:
            return found.ref
        values: dict[str, Dim] = {}
        if isinstance(found.index, Sym) and len(found.index.terms) == 1:
            values = dict.fromkeys(keys(found.index), index)
        sizes = tuple(substitute(size, values) if isinstance(size, int | Sym) else size for size in found.ref.tensor.sizes)
        ref = self.new(Tensor(sizes, found.ref.tensor.axes), span)
        stem = "".join(part for part in found.parts if part)
        self.out.append(model.Load(python_name(stem), text, ref.id))
        return ref

    def define(self, name: str, value: Any, span: Span) -> None:
        inner = plain(value)
        if isinstance(inner, Ref):
            ref = self.new(inner.tensor, inner.span)
            self.copy_flat(inner, ref)
            self.out.append(model.Alias((python_name(name),), (inner.id,), (ref.id,)))
            if isinstance(value, Scope):
                value.value = ref
            else:
                value = ref
        self.taken[-1].pop(name, None)
        super().define(name, value, span)
        self.rows.pop(name, None)

    # Modules

    def place(self, kind: str, use: syntax.Use | None, equal: object, *, weights: bool) -> Place:
        """Where the module of a step stands."""
        if self.pending is not None:
            (label, _), self.pending = self.pending, None
            if label is not None and label.parts:
                return Place(self.home, self.label_text(label), kind, weights)
        self.names.count += 1
        if self.home.numbered:
            return Place(self.home, None, kind, weights, own=self.names.count)
        if equal is not None:
            known = self.home.shared.get((kind, equal))
            if known is not None:
                return known
        name, count = kind, 1
        while name in self.home.labels:
            count += 1
            name = f"{kind}_{count}"
        self.home.labels.add(name)
        found = Place(self.home, Text.of(name), kind, weights, user=False)
        if equal is not None:
            if any(not self.names.valid(key) or key in self.flow.turning for key in _value_keys(equal)):
                raise NotGeneral(use.span if use else None)
            self.home.shared[(kind, equal)] = found
        return found

    @contextmanager
    def group(self, label: syntax.Label, name: str, steps: tuple[syntax.Step, ...]) -> Iterator[Scope]:
        self.names.count += 1
        text = self.label_text(label) if label.parts else None
        place = Place(self.home, text, "group", True, own=self.names.count)
        outer, out, bracket = self.home, self.out, self.bracket
        if len(steps) == 1 and isinstance(steps[0], syntax.Braces | syntax.For | syntax.Repeat):
            numbered = is_numbered(steps[0].body, self.makes)
        else:
            numbered = is_numbered_chain(steps, self.makes)
        self.home, self.out = Home(outer, place, numbered=numbered), []
        self.bracket = any(isinstance(step, syntax.Use) and step.branches is not None for step in steps)
        scope = Scope(self.scope)
        self.scope = scope
        self.taken.append({})
        before = plain(self.current)
        try:
            yield scope
        finally:
            body, home = self.out, self.home
            self.home, self.out, self.bracket = outer, out, bracket
            assert scope.parent is not None
            self.scope = scope.parent
            self.taken.pop()
        after = plain(self.current)
        self.out.append(model.Group(place, home, tuple(body), before.id if isinstance(before, Ref) else None, after.id if isinstance(after, Ref) else None))

    def branches(self, node: syntax.Branches) -> list[Any]:
        start, found, gathered = self.current, [], []
        out, self.out = self.out, []
        for position, item in enumerate(node.items, start=1):
            self.current = start
            first = item.steps[0] if len(item.steps) == 1 and item.label is None else None
            if isinstance(first, syntax.For | syntax.Repeat):
                turns = self.flow.turns_apart(first, start)
                gathered += [model.Branch("", position + i, len(node.items) + len(turns), None, ref.id, body) for i, (ref, body) in enumerate(turns)]
                found += [ref for ref, _ in turns]
                continue
            self.branch(item)
            value = plain(self.current if self.current is not None else self.here(item.span))
            values = list(value) if type(value) is tuple else [value]
            label = "".join(map(str, item.label.parts)) if item.label and all(isinstance(p, str) for p in item.label.parts) else ""
            begin = plain(start)
            gathered.append(model.Branch(label, position, len(node.items), begin.id if isinstance(begin, Ref) else None, values[-1].id, tuple(self.out)))
            self.out = []
            found += values
        self.out = out
        self.out.append(model.Gather(tuple(gathered)))
        self.current = start
        return found

    def branch(self, item: syntax.Line) -> None:
        members = list(chain_members(item.steps, self.makes)) if self.bracket else []
        if len(members) < 2 or item.label is not None:
            bracket, self.bracket = self.bracket, False
            super().branch(item)
            self.bracket = bracket
            return
        label = syntax.Label((), False, item.span)
        bracket, self.bracket = self.bracket, False
        with self.group(label, "", item.steps):
            super().branch(item)
        self.bracket = bracket

    # Layers

    def makes(self, use: syntax.Use) -> bool:
        if isinstance(use.callee, syntax.Name):
            found = self.scope.find(use.callee.name)
            if isinstance(found, Sym) or (isinstance(found, Partial) and isinstance(found.target, Parameter)):
                return True
        return super().makes(use)

    def call_step(self, callee: Partial, use: syntax.Use) -> None:
        if isinstance(callee.target, Parameter):
            self.parameter_step(callee, use)
            return
        super().call_step(callee, use)

    def layer(self, op: type[Op], bound: Bound, inputs: list[Any], use: syntax.Use) -> Any:
        refs = [plain(ref) for ref in inputs]
        if any(ref.id in self.ragged for ref in refs):
            raise NotGeneral(use.span)
        if op is Linear and not self.routine.is_net:
            refs = [self.features(refs[0])]
        elif op is Linear and refs[0].id in self.flat:
            refs = [Ref(self._product(refs[0]), refs[0].id, refs[0].span)]
        tensors = tuple(ref.tensor for ref in refs)
        made = op(**self.reworded(bound))
        result = made.shape(*tensors)
        extra = {name: plain(value).id for name, value in bound.values.items() if isinstance(plain(value), Ref)}
        if type(result) is tuple:
            return tuple(refs)
        result = self.best(op, result, tensors)
        weights = made.weights(*tensors)
        place = None
        if self.makes(use):
            place = self.place(op.name, use, None if weights else tuple(bound.values.items()), weights=bool(weights))
        ref = self.new(result, use.span)
        if op.name == "flatten":
            self.flat[ref.id] = tuple(tensors[0].sizes[getattr(made, "from_", getattr(made, "start", 0)) or 0 :])  # type: ignore[arg-type]
        dims = tuple(tuple(self.names.say(size) if isinstance(size, int | Sym) else None for size in t.sizes) for t in tensors)
        self.out.append(
            model.Layer(made, place, self.arguments(op.name, op.params, bound), tuple(r.id for r in refs), tensors, dims, extra, ref.id, result, use.span, words=self.sizes_said(result))
        )
        return ref

    def sizes_said(self, tensor: Tensor) -> dict[str, Text]:
        """The sizes of an output that can be said here, by place."""
        said = {str(i): self.names.say(size) for i, size in enumerate(tensor.sizes) if isinstance(size, int | Sym)}
        return {place: text for place, text in said.items() if text is not None}

    def reworded(self, bound: Bound) -> dict[str, Any]:
        """Values that will be said as their arguments were written."""
        found = dict(bound.values)
        for name, arg in bound.given.items():
            if isinstance(found.get(name), Sym) and not self.special:
                found[name] = self.worded(found[name], arg.value)
        return found

    def _product(self, ref: Ref) -> Tensor:
        """A flattened tensor whose size is said as the product that it is."""
        sizes = self.flat[ref.id]
        size = ref.tensor.sizes[-1]
        texts = [self.names.say(factor) for factor in sizes if factor != 1] or [Text.of("1")]
        if isinstance(size, int) or any(text is None for text in texts):
            return ref.tensor
        return ref.tensor

    def features(self, ref: Ref) -> Ref:
        """The input of a `linear` in a block: a size that the block cannot word is an argument."""
        size = ref.tensor.sizes[-1]
        if ref.id not in self.flat or isinstance(size, int) or not self.spatial(size):
            return ref
        label = next((name for name in reversed(self.label_stack) if name), "")
        taken = [extra for extra in self.routine.sizes if extra.endswith("in_features")]
        name = f"{label}_in_features" if label and (taken or self.lowerer.linears(self.routine) > 1) else "in_features"
        if name not in self.routine.sizes:
            self.routine.sizes[name] = Tensor(self.flat[ref.id], ("",) * len(self.flat[ref.id]))
            self.names.bind(name, name)
        sizes = (*ref.tensor.sizes[:-1], variable(name))
        return Ref(Tensor(sizes, ref.tensor.axes), ref.id, ref.span)

    def spatial(self, size: Any) -> bool:
        """Whether a size depends on heights or widths, or on what cannot be said."""
        return any(key.rpartition("_")[2] in ("height", "width", "length", "depth") or not self.names.valid(key) for key in keys(size))

    def best(self, op: type[Op], result: Tensor, tensors: tuple[Tensor, ...]) -> Tensor:
        """Of sizes that must be equal, those that can be said best."""
        if len(tensors) < 2 or any(tensor.rank != result.rank for tensor in tensors):
            return result
        sizes = []
        for axis, size in enumerate(result.sizes):
            options = [tensor.sizes[axis] for tensor in tensors]
            if size in options and not (op.name == "concat" and axis == 0):
                sizes.append(min([size, *options], key=self._cost))
            else:
                sizes.append(size)
        return Tensor(tuple(sizes), result.axes)

    def _cost(self, size: Any) -> tuple[bool, int]:
        if isinstance(size, int):
            return (False, 0)
        return (not all(map(self.names.valid, keys(size))), len(keys(size)))

    def arguments(self, callee: str, params: Any, bound: Bound) -> dict[str, Argument]:
        """The arguments of a call that were written somewhere, with their texts."""
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
                text = self.text(value, expr) if env is self else Text.of(_constant_text(value, expr))
                found[name] = Argument(value, text, False)
        return found

    def text(self, value: Any, expr: syntax.Expr) -> Text:
        """The text of an argument."""
        if isinstance(value, Partial | str) or isinstance(plain(value), Ref) or value is None:
            if isinstance(value, str) and not isinstance(expr, syntax.Name):
                return word(expr, self)
            return Text.of(python_value(value) if isinstance(value, str) else "")
        if type(value).__name__ == "Init":
            return Text.of("")
        if self.special and isinstance(value, Sym):
            return self.names.say(Sym(value.terms)) or word(expr, self)
        return word(expr, self)

    # Blocks

    def block_step(self, callee: Partial, bound: Bound, use: syntax.Use) -> None:
        definition = callee.target
        if isinstance(definition.node, syntax.Extern):
            from netwright.bind.external import bind_external

            ref = plain(self.here(use.span))
            op = bind_external(definition, bound, ref, use.span)
            place = self.place(definition.name, use, None, weights=True)
            made = self.new(op.shape(ref.tensor), use.span)
            args = self.arguments(definition.name, [p.name.name for p in definition.params], bound)
            dims = (tuple(self.names.say(size) for size in ref.tensor.sizes),)
            self.out.append(model.Layer(op, place, args, (ref.id,), (ref.tensor,), dims, {}, made.id, made.tensor, use.span))
            self.current = made
            return
        self.flow.call(callee, bound, use.span, lambda: self.place(definition.name, use, None, weights=True))

    def parameter_step(self, callee: Partial, use: syntax.Use) -> None:
        """What a parameter holds at work: a block, a norm or an activation."""
        self.flow.call_parameter(callee, use)

    # Shared modules

    def share(self, statement: syntax.Shared) -> SharedModule:
        return SharedModule(statement, Place(self.home, Text.of(statement.name.name), "shared", True))

    def apply(self, module: SharedModule, value: Any, span: Span) -> Any:
        use = module.node.use
        callee = self.callee(use)
        assert isinstance(callee, Partial)
        current, self.current = self.current, plain(value)
        first = module.instance is None
        module.instance = True
        if isinstance(callee.target, Definition):
            bound = bind_block(callee.target, dict(callee.args), use.args or (), use.span, self, self.defaults)
            self.flow.call(callee, bound, span, lambda: module.path, first=first)
        else:
            bound = bind_op(callee.target, dict(callee.args), use.args or (), use.span, self, self.defaults)
            result = self.layer(callee.target, bound, [plain(value)], use)
            step = self.out.pop()
            assert isinstance(step, model.Layer)
            self.out.append(type(step)(**{**step.__dict__, "place": module.path, "first": first}))
            self.current = result
        result, self.current = self.current, current
        return result

    # Loops, conditions, outputs: `lower.flow`

    def loop(self, node: syntax.For) -> None:
        self.flow.loop(node)

    def repeat(self, node: syntax.Repeat) -> None:
        self.flow.loop(node)

    def choose(self, node: syntax.If) -> None:
        condition = self.decide(evaluate(node.condition, self), node.condition)
        if isinstance(condition, bool):
            body = node.then if condition else node.otherwise
            if body is not None:
                self.body(body)
            return
        self.flow.choose(node, condition)

    def declare_input(self, statement: syntax.Input) -> None:
        from netwright.bind.interface import input_tensor

        tensor = _static(input_tensor(statement, self))
        sizes = tuple(self.worded(size, given.value) for size, given in zip(tensor.sizes, statement.sizes, strict=True))
        integers = tensor.integers
        if statement.integers is not None:
            integers = self.worded(evaluate(statement.integers, self), statement.integers)
        ref = self.new(Tensor(sizes, tensor.axes, integers), statement.name.span)
        self.routine.inputs.append((statement.name.name, ref.id, ref.tensor))
        self.scope.names[statement.name.name] = ref
        body = self.definition.node
        assert isinstance(body, syntax.Net)
        if sum(isinstance(other, syntax.Input) for other in body.body.statements) == 1:
            self.current = ref

    def output(self, statement: syntax.Output) -> None:
        name = statement.name.name
        out, self.out = self.out, []
        current = self.current
        if statement.steps:
            label = syntax.Label((name,), False, statement.name.span)
            self.label_stack.append(name)
            self.line(syntax.Line(label, statement.steps, "", statement.span))
            self.label_stack.pop()
            value = plain(self.scope.names[name])
        else:
            found = self.scope.find(name)
            value = plain(found if found is not None else self.here(statement.span))
        body, self.out = self.out, out
        self.current = current
        side = model.Side(name, value.id, statement.when_training, tuple(body))
        self.out.append(side)
        self.routine.outputs.append(side)

    def splice(self, statement: syntax.Splice) -> None:
        callee = self.callee(statement.use)
        assert isinstance(callee, Partial) and isinstance(callee.target, Definition)
        definition = callee.target
        bound = bind_block(definition, dict(callee.args), statement.use.args or (), statement.span, self, self.defaults)
        rows: dict[str, NameOf | Text] = {}
        for name, value in bound.values.items():
            if name in bound.given:
                text = self.text(value, bound.given[name].value)
                rows[name] = text if text.simple else Text.of("(", text, ")")
            else:
                rows[name] = Text.of(python_value(value))
        outer = (self.definition, self.scope, self.input, self.defaults, self.rows)
        self.input = plain(self.here(statement.span))
        self.definition, self.scope, self.defaults = definition, Scope(), file_defaults(definition)
        self.rows = rows
        self.scope.names.update(bound.values)
        node = definition.node
        assert isinstance(node, syntax.Block)
        self.body(node.body)
        self.definition, self.scope, self.input, self.defaults, self.rows = outer


def _static(tensor: Tensor) -> Tensor:
    """An input with its dynamic sizes as symbols."""
    sizes = tuple(getattr(size, "form", size) for size in tensor.sizes)
    return Tensor(sizes, tensor.axes, tensor.integers)


def _is_tensor(value: Any) -> bool:
    return isinstance(plain(value), Ref) or _holds_tensors(value) or isinstance(value, Partial)


def _holds_tensors(value: Any) -> bool:
    return type(value) is tuple and any(isinstance(plain(item), Ref) for item in value)


def _value_keys(value: Any) -> set[str]:
    if isinstance(value, Sym):
        return keys(value)
    if isinstance(value, Cond):
        return value.keys()
    if isinstance(value, tuple):
        return {key for item in value for key in _value_keys(item)}
    return set()


def _constant_text(value: Any, expr: syntax.Expr) -> str:
    from netwright.lower.wording import kernel_text

    if isinstance(value, Kernel):
        return kernel_text(value)
    if isinstance(expr, syntax.Number):
        return expr.text
    return python_value(value) if isinstance(value, int | float | bool | str | tuple) else ""


__all__ = ["LOST", "Parameter", "Trace", "facts", "negate"]
