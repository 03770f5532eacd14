"""What the macros of recurrent layers and of attention ask."""

from netwright.evaluate import NotGeneral
from netwright.targets.keras.calls import Calls


class Sequences(Calls):
    """Layers over a sequence."""

    def recurrent(self, kind: str, **options: object) -> list[str]:
        """The lines of a recurrent layer: one a layer, with dropout between them."""
        count = self.value("layers")
        if not isinstance(count, int) or self.value("return") not in ("sequence", "last"):
            raise NotGeneral(self.layer.span)
        lines = []
        for number in range(count):
            last = number == count - 1 and self.value("return") == "last"
            suffix = "" if count == 1 else f"_l{number}"
            lines.append(self._directions(kind, suffix, None if last else "True", options))
            if number < count - 1 and self.arg("dropout") is not None:
                lines.append(f"layers.Dropout({self.of('dropout')})")
        return lines

    def _directions(
        self, kind: str, suffix: str, sequences: str | None, options: dict[str, object]
    ) -> str:
        """One recurrent layer, in the directions that it has."""
        both = self.flag("bidirectional")
        starts = self.starts(
            kernel_initializer="init", recurrent_initializer="init", bias_initializer="bias_init"
        )
        if kind == "layers.LSTM" and self.value("bias_init") is not None:
            options = {**options, "unit_forget_bias": "False"}
        layer = self.make(
            kind,
            self.of("hidden"),
            return_sequences=sequences,
            settings=starts,
            suffix=suffix,
            named=not both,
            **options,
        )
        if not both:
            return layer
        name = f"name={self.label[:-1]}{suffix}{self.label[-1]}" if self.label else None
        return f"layers.Bidirectional({', '.join(filter(None, [layer, name]))})"

    @property
    def nonlinearity(self) -> str | None:
        """What an `rnn` applies to its state, where it is not tanh."""
        return self.arg("activation")

    @property
    def head_width(self) -> str:
        """The features of one head of `attention`."""
        features, heads = self.sizes()[1], self.value("heads")
        if isinstance(features, int) and isinstance(heads, int):
            return str(features // heads)
        return f"{self.size(1)} // {self.grouped('heads')}"

    @property
    def attended(self) -> str:
        """The arguments of an attention layer: query, value and key."""
        query, *others = self.in_our_order if len(self.layer.inputs) == 3 else ["$"]
        key, value = others or ["$", "$"]
        parts = [query, value, *([] if key == value else [f"key={key}"])]
        causal = self.given("causal", False)
        return ", ".join([*parts, *([f"use_causal_mask={causal}"] if causal else [])])
