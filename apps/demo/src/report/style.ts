/** The look of the report: one column, light or dark as the reader's system is. */
export const STYLE = `
:root { color-scheme: light dark; --page: #fbfbf9; --card: #fff; --ink: #1d2126; --soft: #5b6470; --line: #e2e3df;
  --good: #17784b; --good-back: #e3f4ea; --bad: #b3261e; --bad-back: #fbe6e4; --bar: #3b6fb6; --bar-cold: #c2703d; }
@media (prefers-color-scheme: dark) { :root { --page: #14171a; --card: #1c2024; --ink: #e6e8ea; --soft: #9aa4af;
  --line: #2e343a; --good: #6ccf9b; --good-back: #163526; --bad: #ff9d94; --bad-back: #431c19; --bar: #7aa7e6; --bar-cold: #e09a68; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.02em; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
p { margin: .25rem 0; } .soft { color: var(--soft); }
code { font: .875em ui-monospace, monospace; overflow-wrap: anywhere; }
.verdict { border-radius: .6rem; padding: .9rem 1.1rem; margin: 1.5rem 0; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); }
.verdict.good { background: var(--good-back); } .verdict.bad { background: var(--bad-back); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; overflow-x: auto; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem; }
.facts b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem .75rem .55rem 0; border-bottom: 1px solid var(--line); }
tr:last-child > td, tr:last-child > th { border-bottom: 0; } th { font-weight: 600; }
thead th { color: var(--soft); font-size: .85rem; } tbody th { min-width: 11rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
ul { margin: 0; padding: 0; list-style: none; } svg { display: block; width: 100%; min-width: 34rem; height: auto; margin-bottom: 1rem; }
svg text { fill: var(--ink); font: 14px system-ui, sans-serif; } .bar { fill: var(--bar); } .bar.cold { fill: var(--bar-cold); }
small { color: var(--soft); display: block; font-size: .85rem; font-weight: 400; } small::first-letter { text-transform: uppercase; }
@media (max-width: 44rem) {
  thead { display: none; } table, tbody, tr, th, td { display: block; } tr { padding: .75rem 0; border-bottom: 1px solid var(--line); }
  tr:last-child { border-bottom: 0; } th, td { border: 0; padding: .15rem 0; } tbody th { min-width: 0; }
  td.number { text-align: left; } td[data-label]::before { content: attr(data-label) " "; color: var(--soft); font-size: .85rem; }
}
`;
