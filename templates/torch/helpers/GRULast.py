class GRULast(nn.GRU):
    """The last state, of both directions where there are two."""

    def forward(self, input: Any, hx: Any = None) -> Any:
        _, state = super().forward(input, hx)
        directions = 2 if self.bidirectional else 1
        return torch.cat(list(state[-directions:]), dim=1)
