class GRUSequence(nn.GRU):
    """The state at every step, and nothing else."""

    def forward(self, input: Any, hx: Any = None) -> Any:
        return super().forward(input, hx)[0]
