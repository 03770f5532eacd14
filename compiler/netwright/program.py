"""A spec with everything that it imports: definitions by name, each with the file it stands in."""

from typing import Any

from netwright import syntax
from netwright.builtins import BUILTINS
from netwright.diagnostics import Related, Report
from netwright.members import lets
from netwright.ops import find as ops
from netwright.source import Source, Span
from netwright.spelling import closest, nearest
from netwright.values import Budget, Fault

Node = syntax.Block | syntax.Net | syntax.Variant | syntax.Function | syntax.Extern

MOST_WORK = 400_000


class Definition:
    """A block, net, function or extern as it was written, and the file that its names mean."""

    __slots__ = ("_lets", "home", "name", "node")

    def __init__(self, name: str, node: Node, home: "Module") -> None:
        self.name = name
        self.node = node
        self.home = home
        self._lets: dict[str, syntax.Expr] | None = None

    @property
    def params(self) -> tuple[syntax.Param, ...]:
        """Its parameters; those of a variant are of the net that it varies."""
        return () if isinstance(self.node, syntax.Variant) else self.node.params

    @property
    def lets(self) -> dict[str, syntax.Expr]:
        """What the `let`s of its body bind, by name; the first where there are several."""
        if self._lets is None:
            node, self._lets = self.node, {}
            for let in lets(node.body) if isinstance(node, syntax.Block | syntax.Net) else ():
                for target, value in zip(let.targets, let.values, strict=False):
                    self._lets.setdefault(target.name, value)
        return self._lets

    def __repr__(self) -> str:
        return f"Definition({self.name})"


class Lost:
    """A name whose declaration or file could not be read: using it is no further mistake."""


LOST = Lost()

Named = "Definition | Module | syntax.Let | Lost"


class Module:
    """One file: its definitions, constants and imports."""

    __slots__ = ("constants", "definitions", "file", "imports", "lets", "names", "program", "sets")

    def __init__(self, file: syntax.File, program: "Program") -> None:
        self.file = file
        self.program = program
        self.names: dict[str, Definition | Module | syntax.Let | Lost] = {}
        self.definitions: list[Definition] = []
        self.imports: list[Module] = []
        self.lets: dict[str, Module] = {}
        self.constants: dict[str, Any] = {}
        self.sets: list[syntax.Set] = []

    @property
    def source(self) -> Source:
        """The text of the file."""
        return self.file.source


class Program:
    """The main file, and every file in the order in which they were first read.

    ``broken`` are definitions that must not be run, ``wrong`` the ids of lines in which a mistake
    was reported: so that one mistake is one error.
    """

    __slots__ = ("broken", "budget", "main", "modules", "wrong")

    def __init__(self) -> None:
        self.modules: dict[str, Module] = {}
        self.main: Module
        self.budget = Budget(MOST_WORK)
        self.broken: set[Definition] = set()
        self.wrong: set[int] = set()

    def nets(self) -> list[Definition]:
        """The nets and variants of the main file."""
        return [
            found
            for found in self.main.definitions
            if isinstance(found.node, syntax.Net | syntax.Variant)
        ]


class Files:
    """Where imports are looked for; the command line and the tests each have their own."""

    def find(self, importer: str, path: tuple[str, ...]) -> str | None:
        """The path of the file that ``use`` means, or none."""
        raise NotImplementedError

    def read(self, path: str, report: Report) -> syntax.File:
        """The parsed file."""
        raise NotImplementedError

    def near(self, importer: str, path: tuple[str, ...]) -> list[str]:
        """Names of files that stand where it was looked for: for suggestions."""
        raise NotImplementedError

    def same(self, path: str) -> str:
        """One key for all ways to write the path of a file."""
        return path


def load(main: syntax.File, files: Files, report: Report) -> Program:
    """Read what a file imports, and bind every name at the top of each file."""
    program = Program()
    Loader(program, files, report).load(main)
    return program


