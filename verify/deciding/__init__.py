"""When draws decide: a claim about a mean, fixed before the first draw and judged look by look."""
