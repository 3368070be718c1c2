"""A derivation as a page, and as what a notebook shows of it: text, LaTeX, Markdown, HTML."""
