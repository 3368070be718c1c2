"""The integral itself: standardise, complete the square, take Gaussian moments, add up, differentiate.

With v = 1/(1 - 2 a) and m = v b,

    a e^2 + b e - e^2/2 = -(e - m)^2/(2 v) + v b^2/2,
    E[P(e) exp(a e^2 + b e)] = sqrt(v) exp(v b^2/2) E[P(m + sqrt(v) e)],     E e^n = (n - 1)!! for even n, else 0,

for complex b too; a cosine is the real part of an exponential. Under an exponential law the Gamma integral
E[x^n exp(b x)] = lam n!/(lam - b)^(n + 1) takes their place.
"""

from __future__ import annotations

import sympy as sp

from symbolic.constant_base import in_exponentials
from symbolic.deriving.derivation import Lines
from symbolic.deriving.rules.real_parts import RealTerm, real_and_imaginary, real_terms
from symbolic.deriving.rules.subject import Subject
from symbolic.errors import NotInClass
from symbolic.exact import Exact
from symbolic.expectation import expectation_under_law
from symbolic.laws.exponential import EXPONENTIAL
from symbolic.laws.normal import NORMAL
from symbolic.methods import exponential_polynomial
from symbolic.places.symbolic_pieces import symbolic_pieces
from symbolic.readable import readable

__all__ = ["TOPIC", "integral_by_steps"]

TOPIC = "The integral"


def integral_by_steps(subject: Subject, gradient: Exact, lines: Lines) -> None:
    """E[f] in closed form and its derivative. Raises NotInClass if there is no closed form."""
    problem = subject.problem
    integral = expectation_under_law(problem.cost, problem.law)
    needs = "" if integral.holds == sp.true else str(integral.holds)
    closed = readable(integral.expression)
    try:
        parts = _by_terms(subject, lines)
    except NotInClass:
        parts = _by_pieces(subject, lines)
    if parts is None:
        lines.add(TOPIC, subject.mean, closed, "closed form", f"by the method {integral.method}", needs)
    else:
        lines.add(TOPIC, subject.mean, parts, "add up", "an expectation is linear", needs)
        if parts != closed:
            lines.then(closed, "write it short", "the same function with fewer operations", needs)
    lines.add(
        TOPIC,
        subject.derivative,
        sp.Derivative(closed, problem.wrt),
        "differentiate the closed form",
        f"now the integral is a function of {problem.wrt}",
        needs,
    )
    lines.then(gradient.expression, "exact gradient", "carry out the derivative", needs, main=True)


def _by_terms(subject: Subject, lines: Lines) -> sp.Expr | None:
    """The cost term by term under a normal or an exponential law; None for another law."""
    law, cost = subject.problem.law, subject.problem.cost
    if law.name == NORMAL.name:
        epsilon = law.noise.symbol
        terms = real_terms(in_exponentials(subject.along_path(cost), epsilon)[0], epsilon)
        lines.add(
            TOPIC,
            subject.mean,
            subject.mean_over_noise(subject.along_path(cost)),
            "standardise",
            f"{law.variable} = {subject.path}",
        )
        if len(terms) > 1 or subject.along_path(cost) != terms[0].at(epsilon):
            lines.then(
                sp.Add(*(subject.mean_over_noise(term.at(epsilon)) for term in terms)),
                "expand",
                "a sum of powers times exponentials; cos and sin are pairs of exponentials",
            )
        return sp.Add(*(_gaussian(subject, term, lines) for term in terms))
    if law.name == EXPONENTIAL.name:
        return sp.Add(
            *(_gamma(subject, term, lines) for term in real_terms(in_exponentials(cost, law.variable)[0], law.variable))
        )
    return None


def _gaussian(subject: Subject, term: RealTerm, lines: Lines) -> sp.Expr:
    epsilon = subject.problem.law.noise.symbol
    v = 1 / sp.factor(1 - 2 * term.a)
    m = v * term.b
    needs = "" if (1 - 2 * term.a).is_positive else f"{1 - 2 * term.a} > 0"
    if term.is_real and (term.a != 0 or term.b != 0):
        lines.add(
            TOPIC,
            term.a * epsilon**2 + term.b * epsilon - epsilon**2 / 2,
            -((epsilon - m) ** 2) / (2 * v) + v * term.b**2 / 2,
            "complete the square",
            f"so {epsilon} is normal with mean {m} and variance {v} under the tilted density",
            needs,
        )
    moved = sp.collect(sp.expand(term.polynomial.subs(epsilon, m + sp.sqrt(v) * epsilon)), epsilon)
    height, turn = real_and_imaginary(term.d + v * term.b**2 / 2)
    before = subject.mean_over_noise(term.at(epsilon))
    if term.is_real:
        scale = sp.sqrt(v) * sp.exp(height)
        after = scale * _moments(moved, epsilon)
        if scale != 1 and moved.has(epsilon):
            lines.add(
                TOPIC, before, scale * subject.mean_over_noise(moved), "tilt", "the square moves mean and scale", needs
            )
            lines.then(after, "Gaussian moments", _double_factorials(moved, epsilon), needs)
            return after
        rule = "Gaussian moments" if moved.has(epsilon) else "tilt"
        if before != after:
            lines.add(TOPIC, before, after, rule, _double_factorials(moved, epsilon), needs)
        return after
    even, odd = real_and_imaginary(_moments(moved, epsilon))
    after = 2 * sp.sqrt(v) * sp.exp(height) * (even * sp.cos(turn) - odd * sp.sin(turn))
    lines.add(
        TOPIC,
        before,
        after,
        "tilt by a complex number",
        f"cos and sin are real and imaginary part of exp: complete the square with b = {term.b}, take the real part",
        needs,
    )
    return after


