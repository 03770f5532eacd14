@keras.saving.register_keras_serializable()
class HardNegatives(layers.Layer):
    """Of the matches without an object those of each image that a head is most wrong about;
    of all others the label becomes -1.
    """

    def __init__(self, ratio: float, **options: Any) -> None:
        super().__init__(autocast=False, **options)
        self.ratio = ratio

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = matches["labels"]
        wanted: Any = ops.maximum(labels, 0)
        loss: Any = keras.losses.sparse_categorical_crossentropy(
            wanted, logits, from_logits=True
        )
        loss = ops.where(ops.equal(labels, 0), ops.stop_gradient(loss), -1.0)
        rank: Any = ops.argsort(ops.argsort(-loss))
        some: Any = ops.sum(ops.cast(labels > 0, loss.dtype), axis=1, keepdims=True)
        easy: Any = ops.equal(labels, 0) & (
            ops.cast(rank, loss.dtype) >= self.ratio * some
        )
        return {**matches, "labels": ops.where(easy, -1, labels)}

    def compute_output_spec(self, logits: Any, matches: Any) -> Any:
        return matches_spec(*matches["labels"].shape)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"ratio": self.ratio}
