"""The terms that a report uses, for a reader who has not met them."""

from __future__ import annotations

__all__ = ["GLOSSARY"]

GLOSSARY = {
    "cost": "the function f whose mean is differentiated.",
    "law": "the distribution of x, written with its parameters, such as normal(mu, sigma).",
    "d/dmu E[f(x)]": "the gradient: how fast the mean of the cost changes with the parameter mu.",
    "estimator": "a random number whose mean is meant to be the gradient. One value of it is a draw.",
    "score_function": "f(x) times d/dmu log p(x; mu), also called REINFORCE or the likelihood ratio. It asks nothing "
    "of the cost but that its mean exists, and its variance is often large.",
    "pathwise": "the derivative of f(g(epsilon; mu)) along the path x = g(epsilon; mu), also called "
    "reparameterization. It does not see jumps of the cost.",
    "exact gradient": "found by integrating density times cost, and never by way of the estimator; either as a "
    "closed form or as a number with a certified error.",
    "bias": "mean of a draw minus exact gradient. A correct estimator has none.",
    "variance": "of one draw. The mean of n independent draws has one n-th of it.",
    "standard error": "of the mean of all draws: the square root of the exact variance over their number.",
    "sd": "standard deviation of one draw: the square root of the exact variance.",
    "identity": "the check that integrates the estimator's term symbolically and compares it with the exact gradient.",
    "quadrature": "the check that integrates the compiled term numerically, without chance.",
    "draws": "the check that draws from the compiled estimator. Only this one can be wrong by chance.",
    "resolution": "the smallest bias that must not pass, in sd; or the smallest error of the variance, as a share.",
    "false alarm": "a FAIL although the estimator is right.",
    "control": "an estimator that is wrong on purpose. A report whose controls do not all FAIL proves nothing.",
    "closed form": "a formula in the parameters, as opposed to a number at some values of them.",
}
