"""Answers as students write them: right ones in odd forms, wrong ones with the mistake behind each."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RIGHT", "WRONG", "Given"]


@dataclass(frozen=True)
class Given:
    """d/d wrt E[cost], x ~ law, and what was answered; a term holds x or epsilon."""

    cost: str
    wrt: str
    answer: str
    mistake: str | None = None
    law: str = "normal"
    term: bool = False

    def __str__(self) -> str:
        return f"{self.cost} {self.wrt} {self.answer}"


def _gradients(cost: str, wrt: str, *answers: str, law: str = "normal") -> tuple[Given, ...]:
    return tuple(Given(cost, wrt, answer, law=law) for answer in answers)


def _terms(cost: str, wrt: str, *answers: str, law: str = "normal") -> tuple[Given, ...]:
    return tuple(Given(cost, wrt, answer, law=law, term=True) for answer in answers)


RIGHT: tuple[Given, ...] = (
    *_gradients(
        "x**2",
        "mu",
        "2*mu",
        "2*mu + 0*sigma",
        "mu/0.5",
        "exp(log(2))*mu",
        "mu + mu",
        "(mu**2 - 1)/(mu - 1) + mu - 1",
        "2*mu*(sin(sigma)**2 + cos(sigma)**2)",
        "2*sign(mu)*sqrt(mu**2)",
        "2*Max(mu, 0) + 2*Min(mu, 0)",
        "Piecewise((2*mu, mu > 0), (-2*Abs(mu), True))",
        "(mu + 1)**2 - mu**2 - 1",
        "2*mu*sigma**2/sigma**2",
    ),
    *_gradients("x**2", "sigma", "2*sigma", "sqrt(4*sigma**2)", "sigma**2/(sigma/2)", "2*exp(log(sigma))"),
    *_gradients("x**3", "mu", "3*(mu**2 + sigma**2)", "3*(mu - sigma)*(mu + sigma) + 6*sigma**2"),
    *_gradients("x**4", "sigma", "12*sigma*(mu**2 + sigma**2)", "12*sigma*mu**2*(1 + (sigma/mu)**2)"),
    *_gradients(
        "cos(k*x)",
        "mu",
        "-k*exp(-k**2*sigma**2/2)*sin(k*mu)",
        "-2*k*exp(-(k*sigma)**2/2)*sin(k*mu/2)*cos(k*mu/2)",
        "-k*sin(k*mu)/exp(k*k*sigma*sigma/2)",
        "k*exp(-k**2*sigma**2/2)*cos(k*mu + pi/2)",
    ),
    *_gradients("sin(x)**2", "mu", "exp(-2*sigma**2)*sin(2*mu)", "2*exp(-2*sigma**2)*sin(mu)*cos(mu)"),
    *_gradients("sin(x)**2", "sigma", "2*sigma*exp(-2*sigma**2)*(1 - 2*sin(mu)**2)"),
    *_gradients(
        "cosh(x)",
        "mu",
        "exp(sigma**2/2)*(exp(mu) - exp(-mu))/2",
        "exp(sigma**2/2)*cosh(mu)*tanh(mu)",
        "2*exp(sigma**2/2)*sinh(mu/2)*cosh(mu/2)",
    ),
    *_gradients("exp(a*x)", "mu", "a*exp(mu*a)*exp((a*sigma)**2/2)", "a*sqrt(exp(2*a*mu + a**2*sigma**2))"),
    *_gradients("exp(a*x)", "a", "(mu + a*sigma**2)*exp(a*(mu + a*sigma**2/2))"),
    *_gradients(
        "exp(-k*x**2)",
        "mu",
        "-2*k*mu*exp(-k*mu**2/(1 + 2*k*sigma**2))/(1 + 2*k*sigma**2)**1.5",
        "-2*k*mu*sqrt(1 + 2*k*sigma**2)*exp(-k*mu**2/(1 + 2*k*sigma**2))/(1 + 2*k*sigma**2)**2",
    ),
    *_gradients("Max(x, 0)", "mu", "Phi(mu/sigma)", "erfc(-mu/(sigma*sqrt(2)))/2", "1 - Phi(-mu/sigma)"),
    *_gradients("Max(x - k, 0)", "sigma", "exp(-(mu - k)**2/(2*sigma**2))/sqrt(2*pi)"),
    *_gradients("Max(exp(x) - K, 0)", "mu", "exp(mu + sigma**2/2)*Phi((mu + sigma**2 - log(K))/sigma)"),
    *_gradients(
        "Abs(x)", "mu", "2*Phi(mu/sigma) - 1", "Phi(mu/sigma) - Phi(-mu/sigma)", "1 - erfc(mu/sqrt(2*sigma**2))"
    ),
    *_gradients("Heaviside(x - k)", "mu", "exp(-((k - mu)/sigma)**2/2)/sqrt(2*pi*sigma**2)"),
    *_gradients("clip(x, lo, hi)", "mu", "Phi((hi - mu)/sigma) - Phi((lo - mu)/sigma)"),
    *_gradients("Phi(x)", "mu", "exp(-mu**2/(2 + 2*sigma**2))/sqrt(2*pi + 2*pi*sigma**2)"),
    *_gradients("x**2", "rho", "2*exp(rho)**2", "2*exp(2*rho + 0*mu)", law="normal(mu, exp(rho))"),
    *_gradients("x**3", "lam", "-18/lam**4", "-18*lam**(-4)", law="exponential"),
    *_gradients("exp(-a*x)", "lam", "a/(lam + a)**2", "1/(lam + a) - lam/(lam + a)**2", law="exponential"),
    *_terms("x**2", "mu", "x**2*(x - mu)/sigma**2", "x*x*epsilon/sigma", "(x/sigma)**2*x - mu*x**2/sigma**2", "2*x"),
    *_terms(
        "x**2",
        "sigma",
        "2*x*(x - mu)/sigma",
        "x**2*((x - mu)**2 - sigma**2)/sigma**3",
        "2*epsilon*(mu + sigma*epsilon)",
    ),
    *_terms("x**2", "sigma", "x**2*(epsilon + 1)*(epsilon - 1)/sigma"),
    *_terms("sin(x)", "mu", "cos(mu + sigma*epsilon)", "cos(mu)*cos(sigma*epsilon) - sin(mu)*sin(sigma*epsilon)"),
    *_terms("Abs(x)", "mu", "sign(x)", "x/Abs(x)", "2*Heaviside(x) - 1", "Piecewise((1, x > 0), (-1, True))"),
    *_terms("Max(x, 0)", "sigma", "epsilon*Heaviside(x)", "Piecewise((epsilon, x > 0), (0, True))"),
    *_terms("softplus(x)", "mu", "sigmoid(x)", "1 - sigmoid(-x)", "(1 + tanh(x/2))/2", "exp(x)/(1 + exp(x))"),
    *_terms("tanh(x)", "sigma", "epsilon/cosh(x)**2", "(1 - tanh(x))*(1 + tanh(x))*(x - mu)/sigma"),
    *_terms("mu*x**2", "mu", "x**2 + 2*mu*x", "x**2 + mu*x**2*(x - mu)/sigma**2"),
    *_terms("x", "lam", "-epsilon/lam**2", "x*(1/lam - x)", "-x/lam", law="exponential"),
    *_terms(
        "x**2", "mu", "(x**2 - mu**2)*(x - mu)/sigma**2", "2*x + epsilon", "x**2*epsilon/sigma + 7*(epsilon**2 - 1)"
    ),
    *_terms("log(1 + x**2)", "mu", "2*x/(1 + x**2)", "(log(1 + x**2) - log(1 + mu**2))*(x - mu)/sigma**2"),
)


def _wrong(cost: str, wrt: str, *answers: tuple[str, str | None], law: str = "normal") -> tuple[Given, ...]:
    return tuple(Given(cost, wrt, answer, mistake, law) for answer, mistake in answers)


def _wrong_terms(cost: str, wrt: str, *answers: tuple[str, str | None], law: str = "normal") -> tuple[Given, ...]:
    return tuple(Given(cost, wrt, answer, mistake, law, term=True) for answer, mistake in answers)


WRONG: tuple[Given, ...] = (
    *_wrong(
        "x**2",
        "mu",
        ("-2*mu", "sign"),
        ("mu", "factor 2"),
        ("mu**2 + sigma**2", "E[f] for its gradient"),
        ("2*sigma", "other parameter"),
        ("2*mu*sigma**2", "missing 1/sigma**2"),
        ("2*mu*sigma", "sigma for sigma**2"),
        ("2*mu/(mu**2 + sigma**2)", "gradient of the logarithm"),
        ("2", "second derivative"),
        ("2*mu + sigma", None),
        ("2*mu + 1/10**20", None),
        ("2*Abs(mu)", None),
        ("2*mu + Heaviside(mu - 100)", None),
    ),
    *_wrong(
        "x**2",
        "sigma",
        ("0", "gradient at the mean"),
        ("2*mu", "other parameter"),
        ("1", "d/dsigma**2 for d/dsigma"),
        ("2*sigma**2", "d/dlog sigma for d/dsigma"),
        ("4*sigma**3", "sigma**2 for sigma"),
        ("2", "missing sigma"),
    ),
    *_wrong(
        "x**3",
        "mu",
        ("3*mu**2", "gradient at the mean"),
        ("mu**2 + sigma**2", "power rule"),
        ("3*mu**2 + 3*sigma", "sigma for sigma**2"),
    ),
    *_wrong("x**4", "sigma", ("4*mu**3", "gradient at the mean"), ("24*sigma*(mu**2 + sigma**2)", "factor 2")),
    *_wrong(
        "exp(a*x)",
        "mu",
        ("exp(a*mu + a**2*sigma**2/2)", "E[f] for its gradient"),
        ("a*exp(a*mu)", "gradient at the mean"),
        ("a*exp(a*mu + a**2*sigma/2)", "sigma for sigma**2"),
        ("a*exp(a*mu - a**2*sigma**2/2)", None),
        ("a", "gradient of the logarithm"),
    ),
    *_wrong(
        "exp(a*x)",
        "sigma",
        ("exp(a*mu + a**2*sigma**2/2)", "E[f] for its gradient"),
        ("a**2*exp(a*mu + a**2*sigma**2/2)", "missing sigma"),
    ),
    *_wrong(
        "cos(k*x)",
        "mu",
        ("k*exp(-k**2*sigma**2/2)*sin(k*mu)", "sign"),
        ("-exp(-k**2*sigma**2/2)*sin(k*mu)", "lost chain rule"),
        ("-k*sin(k*mu)", "gradient at the mean"),
        ("-k*exp(-k**2*sigma/2)*sin(k*mu)", "sigma for sigma**2"),
    ),
    *_wrong(
        "x*exp(x)",
        "mu",
        ("exp(mu + sigma**2/2)", "product rule"),
        ("(1 + mu)*exp(mu + sigma**2/2)", "product of expectations"),
    ),
    *_wrong("Max(x, 0)", "mu", ("Heaviside(mu)", "gradient at the mean"), ("Phi(mu)", None), ("Phi(-mu/sigma)", None)),
    *_wrong("Abs(x)", "mu", ("sign(mu)", "gradient at the mean"), ("Phi(mu/sigma)", None)),
    *_wrong("mu*x**2", "mu", ("mu**2 + sigma**2", "forgot the law"), ("2*mu**2", "forgot the cost")),
    *_wrong(
        "x**2", "rho", ("2*exp(rho)", "lost chain rule"), ("exp(2*rho)", "lost chain rule"), law="normal(mu, exp(rho))"
    ),
    *_wrong(
        "x**2",
        "s",
        ("2*s**2", "derivative by the scale's logarithm"),
        ("2", "missing factor of the scale"),
        law="normal(m, s)",
    ),
    *_wrong("x", "lam", ("1/lam", "E[f] for its gradient"), ("1/lam**2", "sign"), law="exponential"),
    *_wrong("softplus(x)", "mu", ("sigmoid(mu)", "gradient at the mean"), ("1/2", None)),
    *_wrong_terms(
        "x**2",
        "mu",
        ("x**2*(x - mu)/sigma", "sigma for sigma**2"),
        ("x**2*(x - mu)", "missing 1/sigma**2"),
        ("x**2*(mu - x)/sigma**2", "sign"),
        ("x**3/sigma**2", "x for x - mu"),
        ("(x - mu)/sigma**2", "score without the cost"),
        ("x**2", "cost without the score"),
        ("2*x*(x - mu)/sigma**2", "f' for f"),
        ("x**2*epsilon/sigma**2", "one 1/sigma too many"),
        ("x**2*epsilon", "sigma for sigma**2"),
        ("2*x*epsilon", "other parameter"),
        ("2*x**2", "power rule"),
        ("x", "power rule"),
        ("2*epsilon", "epsilon for x"),
        ("4*x", "factor 2"),
        ("-2*x", "sign"),
        ("2*(mu + sigma**2*epsilon) + x**3", None),
        ("x**2*exp(-(x - mu)**2/(2*sigma**2))/(sigma*sqrt(2*pi))*(x - mu)/sigma**2", "density for its logarithm"),
    ),
    *_wrong_terms(
        "x**2",
        "sigma",
        ("2*x", "lost chain rule"),
        ("2*x*(x - mu)", "missing 1/sigma"),
        ("2*x*x", "x for epsilon"),
        ("2*mu*epsilon + 2*epsilon", None),
        ("x**2*epsilon", "f for f'"),
        ("4*sigma*epsilon*x", "sigma**2 for sigma"),
        ("x**2*(x - mu)**2/sigma**3", "normalising constant"),
        ("x**2*((x - mu)**2/sigma**3 - 1)", "normalising constant"),
        ("x**2*((x - mu)**2 - sigma**2)/sigma**2", "sigma**2 for sigma**3"),
        ("x**2*((x - mu)**2 - sigma**2)/(2*sigma**4)", "d/dsigma**2 for d/dsigma"),
        ("x**2*((x - mu)**2 - sigma**2)", "missing 1/sigma**3"),
        ("x**2*(x**2 - sigma**2)/sigma**3", "x for x - mu"),
    ),
    *_wrong_terms("exp(a*x)", "mu", ("exp(a*x)", "cost without the score"), ("a*exp(x)", None)),
    *_wrong_terms(
        "sin(k*x)",
        "sigma",
        ("cos(k*x)*epsilon", "lost chain rule"),
        ("k*cos(k*x)", "lost chain rule"),
        ("k*cos(k*mu)*epsilon", "gradient at the mean"),
    ),
    *_wrong_terms("x*exp(x)", "mu", ("exp(x)", "product rule"), ("x*exp(x) - exp(x)", None)),
    *_wrong_terms(
        "mu*x**2",
        "mu",
        ("2*mu*x", "forgot the cost"),
        ("x**2", "forgot the law"),
        ("mu*x**2*(x - mu)/sigma**2", "forgot the cost"),
    ),
    *_wrong_terms(
        "x**2",
        "rho",
        ("2*x*epsilon", "lost chain rule"),
        ("x**2*((x - mu)**2*exp(-2*rho) - 1)*exp(rho)", "missing division by the scale"),
        ("x**2*((x - mu)**2 - exp(2*rho))", "missing division by the scale's square"),
        ("x**2*((x - mu)**2 - exp(2*rho))*exp(rho)", "missing division by the scale's cube"),
        ("x**2*((x - mu)**2*exp(-2*rho) - 1)*exp(-rho)", "one division by the scale too many"),
        law="normal(mu, exp(rho))",
    ),
    *_wrong_terms(
        "x**2",
        "m",
        ("x**2*(x - m)/s", "scale for its square"),
        ("x**3/s**2", "x for its distance from the mean"),
        ("x**2*(x - m)", "missing division by the scale's square"),
        law="normal(m, s)",
    ),
    *_wrong_terms(
        "x**2",
        "s",
        ("x**2*((x - m)**2 - s**2)/s**2", "scale's square for its cube"),
        ("x**2*((x - m)**2 - s**2)/(2*s**4)", "derivative by the scale's square"),
        ("4*s*epsilon*x", "scale's square for the scale"),
        law="normal(m, s)",
    ),
    *_wrong_terms(
        "x",
        "lam",
        ("-x**2", "normalising constant"),
        ("1", "lost chain rule"),
        ("epsilon/lam**2", "sign"),
        law="exponential",
    ),
    *_wrong_terms("x**2", "lam", ("-2*x*lam**2/epsilon", "inverse of the path's slope"), law="exponential"),
    *_wrong_terms("Heaviside(x)", "mu", ("0", "blind to a jump"), ("Heaviside(x)*(x - mu)", "missing 1/sigma**2")),
    *_wrong_terms("softplus(x)", "mu", ("sigmoid(x)**2", None), ("1/(1 + exp(x))", "lost chain rule")),
)
