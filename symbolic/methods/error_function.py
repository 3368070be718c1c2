"""Error functions of affine arguments times polynomials, exponentials and Gaussians, over the whole line.

With x^n exp(a x^2 + b x + d) turned into a multiple of the raw moments of N(m, v), and h(x) = erf(alpha x + beta),

    E h        = erf((alpha m + beta) / sqrt(1 + 2 alpha^2 v))
    E x^n h    = m E x^{n-1} h + (n-1) v E x^{n-2} h + v E x^{n-1} h'        (Stein's lemma)
    h'(x)      = 2 alpha/sqrt(pi) exp(-(alpha x + beta)^2),   a Gaussian: N(m', v') with 1/v' = 1/v + 2 alpha^2

Source: Owen (1980), A table of normal integrals, Communications in Statistics B 9, 10,010.8 ff.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from sympy.logic.boolalg import Boolean
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.errors import Divergent, NotInClass
from symbolic.existence import is_present, sign_condition
from symbolic.exponential_integral import as_expression, integrate_sum, tidy, wider
from symbolic.exponential_sum import Exponent, ExponentialSum, in_ring, read
from symbolic.integral import Integral

__all__ = ["NAME", "integrate"]

NAME = "error_function"


def integrate(integrand: sp.Expr, variable: sp.Symbol, support: tuple[sp.Expr, sp.Expr]) -> Integral:
    """int integrand dx over the whole line, linear in error functions of affine arguments.

    Raises NotInClass for products of error functions, curved arguments or another support, Divergent if the integral
    provably does not exist.
    """
    plain = integrand.replace(sp.erfc, lambda argument: 1 - sp.erf(argument))
    found = sorted((node for node in plain.atoms(sp.erf) if node.has(variable)), key=sp.default_sort_key)
    if not found:
        raise NotInClass("the integrand has no error function")
    if support != (-sp.oo, sp.oo):
        raise NotInClass(f"the support {support} is not the whole line")
    names = {node: sp.Dummy(f"H{place}", real=True) for place, node in enumerate(found)}
    terms = read(plain.xreplace(names), variable)
    if any(letter.has(*names.values()) and letter not in names.values() for letter in terms.ring.symbols):
        raise NotInClass("an error function stands inside another function")
    plain = _share(terms, None, tuple(names.values()))
    parts = [_Part.of(node, _share(terms, name, tuple(names.values())), variable) for node, name in names.items()]
    conditions, form_holds = _exists(plain, parts, variable)
    rest = integrate_sum(plain, variable, *support)
    total = sp.Add(rest.expression, *(part.integral() for part in parts))
    return Integral(total, conditions, NAME, form_holds & rest.form_holds)


@dataclass(frozen=True)
class _Part:
    """terms * erf(alpha x + beta)."""

    terms: ExponentialSum
    alpha: sp.Expr
    beta: sp.Expr

    @staticmethod
    def of(node: sp.Expr, terms: ExponentialSum, variable: sp.Symbol) -> _Part:
        argument = node.args[0].as_poly(variable)
        if argument is None or argument.degree() != 1:
            raise NotInClass(f"{node} has an argument that is not affine in {variable}")
        if not all(exponent.is_real for exponent in terms.coefficients):
            raise NotInClass(f"{node} times a wave has no closed form here")
        return _Part(terms, argument.coeff_monomial(variable), argument.coeff_monomial(1))

    def integral(self) -> sp.Expr:
        return sp.Add(
            *(
                _stein(exponent, by_power, self.terms.ring, self.alpha, self.beta)
                for exponent, by_power in self.terms.coefficients.items()
            )
        )


def _exists(plain: ExponentialSum, parts: list[_Part], variable: sp.Symbol) -> tuple[Boolean, Boolean]:
    """Where the integral exists, and where more than that is known to: of each term alone.

    Beside +oo and -oo each error function is 1 or -1 but for a tail that falls like exp(-alpha^2 x^2). What is left of
    the sum with these numbers in place cannot be cancelled by anything, if it falls more slowly than all of the tails.
    Raises as `existence.exists` does.
    """
    needed: Boolean = sp.true
    alone: Boolean = sp.true
    for exponent in {**plain.coefficients, **{e: None for part in parts for e in part.terms.coefficients}}:
        condition = sign_condition(exponent, 1)
        if condition == sp.true:
            continue
        tails = [exponent.a - (e.a - part.alpha**2) for part in parts for e in part.terms.coefficients]
        is_needed = all(sp.Gt(sp.expand(tail), 0) == sp.true for tail in tails) and any(
            is_present(limit, exponent, variable) for limit in _limits(plain, parts)
        )
        if condition == sp.false:
            what = f"exp(({exponent.a})*{variable}**2) does not decay"
            if is_needed:
                raise Divergent(f"the integral diverges: {what}")
            raise NotInClass(f"{what}, but it may cancel with another term")
        needed, alone = (needed & condition, alone) if is_needed else (needed, alone & condition)
    return needed, alone


def _limits(plain: ExponentialSum, parts: list[_Part]) -> Iterator[ExponentialSum]:
    """The sum beside +oo and -oo, with the limits of the error functions; nothing where these depend on symbols."""
    if not all(part.alpha.is_positive or part.alpha.is_negative for part in parts):
        return
    for side in (1, -1):
        total = {exponent: dict(by_power) for exponent, by_power in plain.coefficients.items()}
        for part in parts:
            limit = side if part.alpha.is_positive else -side
            for exponent, by_power in part.terms.coefficients.items():
                together = total.setdefault(exponent, {})
                for n, polynomial in by_power.items():
                    together[n] = together.get(n, plain.ring.zero) + polynomial * limit
        yield ExponentialSum(plain.ring, total)


def _share(terms: ExponentialSum, name: sp.Dummy | None, names: tuple[sp.Dummy, ...]) -> ExponentialSum:
    """The factor of one error function, or with None what has none."""
    ring = terms.ring
    places = {letter: ring.symbols.index(letter) for letter in names if letter in ring.symbols}
    rest = PolyRing([symbol for symbol in ring.symbols if symbol not in names], sp.QQ)
    kept: dict[Exponent, dict[int, PolyElement]] = {}
    for exponent, by_power in terms.coefficients.items():
        for n, polynomial in by_power.items():
            chosen: dict[tuple[int, ...], sp.Rational] = {}
            for monomial, coefficient in polynomial.terms():
                powers = {letter: monomial[place] for letter, place in places.items() if monomial[place]}
                if sum(powers.values()) > 1:
                    raise NotInClass("a product of error functions has no closed form here")
                if (name is None and not powers) or name in powers:
                    key = tuple(power for place, power in enumerate(monomial) if place not in places.values())
                    chosen[key] = coefficient
            if chosen:
                kept.setdefault(exponent, {})[n] = rest.from_dict(chosen)
    return ExponentialSum(rest, kept)


def _stein(
    exponent: Exponent, by_power: dict[int, PolyElement], ring: PolyRing, alpha: sp.Expr, beta: sp.Expr
) -> sp.Expr:
    """int sum_n c_n x^n exp(a x^2 + b x + d) erf(alpha x + beta) dx."""
    top, bottom = sp.fraction(sp.cancel(-2 * exponent.a))
    v = bottom / top
    m = sp.cancel(exponent.b * v)
    tilted_v = sp.cancel(v / (1 + 2 * alpha**2 * v))
    tilted_b = exponent.b - 2 * alpha * beta
    tilted_m = sp.cancel(tilted_b * tilted_v)
    wide = wider(ring, m, v, tilted_m, tilted_v)
    mean, variance = in_ring(m, wide), in_ring(v, wide)
    moment, previous_moment = wide.one, wide.zero  # M_n(m, v): what multiplies E h
    rest, previous_rest = wide.zero, wide.zero  # r_n: what multiplies the Gaussian h'
    tilted, previous_tilted = wide.one, wide.zero  # M_n(m', v')
    of_value, of_slope = wide.zero, wide.zero
    for n in range(max(by_power) + 1):
        if n in by_power:
            coefficient = by_power[n].set_ring(wide)
            of_value += coefficient * moment
            of_slope += coefficient * rest
        rest, previous_rest = mean * rest + n * variance * previous_rest + variance * tilted, rest
        moment, previous_moment = mean * moment + n * variance * previous_moment, moment
        tilted, previous_tilted = (
            in_ring(tilted_m, wide) * tilted + n * in_ring(tilted_v, wide) * previous_tilted,
            tilted,
        )
    value = sp.erf(sp.cancel(alpha * m + beta) / sp.sqrt(sp.cancel(1 + 2 * alpha**2 * v)))
    height = tidy(exponent.d + exponent.b**2 * v / 2)
    slope_height = tidy(exponent.d - beta**2 + tilted_b**2 * tilted_v / 2)
    slope = 2 * alpha / sp.sqrt(sp.pi) * sp.sqrt(2 * sp.pi) * _root(tilted_v)
    return sp.sqrt(2 * sp.pi) * _root(v) * sp.exp(height) * as_expression(of_value) * value + slope * sp.exp(
        slope_height
    ) * as_expression(of_slope)


def _root(fraction: sp.Expr) -> sp.Expr:
    top, bottom = sp.fraction(fraction)
    return sp.sqrt(top) / sp.sqrt(bottom)
