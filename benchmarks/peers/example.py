"""The page that every tool builds: prose, formulas, and blocks that call a small library."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["LIBRARY", "Block", "Page", "library"]

LIBRARY = '''\
"""What the pages compute with."""

import numpy as np

FACTOR = 1


def total(n):
    """Return the sum of the squares below a number, times the factor."""
    return FACTOR * int((np.arange(n) ** 2).sum())


def sample(n, seed):
    """Return inputs, and targets of a noisy line."""
    generator = np.random.default_rng(seed)
    X = np.column_stack([np.ones(n), generator.uniform(-1, 1, n)])
    return X, X @ [0.5, 2.0] + 0.1 * generator.standard_normal(n)


def gradient(X, t, w):
    """Return the gradient of half the mean squared error."""
    return X.T @ (X @ w - t) / len(t)


def descend(X, t, rate, steps):
    """Return the weights after some steps of gradient descent, and the losses on the way."""
    w, losses = np.zeros(X.shape[1]), []
    for _ in range(steps):
        losses.append(float(((X @ w - t) ** 2).mean() / 2))
        w = w - rate * gradient(X, t, w)
    return w, losses
'''

CAPTION = "The loss over the steps of gradient descent."
DESCRIPTION = "A falling curve: the loss against the number of steps."


def library(factor: int) -> str:
    """Return the library's source with a factor in the place of 1."""
    return LIBRARY.replace("FACTOR = 1", f"FACTOR = {factor}")


@dataclass(frozen=True, slots=True)
class Block:
    """Python that goes on in the namespace of the block before, and may draw one figure."""

    code: str
    draws: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the site that is built.

    Attributes
    ----------
    number
        Its place on the site, from 1. The pages have the same length and other numbers.
    edition
        Which version of the prose it has, from 1.
    revision
        Which version of the code it has, from 1.
    """

    number: int
    edition: int = 1
    revision: int = 1

    @property
    def name(self) -> str:
        """The page's file without its suffix."""
        return f"page-{self.number:03}"

    @property
    def count(self) -> int:
        """The number that the code starts from."""
        return 1000 * self.revision + self.number

    def published(self, factor: int) -> tuple[str, str]:
        """Return what a reader must find on the page: its edition, and a number of the library."""
        squares = (self.count - 1) * self.count * (2 * self.count - 1) // 6
        prose = f"This is edition {self.edition} of page {self.number}."
        return prose, f"squares: {factor * squares}"

    def parts(self) -> tuple[str | Block, ...]:
        """Return the page from top to bottom: Markdown, formulas between dollars, and blocks."""
        return (
            INTRODUCTION.format(page=self),
            Block(SETUP.format(page=self)),
            MODEL,
            Block(DATA),
            GRADIENT,
            Block(DESCENT),
            FIGURE,
            Block(DRAWING, draws=True),
            CONCLUSION,
        )


INTRODUCTION = """\
# Page {page.number}: a line by gradient descent

This is edition {page.edition} of page {page.number}. A sample of $n$ points
$(x_i, t_i)$ is to be fitted by a line $y(x) = w_0 + w_1 x$. The weights
$\\mathbf{{w}} = (w_0, w_1)^\\top$ are those that make the loss small.

## A sum to begin with

The sum of the first squares has a closed form,

$$
\\sum_{{i=0}}^{{n-1}} i^2 = \\frac{{(n-1)\\, n\\, (2n-1)}}{{6}},
$$

and the library computes it term by term.
"""

SETUP = """\
from model import descend, sample, total

n = {page.count}
print("squares:", total(n))
"""

MODEL = """\
## The model

With the design matrix $X \\in \\mathbb{R}^{n \\times 2}$, whose rows are $(1, x_i)$,
the prediction of all points is $\\mathbf{y} = X \\mathbf{w}$, and the loss is half
the mean squared error:

$$
L(\\mathbf{w}) = \\frac{1}{2n} \\lVert X \\mathbf{w} - \\mathbf{t} \\rVert^2 .
$$

- The first column of $X$ is all ones, so $w_0$ is the height at $x = 0$.
- The noise has the standard deviation $\\sigma = 0.1$.
"""

DATA = """\
X, t = sample(n, seed=1)
print("shape:", X.shape)
print("mean target:", round(float(t.mean()), 6))
"""

GRADIENT = """\
## The gradient

The loss is a quadratic form, so its gradient is linear in $\\mathbf{w}$,

$$
\\nabla L = \\frac{1}{n} X^\\top (X \\mathbf{w} - \\mathbf{t}),
\\qquad
\\mathbf{w} \\leftarrow \\mathbf{w} - \\eta \\nabla L,
$$

and steps of a size $\\eta < 2 / \\lambda_{\\max}$ converge, where $\\lambda_{\\max}$ is the largest
eigenvalue of $X^\\top X / n$.
"""

DESCENT = """\
w, losses = descend(X, t, rate=0.5, steps=200)
print("weights:", [round(float(value), 4) for value in w])
print("loss:", round(losses[-1], 8))
"""

FIGURE = """\
## The way there

On a logarithmic axis the loss falls along a line until it reaches the noise, $\\sigma^2 / 2$.
"""

DRAWING = """\
import matplotlib.pyplot as plt

fig, ax = plt.subplots(figsize=(5, 3))
ax.semilogy(losses)
ax.set_xlabel("step")
ax.set_ylabel("loss")
"""

CONCLUSION = """\
## What remains

The weights are those of the **normal equations**,
$X^\\top X \\mathbf{w} = X^\\top \\mathbf{t}$, to four digits:

| weight | drawn with | meaning |
| ------ | ---------- | ------- |
| $w_0$ | 0.5 | height at $x = 0$ |
| $w_1$ | 2 | slope |

1. A larger step $\\eta$ would be faster, until it diverges.
2. More points would make $\\lVert \\mathbf{w} - \\mathbf{w}^* \\rVert$ smaller, as $1 / \\sqrt{n}$.
"""
