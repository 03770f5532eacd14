class FlatDropout3d(nn.Dropout3d):
    """Dropout of whole channels over more than three axes: the last ones are taken as one."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.flatten(4)).reshape(input.shape)
