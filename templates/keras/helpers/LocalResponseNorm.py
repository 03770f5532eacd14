@keras.saving.register_keras_serializable()
class LocalResponseNorm(layers.Layer):
    """Each value over `(k + alpha / size * sum of squares) ** beta` of near channels."""

    def __init__(
        self,
        size: int,
        alpha: float = 1e-4,
        beta: float = 0.75,
        k: float = 1.0,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def call(self, inputs: Any) -> Any:
        channels, rank = inputs.shape[-1], len(inputs.shape)
        ends = [*[(0, 0)] * (rank - 1), (self.size // 2, (self.size - 1) // 2)]
        squares: Any = ops.pad(ops.square(inputs), ends)
        total = sum(squares[..., i : i + channels] for i in range(self.size))
        return inputs / (self.k + self.alpha / self.size * total) ** self.beta

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "size": self.size,
            "alpha": self.alpha,
            "beta": self.beta,
            "k": self.k,
        }
