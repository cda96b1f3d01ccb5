"""What the tests of several modules start from."""

import numpy as np
import pytest

from mathlib.quadratic import Quadratic


@pytest.fixture(scope="session")
def rotated():
    """Return a function for forms whose matrix has given eigenvalues and random eigenvectors."""

    def form(eigenvalues, seed):
        rng = np.random.default_rng(seed)
        Q, _ = np.linalg.qr(rng.standard_normal((len(eigenvalues), len(eigenvalues))))
        A = Q @ np.diag(eigenvalues) @ Q.T
        return Quadratic((A + A.T) / 2)

    return form
