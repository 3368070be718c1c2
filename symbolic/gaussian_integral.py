"""The integral over the whole line of sums of c x^n exp(a x^2 + b x + d) cos(beta x + delta), or with sin; all real.

With v = -1/(2a) > 0, m = (b + i beta) v and z = d + i delta + (b + i beta)^2 v/2,

    int x^n exp(a x^2 + b x + d + i (beta x + delta)) dx = sqrt(2 pi v) exp(z) M_n
    M_0 = 1,  M_1 = m,  M_n = m M_{n-1} + (n-1) v M_{n-2}

and cos is the real part of this, sin the imaginary part. The density is part of the integrand, so nothing here knows a
law. Everything is a polynomial in letters and their inverses from the reading of the integrand to the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import sympy as sp
from flint import fmpq

from symbolic.errors import NotInClass
from symbolic.existence import exists_on_the_line
from symbolic.integral import Integral
from symbolic.powers_of_one_sum import in_powers_of_one_sum
from symbolic.readable import readable
from symbolic.readable.expansion import Element, Relations, add, element_of, power_of, times_element
from symbolic.readable.forms import UNIT, Flat, Letter
from symbolic.readable.laurent import Exponents, Laurent, Ring
from symbolic.readable.polynomial import content
from symbolic.readable.reading import parse
from symbolic.readable.terms import Alphabet, Sum, Term
from symbolic.readable.waves import ONE, Linear, Wave, as_linear, circular
from symbolic.wave_sum import WaveSum

__all__ = ["integrate_powers", "integrate_whole_line"]

NAME = "exponential_polynomial"
VARIABLE = 0  # the place of the variable in the alphabet
HALF = fmpq(1, 2)
WORTH_A_LETTER = 4  # powers of the variable


def integrate_whole_line(integrand: sp.Expr, variable: sp.Symbol) -> Integral:
    """int integrand dx from -oo to oo. Raises as integrate_powers does."""
    (integral,) = integrate_powers(integrand, sp.S.One, variable, (1,))
    return integral


def integrate_powers(factor: sp.Expr, density: sp.Expr, variable: sp.Symbol, powers: Sequence[int]) -> list[Integral]:
    """int factor^n density dx from -oo to oo for each of the powers n, all in the letters of one alphabet.

    Raises NotInClass if an integrand is none of these sums, Divergent if an integral provably does not exist.
    """
    alphabet = Alphabet()
    alphabet.place(variable)
    read = _reader(alphabet, variable)
    y, *parts = in_powers_of_one_sum(factor, density, variable)
    base, weight = map(read, parts)
    for letter, place in alphabet.letters.items():
        if place != VARIABLE and letter.has(variable):
            raise NotInClass(f"{letter} is not a sum of x^n exp(a x^2 + b x)")
    ring = Ring.of(len(alphabet.letters))
    element, weighted = element_of(base, ring), element_of(weight, ring)
    integrands = [times_element(power_of(element, power, ring), weighted) for power in powers]
    phases = {wave: _Phase.of(wave, variable) for integrand in integrands for wave in integrand}

    def with_rate(a: Linear) -> Iterator[sp.Expr]:
        for integrand in integrands:
            alike = {wave: laurent for wave, laurent in integrand.items() if phases[wave].a == a}
            for laurent in alike.values():
                _by_power(laurent, ring, variable)
            yield WaveSum(alphabet, alike).expression

    rates = {a: _rate(a, alphabet) for a in dict.fromkeys(phase.a for phase in phases.values())}
    exists, form_holds = exists_on_the_line(rates, with_rate, y)
    spreads = {a: _Spread.of(top, bottom, read) for a, (top, bottom) in rates.items()}
    high = (wave for integrand in integrands for wave in integrand if _degree(integrand[wave]) >= WORTH_A_LETTER)
    means = _means([phases[wave] for wave in high], spreads, alphabet)
    relations = Relations.of(alphabet, Ring.of(len(alphabet.letters)))
    integrals = []
    for integrand in integrands:
        total: Element = {}
        for wave, laurent in integrand.items():
            phase = phases[wave]
            by_power = _by_power(laurent, relations.ring, variable)
            add(total, _integrated(phase, by_power, spreads[phase.a], means, relations).items())
        condition = sp.And(*(exists[a] for a in {phases[wave].a: None for wave in integrand}))
        integrals.append(Integral(WaveSum(alphabet, total), condition, NAME, form_holds))
    return integrals


def _reader(alphabet: Alphabet, variable: sp.Symbol) -> Callable[[sp.Expr], Sum]:
    def shorten(inside: sp.Expr) -> sp.Expr:
        if inside.has(variable):
            raise NotInClass(f"a function of {inside} is not a sum of x^n exp(a x^2 + b x)")
        return readable(inside)

    return lambda expression: parse(expression, alphabet, shorten, any_power=True)


@dataclass(frozen=True)
class _Phase:
    """exp(a x^2 + b x + d) times the named function of beta x + delta."""

    a: Linear
    b: Linear
    d: Linear
    name: str = ""
    beta: Linear = ()
    delta: Linear = ()

    @staticmethod
    def of(wave: Wave, variable: sp.Symbol) -> _Phase:
        a, b, d = _quadratic(wave.exponent, variable)
        if not wave.functions:
            return _Phase(a, b, d)
        ((name, angle),) = wave.functions
        curve, beta, delta = _quadratic(angle, variable)
        if curve:
            raise NotInClass(f"{name} of a quadratic in {variable} has a complex rate")
        return _Phase(a, b, d, name, beta, delta)


def _quadratic(linear: Linear, variable: sp.Symbol) -> tuple[Linear, Linear, Linear]:
    """The coefficients of x^2, x and 1."""
    parts: dict[int, list[tuple[tuple[tuple[int, int], ...], fmpq]]] = {2: [], 1: [], 0: []}
    for monomial, value in linear:
        power = monomial[0][1] if monomial and monomial[0][0] == VARIABLE else 0
        if power not in parts:
            raise NotInClass(f"an exponent is not a polynomial of degree 2 or less in {variable}")
        parts[power].append((monomial[1:] if power else monomial, value))
    return tuple(parts[2]), tuple(parts[1]), tuple(parts[0])


@dataclass(frozen=True)
class _Spread:
    """v = -1/(2a) and sqrt(2 pi v)."""

    v: Sum
    scale: Sum

    @staticmethod
    def of(top: sp.Expr, bottom: sp.Expr, read: Callable[[sp.Expr], Sum]) -> _Spread:
        return _Spread(read(bottom / top), read(sp.sqrt(2) * sp.sqrt(sp.pi) * sp.sqrt(bottom) / sp.sqrt(top)))


def _rate(a: Linear, alphabet: Alphabet) -> tuple[sp.Expr, sp.Expr]:
    """-2a as a fraction in lowest terms."""
    ring = Ring.of(len(alphabet.letters))
    parts = [part.scaled(fmpq(-2)) for part in Relations.of(alphabet, ring).applied(ring.of_linear(a))] if a else []
    fractions = [_fraction(part, list(alphabet.letters)) for part in parts]
    if len(fractions) == 1:
        return fractions[0]
    top, bottom = sp.fraction(sp.cancel(sp.Add(*(top / bottom for top, bottom in fractions))))
    return top, bottom


def _fraction(laurent: Laurent, letters: list[sp.Expr]) -> tuple[sp.Expr, sp.Expr]:
    number = content(laurent.polynomial.coeffs())
    above, below = [sp.Integer(int(number.p))], [sp.Integer(int(number.q))]
    for letter, power in zip(letters, laurent.shift, strict=True):
        (above if power > 0 else below).append(letter ** abs(power))
    above.append(Flat(laurent.polynomial / number, tuple(map(Letter, letters))).expression)
    return sp.Mul(*above), sp.Mul(*below)


def _by_power(laurent: Laurent, ring: Ring, variable: sp.Symbol) -> dict[int, Laurent]:
    """The coefficients of the powers of the variable."""
    more = (0,) * (ring.size - laurent.ring.size)
    parts: dict[int, dict[Exponents, fmpq]] = {}
    for exponents, value in laurent.terms().items():
        parts.setdefault(exponents[VARIABLE], {})[(0, *exponents[1:], *more)] = value
    if min(parts) < 0:
        raise NotInClass(f"1/{variable} is not a sum of x^n exp(a x^2 + b x)")
    return {power: ring.laurent(terms) for power, terms in parts.items()}


@dataclass(frozen=True)
class _Multiple:
    """number * letters^exponents * a letter that stands for a sum."""

    number: fmpq
    exponents: Exponents
    letter: int

    def in_ring(self, ring: Ring) -> Laurent:
        exponents = [*self.exponents, *(0,) * (ring.size - len(self.exponents))]
        exponents[self.letter] += 1
        return ring.laurent({tuple(exponents): self.number})


def _means(
    phases: Iterable[_Phase], spreads: dict[Linear, _Spread], alphabet: Alphabet
) -> dict[tuple[Linear, Linear], _Multiple]:
    """b v and beta v with one letter for a sum: its powers are short as long as they are not multiplied out."""
    ring = Ring.of(len(alphabet.letters))
    relations = Relations.of(alphabet, ring)
    written = tuple(map(Letter, alphabet.letters))
    means: dict[tuple[Linear, Linear], _Multiple] = {}
    for a, linear in dict.fromkeys((phase.a, linear) for phase in phases for linear in (phase.b, phase.beta)):
        parts = relations.applied(ring.of_linear(linear) * _monomial(spreads[a].v, ring)) if linear else []
        if len(parts) != 1 or len(parts[0].polynomial) < 2:
            continue
        polynomial = parts[0].polynomial
        number = content(polynomial.coeffs())
        place = alphabet.place(Flat(polynomial / number, written).expression)
        if place not in alphabet.sums:
            alphabet.sums[place] = tuple(
                Term(value, {place: power for place, power in enumerate(exponents) if power}, (), (), ())
                for exponents, value in (polynomial / number).to_dict().items()
            )
            alphabet.means.add(place)
        means[a, linear] = _Multiple(number, parts[0].shift, place)
    return means


def _integrated(
    phase: _Phase,
    by_power: dict[int, Laurent],
    spread: _Spread,
    means: dict[tuple[Linear, Linear], _Multiple],
    relations: Relations,
) -> Element:
    ring = relations.ring
    v, scale = (_monomial(known, ring) for known in (spread.v, spread.scale))
    b, beta = ring.of_linear(phase.b), ring.of_linear(phase.beta)
    m, turn = (
        means[phase.a, linear].in_ring(ring) if (phase.a, linear) in means else ring.of_linear(linear) * v
        for linear in (phase.b, phase.beta)
    )
    real, imaginary = _moments(by_power, m, turn, v)
    growth = _linear(ring.of_linear(phase.d) + (b * b + (beta * beta).scaled(-UNIT)) * v.scaled(HALF), relations)
    if not phase.name:
        return {Wave(growth): real * scale}
    angle = _linear(ring.of_linear(phase.delta) + b * beta * v, relations)
    other, sign = ("sin", -UNIT) if phase.name == "cos" else ("cos", UNIT)
    total: Element = {}
    for name, part in ((phase.name, real * scale), (other, imaginary * scale.scaled(sign))):
        if part:
            add(total, ((Wave(growth, turned), part.scaled(fmpq(factor))) for factor, turned in circular(name, angle)))
    return total


def _moments(by_power: dict[int, Laurent], m: Laurent, turn: Laurent, v: Laurent) -> tuple[Laurent, Laurent]:
    """The real and the imaginary part of sum_n c_n M_n at mean m + i turn."""
    zero, one = v.ring.constant(fmpq(0)), v.ring.constant(UNIT)
    (real, imaginary), (before, imaginary_before) = (one, zero), (zero, zero)
    total, imaginary_total = zero, zero
    for n in range(max(by_power) + 1):
        if n in by_power:
            total += by_power[n] * real
            if turn:
                imaginary_total += by_power[n] * imaginary
        step = v.scaled(fmpq(n))
        following = m * real + step * before
        if turn:
            following_imaginary = m * imaginary + turn * real + step * imaginary_before
            following += (turn * imaginary).scaled(-UNIT)
            imaginary, imaginary_before = following_imaginary, imaginary
        real, before = following, real
    return total, imaginary_total


def _degree(laurent: Laurent) -> int:
    """The highest power of the variable."""
    return laurent.shift[VARIABLE] + int(laurent.polynomial.degrees()[VARIABLE])


def _monomial(terms: Sum, ring: Ring) -> Laurent:
    """What holds no wave."""
    element = element_of(terms, ring)
    if element.keys() != {ONE}:
        raise NotInClass("an exponential without the variable is the factor of its square")
    return element[ONE]


def _linear(laurent: Laurent, relations: Relations) -> Linear:
    """An exponent with a cancelled fraction."""
    sums = relations.applied(laurent) if laurent else []
    return as_linear(
        {
            tuple((place, power) for place, power in enumerate(exponents) if power): value
            for part in sums
            for exponents, value in part.terms().items()
        }
    )
