"""Keras: blocks and nets are functions of the functional API, on any backend of Keras 3."""
