"""What a body may change, so that it can be run dry: names, rows, homes, the current tensor."""

from collections.abc import Set
from typing import Any

from netwright import syntax
from netwright.lower.model import Place
from netwright.source import Span
from netwright.sym import Sym, keys
from netwright.tensor import CHANNELS, FEATURES, HEIGHT, LENGTH, WIDTH, Tensor
from netwright.values import Ref, plain

AXIS_NAMES = {
    CHANNELS: "channels",
    FEATURES: "features",
    HEIGHT: "height",
    WIDTH: "columns",
    LENGTH: "length",
}


class State:
    """The state of one `lower.trace.Trace`, for its loops and conditions."""

    def __init__(self, trace: Any) -> None:
        self.trace = trace
        self.depth = 0  # of the loops and conditions around
        self.loops = 0  # around
        self.arms: tuple[int, ...] = ()  # of conditions around
        self.arms_of: dict[int, tuple[Place, tuple[int, ...]]] = {}  # of first uses of shared ones
        self.in_turn: set[int] = set()  # stored tensors that are of the turn that runs
        self.ranks: dict[Any, int] = {}  # what parameters are called with: one class fits one rank
        self.turning: set[str] = set()  # keys of loop variables and of what loops carry
        self.turned: set[str] = set()  # the same of all loops so far

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
            "scopes": scopes,
            "homes": homes,
            "current": t.current,
            "rows": dict(t.rows),
            "names": t.names.save(),
            "templates": list(t.templates),
            "taken": [dict(taken) for taken in t.taken],
            "known": dict(t.known),
            "out": t.out,
            "flat": dict(t.flat),
            "sizes": dict(t.routine.sizes),
            "outputs": list(t.routine.outputs),
            "pending": t.pending,
            "used": set(t.used),
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
        t.used = set(state["used"])

    def homes(self) -> Any:
        """The members without a label that homes have so far, and their names."""
        found = []
        home = self.trace.home
        while home is not None:
            found.append((home, home.shared, home.labels))
            home = home.parent
        return found

    def share(self, homes: Any) -> None:
        """Let homes have the members without weights of one arm in the other too."""
        for home, shared, _ in homes:
            home.shared = {**shared, **home.shared}
            home.labels |= {place.static for place in shared.values()}

    def keep(self, homes: Any, others: Any) -> None:
        """Let homes have the members of both arms; what only one has is there for some alone."""
        for (home, shared, labels), (_, other_shared, other_labels) in zip(
            homes, others, strict=True
        ):
            home.shared = {**shared, **other_shared, **home.shared}
            home.labels |= labels | other_labels
            home.unsure |= (labels ^ other_labels) - {p.static for p in home.shared.values()}

    def used_in(self, place: Place) -> bool:
        """Note a use of a shared module; whether it is wherever the first one is."""
        _, first = self.arms_of.setdefault(id(place), (place, self.arms))
        return self.arms[: len(first)] == first

    def seen(self) -> dict[str, Any]:
        """Names and the current tensor, as one table of what a loop could carry."""
        found: dict[str, Any] = {}
        scope = self.trace.scope
        while scope is not None:
            for name, value in scope.names.items():
                found.setdefault(name, value)
            scope = scope.parent
        found["_"] = plain(self.trace.current)
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

    def said(self) -> frozenset[str] | None:
        """The names that the body around speaks of."""
        node = self.trace.definition.node
        known: dict[int, frozenset[str] | None] = self.trace.lowerer.said
        if id(node) not in known:
            known[id(node)] = said_in(node)
        return known[id(node)]

    def needed(self, python: str, name: str) -> bool:
        """Whether a tensor in sight, other than the carried one, is told by this variable."""
        t = self.trace
        key = t.names.holder.get(python)
        if key is None:
            return False
        said = self.said()
        others = (
            value
            for other, value in self.seen().items()
            if other != name and (other == "_" or said is None or other in said)
        )
        inputs = [t.input] if t.input is not None and t.input is not t.current else []
        return any(
            key in keys_of_value(value)
            for value in (*others, *inputs, *(found.ref for found in t.templates))
        )


def said_in(node: syntax.Block | syntax.Net) -> frozenset[str] | None:
    """The names that anything in a body speaks of, or none where an expression makes them."""
    found: set[str] = set()
    left: list[Any] = [node]
    while left:
        part = left.pop()
        if isinstance(part, syntax.Template) or (
            isinstance(part, syntax.Attribute) and isinstance(part.name, syntax.Template)
        ):
            return None
        if isinstance(part, tuple):
            left += part
        elif isinstance(part, syntax.Name | syntax.Attribute):
            found.add(str(part.name))
        if hasattr(part, "__record_fields__") and not isinstance(part, Span):
            left += vars(part).values()
    return frozenset(found)


def keys_of_value(value: Any) -> Set[str]:
    value = plain(value)
    if isinstance(value, Ref):
        return {key for size in value.tensor.sizes if isinstance(size, Sym) for key in keys(size)}
    return keys(value) if isinstance(value, Sym) else set()


def keys_deep(size: Any) -> Set[str]:
    """The keys of a size, and those that its wording speaks of."""
    if not isinstance(size, Sym):
        return set()
    return keys(size) | (set(size.word.keys) if size.word is not None else set())
