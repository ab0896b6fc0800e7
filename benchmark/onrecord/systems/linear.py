"""A linear classifier over named features: trained with scikit-learn, kept as plain arrays, read back without it.

Multinomial logistic regression. Features are mappings of a name to a value; names unknown at training time are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import orjson

from onrecord.systems.modelfile import Model, pack_arrays

#: Seed of everything here that could draw a number.
SEED: Final = 20_261_101

Features = Mapping[str, float]


class Linear:
    """A trained classifier.

    Args:
        names: Feature names, in the order of the weights' columns.
        labels: The labels, in the order of the weights' rows.
        weights: labels x (features + 1) of float64; the last column is the intercept.
    """

    def __init__(self, names: Sequence[str], labels: Sequence[str], weights: npt.NDArray[np.float64]) -> None:
        self.labels = tuple(labels)
        self.names = tuple(names)
        self._columns = {name: column for column, name in enumerate(names)}
        self._weights = weights

    def probabilities(self, features: Features) -> dict[str, float]:
        """Label to probability; they add up to one."""
        scores = self._weights[:, -1].copy()
        for name, value in features.items():
            column = self._columns.get(name)
            if column is not None:
                scores += value * self._weights[:, column]
        raised = np.exp(scores - scores.max())
        return dict(zip(self.labels, (raised / raised.sum()).tolist(), strict=True))

    def label(self, features: Features) -> str:
        """The most probable label; of equal ones the first in order of the alphabet."""
        found = self.probabilities(features)
        return max(self.labels, key=lambda label: (found[label], label))

    def parts(self, name: str) -> dict[str, bytes]:
        """The parts of a model file that hold this classifier."""
        described = {"names": self.names, "labels": self.labels}
        return {
            f"{name}.json": orjson.dumps(described),
            f"{name}.npz": pack_arrays({"weights": self._weights}),
        }

    @classmethod
    def of(cls, model: Model, name: str) -> Linear:
        """The classifier that a model file holds under this name."""
        described = orjson.loads(model.parts[f"{name}.json"])
        return cls(described["names"], described["labels"], model.arrays(f"{name}.npz")["weights"])


def fit(
    examples: Sequence[Features],
    labels: Sequence[str],
    *,
    strength: float = 1.0,
    balanced: bool = False,
    weights: Sequence[float] | None = None,
) -> Linear:
    """Trains a classifier.

    Args:
        examples: Features of each example.
        labels: Label of each example; a single label everywhere makes a constant.
        strength: Inverse of the L2 penalty (scikit-learn's ``C``).
        balanced: Weigh the labels inversely to their frequency.
        weights: A weight an example.
    """
    kinds = sorted(set(labels))
    names = sorted({name for features in examples for name in features})
    if len(kinds) == 1:
        return Linear(names, kinds, np.zeros((1, len(names) + 1)))
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import LogisticRegression

    columns = {name: column for column, name in enumerate(names)}
    cells = [
        (row, columns[name], value) for row, features in enumerate(examples) for name, value in sorted(features.items())
    ]
    rows, places, values = zip(*cells, strict=True) if cells else ((), (), ())
    matrix = csr_matrix((values, (rows, places)), shape=(len(examples), len(names)), dtype=np.float64)
    model = LogisticRegression(
        C=strength, class_weight="balanced" if balanced else None, max_iter=2_000, random_state=SEED, tol=1e-6
    )
    model.fit(matrix, np.asarray(labels), sample_weight=None if weights is None else np.asarray(weights))
    coefficients: npt.NDArray[np.float64] = np.column_stack([model.coef_, model.intercept_])
    if len(kinds) == 2:  # scikit-learn keeps one row for two labels
        coefficients = np.vstack([np.zeros_like(coefficients), coefficients])
    # Rounded, so that the last bits of an optimiser do not decide what the file is.
    return Linear(names, kinds, np.round(coefficients, 6))
