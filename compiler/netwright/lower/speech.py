"""The names of a body on symbols: their values, and how Python says them."""

from collections.abc import Callable
from typing import Any

from netwright import syntax
from netwright.bind.scope import Defaults, let_values
from netwright.bind.walk import Walk
from netwright.condition import Cond, negate
from netwright.evaluate import NotGeneral, evaluate, truth
from netwright.lower import model
from netwright.lower.flow import Flow
from netwright.lower.kinds import LOST, Parameter, Templated
from netwright.lower.model import Home, Routine, Statement
from netwright.lower.names import Names
from netwright.lower.text import NameOf, SizeOf, Text, python_value
from netwright.lower.wording import Speaker, python_name, word
from netwright.program import Definition
from netwright.source import Span
from netwright.sym import ANY, Dim, NeedsNumber, Sym, Variable, apply, sole_atom
from netwright.sym.arguments import Listed
from netwright.tensor import Tensor
from netwright.values import Fault, Partial, Ref, Scope, holds, plain


class Speech(Walk, Speaker):
    """Names in sight, with the text that each has in the emitted code."""

    def __init__(
        self,
        lowerer: Any,
        definition: Definition,
        values: dict[str, Any],
        defaults: Defaults,
        routine: Routine,
    ) -> None:
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
        self.in_branch = False  # whether the next group is that of a long branch
        self.used: set[int] = set()  # shared modules that were applied
        # the arguments of shared modules; what they are bound to stays, for it is known by its id
        self.said: dict[int, tuple[Any, dict[str, model.Argument]]] = {}
        self.flow = Flow(self)
        self.label_stack: list[str] = []

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
        """One statement; what is a mistake on symbols alone is none, for numbers were checked."""
        try:
            self._run(statement)
        except Fault as fault:
            raise NotGeneral(fault.diagnostic.span) from fault
        except NeedsNumber as asked:
            raise NotGeneral(statement.span) from asked

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

    def stored(self, name: str) -> Any:
        """The tensor of an indexed label under a plain name."""
        raise NotImplementedError

    def callee(self, use: syntax.Use) -> Any:
        if isinstance(use.callee, syntax.Name) and use.args is None and use.branches is None:
            if self.scope.find(use.callee.name) is LOST:
                raise NotGeneral(use.span)
            if self.scope.find(use.callee.name) is None:
                stored = self.stored(use.callee.name)
                if stored is not None:
                    return stored
        if isinstance(use.callee, syntax.Name) and may_be_block(self.scope.find(use.callee.name)):
            return self.block_of(use.callee.name)
        return super().callee(use)

    def block_of(self, name: str) -> Partial:
        """A block out of a list that a loop runs over."""
        row = self.rows[name]
        assert isinstance(row, NameOf)
        return Partial(Parameter(row.name, "block", row.key))

    def undecided(
        self, condition: Cond, then: Callable[[], Any], otherwise: Callable[[], Any]
    ) -> Any:
        decided = condition.substitute(self.known)
        if isinstance(decided, bool):
            return then() if decided else otherwise()
        first, second = then(), otherwise()
        if first == second:
            return first
        arms = [
            arm if isinstance(arm, int | Sym) and not isinstance(arm, bool) else Listed(arm)
            for arm in (first, second)
        ]
        return apply("if", condition, *arms)

    def compare(self, left: Any, op: str, right: Any, span: Span) -> "bool | Cond":
        held = [v.target.key for v in (left, right) if _is_held(v)]
        if not held:
            return super().compare(left, op, right, span)
        if None not in (left, right):
            raise NotGeneral(span)
        given = Cond("flag", (held[0],)).substitute(self.known)
        return given if op == "!=" else negate(given)

    def decide(self, condition: Any, expr: syntax.Expr) -> "bool | Cond":
        """A condition under what is known here."""
        value = truth(condition, expr)
        return value.substitute(self.known) if isinstance(value, Cond) else value

    def row(self, name: str) -> "NameOf | Text | None":
        if name in self.rows:
            row = self.rows[name]
            if isinstance(row, NameOf) and not self.names.valid(row.key):
                return Text.of(python_value(self.number(self.scope.find(name))))
            return row
        top: NameOf | Text | None = self.lowerer.top_level(self.definition.home, name)
        return top

    def number(self, value: Any) -> Any:
        """A value whose variable holds another by now, which must be a number."""
        if not isinstance(value, int | float | str):
            raise NotGeneral(None)
        return value

    def size(self, base: syntax.Expr, name: str) -> SizeOf | None:
        value = plain(evaluate(base, self))
        if not isinstance(value, Ref):
            return None
        axis = value.tensor.axis(name)
        if axis is None or (self.special and isinstance(value.tensor.sizes[axis], int)):
            return None  # no size, or a number
        return SizeOf(value.id, axis, value.tensor.rank, self.names.say(value.tensor.sizes[axis]))

    def inline(self, expr: syntax.Expr) -> Any:
        value = evaluate(expr, self)
        if isinstance(value, Sym | Cond) or _has_no_text(value):
            raise NotGeneral(expr.span)
        return value

    def worded(self, value: Any, expr: syntax.Expr) -> Any:
        """A value that will be said as the expression it came from."""
        return self.names.worded(value, word(expr, self)) if isinstance(value, Sym) else value

    def let(self, statement: syntax.Let) -> None:
        values = let_values(statement, self)
        tensors: list[tuple[str, Ref]] = []
        texts = [
            word(value, self)
            if len(statement.values) == len(statement.targets)
            and not holds(bound, Ref)
            and not holds(bound, Partial)
            else None
            for value, bound in zip(statement.values, values, strict=False)
        ]
        self.names.count += 1
        line = self.names.count
        given = {target.name: v for target, v in zip(statement.targets, values, strict=True)}
        for place, (target, value) in enumerate(zip(statement.targets, values, strict=True)):
            if isinstance(plain(value), Ref):
                tensors.append((target.name, plain(value)))
                continue
            text = texts[place] if place < len(texts) else None
            self.bind_number(target.name, value, text, line)
        if tensors:
            made = [self.new(ref.tensor, ref.span) for _, ref in tensors]
            self.out.append(
                model.Alias(
                    tuple(name for name, _ in tensors),
                    tuple(ref.id for _, ref in tensors),
                    tuple(ref.id for ref in made),
                )
            )
            for (name, source), ref in zip(tensors, made, strict=True):
                self.copy_flat(source, ref)
                self.scope.names[name] = named_again(given[name], ref)
                self.rows.pop(name, None)

    def copy_flat(self, source: Ref, ref: Ref) -> None:
        """Keep the factors of a flattened size with another name of the tensor."""
        if source.id in self.flat:
            self.flat[ref.id] = self.flat[source.id]

    def bind_number(self, name: str, value: Any, text: Text | None, line: int) -> None:
        """A `let` of a number: a variable of the same name."""
        if _has_no_text(value):
            self.scope.names[name] = value
            self.rows.pop(name, None)
            return
        key = self.names.fresh(name)
        python = python_name(name)
        self.out.append(
            model.Number(python, key, text or Text.of(python_value(value)), value, line)
        )
        self.names.bind(python, key)
        self.rows[name] = NameOf(key, python)
        if isinstance(value, Sym):
            value = self.names.worded(value, Text.of(NameOf(key, python)))
        self.scope.names[name] = value


def _has_no_text(value: Any) -> bool:
    """Whether a name stands for tensors, layers or blocks, which no variable of Python holds."""
    return holds(value, Ref) or holds(value, Partial)


def _is_held(value: Any) -> bool:
    """Whether a value is what a parameter holds, which may be none."""
    return isinstance(value, Partial) and isinstance(value.target, Parameter)


def named_again(value: Any, ref: Ref) -> Any:
    """A tensor under another name, with the outputs that it was made with."""
    if not isinstance(value, Scope):
        return ref
    scope = Scope()
    scope.value, scope.names = ref, dict(value.names)
    return scope


def may_be_block(value: Any) -> bool:
    """Whether a symbol may stand for a block: it is an item of a list of which nothing is known."""
    atom = sole_atom(value) if isinstance(value, Sym) else None
    return isinstance(atom, Variable) and atom.sign == ANY
