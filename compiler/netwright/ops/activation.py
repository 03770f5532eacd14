"""Activations: the same function of every value."""

from netwright.ops.base import Op, Role, op


class Activation(Op):
    """An elementwise function: the shape stays."""


@op("relu", Role.ACTIVATION, paper="Nair and Hinton, Rectified Linear Units Improve Restricted Boltzmann Machines, 2010")
class Relu(Activation):
    """``max(x, 0)``."""
