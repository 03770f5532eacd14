class SelfAttention(nn.MultiheadAttention):
    """Attention of a sequence to itself, and nothing else."""

    def __init__(self, *args: Any, causal: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.causal = causal

    def forward(self, query: Any, *args: Any, **options: Any) -> Any:
        mask = causal_mask(query, query) if self.causal else None
        x, _ = super().forward(query, query, query, attn_mask=mask, need_weights=False)
        return x