def _moments(polynomial: sp.Expr, epsilon: sp.Symbol) -> sp.Expr:
    """E[P(epsilon)] from E epsilon^n = (n - 1)!! for even n."""
    poly = sp.Poly(polynomial, epsilon)
    return sp.expand(sp.Add(*(c * sp.factorial2(n - 1) for (n,), c in poly.terms() if n % 2 == 0)))


def _double_factorials(polynomial: sp.Expr, epsilon: sp.Symbol) -> str:
    highest = sp.Poly(polynomial, epsilon).degree()
    if highest < 1:
        return f"the expectation of exp(b {epsilon}) is exp(b**2/2), of a constant the constant"
    listed = [f"E {epsilon}**{n} = {sp.factorial2(n - 1)}" for n in range(2, highest + 1, 2)]
    return ", ".join([*listed, "odd moments are 0"])


def _gamma(subject: Subject, term: RealTerm, lines: Lines) -> sp.Expr:
    law = subject.problem.law
    x, rate = law.variable, law.arguments[0]
    if term.a != 0:
        raise NotInClass("the exponent holds a square")
    decay, turn = real_and_imaginary(rate - term.b)
    height, phase = real_and_imaginary(term.d)
    total: sp.Expr = sp.S.Zero
    for (n,), coefficient in sp.Poly(term.polynomial, x).terms():
        size = rate * sp.factorial(n)
        if term.is_real:
            total += coefficient * size / decay ** (n + 1)
        else:
            total += coefficient * size * (decay - sp.I * turn) ** (n + 1) / (decay**2 + turn**2) ** (n + 1)
    if term.is_real:
        after = sp.exp(height) * total
    else:
        even, odd = real_and_imaginary(total)
        after = 2 * sp.exp(height) * (even * sp.cos(phase) - odd * sp.sin(phase))
    before = subject.mean_of(term.at(x))
    if before != after:
        needs = "" if decay.is_positive else f"{decay} > 0"
        why = f"E[{x}**n exp(b {x})] = {rate} n!/({rate} - b)**(n + 1), with b = {term.b}"
        lines.add(TOPIC, before, after, "Gamma integral", why, needs)
    return after


def _by_pieces(subject: Subject, lines: Lines) -> sp.Expr | None:
    """The integral between the kinks and jumps; None if there is nothing to cut."""
    law, cost = subject.problem.law, subject.problem.cost
    if not cost.has(sp.Abs, sp.sign, sp.Heaviside, sp.Max, sp.Min, sp.Piecewise):
        return None
    cut = symbolic_pieces(cost, law.variable, law.support)
    pieces = [
        sp.Integral(piece.formula * subject.density, (law.variable, piece.left, piece.right))
        for piece in cut.pieces
        if piece.formula != 0
    ]
    needs = "" if cut.condition == sp.true else str(cut.condition)
    lines.add(TOPIC, subject.mean, sp.Add(*pieces), "cut at the kinks", "between them the cost is smooth", needs)
    return sp.Add(*(_piece(piece, subject, lines) for piece in pieces))


def _piece(piece: sp.Integral, subject: Subject, lines: Lines) -> sp.Expr:
    """An antiderivative, then its values at the two ends of the piece."""
    variable, low, high = piece.limits[0]
    lines.add(
        TOPIC,
        sp.Derivative(_antiderivative(piece, subject), variable),
        piece.function,
        "antiderivative",
        "powers times the density, by parts; erf is the rest. Differentiate it to see that it is one",
    )
    value = readable(_integrated(piece, subject, low, high))
    ends = f"its value at {variable} = {high} minus that at {variable} = {low}"
    lines.add(TOPIC, piece, value, "fundamental theorem of calculus", ends)
    return value


def _antiderivative(piece: sp.Integral, subject: Subject) -> sp.Expr:
    """The integral from an infinite end of the support up to x."""
    low, high = subject.problem.law.support
    upto = sp.Dummy("upto", real=True)
    area = _integrated(piece, subject, low, upto) if low == -sp.oo else -_integrated(piece, subject, upto, high)
    return readable(area).xreplace({upto: piece.limits[0][0]})


def _integrated(piece: sp.Integral, subject: Subject, low: sp.Expr, high: sp.Expr) -> sp.Expr:
    integrand = piece.function.xreplace({subject.density: subject.written_density})
    return exponential_polynomial.integrate(integrand, piece.limits[0][0], (low, high)).expression
