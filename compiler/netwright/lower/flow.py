"""Loops, conditions and calls on symbols: what changes in them becomes a variable that is carried."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.bind.call import Bound
from netwright.bind.walk import plain
from netwright.condition import Cond, facts, negate
from netwright.evaluate import NotGeneral, evaluate, items_of, unpack
from netwright.lower import model
from netwright.lower.model import Argument, Carry, Phi, Place
from netwright.lower.text import NameOf, Text, python_value
from netwright.lower.wording import python_name, word
from netwright.source import Span
from netwright.sym import ANY, NATURAL, POSITIVE, Dim, Sides, Sym, keys, substitute, variable
from netwright.tensor import CHANNELS, FEATURES, HEIGHT, LENGTH, WIDTH, Tensor
from netwright.values import Kernel, Partial, Ref, Scope

AXIS_NAMES = {CHANNELS: "channels", FEATURES: "features", HEIGHT: "height", WIDTH: "columns", LENGTH: "length"}
ROUNDS = 12


class Flow:
    """The control flow of one `lower.trace.Trace`."""

    def __init__(self, trace: Any) -> None:
        self.trace = trace
        self.in_turn: set[int] = set()  # stored tensors that are of the turn that runs
        self.turning: set[str] = set()  # keys of loop variables and of what loops carry

    # State

    def save(self) -> Any:
        """Everything that a body may change."""
        t = self.trace
        scopes = []
        scope = t.scope
        while scope is not None:
            scopes.append((scope, dict(scope.names), scope.value))
            scope = scope.parent
        homes = []
        home = t.home
        while home is not None:
            homes.append((home, dict(home.shared), set(home.labels)))
            home = home.parent
        return {
            "scopes": scopes, "homes": homes, "current": t.current, "rows": dict(t.rows), "names": t.names.save(),
            "templates": list(t.templates), "taken": [dict(taken) for taken in t.taken], "known": dict(t.known),
            "out": t.out, "flat": dict(t.flat), "sizes": dict(t.routine.sizes), "outputs": list(t.routine.outputs), "pending": t.pending,
        }

    def restore(self, state: Any) -> None:
        """Back to a saved state."""
        t = self.trace
        for scope, names, value in state["scopes"]:
            scope.names.clear()
            scope.names.update(names)
            scope.value = value
        for home, shared, labels in state["homes"]:
            home.shared, home.labels = dict(shared), set(labels)
        t.current, t.rows, t.known = state["current"], dict(state["rows"]), dict(state["known"])
        t.names.restore(state["names"])
        t.templates, t.taken = list(state["templates"]), [dict(taken) for taken in state["taken"]]
        t.out, t.flat, t.routine.sizes = state["out"], dict(state["flat"]), dict(state["sizes"])
        t.routine.outputs, t.pending = list(state["outputs"]), state["pending"]

    def seen(self) -> dict[str, Any]:
        """Names and the current tensor, as one table of what a loop could carry."""
        found: dict[str, Any] = {}
        scope = self.trace.scope
        while scope is not None:
            for name, value in scope.names.items():
                found.setdefault(name, value)
            scope = scope.parent
        found["_"] = self.trace.current
        return found

    def put(self, name: str, value: Any) -> None:
        """Give a name of `seen` another value."""
        if name == "_":
            self.trace.current = value
            return
        scope = self.trace.scope
        while scope is not None:
            if name in scope.names:
                scope.names[name] = value
                return
            scope = scope.parent

    # Loops

    def loop(self, node: "syntax.For | syntax.Repeat") -> None:
        """Find what a body carries by dry runs, then run it for good."""
        t = self.trace
        if t.special and self.unrolled(node):
            return
        iterable = self.header(node)
        before, start = self.seen(), self.save()
        changed: dict[str, set[int] | None] = {}
        for _ in range(ROUNDS):
            state = self.turn(node, changed, before)
            after = self.seen()
            grown = self.differences(before, after, changed, state)
            self.restore(start)
            t.out = []
            if grown == changed:
                break
            changed = grown
        else:
            raise NotGeneral(node.span)
        t.out = start["out"]
        self.run(node, iterable, changed, before)

    def items(self, node: Any) -> list[Any] | None:
        """What a loop runs over, where that is known."""
        t = self.trace
        if isinstance(node, syntax.Repeat):
            count = evaluate(node.count, t)
            return list(range(count)) if isinstance(count, int) else None
        try:
            found = list(items_of(evaluate(node.iterable, t), node.iterable))
        except NotGeneral:
            return None
        return found

    def unrolled(self, node: Any) -> bool:
        """Run a loop over numbers turn by turn; false where it runs over symbols."""
        items = self.items(node)
        if items is None:
            return False
        names = set(self.seen())
        for item in items:
            self.bind_item(node, item)
            self.trace.body(node.body)
        self.unbind(node, names)
        return True

    def bind_item(self, node: Any, item: Any) -> None:
        """Bind the variables of a loop to the values of one turn."""
        t = self.trace
        if isinstance(node, syntax.For):
            for target, value in zip(node.targets, unpack(item, node.targets, node.span), strict=True):
                t.scope.names[target.name] = value
                t.rows.pop(target.name, None)

    def unbind(self, node: Any, names: set[str]) -> None:
        """The variables of a loop end with it."""
        for target in node.targets if isinstance(node, syntax.For) else ():
            if target.name not in names:
                self.trace.scope.names.pop(target.name, None)

    def turns_apart(self, node: Any, start: Any) -> "list[tuple[Ref, tuple[Any, ...]]]":
        """The turns of a loop in brackets, each a branch of its own."""
        t = self.trace
        items = self.items(node) if t.special else None
        if items is None:
            raise NotGeneral(node.span)
        names, out, found = set(self.seen()), t.out, []
        for item in items:
            self.bind_item(node, item)
            t.out, t.current = [], start
            t.body(node.body)
            found.append((plain(t.current), tuple(t.out)))
        self.unbind(node, names)
        t.out = out
        return found

    def header(self, node: "syntax.For | syntax.Repeat") -> Text:
        """The text of what a loop runs over."""
        if isinstance(node, syntax.For):
            return word(node.iterable, self.trace)
        return Text.of("range(", word(node.count, self.trace), ")")

    def turn(self, node: Any, changed: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
        """One dry turn; the values that its names had at its start."""
        t = self.trace
        t.out = []
        inside = self.enter(changed, before, {})
        self.targets(node)
        turning, self.turning = self.turning, self.turning | {key for value in inside.values() for key in _keys(value)}
        t.body(node.body)
        self.turning = turning
        return inside

    def enter(self, changed: dict[str, Any], before: dict[str, Any], keys_of: dict[tuple[str, int], str]) -> dict[str, Any]:
        """Give what changes a symbol of its own; ``keys_of`` takes the key of each carried size."""
        t = self.trace
        inside: dict[str, Any] = {}
        for name, axes in changed.items():
            value = before[name]
            if isinstance(value, Ref):
                sizes = list(value.tensor.sizes)
                for axis in sorted(axes or ()):
                    key = t.names.fresh(f"{name}.{axis}")
                    t.names.bind(self.carried_name(name, value.tensor, axis), key)
                    keys_of[(name, axis)] = key
                    sizes[axis] = variable(key, POSITIVE)
                inside[name] = t.new(Tensor(tuple(sizes), value.tensor.axes, value.tensor.integers), value.span)
            else:
                key = t.names.fresh(name)
                python = python_name(name)
                t.names.bind(python, key)
                t.rows[name] = NameOf(key, python)
                keys_of[(name, -1)] = key
                inside[name] = Cond("flag", (key,)) if isinstance(value, bool | Cond) else variable(key, ANY)
            self.put(name, inside[name])
        return inside

    def carried_name(self, name: str, tensor: Tensor, axis: int) -> str:
        """The variable that carries a size."""
        t = self.trace
        stem = AXIS_NAMES.get(tensor.axes[axis], f"size{axis}")
        wanted = stem if name == "_" else f"{name}_{stem}"
        free, count = wanted, 1
        while self.needed(free, name) or free in t.lowerer.reserved(t.routine):
            count += 1
            free = f"{wanted}_{count}"
        return free

    def needed(self, python: str, name: str) -> bool:
        """Whether a tensor in sight, other than the one that is carried, is told by this variable."""
        t = self.trace
        key = t.names.holder.get(python)
        if key is None:
            return False
        others = (value for other, value in self.seen().items() if other != name)
        inputs = [t.input] if t.input is not None and t.input is not t.current else []
        return any(key in _keys(value) for value in (*others, *inputs, *(found.ref for found in t.templates)))

    def targets(self, node: Any) -> tuple[tuple[str, str], ...]:
        """Bind the variables of a loop; pairs of name and key."""
        t = self.trace
        found = []
        for place, target in enumerate(node.targets if isinstance(node, syntax.For) else ()):
            key = t.names.fresh(target.name)
            python = python_name(target.name)
            t.names.bind(python, key)
            t.rows[target.name] = NameOf(key, python)
            sign = self.sign(node.iterable, place)
            t.scope.names[target.name] = variable(key, sign)
            found.append((python, key))
            self.turning = self.turning | {key}
        return tuple(found)

    def sign(self, iterable: syntax.Expr, place: int) -> str:
        """How small a loop variable may be."""
        if isinstance(iterable, syntax.Call) and isinstance(iterable.callee, syntax.Name):
            name, args = iterable.callee.name, iterable.args
            if name == "enumerate":
                return NATURAL
            if name == "range" and len(args) > 1:
                start = args[0].value
                if isinstance(start, syntax.Number):
                    return POSITIVE if start.value > 0 and len(args) == 2 else NATURAL
                return ANY
            return NATURAL
        if isinstance(iterable, syntax.ListOf):
            items = [item.value for item in iterable.items if isinstance(item, syntax.Number)]
            if len(items) == len(iterable.items) and items and min(items) > 0:
                return POSITIVE
        return NATURAL

    def differences(self, before: dict[str, Any], after: dict[str, Any], known: dict[str, Any], inside: dict[str, Any]) -> dict[str, Any]:
        """What a turn changed, and of tensors which sizes."""
        found: dict[str, set[int] | None] = {name: set(axes) if axes is not None else None for name, axes in known.items()}
        for name, value in before.items():
            start, end = inside.get(name, value), after.get(name)
            if end is start or end == start:
                continue
            a, b = plain(start), plain(end)
            if isinstance(a, Ref) and isinstance(b, Ref):
                if a.tensor.rank != b.tensor.rank:
                    raise NotGeneral(b.span)
                axes = found.setdefault(name, set())
                assert axes is not None
                axes |= {i for i, pair in enumerate(zip(a.tensor.sizes, b.tensor.sizes, strict=True)) if pair[0] != pair[1]}
            elif isinstance(a, int | Sym | Cond) and isinstance(b, int | Sym | Cond):
                found[name] = None
            elif not isinstance(a, Scope):
                raise NotGeneral(None)
        return found

    def run(self, node: Any, iterable: Text, changed: dict[str, Any], before: dict[str, Any]) -> None:
        """The turn that is kept."""
        t = self.trace
        start_names = set(self.seen())
        starts: dict[tuple[str, int], Text | None] = {}
        for name, axes in changed.items():
            for axis in axes or ():
                starts[(name, axis)] = t.names.say(before[name].tensor.sizes[axis])
        keys_of: dict[tuple[str, int], str] = {}
        inside = self.enter(changed, before, keys_of)
        carries = tuple(Carry(key, t.names.name_of[key], starts[slot]) for slot, key in keys_of.items() if slot[1] >= 0)
        out, t.out = t.out, []
        turning, in_turn = self.turning, self.in_turn
        self.turning = turning | set(keys_of.values())
        stored = len(t.templates)
        self.in_turn = in_turn | _Later(stored, t.templates)  # type: ignore[operator]
        targets = self.targets(node)
        t.taken.append({})
        t.body(node.body)
        t.taken.pop()
        body, t.out = t.out, out
        self.turning, self.in_turn = turning, in_turn
        turns = tuple(
            Carry(key, t.names.name_of[key], t.names.say(plain(self.seen()[slot[0]]).tensor.sizes[slot[1]]))
            for slot, key in keys_of.items() if slot[1] >= 0
        )
        turned = set(keys_of.values()) | {key for _, key in targets}
        phis = tuple(self.leave(changed, before, inside, keys_of, turned if self.runs(node) else None))
        self.forget(node, start_names)
        t.out.append(model.Loop(targets, iterable, tuple(body), phis, carries, turns, node))

    def runs(self, node: Any) -> bool:
        """Whether a loop surely turns at least once."""
        if isinstance(node, syntax.Repeat):
            return isinstance(node.count, syntax.Number) and node.count.value >= 1
        return isinstance(node.iterable, syntax.ListOf) and bool(node.iterable.items)

    def leave(self, changed: dict[str, Any], before: dict[str, Any], inside: dict[str, Any], keys_of: dict[tuple[str, int], str], turned: set[str] | None) -> "list[Phi]":
        """What the names hold behind the loop: symbols of their own.

        A size that no turn depends on is the same behind a loop that surely turns (``turned`` are
        then the keys of its turns).
        """
        t = self.trace
        phis = []
        ends = self.seen()
        for name, axes in changed.items():
            if isinstance(before[name], Ref):
                end = plain(ends[name])
                sizes = list(inside[name].tensor.sizes)
                for axis in sorted(axes or ()):
                    last = end.tensor.sizes[axis]
                    if turned is not None and not keys_deep(last) & turned and all(map(t.names.valid, keys(last))):
                        sizes[axis] = last
                        continue
                    sizes[axis] = variable(self.renewed(keys_of[(name, axis)], name), POSITIVE)
                after = t.new(Tensor(tuple(sizes), end.tensor.axes), end.span)
                phis.append(Phi("" if name == "_" else python_name(name), plain(before[name]).id, inside[name].id, end.id, after.id))
                self.put(name, after)
            else:
                key = self.renewed(keys_of[(name, -1)], name)
                t.rows[name] = NameOf(key, t.names.name_of[key])
                flag = isinstance(inside[name], Cond)
                self.put(name, Cond("flag", (key,)) if flag else variable(key, ANY))
        return phis

    def renewed(self, key: str, stem: str) -> str:
        """A new key for the same variable: its value behind a loop."""
        t = self.trace
        after = str(t.names.fresh(stem))
        t.names.bind(t.names.name_of[key], after)
        t.lowerer.same(t.routine, after, key)
        return after

    def forget(self, node: Any, names: set[str]) -> None:
        """Names of a loop end with it; what it bound first holds for no one behind it."""
        from netwright.lower.trace import LOST

        t = self.trace
        targets = {target.name for target in node.targets} if isinstance(node, syntax.For) else set()
        for name in list(t.scope.names):
            if name in targets and name not in names:
                t.scope.names.pop(name)
                t.rows.pop(name, None)
            elif name not in names:
                t.scope.names[name] = LOST

    # Conditions

    def choose(self, node: syntax.If, condition: Cond) -> None:
        """Both arms, each under its own condition, and what they leave."""
        t = self.trace
        text = word(node.condition, t)
        holds, fails = facts(condition), facts(negate(condition))
        before, start = self.seen(), self.save()
        then, then_out = self.arm(node.then, holds, start)
        then_names = t.names.save()
        self.restore(start)
        otherwise, else_out = self.arm(node.otherwise, fails, start)
        rows = t.rows
        self.restore(start)
        t.rows = rows
        t.out = start["out"]
        merged = _Merge(self, holds, fails, then_names)
        phis = []
        for name in {**then, **otherwise}:
            phi = merged.name(name, then.get(name, _NONE), otherwise.get(name, _NONE), before)
            if phi is not None:
                phis.append(phi)
        t.out.append(model.Arms(text, condition, tuple(then_out), tuple(else_out), tuple(phis), tuple(merged.then_carries), tuple(merged.else_carries)))

    def arm(self, body: syntax.Body | None, known: Any, start: Any) -> tuple[dict[str, Any], list[Any]]:
        """One arm: the names at its end and its statements."""
        t = self.trace
        t.out = []
        t.known = {**{key: substitute(dim, known) for key, dim in t.known.items()}, **known}
        taken = t.taken
        t.taken = [*taken[:-1], dict(taken[-1])]
        if body is not None:
            t.body(body)
        t.taken = taken
        return self.seen(), t.out

    # Calls

    def call(self, callee: Partial, bound: Bound, span: Span, place: Callable[[], Place], *, first: bool = True) -> None:
        """A block at work: its output is its routine's, with the arguments put in."""
        t = self.trace
        definition = callee.target
        here = plain(t.current)
        tensors = {name: plain(value) for name, value in bound.values.items() if isinstance(plain(value), Ref)}
        if any(type(value) is tuple and any(isinstance(plain(v), Ref) for v in value) for value in bound.values.values()):
            raise NotGeneral(span)
        if not isinstance(here, Ref):
            here = plain(t.here(span)) if not tensors else None
        routine = t.lowerer.routine(definition, here.tensor if here else None, {n: r.tensor for n, r in tensors.items()}, bound.values)
        values = dict(t.reworded(bound))
        if routine.ragged or (here is not None and here.id in t.ragged):
            raise NotGeneral(span)
        mapping = self.mapping(routine, here, tensors, values)
        stands = place()
        args = t.arguments(definition.name, {p.name.name: None for p in definition.params}, bound)
        sizes = self.sizes(routine, mapping, here, tensors)
        t.names.count += 1
        key = t.names.fresh("block")
        result, channels_key = self.result(routine, routine.tensor, mapping, key, span)
        ref = t.new(result, span)
        outputs = {}
        scope = Scope()
        for side in routine.outputs:
            tensor, _ = self.result(routine, routine.values[side.value], mapping, key, span)
            scope.names[side.name] = t.new(tensor, span)
            outputs[side.name] = scope.names[side.name].id
        inputs = (here.id,) if here is not None else ()
        t.out.append(model.Call(routine, None, stands, args, self.taken(callee, bound), inputs, {n: r.id for n, r in tensors.items()}, sizes, ref.id, outputs, channels_key, span, first=first, key=key))
        scope.value = ref
        t.current = scope if outputs else ref

    def taken(self, callee: Partial, bound: Bound) -> tuple[tuple[str, Argument], ...]:
        """Arguments of a partial application that the call does not give anew."""
        return tuple((name, Argument(value, Text.of(python_value(value)), False)) for name, value in callee.args if name not in bound.given)

    def mapping(self, routine: Any, here: Ref | None, tensors: dict[str, Ref], values: dict[str, Any]) -> dict[str, Any]:
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
                found |= {f"{name}.{i}": variable(f"{value.key}.{i}") for i in range(3)}
            elif isinstance(value, tuple | str | float):
                found[name] = _Opaque(value)
            if isinstance(value, int | Sym) and not isinstance(value, bool):
                found |= {f"{name}.{i}": value for i in range(3)}
        if here is not None:
            found |= dict(zip(input_keys("in", here.tensor), here.tensor.sizes, strict=True))
        for name, ref in tensors.items():
            found |= dict(zip(input_keys(name, ref.tensor), ref.tensor.sizes, strict=True))
        return found

    def sizes(self, routine: Any, mapping: dict[str, Any], here: Ref | None, tensors: dict[str, Ref]) -> dict[str, Text | None]:
        """Texts of the sizes that a constructor may ask for, by the name of its parameter."""
        t = self.trace
        found: dict[str, Text | None] = {}
        for prefix, ref in (*((("in", here),) if here is not None else ()), *tensors.items()):
            for key, size in zip(input_keys(prefix, ref.tensor), ref.tensor.sizes, strict=True):
                found[key] = t.names.say(size)
        for name, tensor in routine.sizes.items():
            factors = [_put_in(size, mapping) for size in tensor.sizes]
            texts = [t.names.say(size) if isinstance(size, int | Sym) else None for size in factors if size != 1]
            found[name] = _product(texts)
        return found

    def result(self, routine: Any, tensor: Tensor, mapping: dict[str, Any], key: str, span: Span) -> tuple[Tensor, str | None]:
        """A routine's output with the arguments put in; channels that only it knows get a key."""
        t = self.trace
        sizes: list[Any] = []
        channels_key = None
        for axis, size in enumerate(tensor.sizes):
            known = set(mapping) | set(routine.sizes)
            inner = keys(size) - known if isinstance(size, Sym) else set()
            opaque = any(isinstance(mapping.get(k), _Opaque) for k in keys(size)) if isinstance(size, Sym) else False
            if not inner and not opaque:
                sizes.append(self.reword(_put_in(size, mapping), mapping, size))
                continue
            out = t.names.fresh("out")
            if axis == 0:
                channels_key = out
                routine.inner_keys = True
                t.names.bind(f"block'{key}.out_channels", out)
            sizes.append(variable(out, POSITIVE))
        return Tensor(tuple(sizes), tensor.axes), channels_key

    def reword(self, size: Any, mapping: dict[str, Any], formula: Any) -> Any:
        """A size that equals an argument is said as the argument was."""
        if isinstance(formula, Sym) and isinstance(size, Sym):
            for value in mapping.values():
                if isinstance(value, Sym) and value == size and value.word is not None:
                    return value
        return size

    def call_parameter(self, callee: Partial, use: syntax.Use) -> None:
        """A block, norm or activation that a parameter holds."""
        t = self.trace
        parameter = callee.target
        here = plain(t.here(use.span))
        args = {}
        tensors: dict[str, int] = {}
        for place, arg in enumerate(use.args or ()):
            value = evaluate(arg.value, t)
            if isinstance(plain(value), Ref):
                tensors[arg.name or str(place)] = plain(value).id
                continue
            args[arg.name or str(place)] = Argument(value, t.text(value, arg.value), arg.name is None)
        stands = t.place(parameter.name, use, None, weights=True)
        key = t.names.fresh("block")
        sizes: dict[str, Text | None] = {name: t.names.say(size) for name, size in zip(input_keys("in", here.tensor), here.tensor.sizes, strict=True)}
        channels_key = None
        result = here.tensor
        if parameter.kind == "block":
            channels_key = t.names.fresh("out")
            t.names.bind(f"block'{key}.out_channels", channels_key)
            outs = [variable(channels_key, POSITIVE), *(variable(t.names.fresh("size"), POSITIVE) for _ in here.tensor.sizes[1:])]
            result = Tensor(tuple(outs), here.tensor.axes)
        ref = t.new(result, use.span)
        t.out.append(model.Call(None, parameter.name, stands, args, (), (here.id,), tensors, sizes, ref.id, {}, channels_key, use.span, key=key, parameter_kind=parameter.kind))
        t.current = ref


