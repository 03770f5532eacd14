class LocalResponseNorm3d(nn.LocalResponseNorm):
    """Local response normalisation of volumes, whose axes may have been permuted."""

    def forward(self, input: Tensor) -> Tensor:
        return super().forward(input.contiguous())
