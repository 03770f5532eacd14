class Loss(layers.Layer):
    """A sum over the matches of a batch, over how many count, have an object, or 1."""

    def __init__(self, over: str = "counted", **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.over = over

    def share(self, total: Any, labels: Any) -> Any:
        """A sum, over what it is divided by."""
        if self.over == "one":
            return total
        counted: Any = labels > 0 if self.over == "positive" else labels >= 0
        number: Any = ops.sum(ops.cast(counted, total.dtype))
        return total / ops.maximum(number, 1)

    def compute_output_spec(self, *given: Any, **named: Any) -> Any:
        return KerasTensor((), keras.config.floatx())

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"over": self.over}
