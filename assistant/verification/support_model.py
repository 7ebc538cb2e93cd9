"""Estimates how likely a sentence is carried by what it cites: a logistic regression over observations.

Coefficients and thresholds stand in `support.json`, which `eval/training/fit_support_model.py` writes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True)
class SupportModel:
    """The content of `support.json`."""

    coefficients: dict[str, float]
    """By the names in `observations.FEATURES`; the others have no weight."""
    intercept: float
    supported: float
    """Lowest probability of a supported sentence."""
    partial: float
    """Lowest probability of a sentence that is shown to be compared with the source."""

    def probability(self, features: Mapping[str, float]) -> float:
        """The logistic function of the weighted features."""
        z = sum(weight * features[name] for name, weight in self.coefficients.items()) + self.intercept
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))


@lru_cache(maxsize=1)
def packaged() -> SupportModel:
    """The fitted model that comes with the package."""
    return SupportModel(**json.loads((Path(__file__).parent / "support.json").read_text(encoding="utf-8")))
