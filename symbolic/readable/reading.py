"""An expression read as a sum of waves, each with a polynomial in letters and their inverses in front.

A letter is a symbol, an irrational number, a root, a sum below a fraction line, or a function that is not read
further. Nothing but identities of real functions is used, so what is written back has the value of what was read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import comb

import sympy as sp
from flint import fmpq

from symbolic.readable.expansion import expanded, multiplied_out
from symbolic.readable.forms import Flat, Letter
from symbolic.readable.polynomial import LARGEST_DEGREE
from symbolic.readable.terms import Alphabet, Root, Sum, Term
from symbolic.readable.waves import Linear, linear_sum, scaled

__all__ = ["FUNCTIONS", "parse"]

FUNCTIONS = (sp.cos, sp.sin, sp.cosh, sp.sinh)
LARGEST_POWER = 32
LARGEST_EXPANSION = 100_000  # terms; a power that has more stays as it is


def parse(
    expression: sp.Expr,
    alphabet: Alphabet,
    shorten: Callable[[sp.Expr], sp.Expr],
    keep_powers: bool = False,
    any_power: bool = False,
) -> Sum:
    """The expression as a sum of terms in the letters of `alphabet`, which grows.

    `shorten` writes what is inside a letter. With `keep_powers`, a sum or a function to a power of 2 or more is one;
    without `any_power`, one to a power that would be very long.
    """
    return _Parser(alphabet, shorten, keep_powers, any_power, opaque=False).sum(expression)


@dataclass
class _Draft:
    """A term while its factors are met one by one."""

    coefficient: fmpq = field(default_factory=lambda: fmpq(1))
    powers: dict[int, int] = field(default_factory=dict)
    exponents: list[tuple[int, Linear]] = field(default_factory=list)
    functions: list[tuple[str, Linear]] = field(default_factory=list)
    factors: list[tuple[Sum, int]] = field(default_factory=list)

    def multiply(self, place: int, power: int) -> None:
        self.powers[place] = self.powers.get(place, 0) + power

    def term(self) -> Term:
        exponent = linear_sum(self.exponents) if self.exponents else ()
        return Term(self.coefficient, self.powers, exponent, tuple(self.functions), tuple(self.factors))


@dataclass(frozen=True)
class _Parser:
    alphabet: Alphabet
    shorten: Callable[[sp.Expr], sp.Expr]
    keep_powers: bool
    any_power: bool
    opaque: bool  # inside an argument or a denominator exp, cos and sin are letters

    def sum(self, node: sp.Expr) -> Sum:
        return tuple(self._term(summand) for summand in sp.Add.make_args(node))

    def linear(self, node: sp.Expr) -> Linear:
        """An argument, multiplied out."""
        return multiplied_out(self._opaque_in(self.alphabet).sum(node))

    def _opaque_in(self, alphabet: Alphabet) -> _Parser:
        return _Parser(alphabet, self.shorten, keep_powers=False, any_power=self.any_power, opaque=True)

    def _term(self, node: sp.Expr) -> Term:
        draft = _Draft()
        for factor in sp.Mul.make_args(node):
            self._absorb(draft, factor, 1)
        return draft.term()

    def _absorb(self, draft: _Draft, node: sp.Expr, power: int) -> None:
        """Multiply the draft by node**power."""
        if node.is_Symbol:
            draft.multiply(self.alphabet.place(node), power)
        elif node.is_Rational and (node != 0 or power > 0):
            draft.coefficient *= _fraction(node) ** power
        elif node.is_Mul:
            for factor in node.args:
                self._absorb(draft, factor, power)
        elif node.is_Add:
            self._absorb_sum(draft, node, power)
        elif node.is_Pow and node.exp.is_Integer:
            self._absorb(draft, node.base, power * int(node.exp))
        elif node.is_Pow and node.exp.is_Rational:
            self._absorb_root(draft, node.base, int(node.exp.p) * power, int(node.exp.q))
        elif self.opaque:
            draft.multiply(self.alphabet.place(node), power)
        elif isinstance(node, sp.exp):
            draft.exponents.append((power, self.linear(node.args[0])))
        elif node.is_Pow and node.base.is_positive:
            draft.exponents.append((power, self.linear(node.exp * sp.log(node.base))))
        elif power > 0 and (power <= LARGEST_POWER or self.any_power) and isinstance(node, FUNCTIONS):
            self._absorb_function(draft, node, power)
        else:
            self._absorb_letter(draft, node, power)

    def _absorb_letter(self, draft: _Draft, node: sp.Expr, power: int) -> None:
        """A function that is not read further, such as erf, with a short argument, so that equal ones meet."""
        written = self.alphabet.written
        if node not in written:
            plain = isinstance(node, sp.Function) and all(isinstance(argument, sp.Expr) for argument in node.args)
            written[node] = node.func(*map(self.shorten, node.args)) if plain else node
        if written[node].func == node.func:
            draft.multiply(self.alphabet.place(written[node]), power)
        else:
            self._absorb(draft, written[node], power)

    def _absorb_function(self, draft: _Draft, node: sp.Expr, power: int) -> None:
        if self.keep_powers and power > 1:
            draft.multiply(self.alphabet.place(node), power)
            return
        angle = self.linear(node.args[0])
        if isinstance(node, sp.cos | sp.sin):
            draft.functions += [(node.func.__name__, angle)] * power
            return
        sign = 1 if isinstance(node, sp.cosh) else -1
        growing = Term(fmpq(1, 2), {}, angle, (), ())
        falling = Term(fmpq(sign, 2), {}, scaled(angle, -1), (), ())
        draft.factors.append(((growing, falling), power))

    def _absorb_sum(self, draft: _Draft, node: sp.Expr, power: int) -> None:
        if power < 0:
            self._absorb_denominator(draft, node, power)
        elif not self.any_power and _is_long(node, power):
            draft.multiply(self.alphabet.place(node), power)
        elif self.keep_powers and power > 1:
            for factor in sp.Mul.make_args(self.shorten(node)):
                self._absorb_kept(draft, factor, power)
        else:
            draft.factors.append((self.sum(node), power))

    def _absorb_kept(self, draft: _Draft, node: sp.Expr, power: int) -> None:
        """node**power with a letter for the node, where it is a sum or a function, to a power or not."""
        base, exponent = node.as_base_exp() if node.is_Pow else (node, sp.S.One)
        if not (exponent.is_Integer and (base.is_Add or isinstance(base, FUNCTIONS))):
            self._absorb(draft, node, power)
            return
        whole = power * int(exponent)
        if base.is_Add and whole % 2 == 0 and _is_upside_down(base):
            base = -base
        draft.multiply(self.alphabet.place(base), whole)

    def _absorb_denominator(self, draft: _Draft, node: sp.Expr, power: int) -> None:
        """node**power by the irreducible factors of the sum, so that equal ones meet."""
        own = Alphabet()
        found = expanded(self._opaque_in(own).sum(node), own)
        if len(found) != 1:
            draft.multiply(self._sum_letter(node), power)
            return
        ((_, laurent),) = found
        if -power > LARGEST_POWER or max(laurent.polynomial.degrees()) > LARGEST_DEGREE:
            draft.multiply(self.alphabet.place(node**power), 1)
            return
        letters = list(own.letters)
        content, factors = laurent.polynomial.factor()
        draft.coefficient *= content**power
        for place, exponent in enumerate(laurent.shift):
            if exponent:
                self._absorb(draft, letters[place], exponent * power)
        grouped = node.has(sp.exp, *FUNCTIONS) and not any(laurent.shift)
        for factor, multiple in factors:
            written = Flat(factor, tuple(map(Letter, letters))).expression
            if grouped and factor == laurent.polynomial and sp.count_ops(node) < sp.count_ops(written):
                # Multiplied out, such a sum would lose its grouping, and no other one is likely to meet it.
                draft.multiply(self.alphabet.place(node), power)
            elif written.is_Add:
                draft.multiply(self._sum_letter(written), multiple * power)
            else:
                self._absorb(draft, written, multiple * power)

    def _absorb_root(self, draft: _Draft, base: sp.Expr, power: int, order: int) -> None:
        """base**(power/order)."""
        if base.is_Add:
            content, base = base.as_content_primitive()
            if content != 1:
                self._absorb(draft, sp.Pow(content, sp.Rational(power, order)), 1)
        root = sp.Pow(base, sp.Rational(1, order))
        place = self.alphabet.place(root)
        draft.multiply(place, power)
        if base.is_Rational and base > 0:
            self.alphabet.roots[place] = Root(order, None, _fraction(base))
        elif base.is_Add:
            self.alphabet.roots[place] = Root(order, self._sum_letter(base), fmpq(1))
        elif base.is_Symbol:
            self.alphabet.roots[place] = Root(order, self.alphabet.place(base), fmpq(1))

    def _sum_letter(self, node: sp.Expr) -> int:
        place = self.alphabet.place(node)
        if place not in self.alphabet.sums:
            self.alphabet.sums[place] = ()  # the letter does not stand for itself
            self.alphabet.sums[place] = replace(self, keep_powers=False).sum(node)
        return place


def _is_long(node: sp.Expr, power: int) -> bool:
    return power > LARGEST_POWER or comb(len(node.args) + power - 1, power) > LARGEST_EXPANSION


def _is_upside_down(node: sp.Expr) -> bool:
    """Whether the negative of a sum is nicer: k - mu rather than -k + mu."""
    minuses = sum(bool(summand.as_coeff_Mul()[0].is_negative) for summand in node.args)
    if 2 * minuses != len(node.args):
        return 2 * minuses > len(node.args)
    return str(node).startswith("-")


def _fraction(number: sp.Rational) -> fmpq:
    return fmpq(int(number.p), int(number.q))
