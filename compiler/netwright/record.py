"""Frozen records that cost almost nothing to declare, because start-up is a feature.

`dataclasses` compiles five methods a class when the class is declared, 0.4 ms each time; a check
declares some 150 classes and makes instances of a third of them. `record` writes the constructor
when the first instance is made and shares the rest. Type checkers see a frozen dataclass.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")


class Field:
    """A field's default, and whether the field takes part in equality."""

    __slots__ = ("compare", "default")

    def __init__(self, *, default: Any = ..., compare: bool = True) -> None:
        self.default = default
        self.compare = compare


def field(*, default: Any = ..., compare: bool = True) -> Any:
    """A field that is not plain: with a default, or left out of equality and hash."""
    return Field(default=default, compare=compare)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """Make a class with annotated fields a frozen record: constructor, equality, hash, repr."""
    fields: dict[str, Field] = dict(getattr(cls, "__record_fields__", {}))
    for name in vars(cls).get("__annotations__", {}):
        given = cls.__dict__.get(name, ...)
        fields[name] = given if isinstance(given, Field) else Field(default=given)
        if isinstance(given, Field):
            delattr(cls, name)
    names = tuple(name for name, spec in fields.items() if spec.compare)
    setup: dict[str, Any] = {
        "__record_fields__": fields,
        "__match_args__": tuple(fields),
        "__init__": _first_init(cls, fields),
        "__eq__": _equal(names),
        "__hash__": _hash(names),
        "__repr__": _repr,
        "__setattr__": _frozen,
        "__delattr__": _frozen,
    }
    for name, value in setup.items():
        if name not in cls.__dict__ or name in ("__match_args__",):
            setattr(cls, name, value)
    return cls


def _first_init(cls: type, fields: dict[str, Field]) -> Callable[..., None]:
    """A constructor that replaces itself by a compiled one the first time it runs."""

    def first(self: Any, *args: Any, **kwargs: Any) -> None:
        scope: dict[str, Any] = {}
        parameters = []
        for name, spec in fields.items():
            if spec.default is ...:
                parameters.append(name)
            else:
                scope[f"_{name}"] = spec.default
                parameters.append(f"{name}=_{name}")
        lines = [f"    d[{name!r}] = {name}" for name in fields]
        text = "\n".join([f"def __init__(self, {', '.join(parameters)}):", "    d = self.__dict__"])
        exec("\n".join([text, *lines]), scope)  # the names are identifiers of our own classes
        type.__setattr__(cls, "__init__", scope["__init__"])
        scope["__init__"](self, *args, **kwargs)

    return first


def _equal(names: tuple[str, ...]) -> Callable[[Any, object], bool]:
    def equal(self: Any, other: object) -> bool:
        if self is other:
            return True
        if type(self) is not type(other):
            return False
        mine, theirs = self.__dict__, other.__dict__
        return all(mine[name] == theirs[name] for name in names)

    return equal


def _hash(names: tuple[str, ...]) -> Callable[[Any], int]:
    values = itemgetter(*names) if names else len

    def hashed(self: Any) -> int:
        return hash((type(self), values(self.__dict__)))

    return hashed


def _repr(self: Any) -> str:
    fields = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__record_fields__)
    return f"{type(self).__name__}({fields})"


def _frozen(self: Any, name: str, value: Any = None) -> None:
    raise AttributeError(f"{type(self).__name__} is frozen: {name}")


def replace(instance: T, **changes: Any) -> T:
    """The record with some fields changed."""
    names: dict[str, Field] = vars(type(instance))["__record_fields__"]
    values = {name: instance.__dict__[name] for name in names}
    return type(instance)(**{**values, **changes})
