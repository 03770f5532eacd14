"""PyTorch: blocks and nets are classes, with a constructor and a forward."""
