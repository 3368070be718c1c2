"""A sum of waves as groups: what they have in common, and which two of them are one hyperbolic function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flint import fmpq

from symbolic.readable.laurent import Exponents, Laurent
from symbolic.readable.polynomial import Core, Script, content
from symbolic.readable.waves import Linear, Monomial, Wave, as_linear, linear_sum, scaled

__all__ = ["Group", "folded", "groups", "pulled", "steps"]

ZERO = fmpq(0)


@dataclass(frozen=True, eq=False)
class Group:
    """coefficient * letters^front * core * wave."""

    wave: Wave
    coefficient: fmpq
    front: Exponents
    core: Core

    @property
    def special(self) -> Exponents:
        return tuple(self.front[place] for place in self.core.script.special)


def groups(wave: Wave, laurent: Laurent, script: Script) -> list[Group]:
    """The groups of one wave: one for each combination of powers of the special letters."""
    if not script.special:
        return [_group(wave, laurent, script)]
    parts: dict[Exponents, dict[Exponents, fmpq]] = {}
    for exponents, value in laurent.terms().items():
        parts.setdefault(tuple(exponents[place] for place in script.special), {})[exponents] = value
    return [_group(wave, script.ring.laurent(terms), script) for terms in parts.values()]


def _group(wave: Wave, laurent: Laurent, script: Script) -> Group:
    tight = laurent.tight()
    coefficient = content(tight.polynomial.coeffs())
    if tight.polynomial.leading_coefficient() < 0:
        coefficient = -coefficient
    return Group(wave, coefficient, tight.shift, Core(tight.polynomial / coefficient, script))


def folded(element: Iterable[tuple[Wave, Laurent]]) -> list[tuple[Wave, Laurent]]:
    """The sum with P exp(D) + Q exp(-D) = (P + Q) cosh D + (P - Q) sinh D where each term then stands only once."""
    waiting, done = list(element), list[tuple[Wave, Laurent]]()
    while waiting:
        wave, laurent = waiting.pop(0)
        for place, (partner, other) in enumerate(waiting):
            pair = _opposed(wave, partner)
            if pair is None:
                continue
            common, difference = pair
            even, odd = laurent + other, laurent + other.scaled(fmpq(-1))
            if len(even.polynomial) + len(odd.polynomial) <= max(len(laurent.polynomial), len(other.polynomial)):
                if difference[0][1] < 0:
                    difference, odd = scaled(difference, -1), odd.scaled(fmpq(-1))
                names = (("cosh", even), ("sinh", odd))
                done += [(_with_function(wave, common, name, difference), part) for name, part in names if part]
                del waiting[place]
                break
        else:
            done.append((wave, laurent))
    return done


def _opposed(first: Wave, second: Wave) -> tuple[Linear, Linear] | None:
    """C and D for exponents C + D and C - D that differ in nothing but the signs of some monomials, else None."""
    if first.functions != second.functions:
        return None
    ours, theirs = dict(first.exponent), dict(second.exponent)
    if ours.keys() != theirs.keys() or any(abs(ours[monomial]) != abs(theirs[monomial]) for monomial in ours):
        return None
    common = as_linear({monomial: value for monomial, value in ours.items() if value == theirs[monomial]})
    difference = as_linear({monomial: value for monomial, value in ours.items() if value != theirs[monomial]})
    return (common, difference) if difference else None


def _with_function(wave: Wave, exponent: Linear, name: str, argument: Linear) -> Wave:
    return Wave(exponent, tuple(sorted((*wave.functions, (name, argument)))))


def steps(members: Sequence[Group]) -> dict[Monomial, fmpq]:
    """For each monomial of the exponents, the number of which all its coefficients are multiples."""
    values: dict[Monomial, list[fmpq]] = {}
    for group in members:
        for monomial, coefficient in group.wave.exponent:
            values.setdefault(monomial, []).append(coefficient)
    return {
        monomial: -content(found) if all(value < 0 for value in found) else content(found)
        for monomial, found in values.items()
    }


def pulled(members: Sequence[Group], denominators: bool) -> tuple[Group, list[Group]]:
    """What all members have in common, and what is left of them; with the denominators of any of them, if asked."""
    first = members[0]
    coefficient = content([group.coefficient for group in members])
    if all(group.coefficient < 0 for group in members):
        coefficient = -coefficient
    power_of = _lowest_powers if denominators else _common_powers
    front = tuple(power_of(powers) for powers in zip(*(group.front for group in members), strict=True))
    exponent = _common_exponent([group.wave.exponent for group in members])
    functions = tuple(
        function for function in first.wave.functions if all(function in group.wave.functions for group in members)
    )
    one = Core(first.core.script.ring.context.constant(1), first.core.script)
    shared = all(group.core.polynomial == first.core.polynomial for group in members)
    rest = [
        Group(
            Wave(
                linear_sum([(1, group.wave.exponent), (-1, exponent)]),
                tuple(function for function in group.wave.functions if function not in functions),
            ),
            group.coefficient / coefficient,
            tuple(own - common for own, common in zip(group.front, front, strict=True)),
            one if shared else group.core,
        )
        for group in members
    ]
    return Group(Wave(exponent, functions), coefficient, front, first.core if shared else one), rest


def _common_exponent(exponents: Sequence[Linear]) -> Linear:
    tables = [dict(exponent) for exponent in exponents]
    shared: dict[Monomial, fmpq] = {}
    for monomial in tables[0]:
        if all(monomial in table for table in tables):
            values = [table[monomial] for table in tables]
            shared[monomial] = max(min(values), ZERO) + min(max(values), ZERO)
    return as_linear(shared)


def _common_powers(powers: Sequence[int]) -> int:
    """The power that all have: the least of positive ones, the greatest of negative ones."""
    return max(min(powers), 0) + min(max(powers), 0)


def _lowest_powers(powers: Sequence[int]) -> int:
    return min(powers)
