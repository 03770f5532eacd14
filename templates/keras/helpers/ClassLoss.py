@keras.saving.register_keras_serializable()
class ClassLoss(Loss):
    """The cross-entropy of the matches that count."""

    def __init__(self, background: bool = True, **options: Any) -> None:
        super().__init__(**options)
        self.background = background

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = ops.ravel(matches["labels"])
        wanted: Any = labels if self.background else labels - 1  # no class is for none
        counted: Any = wanted >= 0 if self.background else labels > 0
        rows: Any = ops.reshape(logits, (-1, logits.shape[-1]))
        loss: Any = keras.losses.sparse_categorical_crossentropy(
            ops.maximum(wanted, 0), rows, from_logits=True
        )
        return self.share(ops.sum(ops.where(counted, loss, 0.0)), labels)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"background": self.background}
