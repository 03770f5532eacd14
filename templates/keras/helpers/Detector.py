@keras.saving.register_keras_serializable()
class Detector(DetectionModel):
    """A model that `fit` trains by what images show: `boxes` (B, T, 4), as corners in
    pixels of the image, and `labels` (B, T), -1 where there are fewer than T.
    """

    trainer: Any = None
    training_now = False

    def trained_by(self, inputs: Any, losses: dict[str, Any]) -> "Detector":
        """The model with its losses, which share its layers."""
        self.trainer = keras.Model(inputs, losses).__call__  # no layer of this one
        return self

    def train_losses(
        self, images: Any, targets: dict[str, Any], training: bool = True
    ) -> dict[str, Any]:
        """Each loss of a batch."""
        if self.trainer is None:
            raise ValueError(
                "a loaded model has no losses: make it anew, load its weights"
            )
        given: Any = [*keras.tree.flatten(images), targets]
        found: dict[str, Any] = self.trainer(given, training=training)
        return found

    def compute_loss(
        self,
        x: Any = None,
        y: Any = None,
        y_pred: Any = None,
        sample_weight: Any = None,
        training: bool = True,
    ) -> Any:
        """The sum of all losses."""
        return sum([*self.train_losses(x, y, training).values(), *self.losses])

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """Detections; `fit` and `evaluate` ask for losses alone."""
        if self.training_now:
            return inputs
        return super().call(inputs, training=training, mask=mask)

    def train_step(self, *data: Any) -> Any:
        return self.without_detections(super().train_step, *data)

    def test_step(self, *data: Any) -> Any:
        return self.without_detections(super().test_step, *data)

    def without_detections(self, step: Any, *data: Any) -> Any:
        """A step of `fit` or `evaluate`."""
        self.training_now = True
        try:
            return step(*data)
        finally:
            self.training_now = False
