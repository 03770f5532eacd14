class FlatBatchNorm3d(nn.BatchNorm3d):
    """Batch normalisation over more than three axes: the last ones are taken as one."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.flatten(4)).reshape(input.shape)
