"""Weights carried between PyTorch and Keras, by names and layouts that follow from the spec."""

from netwright.weights.carry import Carried, carry
from netwright.weights.models import to_keras_model, to_state_dict
from netwright.weights.state import WeightsError

__all__ = ["Carried", "WeightsError", "carry", "to_keras_model", "to_state_dict"]