class Loader:
    """Reads a file and all that it imports, each once."""

    def __init__(self, program: Program, files: Files, report: Report) -> None:
        self.program = program
        self.files = files
        self.report = report
        self.chain: list[str] = []

    def load(self, file: syntax.File) -> Module:
        """The module of a file, its imports read; the first one is the main file."""
        module = Module(file, self.program)
        key = self.files.same(file.source.path)
        if not self.program.modules:
            self.program.main = module
        self.program.modules[key] = module
        self.chain.append(key)
        module.names.update(dict.fromkeys(file.lost, LOST))
        for declaration in file.declarations:
            try:
                self.declare(module, declaration)
            except Fault as fault:
                self.report.add(fault.diagnostic)
        self.chain.pop()
        return module

    def declare(self, module: Module, declaration: syntax.Declaration) -> None:
        """Bind what a declaration names."""
        match declaration:
            case syntax.Import():
                self.use(module, declaration)
            case syntax.Set():
                module.sets.append(declaration)
            case syntax.Let():
                for target in declaration.targets:
                    _bind(module, target.name, declaration, target.span)
            case _:
                name = declaration.name.name
                definition = Definition(name, declaration, module)
                module.definitions.append(definition)
                _bind(module, name, definition, declaration.name.span)

    def use(self, module: Module, use: syntax.Import) -> None:
        """Read a file and bind what is imported of it."""
        shown = "/".join(use.path) if use.quoted else ".".join(use.path)
        try:
            imported = self.found(module, use, shown)
        except Fault:
            lost = use.names or ([use.alias] if use.alias else ())
            for name in lost:
                module.names.setdefault(name.name, LOST)
            raise
        module.imports.append(imported)
        if use.alias is not None or not use.names:
            alias = use.alias.name if use.alias else use.path[-1]
            _bind(module, alias, imported, use.alias.span if use.alias else use.path_span)
        for item in use.names:
            self.take(module, imported, item, shown)

    def take(self, module: Module, imported: Module, item: syntax.Name, shown: str) -> None:
        """Bind one name of an imported file."""
        found = imported.names.get(item.name)
        try:
            if found is None:
                meant = closest(item.name, imported.names)
                if meant is not None:
                    module.names.setdefault(meant, LOST)
                raise Fault(
                    "unknown-import",
                    item.span,
                    f"`{shown}` has no `{item.name}`",
                    help=f"did you mean `{meant}`?" if meant else "",
                )
            if found is not module.names.get(item.name):
                _bind(module, item.name, found, item.span)
            if isinstance(found, syntax.Let):
                module.lets[item.name] = imported.lets.get(item.name, imported)
        except Fault as fault:
            module.names.setdefault(item.name, LOST)
            self.report.add(fault.diagnostic)

    def found(self, module: Module, use: syntax.Import, shown: str) -> Module:
        """The module of an imported file, read now or before."""
        if any(map(leads_outside, use.path)):
            raise Fault(
                "use-outside",
                use.path_span,
                f"`{shown}` leads outside: a spec reads files of its own folders only",
            )
        path = self.files.find(module.source.path, use.path)
        if path is None:
            raise Fault(
                "unknown-file",
                use.path_span,
                f"no file `{'/'.join(use.path).removesuffix('.net')}.net` for `use {shown}`",
                help=nearest(use.path[-1], self.files.near(module.source.path, use.path)),
            )
        key = self.files.same(path)
        if key in self.chain:
            ring = [*self.chain[self.chain.index(key) :], key]
            names = " -> ".join(name.rsplit("/", 1)[-1].removesuffix(".net") for name in ring)
            raise Fault("circular-use", use.span, f"files import each other in a circle: {names}")
        if len(self.chain) > MOST_FILES or len(self.program.modules) > MOST_FILES:
            raise Fault("too-many-files", use.span, f"more than {MOST_FILES} files are imported")
        known = self.program.modules.get(key)
        return known or self.load(self.files.read(path, self.report))


MOST_FILES = 100


def leads_outside(part: str) -> bool:
    """Whether a part of an import's path could leave the folders of the spec."""
    pieces = part.split("/")
    return (
        any(piece in ("..", "", ".") or piece.startswith("~") for piece in pieces)
        or "\\" in part
        or ":" in part
        or "\0" in part
    )


def _bind(
    module: Module, name: str, value: "Definition | Module | syntax.Let | Lost", span: Span
) -> None:
    taken = module.names.get(name)
    if isinstance(taken, Lost):
        module.names[name] = value
        return
    if taken is not None:
        for definition in (taken, value):
            if isinstance(definition, Definition):
                module.program.broken.add(definition)
        raise Fault(
            "duplicate-name",
            span,
            f"`{name}` is declared twice in this file",
            related=_declared(name, taken),
        )
    if isinstance(value, Definition) and not isinstance(value.node, syntax.Net | syntax.Variant):
        _free(name, value, span)
    module.names[name] = value


def _free(name: str, value: Definition, span: Span) -> None:
    """Refuse a block or function under a name of the language."""
    function = isinstance(value.node, syntax.Function)
    if name in ops.HOMES or (function and name in BUILTINS):
        what = "layer" if name in ops.HOMES else "function"
        raise Fault(
            "duplicate-name",
            span,
            f"`{name}` is a {what} of the language",
            help="choose another name",
        )


def _declared(name: str, value: object) -> tuple[Related, ...]:
    if isinstance(value, Definition):
        return (Related(value.node.name.span, f"`{name}` is declared here first"),)
    if isinstance(value, syntax.Let):
        return (Related(value.span, f"`{name}` is declared here first"),)
    return ()
