"""How the page looks: light and dark, wide and narrow, on a screen and on paper."""

from __future__ import annotations

__all__ = ["STYLE"]

# Every text stands out from its ground by 4.5 to 1 or more, in both schemes.
STYLE = """\
:root { color-scheme: light dark; --ground: #fff; --raised: #f5f6f8; --text: #1c1f24; --faint: #565d68;
  --line: #d4d8de; --link: #0b57b0; --pass: #12652c; --pass-ground: #e3f4e7; --fail: #a3121f; --fail-ground: #fde8e8;
  --unsure: #7a4a00; --unsure-ground: #fdf1d8; --none: #4d5560; --none-ground: #eaecef;
  --first: #0b57b0; --second: #b04a00; }
@media (prefers-color-scheme: dark) { :root { --ground: #14171b; --raised: #1d2127; --text: #e7e9ec; --faint: #a7afba;
  --line: #3a414b; --link: #8ab8ff; --pass: #7fdc9a; --pass-ground: #14361f; --fail: #ff9a9a; --fail-ground: #471a1d;
  --unsure: #f5c66b; --unsure-ground: #3d2e0e; --none: #c0c6cf; --none-ground: #2b3038;
  --first: #8ab8ff; --second: #ffa35c; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.5rem clamp(1rem, 3vw, 2.5rem) 4rem; max-width: 86rem; background: var(--ground);
  color: var(--text); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1, h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin: 0 0 .75rem; }
h2 { font-size: 1.3rem; margin: 3rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 0; }
h4 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: .5rem 0; max-width: 75ch; }
a { color: var(--link); }
a code { text-decoration: underline; }
a:focus-visible, [tabindex]:focus-visible, summary:focus-visible { outline: 3px solid var(--link);
  outline-offset: 2px; border-radius: 2px; }
code { font: .92em/1.45 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  overflow-wrap: anywhere; white-space: pre-wrap; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem; background: var(--ground); }
.hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }
.verdict { display: inline-block; padding: .05em .5em; border-radius: .3em; font-weight: 700; white-space: nowrap;
  font-size: .9em; }
.pass { color: var(--pass); background: var(--pass-ground); }
.fail { color: var(--fail); background: var(--fail-ground); }
.inconclusive { color: var(--unsure); background: var(--unsure-ground); }
.not-applicable { color: var(--none); background: var(--none-ground); }
.outcome { padding: 1rem 1.25rem; border-radius: .5rem; border-left: .5rem solid currentColor; }
.outcome strong { display: block; font-size: 2rem; line-height: 1.2; }
.outcome p { color: var(--text); max-width: none; margin: .25rem 0 0; }
dl { margin: .5rem 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .3rem 1.25rem; }
dt { font-weight: 600; overflow-wrap: anywhere; }
dd { margin: 0; max-width: 90ch; overflow-wrap: anywhere; }
.wrong li { margin: .3rem 0; overflow-wrap: anywhere; }
.facts { margin-bottom: 1rem; color: var(--faint); font-size: .92rem; }
.facts dt { font-weight: 400; }
.facts dd { color: var(--text); max-width: none; }
figure { margin: 1.5rem 0; overflow-wrap: anywhere; }
.picture { overflow-x: auto; }
.picture svg { display: block; width: 100%; min-width: 36rem; max-width: 60rem; height: auto; }
svg text { font-family: inherit; }
figcaption { max-width: 90ch; color: var(--faint); font-size: .92rem; }
.derivation { margin: 1rem 0; border: 1px solid var(--line); border-radius: .4rem; padding: .5rem .9rem; }
.derivation summary { cursor: pointer; font-weight: 600; }
.derivation li { overflow-wrap: anywhere; }
.derivation h4 { margin: 1.2rem 0 .2rem; }
.line { margin: .8rem 0; padding-left: .9rem; border-left: .2rem solid var(--line); break-inside: avoid; }
.formula { overflow-x: auto; overflow-y: hidden; padding: .3rem 0; white-space: nowrap; }
.why { font-size: .92rem; color: var(--faint); overflow-wrap: anywhere; }
.checked { font-weight: 600; }
math { font-size: 1.05rem; }
.case { margin: 2.25rem 0; }
.case > p { color: var(--faint); max-width: none; overflow-wrap: anywhere; }
.forms { font-size: .95rem; }
.forms dt { font-weight: 400; }
.scroll { position: relative; overflow-x: auto; margin: .75rem 0; border: 1px solid var(--line); border-radius: .4rem; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .5rem; text-align: left; vertical-align: top; white-space: nowrap; font-weight: 400;
  border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-weight: 600; vertical-align: bottom; background: var(--raised); }
tbody th { white-space: normal; overflow-wrap: break-word; max-width: 24rem; }
td > code, th code { display: inline-block; min-width: 12ch; }
thead th.number { white-space: normal; }
th.number, td.number { text-align: right; }
.mark { display: inline-block; min-width: 1.4em; text-align: center; border-radius: .2em; }
.card { margin: 1rem 0; padding: .9rem 1.1rem; border: 1px solid var(--line); border-left: .4rem solid var(--none);
  border-radius: .4rem; background: var(--raised); }
.card.is-fail { border-left-color: var(--fail); }
.card.is-inconclusive { border-left-color: var(--unsure); }
.card p { overflow-wrap: anywhere; max-width: none; margin: 0; }
@media (max-width: 40rem) {
  body { padding: 1rem .9rem 3rem; }
  dl { display: block; }
  dd { margin: 0 0 .6rem; }
  ul { padding-left: 1.25rem; }
  .derivation { padding: .5rem .6rem; }
  .outcome { padding: .8rem 1rem; }
  th, td { padding: .4rem .5rem; }
}
@media print {
  :root { color-scheme: light; }
  @page { size: A4 landscape; margin: 12mm; }
  html { font-size: 9pt; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 1.5rem; }
  nav, .skip { display: none; }
  .scroll, .formula, .picture { overflow: visible; }
  .formula { white-space: normal; }
  .formula math { font-size: min(1.05rem, calc(92vw / var(--em))); }
  table { font-size: 7.5pt; }
  th, td { padding: .2rem .35rem; }
  tr, figure, .card, .outcome { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  .verdict, .outcome, .mark { border: 1px solid; }
}
"""
