/** The page's style sheet. Colours are named by meaning. Each is legible (WCAG AA) in light and dark mode. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f5f2, #15181b);
  --card: light-dark(#fff, #1d2125);
  --ink: light-dark(#1c2227, #e7e9ea);
  --soft: light-dark(#5b646b, #a0a9b0);
  --line: light-dark(#e1dfd9, #31373d);
  --accent: light-dark(#1d6f68, #5bb8ae);
  --faint: light-dark(#a9b3b5, #59636a);
  --high: light-dark(#b3261e, #f28b82);
  --high-back: light-dark(#fbe4e2, #46211f);
  --medium: light-dark(#8f5300, #f0b65c);
  --medium-back: light-dark(#fcefd2, #42310f);
  --low: light-dark(#2b5c9e, #8db8f0);
  --low-back: light-dark(#e3edf9, #1c3047);
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font: 600 2.1rem/1.2 Georgia, 'Times New Roman', serif; margin: .2rem 0 .4rem; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 0; }
h3 { font-size: .8rem; margin: 1.4rem 0 .5rem; text-transform: uppercase; letter-spacing: .06em; color: var(--soft); }
p { margin: 0; }
header p { color: var(--soft); }
.eyebrow { text-transform: uppercase; letter-spacing: .12em; font-size: .75rem; font-weight: 600; color: var(--accent); }
.notice { background: var(--medium-back); color: var(--medium); border-radius: 6px; padding: .5rem .8rem; margin: .6rem 0; }
header .notice { color: var(--medium); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; margin: 1.8rem 0; }
.tile { background: var(--card); padding: 1rem 1.1rem; display: flex; flex-direction: column; }
.tile strong { font: 600 1.7rem/1.25 Georgia, serif; font-variant-numeric: tabular-nums; }
.tile .label { font-size: .8rem; color: var(--soft); }
.tile .note { font-size: .8rem; color: var(--soft); }
.tile.warn strong { color: var(--medium); }
.tile.bad strong { color: var(--high); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 1.2rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; margin: 0; padding: 1.2rem 1.3rem; min-width: 0; }
.card figcaption { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; margin-bottom: .9rem; }
.card figcaption p { color: var(--soft); font-size: .85rem; text-align: right; }
.bars { list-style: none; margin: 0; padding: 0; }
.bars li { display: grid; grid-template-columns: minmax(7rem, 34%) 1fr 3.2rem; align-items: center; gap: .8rem; padding: .17rem 0; font-size: .9rem; }
.bars .key { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bars .value { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; }
.bars svg { width: 100%; height: 12px; border-radius: 3px; background: color-mix(in srgb, var(--line) 55%, transparent); }
rect.accent { fill: var(--accent); } rect.faint { fill: var(--faint); }
rect.high { fill: var(--high); } rect.medium { fill: light-dark(#d98a16, #d99a3c); } rect.low { fill: light-dark(#86aee0, #5c86bd); }
.legend { display: flex; gap: 1.1rem; font-size: .8rem; color: var(--soft); margin-top: .7rem; }
.swatch::before { content: ''; display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin-right: .4em; }
.swatch.high::before { background: var(--high); } .swatch.medium::before { background: light-dark(#d98a16, #d99a3c); } .swatch.low::before { background: light-dark(#86aee0, #5c86bd); }
.columns { width: 100%; display: block; }
.columns text { fill: var(--soft); font-size: 11.5px; text-anchor: middle; } .columns .count { fill: var(--ink); }
.columns line { stroke: var(--line); }
.bar { display: flex; flex-wrap: wrap; align-items: baseline; gap: .4rem 1rem; margin: 2.6rem 0 .8rem; }
.bar p { color: var(--soft); font-size: .9rem; }
.tools { display: none; margin-left: auto; gap: .5rem; align-items: center; }
.js .tools { display: flex; }
.tools output { order: -1; color: var(--soft); font-size: .85rem; white-space: nowrap; }
input, select, button { font: inherit; font-size: .9rem; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .35rem .6rem; }
input { width: 15rem; max-width: 100%; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem .7rem; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
tbody:last-child tr:last-child > * { border-bottom: 0; }
thead th { font-size: .78rem; font-weight: 600; color: var(--soft); white-space: nowrap; border-bottom-width: 2px; }
th button { all: unset; cursor: pointer; white-space: nowrap; } th button:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
th button::after { content: '↕'; opacity: .35; margin-left: .35em; }
th[aria-sort=ascending] button::after { content: '↑'; opacity: 1; } th[aria-sort=descending] button::after { content: '↓'; opacity: 1; }
.contracts tbody tr:hover { background: color-mix(in srgb, var(--accent) 6%, transparent); }
.contracts td:first-child { min-width: 14rem; } .contracts td:nth-child(2) { min-width: 10rem; }
.num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; } .nowrap { white-space: nowrap; }
td small { overflow-wrap: anywhere; }
small { display: block; color: var(--soft); font-size: .8rem; font-weight: 400; }
.party { display: block; } .none { color: var(--soft); }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 2px; }
.failures details + details { border-top: 1px solid var(--line); } .failures dl { display: grid; grid-template-columns: minmax(12rem, 36%) 1fr; gap: .35rem 1.4rem; margin: 0; padding: .1rem 1rem .9rem 2.1rem; font-size: .9rem; }
.failures dt { font-size: inherit; color: inherit; overflow-wrap: anywhere; } .failures dd { color: var(--soft); }
.read-first { margin: 0; padding-left: 1.2rem; font-size: .9rem; } .read-first li { padding: .15rem 0; } .read-first .chip { margin-left: .3em; margin-right: 0; }
.chip { display: inline-block; font-size: .75rem; font-weight: 600; line-height: 1.5; padding: 0 .5em; border-radius: 4px; margin-right: .3em; white-space: nowrap; }
.chip.high { color: var(--high); background: var(--high-back); } .chip.medium { color: var(--medium); background: var(--medium-back); } .chip.low { color: var(--low); background: var(--low-back); }
.chip.flag { color: var(--medium); background: none; border: 1px dashed var(--medium); }
.contract { background: var(--card); border: 1px solid var(--line); border-radius: 8px; margin: .5rem 0; content-visibility: auto; contain-intrinsic-size: auto 3rem; scroll-margin-top: 1rem; }
.contract[open] { contain-intrinsic-size: auto 60rem; }
summary { display: flex; flex-wrap: wrap; align-items: baseline; gap: .2rem .9rem; padding: .6rem 1rem; cursor: pointer; list-style: none; border-radius: 8px; }
summary::-webkit-details-marker { display: none; }
summary::before { content: '▸'; color: var(--soft); } [open] > summary::before { content: '▾'; }
summary .title { font-weight: 600; } summary .who { color: var(--soft); font-size: .88rem; } summary .chips { margin-left: auto; }
.inside { padding: 0 1.2rem 1.1rem 2rem; }
.inside dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: .8rem 1.5rem; margin: .5rem 0 0; }
dt { font-size: .8rem; color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.findings { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: .9rem 2rem; }
.findings li { border-left: 3px solid var(--line); padding: .1rem 0 .1rem .9rem; }
.findings li.high { border-color: var(--high); } .findings li.medium { border-color: var(--medium); } .findings li.low { border-color: var(--low); }
.kind { font-weight: 600; margin-right: .6em; } .page { color: var(--soft); font-size: .85rem; margin-right: .6em; }
blockquote { margin: .25rem 0 0; font: 1rem/1.5 Georgia, 'Times New Roman', serif; max-width: 75ch; white-space: pre-line; overflow-wrap: anywhere; }
blockquote.unverified { color: var(--soft); font-style: italic; }
.meta { margin-top: 1.2rem; font-size: .8rem; color: var(--soft); overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .85rem; }
footer p + p { margin-top: .3rem; }
@media (max-width: 640px) { .failures dl { grid-template-columns: 1fr; } .failures dd { margin-bottom: .5rem; } main { padding: 1.5rem .9rem; } .tools { margin-left: 0; flex-wrap: wrap; } .inside { padding-left: 1rem; } summary .chips { margin-left: 0; } }
@page { size: A4 landscape; margin: 13mm 12mm; }
@media print {
  :root { color-scheme: light; --paper: #fff; }
  main { max-width: none; padding: 0; } body { font-size: 11px; }
  .js .tools, th button::after { display: none; }
  .scroll { overflow: visible; border: 0; border-radius: 0; } .contracts td { min-width: 0 !important; hyphens: auto; }
  th, td { padding: .35rem .5rem; } thead { display: table-header-group; }
  .all:not(:has(.contract[open])), .contract:not([open]) { display: none; } .all > .bar { display: none; }
  .contract { content-visibility: visible; break-before: page; border: 0; margin: 0; }
  .findings li, tr, .card, .tiles { break-inside: avoid; }
  summary { break-after: avoid; padding-left: 0; } summary::before { display: none; } .inside { padding: 0; }
  a { color: inherit; text-decoration: none; }
}
`;