class _Merge:
    """What both arms of a condition leave, under one name each."""

    def __init__(self, flow: Flow, holds: Any, fails: Any, then_names: Any) -> None:
        self.flow = flow
        self.trace = flow.trace
        self.holds, self.fails = holds, fails
        self.then_names = then_names
        self.then_carries: list[Carry] = []
        self.else_carries: list[Carry] = []

    def name(self, name: str, then: Any, otherwise: Any, before: dict[str, Any]) -> Phi | None:
        """The value of a name behind the arms; a `Phi` where a tensor comes from either."""
        from netwright.lower.trace import LOST

        t = self.trace
        if then is otherwise or (type(then) is type(otherwise) and then == otherwise):
            if name not in before and then is not _NONE:
                t.scope.names[name] = then
            return None
        if _NONE in (then, otherwise) or LOST in (then, otherwise):
            t.scope.names[name] = LOST
            return None
        a, b = plain(then), plain(otherwise)
        if isinstance(a, Ref) and isinstance(b, Ref):
            hint = "" if name == "_" else python_name(name)
            if a.tensor.rank != b.tensor.rank:
                ragged = t.new(a.tensor, a.span)
                t.ragged.add(ragged.id)
                self.flow.put(name, ragged)
                return Phi(hint, a.id, -1, b.id, ragged.id)
            ref = t.new(self.tensor(hint, a.tensor, b.tensor), a.span)
            if name in before:
                self.flow.put(name, ref)
            else:
                t.scope.names[name] = ref
            return Phi(hint, a.id, -1, b.id, ref.id)
        if isinstance(a, int | Sym | Cond | float) and isinstance(b, int | Sym | Cond | float):
            self.number(name, a, b, before)
            return None
        if isinstance(a, type(None)) or isinstance(b, type(None)):
            raise NotGeneral(None)
        raise NotGeneral(None)

    def number(self, name: str, then: Any, otherwise: Any, before: dict[str, Any]) -> None:
        """A number that the arms bind each their own way: one variable."""
        t = self.trace
        key = t.names.fresh(name)
        python = python_name(name)
        t.names.bind(python, key)
        t.rows[name] = NameOf(key, python)
        t.lowerer.arms_bind(t.routine, key, python)
        value = Cond("flag", (key,)) if isinstance(then, Cond | bool) else variable(key, ANY)
        if name in before:
            self.flow.put(name, value)
        else:
            t.scope.names[name] = value

    def tensor(self, hint: str, then: Tensor, otherwise: Tensor) -> Tensor:
        """Sizes that hold for both arms."""
        sizes = [self.size(hint, axis, then, otherwise) for axis in range(then.rank)]
        return Tensor(tuple(sizes), then.axes)

    def size(self, hint: str, axis: int, then: Tensor, otherwise: Tensor) -> Any:
        """One size: equal anyway, equal under what an arm knows, else carried in a variable."""
        t = self.trace
        a, b = then.sizes[axis], otherwise.sizes[axis]
        if a == b:
            return a if not isinstance(a, Sym) or a.word is None else (a if self.valid(a) else b)
        if isinstance(a, int | Sym) and isinstance(b, int | Sym):
            if substitute(a, self.fails) == substitute(b, self.fails) and self.valid(a):
                return a
            if substitute(a, self.holds) == substitute(b, self.holds) and self.valid(b):
                return b
        key = t.names.fresh(f"{hint}.{axis}")
        name = self.flow.carried_name(hint or "_", then, axis)
        self.then_carries.append(Carry(key, name, self.said(a)))
        self.else_carries.append(Carry(key, name, t.names.say(b)))
        t.names.bind(name, key)
        return variable(key, POSITIVE)

    def said(self, size: Any) -> Text | None:
        """A size as the first arm says it."""
        state = self.trace.names.save()
        self.trace.names.restore(self.then_names)
        text = self.trace.names.say(size)
        self.trace.names.restore(state)
        return text  # type: ignore[no-any-return]

    def valid(self, size: Any) -> bool:
        """Whether a size can be said behind the arms."""
        return all(map(self.trace.names.valid, keys(size)))


