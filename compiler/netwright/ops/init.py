"""How weights may start: the initialisers, their parameters, and one as an argument."""

from collections.abc import Mapping, Sequence

from netwright.ops.base import Kind, Misfit, Op, Param, Weight
from netwright.record import record


@record
class Init:
    """An initialiser with its arguments, pairs of name and value in the order of its signature."""

    name: str
    args: tuple[tuple[str, float | str], ...]

    def argument(self, name: str) -> float | str:
        """The value of a parameter."""
        return dict(self.args)[name]

    @property
    def truncated(self) -> bool:
        """Whether a normal distribution is drawn again outside of two standard deviations."""
        return dict(self.args).get("truncated") is True

    def __str__(self) -> str:
        if self.name == "constant":
            return str(self.argument("value"))
        shown = ((name, str(value).lower()) for name, value in self.args if value is not False)
        args = ", ".join(f"{name}={value}" for name, value in shown)
        return f"{self.name}({args})" if args else self.name


def constant(value: float) -> Init:
    """Every weight the same number: what a number as initialiser means."""
    return Init("constant", (("value", value),))


@record
class Recipe:
    """An initialiser of the language: what it draws, its parameters, the paper it is from."""

    doc: str
    params: Mapping[str, Param]
    paper: str = ""


def _fan() -> Param:
    doc = "Whether the variance is kept forwards, by the inputs of a unit, or backwards."
    return Param(doc, Kind.WORD, default="in", words=("in", "out"))


def _cut() -> Param:
    doc = "Whether it is drawn again outside of two standard deviations, as Keras does."
    return Param(doc, Kind.FLAG, default=False)


def _spread(doc: str) -> Param:
    return Param(doc, Kind.NUMBER, least=0)


HE = "He et al., Delving Deep into Rectifiers, 2015"
GLOROT = "Glorot and Bengio, Understanding the Difficulty of Training Deep Networks, 2010"
SAXE = "Saxe et al., Exact Solutions to the Nonlinear Dynamics of Learning, 2014"

RECIPES: Mapping[str, Recipe] = {
    "he_normal": Recipe("Normal, of variance 2 / fan.", {"fan": _fan(), "truncated": _cut()}, HE),
    "he_uniform": Recipe("Uniform, of variance 2 / fan.", {"fan": _fan()}, HE),
    "glorot_normal": Recipe(
        "Normal, of variance 2 / (fan in + fan out).", {"truncated": _cut()}, GLOROT
    ),
    "glorot_uniform": Recipe("Uniform, of variance 2 / (fan in + fan out).", {}, GLOROT),
    "normal": Recipe("Normal around 0.", {"std": _spread("Standard deviation.")}),
    "truncated_normal": Recipe(
        "Normal around 0, drawn again outside of two standard deviations.",
        {"std": _spread("Standard deviation before the cut.")},
    ),
    "uniform": Recipe("Uniform around 0.", {"bound": _spread("Largest absolute value.")}),
    "constant": Recipe("One number.", {"value": Param("The number.", Kind.NUMBER)}),
    "zeros": Recipe("All 0.", {}),
    "ones": Recipe("All 1.", {}),
    "orthogonal": Recipe("A random orthogonal matrix.", {}, SAXE),
}

SIGNATURES: Mapping[str, Mapping[str, Param]] = {
    name: recipe.params for name, recipe in RECIPES.items()
}

OF_MATRICES = ("he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "orthogonal")


def check_init(op: Op, weights: Sequence[Weight]) -> None:
    """Refuse an initialiser of matrices for a weight of one axis, such as a bias."""
    first = weights[0].sizes if weights else ()
    for argument, sizes in (("init", first), ("bias_init", first[:1])):
        given = getattr(op, argument, None)
        if isinstance(given, Init) and given.name in OF_MATRICES and len(sizes) == 1:
            raise Misfit(
                "argument-conflict",
                f"`{given.name}` is for weights of two axes or more, "
                f"the {'bias' if argument == 'bias_init' else 'weight'} of `{op.name}` has one",
                help="`normal(std)`, `uniform(bound)`, `zeros` and `ones` are for any weight",
                argument=argument,
            )
