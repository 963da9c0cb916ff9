"""The classes of results and parameters, and the words that may stand in them."""

from ._protocol import *  # noqa: F403