class _Opaque:
    """An argument that is no size: a size that depends on it is the callee's own."""

    def __init__(self, value: Any) -> None:
        self.value = value


class _Later(set[int]):
    """The stored tensors from some point on."""

    def __init__(self, start: int, templates: list[Any]) -> None:
        super().__init__()
        self.start = start
        self.templates = templates

    def __contains__(self, store: object) -> bool:
        return any(found.store == store for found in self.templates[self.start :])

    def __ror__(self, other: Any) -> "_Later":
        return self


_NONE = object()


def _put_in(size: Any, mapping: dict[str, Any]) -> Any:
    if not isinstance(size, Sym):
        return size
    return substitute(size, {key: value for key, value in mapping.items() if isinstance(value, int | Sym)})


def keys_deep(size: Any) -> set[str]:
    """The keys of a size, and those that its wording speaks of."""
    if not isinstance(size, Sym):
        return set()
    return keys(size) | (set(size.word.keys) if size.word is not None else set())


def _product(texts: list[Text | None]) -> Text | None:
    if any(text is None for text in texts):
        return None
    parts = [text for text in texts if text is not None]
    wrapped = [text if text.simple or len(parts) == 1 else Text.of("(", text, ")") for text in parts]
    return Text.join(" * ", wrapped) if wrapped else Text.of("1")


def _keys(value: Any) -> set[str]:
    value = plain(value)
    if isinstance(value, Ref):
        return {key for size in value.tensor.sizes if isinstance(size, Sym) for key in keys(size)}
    return keys(value) if isinstance(value, Sym) else set()


def input_keys(prefix: str, tensor: Tensor) -> list[str]:
    """The keys of a routine's input, which are names of constructor parameters: ``in_channels``."""
    names = []
    for place, axis in enumerate(tensor.axes):
        names.append(f"{prefix}_{axis}" if axis else f"{prefix}_{'channels' if place == 0 else 'length'}")
    return names


__all__ = ["Dim", "Flow", "input_keys"]
