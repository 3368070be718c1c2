"""Sums of c x^n exp(a x^2 + b x + d): the class in which costs, densities and estimator terms meet.

The class is closed under +, * and non-negative integer powers, and sin, cos, sinh, cosh belong to it as pairs of
exponentials. So the product of a cost, a score and a density, or the square of a term, is read by the same code.
The arithmetic is done on polynomials with rational coefficients; every exponential and every other subexpression
without the variable (1/sigma, sqrt(2), exp(rho), I) is one generator of the ring. SymPy expressions come back last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.errors import NotInClass

__all__ = ["Exponent", "ExponentialSum", "generators", "in_ring", "read"]


@dataclass(frozen=True)
class Exponent:
    """a x^2 + b x + d."""

    a: sp.Expr
    b: sp.Expr
    d: sp.Expr

    def conjugate(self) -> Exponent:
        """The exponent of the complex conjugate; every symbol is real."""
        return Exponent(*(part.xreplace({sp.I: -sp.I}) for part in (self.a, self.b, self.d)))

    @property
    def is_real(self) -> bool:
        return not any(part.has(sp.I) for part in (self.a, self.b, self.d))


@dataclass(frozen=True)
class ExponentialSum:
    """sum over exponents e and powers n of coefficients[e][n] x^n exp(e)."""

    ring: PolyRing
    coefficients: dict[Exponent, dict[int, PolyElement]]


def read(expression: sp.Expr, variable: sp.Symbol) -> ExponentialSum:
    """`expression` as a sum of c x^n exp(a x^2 + b x + d). Raises NotInClass if it is none."""
    table: dict[Exponent, sp.Dummy] = {}
    rewritten = _with_exponentials_named(expression, variable, table)
    names = list(table.values())
    atoms = sorted(generators(rewritten) - {variable, *names}, key=sp.default_sort_key)
    ring = PolyRing([variable, *names, *atoms], sp.QQ)
    polynomial = in_ring(rewritten, ring)

    rest = PolyRing(atoms, sp.QQ)
    gathered: dict[Exponent, dict[int, dict[tuple[int, ...], sp.Rational]]] = {}
    exponents = list(table)
    combined: dict[tuple[int, ...], Exponent] = {}
    for monomial, coefficient in polynomial.terms():
        powers = monomial[1 : 1 + len(names)]
        if powers not in combined:
            combined[powers] = _sum_of_exponents(powers, exponents)
        by_power = gathered.setdefault(combined[powers], {}).setdefault(monomial[0], {})
        key = monomial[1 + len(names) :]
        by_power[key] = by_power.get(key, sp.QQ.zero) + coefficient
    return ExponentialSum(
        rest,
        {
            exponent: {n: rest.from_dict(terms) for n, terms in by_power.items()}
            for exponent, by_power in gathered.items()
        },
    )


def _sum_of_exponents(powers: tuple[int, ...], exponents: list[Exponent]) -> Exponent:
    def total(part: str) -> sp.Expr:
        parts = (power * getattr(exponent, part) for power, exponent in zip(powers, exponents, strict=True) if power)
        return sp.expand(sp.Add(*parts))

    return Exponent(total("a"), total("b"), total("d"))


def _with_exponentials_named(node: sp.Expr, variable: sp.Symbol, table: dict[Exponent, sp.Dummy]) -> sp.Expr:
    """`node` as a polynomial in the variable and in the names given to its exponentials."""

    def exponential(argument: sp.Expr) -> sp.Expr:
        exponent = _exponent(argument, variable)
        return table.setdefault(exponent, sp.Dummy(f"E{len(table)}"))

    def walk(node: sp.Expr) -> sp.Expr:
        if not node.has(variable) or node == variable:
            return node
        if isinstance(node, sp.Add | sp.Mul):
            return node.func(*(walk(argument) for argument in node.args))
        if isinstance(node, sp.exp):
            return exponential(node.args[0])
        if isinstance(node, sp.Pow):
            base, power = node.args
            if power.is_Integer and power > 0:
                return walk(base) ** power
            if not base.has(variable) and base.is_positive:
                return exponential(power * sp.log(base))
            raise NotInClass(f"{node} is not a sum of x^n exp(a x^2 + b x): its base holds {variable}")
        if isinstance(node, sp.cos | sp.cosh):
            turn = sp.I if isinstance(node, sp.cos) else sp.S.One
            return (exponential(turn * node.args[0]) + exponential(-turn * node.args[0])) / 2
        if isinstance(node, sp.sin | sp.sinh):
            turn = sp.I if isinstance(node, sp.sin) else sp.S.One
            return (exponential(turn * node.args[0]) - exponential(-turn * node.args[0])) / (2 * turn)
        raise NotInClass(f"{node.func.__name__} of {variable} is not a sum of x^n exp(a x^2 + b x)")

    return walk(node)


def _exponent(argument: sp.Expr, variable: sp.Symbol) -> Exponent:
    polynomial = argument.as_poly(variable)
    if polynomial is None or polynomial.degree() > 2:
        raise NotInClass(f"exp({argument}): the exponent is not a polynomial of degree 2 or less in {variable}")
    return Exponent(*(sp.expand(polynomial.coeff_monomial(variable**power)) for power in (2, 1, 0)))


def generators(node: sp.Expr) -> frozenset[sp.Expr]:
    """The subexpressions that stand as one letter each when `node` is read as a polynomial."""
    return frozenset(_generators(node))


def _generators(node: sp.Expr) -> Iterator[sp.Expr]:
    if node.is_Rational:
        return
    if isinstance(node, sp.Add | sp.Mul):
        for argument in node.args:
            yield from _generators(argument)
    elif isinstance(node, sp.Pow) and node.args[1].is_Integer:
        base, power = node.args
        if power > 0:
            yield from _generators(base)
        else:
            yield 1 / base
    else:
        yield node


def in_ring(node: sp.Expr, ring: PolyRing) -> PolyElement:
    """`node` as an element of a ring that has all of its generators."""
    letters = dict(zip(ring.symbols, ring.gens, strict=True))

    def walk(node: sp.Expr) -> PolyElement:
        if node.is_Rational:
            return ring.ground_new(sp.QQ(node.p, node.q))
        if isinstance(node, sp.Add):
            total = ring.zero
            for argument in node.args:
                total += walk(argument)
            return total
        if isinstance(node, sp.Mul):
            product = ring.one
            for argument in node.args:
                product *= walk(argument)
            return product
        if isinstance(node, sp.Pow) and node.args[1].is_Integer:
            base, power = node.args
            return walk(base) ** int(power) if power > 0 else letters[1 / base] ** int(-power)
        return letters[node]

    return walk(node)
