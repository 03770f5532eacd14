@keras.saving.register_keras_serializable()
class ObjectLoss(Loss):
    """The cross-entropy of whether there is an object, of the matches that count."""

    def call(self, logits: Any, matches: Any) -> Any:
        labels: Any = ops.ravel(matches["labels"])
        found: Any = ops.ravel(logits)
        some: Any = ops.cast(labels > 0, found.dtype)
        loss: Any = ops.softplus(found) - some * found
        return self.share(ops.sum(ops.where(labels >= 0, loss, 0.0)), labels)
