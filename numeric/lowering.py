"""An expression in the noise as elementary steps that are fast and stable in float64.

a sum           terms with the same transcendental factors are gathered, their polynomial is put in Horner form
a product       factors with exponents; constants are one exact number, outside
cos t, sin t    both from one tangent of half the angle: with q = 2/(1 + tan(t/2)^2), cos t = q - 1, sin t = tan(t/2) q
log(1 + exp t)  max(t, 0) + log1p(exp(-|t|))
exp(t)/(1 + exp t)  1/(1 + exp(-t)); exp(t) - 1 is expm1, log(1 + t) is log1p
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp
from flint import fmpq
from sympy.logic.boolalg import And, Boolean, Not, Or

from numeric.constants import Polynomial, as_number, is_zero, nearest_float, polynomial
from numeric.errors import KernelError
from numeric.exponentials import Exponentials
from numeric.graph import Factors, Graph, Product
from numeric.horner import cancels, polynomial_product, power_cost
from numeric.polynomials import Polynomials

__all__ = ["Lowering"]

_UNARY = {
    sp.Abs: "absolute",
    sp.atan: "arctan",
    sp.cosh: "cosh",
    sp.erf: "erf",
    sp.erfc: "erfc",
    sp.sign: "sign",
    sp.sinh: "sinh",
    sp.tan: "tan",
    sp.tanh: "tanh",
}
_EXTREME = {sp.Max: "maximum", sp.Min: "minimum"}
_CONNECTIVE = {And: "logical_and", Or: "logical_or"}
_RELATION = {
    sp.StrictGreaterThan: "greater",
    sp.GreaterThan: "greater_equal",
    sp.StrictLessThan: "less",
    sp.LessThan: "less_equal",
    sp.Equality: "equal",
    sp.Unequality: "not_equal",
}
_LARGEST_POWER = 1024


@dataclass
class Lowering:
    """Expressions in `noise` to products over the nodes of `graph`; what was met before is found again."""

    noise: sp.Symbol
    polynomials: Polynomials
    graph: Graph
    exponentials: Exponentials
    _products: dict[sp.Expr, Product] = field(default_factory=dict)

    def product(self, expression: sp.Expr) -> Product:
        """The expression as an exact coefficient times powers of nodes. Raises KernelError outside the grammar."""
        if expression not in self._products:
            self._products[expression] = self._product(expression)
        return self._products[expression]

    def _product(self, expression: sp.Expr) -> Product:
        if not expression.has(self.noise):
            return Product(as_number(expression))
        if expression == self.noise:
            return polynomial_product(self.graph, polynomial([fmpq(0), fmpq(1)]), ())[0]
        if expression.is_Add:
            return self._sum(expression)
        if expression.is_Mul:
            return self.exponentials.without_overflow(_times(self.product(part) for part in expression.args))
        if expression.is_Pow:
            return self._power(expression)
        if isinstance(expression, sp.Piecewise):
            return self._piecewise(expression)
        return self._function(expression)

    def _sum(self, expression: sp.Expr) -> Product:
        groups: dict[Factors, list[tuple[Polynomial, Product]]] = {}
        for term in expression.args:
            poly, polynomial_part, rest = self._split(term)
            groups.setdefault(rest.factors, []).append((poly, polynomial_part))
        addends: list[Product] = []
        for shared, members in groups.items():
            addends.extend(member * Product(fmpq(1), shared) for member in self._gathered(members))
        return self._added(addends)

    def _split(self, term: sp.Expr) -> tuple[Polynomial, Product, Product]:
        """term = p * rest: p, with all constants, as a polynomial and as a product; the factors of rest are none."""
        poly = polynomial([fmpq(1)])
        factors, others = [], []
        for factor in sp.Mul.make_args(term):
            part = self.polynomials.of(factor)
            if part is None:
                others.append(factor)
            else:
                factors.append(factor)
                poly = poly * part
        rest = self.exponentials.without_overflow(_times(self.product(factor) for factor in others))
        whole = _times(self.product(factor) for factor in factors).scaled(rest.coefficient)
        return poly * polynomial([rest.coefficient]), whole, rest

    def _gathered(self, members: list[tuple[Polynomial, Product]]) -> list[Product]:
        """A sum of polynomials: as it was written if that is shorter and loses no digits, else one polynomial."""
        if len(members) == 1:
            return [members[0][1]]
        parts = [poly for poly, _ in members]
        whole = parts[0]
        for poly in parts[1:]:
            whole = whole + poly
        apart = sum(_cost(product) + 1 for _, product in members) - 1
        together, cost = polynomial_product(self.graph, whole, self.polynomials.shifts)
        if cost <= apart or all(not product.factors for _, product in members) or cancels(parts, whole):
            return [together]
        return [product for _, product in members]

    def _added(self, addends: list[Product]) -> Product:
        constant = sum((addend.coefficient for addend in addends if not addend.factors), fmpq(0))
        terms = [addend for addend in addends if addend.factors and not is_zero(addend.coefficient)]
        for place, term in enumerate(terms):
            difference = self.exponentials.minus_one(term) if is_zero(term.coefficient + constant) else None
            if difference is not None:
                terms[place], constant = difference, fmpq(0)
        if not terms:
            return Product(constant)
        if len(terms) == 1 and is_zero(constant):
            return terms[0]
        common = _common(terms) if is_zero(constant) else Product(fmpq(1))
        terms = [term * common**-1 for term in terms]
        ((magnitude, _),) = Counter(abs(nearest_float(term.coefficient)) for term in terms).most_common(1)
        scale = next(term.coefficient for term in terms if abs(nearest_float(term.coefficient)) == magnitude)
        terms.sort(key=lambda term: nearest_float(term.coefficient / scale) != 1.0)
        value = self.graph.operand(terms[0].scaled(1 / scale))
        for term in terms[1:]:
            ratio = nearest_float(term.coefficient / scale)
            node = self.graph.operand(Product(fmpq(1), term.factors))
            if ratio not in (1.0, -1.0):
                node = self.graph.step("multiply", node, ratio)
            value = self.graph.step("subtract" if ratio == -1.0 else "add", value, node)
        if not is_zero(constant):
            value = self.graph.step("add", value, nearest_float(constant / scale))
        return Product.of(value).scaled(scale) * common

    def _power(self, expression: sp.Expr) -> Product:
        base, exponent = expression.base, expression.exp
        if exponent.is_Integer and abs(exponent) <= _LARGEST_POWER:
            product = self.product(base)
            if exponent < 0 and is_zero(product.coefficient):
                raise KernelError(f"{expression} divides by zero for every noise: it has no value")
            return product ** int(exponent)
        if not base.has(self.noise):
            if base.is_positive is not True:
                raise KernelError(f"{expression} has a base that is not positive: it is not real for every noise")
            return Product.of(self.exponentials.exp(self.product(exponent).scaled(as_number(sp.log(base)))))
        value = self.graph.operand(self.product(base))
        if exponent.is_Rational and exponent.q == 2 and abs(exponent) <= _LARGEST_POWER:
            whole = int(exponent.p) // 2 if exponent > 0 else -(int(-exponent.p) // 2)
            root = Product.of(self.graph.step("sqrt", value)) ** (1 if exponent > 0 else -1)
            return root * Product.of(value) ** whole if whole else root
        return Product.of(self.graph.step("power", value, self.graph.operand(self.product(exponent))))

    def _function(self, expression: sp.Expr) -> Product:
        kind = expression.func
        arguments = expression.args
        if kind is sp.exp:
            return Product.of(self.exponentials.exp(self.product(arguments[0])))
        if kind in (sp.sin, sp.cos):
            return self._circular(expression)
        if kind is sp.log:
            return self._logarithm(arguments[0])
        if kind in _EXTREME:
            value, *others = (self.graph.operand(self.product(argument)) for argument in arguments)
            for other in others:
                value = self.graph.step(_EXTREME[kind], value, other)
            return Product.of(value)
        if kind is sp.Heaviside:
            return self._step("heaviside", *arguments)
        if kind is sp.besselj and not arguments[0].has(self.noise):
            return self._step("besselj", *arguments)
        if kind in _UNARY:
            return self._step(_UNARY[kind], arguments[0])
        raise KernelError(f"{expression} has no float64 kernel: {kind.__name__} is not a function of the grammar")

    def _step(self, name: str, *arguments: sp.Expr) -> Product:
        return Product.of(
            self.graph.step(name, *(self.graph.operand(self.product(argument)) for argument in arguments))
        )

    def _circular(self, expression: sp.Expr) -> Product:
        half = self.graph.operand(self.product(expression.args[0]).scaled(fmpq(1, 2)))
        tangent = self.graph.step("tan", half)
        square = self.graph.step("square", tangent)
        quotient = self.graph.step("divide", 2.0, self.graph.step("add", square, 1.0))
        if expression.func is sp.cos:
            return Product.of(self.graph.step("subtract", quotient, 1.0))
        return Product.of(self.graph.step("multiply", tangent, quotient))

    def _logarithm(self, argument: sp.Expr) -> Product:
        if not (argument.is_Add and sp.S.One in argument.args):
            return self._step("log", argument)
        rest = sp.Add(*(part for part in argument.args if part is not sp.S.One))
        if rest.func is not sp.exp:
            return self._step("log1p", rest)
        exponent = self.graph.operand(self.product(rest.args[0]))
        size = self.graph.step("absolute", exponent)
        small = self.graph.step("exp", self.graph.step("multiply", size, -1.0))
        above = self.graph.step("maximum", exponent, 0.0)
        return Product.of(self.graph.step("add", above, self.graph.step("log1p", small)))

    def _piecewise(self, expression: sp.Piecewise) -> Product:
        value = self.graph.constant(float("nan"))
        for branch, condition in reversed(expression.args):
            if condition is sp.false:
                continue
            inside = self.graph.operand(self.product(branch))
            value = (
                inside if condition is sp.true else self.graph.step("select", self._condition(condition), inside, value)
            )
        return Product.of(value)

    def _condition(self, condition: Boolean) -> int:
        if isinstance(condition, Not):
            return self.graph.step("logical_not", self._condition(condition.args[0]))
        if condition.func in _CONNECTIVE:
            value, *others = (self._condition(part) for part in condition.args)
            for other in others:
                value = self.graph.step(_CONNECTIVE[condition.func], value, other)
            return value
        if condition.func in _RELATION:
            left, right = (self.graph.operand(self.product(side)) for side in condition.args)
            return self.graph.step(_RELATION[condition.func], left, right)
        raise KernelError(f"{condition} is not a comparison of numbers, nor and, or, not of such: write it as one")


def _times(products: Iterable[Product]) -> Product:
    whole = Product(fmpq(1))
    for product in products:
        whole = whole * product
    return whole


def _cost(product: Product) -> int:
    """Steps to multiply a product, its constant included."""
    powers = sum(power_cost(abs(exponent)) + 1 for _, exponent in product.factors)
    constant = 1 if product.factors and abs(nearest_float(product.coefficient)) != 1.0 else 0
    return max(powers - 1, 0) + constant


def _common(terms: list[Product]) -> Product:
    """The factors that every term has."""
    exponents = dict(terms[0].factors)
    for term in terms[1:]:
        other = dict(term.factors)
        exponents = {
            node: min(power, other[node], key=abs)
            for node, power in exponents.items()
            if power * other.get(node, 0) > 0
        }
    return Product(fmpq(1), tuple(sorted(exponents.items())))
