"""An expression as a program on balls: what it returns contains the true value, whatever the arguments contain.

A ball is an Arb interval, midpoint and radius. Every step rounds outwards, so the only thing that a poor precision
can do is to make the answer wide. Functions of a real variable that are analytic in pieces (Abs, sign, Heaviside,
Max, Min, Piecewise) are continued into the complex plane piece by piece, constant along the imaginary direction: that
is what the contour integration of Arb asks for (Johansson, "Numerical integration in arbitrary-precision ball
arithmetic", 2018).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy as sp
from flint import acb, arb, ctx, fmpq, fmpz
from sympy.logic.boolalg import Boolean

from symbolic.ball_functions import FUNCTIONS, besselj, heaviside, log_of_sum, piecewise, power, power_of_sum, truth
from symbolic.enclosing.ball_patterns import complement_in_sum, exponential_sum
from symbolic.errors import BadParameter, NotCertified

__all__ = ["BallFunction", "compile_ball", "evaluate", "exact_rational", "real_ball", "shortened"]

BallFunction = Callable[[Sequence[acb], bool], acb]
_Step = Callable[[list[Any], bool], Any]

_FIRST_GUARD_BITS = 32
_MOST_BITS = 1 << 17
_ZERO_DIGITS = 20


def evaluate(expression: sp.Expr, values: Mapping[sp.Symbol, Any], *, analytic: bool = False) -> acb:
    """A ball that contains the expression at `values`, at the precision of flint.ctx.

    `values` holds an acb, arb, fmpq, int or sympy number for each free symbol. With `analytic` the ball is not finite
    where the expression is not analytic on the whole of the given balls.
    Raises NotCertified for a function that has no ball here, BadParameter for a symbol without a value.
    """
    missing = sorted(str(symbol) for symbol in expression.free_symbols - set(values))
    if missing:
        raise BadParameter(f"{missing[0]} has no value: give {missing[0]}=number")
    symbols = tuple(values)
    arguments = [_ball(values[symbol]) for symbol in symbols]
    return compile_ball(expression, symbols)(arguments, analytic)


def real_ball(expression: sp.Expr, values: Mapping[sp.Symbol, Any], digits: int = 30) -> arb:
    """A real ball with a relative radius of at most 10^-digits that contains the expression at `values`.

    Around a value that cannot be told from zero the ball has an absolute radius of at most 10^-(digits + 20).
    Raises NotCertified if the value is not real, not finite (a pole), or needs more than 10^5 bits.
    """
    if expression.has(sp.Heaviside, sp.sign, sp.Piecewise) and all(isinstance(v, sp.Rational) for v in values.values()):
        expression = expression.xreplace(dict(values))  # exact numbers decide a comparison that balls leave open
    relative = arb(10) ** -digits
    absolute = arb(10) ** -(digits + _ZERO_DIGITS)
    bits = int(3.33 * digits) + _FIRST_GUARD_BITS
    while bits <= _MOST_BITS:
        with ctx.workprec(bits):
            value = evaluate(expression, values)
            if value.is_finite():
                if not value.imag.contains(0):
                    raise NotCertified(
                        f"{shortened(expression)} is not real at {_listed(values)}: it is near {value.str(5)}"
                    )
                ball = value.real
                if ball.rad() <= relative * ball.abs_lower() or (ball.contains(0) and ball.rad() <= absolute):
                    return ball
        bits *= 2
    raise NotCertified(
        f"{shortened(expression)} at {_listed(values)} has no certified value within {_MOST_BITS} bits: "
        "it is at a pole or needs other parameters"
    )


def exact_rational(ball: arb) -> sp.Rational:
    """A ball without radius as the number that it is."""
    mantissa, exponent = ball.man_exp()
    return sp.Integer(int(mantissa)) * sp.Integer(2) ** int(exponent)


def compile_ball(expression: sp.Expr, symbols: Sequence[sp.Symbol]) -> BallFunction:
    """The expression as a function (balls in the order of `symbols`, analytic) -> ball.

    Constants are enclosed once, at the precision that holds now; equal subexpressions are computed once a call.
    Raises NotCertified for a function that has no ball here.
    """
    steps: list[_Step] = []
    constants: dict[int, Any] = {}
    places: dict[sp.Basic, int] = {}

    def place(node: sp.Basic) -> int:
        """The index at which the value of `node` stands, after appending the steps that it needs."""
        if node in places:
            return places[node]
        index: int
        if node in symbol_places:
            index = symbol_places[node]
        else:
            inputs = tuple(place(argument) for argument in _inputs(node))
            step = _step(node, inputs)
            index = first + len(steps)
            if all(argument in constants for argument in inputs):
                workspace: list[Any] = [constants.get(argument) for argument in range(index)]
                constants[index] = step(workspace, False)
                step = _constant(constants[index])
            steps.append(step)
        places[node] = index
        return index

    symbol_places = {symbol: index for index, symbol in enumerate(symbols)}
    first = len(symbol_places)
    last = place(expression)

    def function(arguments: Sequence[acb], analytic: bool) -> acb:
        values: list[Any] = list(arguments)
        for step in steps:
            values.append(step(values, analytic))
        result: acb = values[last]
        return result

    return function


def _inputs(node: sp.Basic) -> tuple[sp.Basic, ...]:
    """The subexpressions whose values a node needs, in the order that its step expects."""
    if exponential := exponential_sum(node):
        return (exponential[2],)
    if complement := complement_in_sum(node):
        return complement[2].args[0], *complement[3]
    if isinstance(node, sp.Piecewise):
        return tuple(part for value, condition in node.args for part in (value, condition))
    if isinstance(node, sp.Pow) and node.exp.is_Rational:
        return (node.base,)
    if isinstance(node, sp.besselj):
        return (node.args[1],)
    if node.is_Atom or isinstance(node, sp.CRootOf):
        return ()
    return tuple(node.args)


def _step(node: sp.Basic, inputs: tuple[int, ...]) -> _Step:
    """How the value of a node follows from the values of its inputs."""
    if complement := complement_in_sum(node):
        size, side = acb(_rational(complement[0], "a coefficient")), complement[1]
        argument, *rest = inputs
        return lambda values, analytic: sum((values[index] for index in rest), size * (side * values[argument]).erfc())
    if isinstance(node, sp.Add):
        return _fold(inputs, lambda left, right: left + right)
    if isinstance(node, sp.Mul):
        return _fold(inputs, lambda left, right: left * right)
    if exponential := exponential_sum(node):
        c, k, _ = exponential
        if isinstance(node, sp.log):
            return _apply(log_of_sum(c, k), inputs[0])
        return _apply(power_of_sum(c, k, int(node.exp.p), int(node.exp.q)), inputs[0])
    if isinstance(node, sp.Pow) and node.exp.is_Rational:
        (base,) = inputs
        raise_to = power(int(node.exp.p), int(node.exp.q))
        return lambda values, analytic: raise_to(values[base], analytic)
    if isinstance(node, sp.Pow):
        base, exponent = inputs
        return lambda values, analytic: values[base].pow(values[exponent], analytic=analytic)
    if isinstance(node, sp.Heaviside):
        argument, at_zero = inputs
        return lambda values, analytic: heaviside(values[argument], values[at_zero], analytic)
    if isinstance(node, sp.besselj):
        (argument,) = inputs
        bessel = besselj(_rational(node.args[0], "the order of besselj"))
        return lambda values, analytic: bessel(values[argument], analytic)
    if isinstance(node, sp.Max):
        return _analytic_fold(inputs, lambda left, right, analytic: left.real_max(right, analytic=analytic))
    if isinstance(node, sp.Min):
        return _analytic_fold(inputs, lambda left, right, analytic: left.real_min(right, analytic=analytic))
    if isinstance(node, sp.Piecewise):
        branches = tuple(zip(inputs[::2], inputs[1::2], strict=True))
        return lambda values, analytic: piecewise([(values[a], values[c]) for a, c in branches], analytic)
    if isinstance(node, Boolean):
        decide = truth(node)
        return lambda values, analytic: decide([values[index] for index in inputs], analytic)
    if not inputs and isinstance(node, sp.Expr):
        return _constant(_number(node))
    for kind, function in FUNCTIONS.items():
        if isinstance(node, kind):
            (argument,) = inputs
            return _apply(function, argument)
    raise NotCertified(
        f"{node.func.__name__} has no certified value: {shortened(node)}. Write it in the functions of a cost"
    )


def _apply(function: Callable[[acb, bool], acb], argument: int) -> _Step:
    return lambda values, analytic: function(values[argument], analytic)


def _constant(value: Any) -> _Step:
    return lambda values, analytic: value


def _fold(inputs: tuple[int, ...], combine: Callable[[acb, acb], acb]) -> _Step:
    first, second = inputs[:2]
    rest = inputs[2:]
    if not rest:
        return lambda values, analytic: combine(values[first], values[second])

    def step(values: list[Any], analytic: bool) -> acb:
        result = combine(values[first], values[second])
        for index in rest:
            result = combine(result, values[index])
        return result

    return step


def _analytic_fold(inputs: tuple[int, ...], combine: Callable[[acb, acb, bool], acb]) -> _Step:
    def step(values: list[Any], analytic: bool) -> acb:
        result: acb = values[inputs[0]]
        for index in inputs[1:]:
            result = combine(result, values[index], analytic)
        return result

    return step


def _number(node: sp.Expr) -> acb:
    """A ball around a number, at the precision of flint.ctx."""
    if node.is_Rational:
        return acb(fmpq(int(node.p), int(node.q)))
    if node is sp.pi:
        return acb.pi()
    if node is sp.E:
        return acb(1).exp()
    if node is sp.I:
        return acb(0, 1)
    if isinstance(node, sp.CRootOf) and node.is_real:
        width = sp.Rational(1, 2 ** int(ctx.prec))
        near = node.eval_rational(dx=width)
        return acb(arb(fmpq(int(near.p), int(near.q)), arb(fmpq(1, fmpz(2) ** int(ctx.prec)))))
    if isinstance(node, sp.Symbol):
        raise BadParameter(f"{node} has no value: give {node}=number")
    raise NotCertified(f"{node} is not an exact number here: write it with integers, fractions, pi and E")


def _ball(value: Any) -> acb:
    """A value of a symbol as a ball; an exact one is rounded at the precision of flint.ctx."""
    if isinstance(value, sp.Expr):
        return compile_ball(value, ())((), False)
    return acb(value)


def _rational(node: sp.Basic, what: str) -> fmpq:
    if not isinstance(node, sp.Rational):
        raise NotCertified(f"{what} must be a rational number, not {node}")
    return fmpq(int(node.p), int(node.q))


def shortened(node: sp.Basic) -> str:
    """The expression as it may stand in a message: 60 characters at most."""
    text = str(node)
    return text if len(text) <= 60 else text[:57] + "..."


def _listed(values: Mapping[sp.Symbol, Any]) -> str:
    return ", ".join(f"{symbol}={value}" for symbol, value in values.items()) or "no parameters"
