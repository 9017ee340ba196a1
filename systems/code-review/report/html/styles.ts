/** The page's style sheet. Colours have a contrast of at least 4.5 in both schemes. */
export const STYLES = `
:root { color-scheme: light dark; --fg: #1f2328; --dim: #59636e; --bg: #fff; --soft: #f6f8fa; --line: #d1d9e0;
  --add: #e6ffec; --del: #ffebe9; --red: #b3261e; --amber: #8a5300; --green: #1a6b2f; --blue: #0550ae; }
@media (prefers-color-scheme: dark) { :root { --fg: #e6edf3; --dim: #9198a1; --bg: #0d1117; --soft: #151b23;
  --line: #3d444d; --add: #12301d; --del: #3c1618; --red: #ff9b93; --amber: #e3b341; --green: #7ee2a0; --blue: #79b8ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { margin: 0 0 4px; font-size: 26px; overflow-wrap: anywhere; }
h2 { margin: 32px 0 8px; font-size: 18px; }
p { margin: 4px 0; }
a { color: var(--blue); }
code, .diff { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.dim { color: var(--dim); overflow-wrap: anywhere; }
.verdict { display: inline-block; margin: 8px 0; padding: 4px 12px; border: 2px solid; border-radius: 6px; font-weight: 700; }
.approve { color: var(--green); } .comment { color: var(--blue); } .request-changes, .not-reviewed { color: var(--red); }
.notice { border-left: 4px solid var(--amber); padding: 4px 12px; background: var(--soft); }
.list { padding: 0; list-style: none; }
.list li { padding: 6px 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.tag { display: inline-block; min-width: 68px; font-weight: 700; }
.critical, .high { color: var(--red); } .medium { color: var(--amber); } .low { color: var(--dim); }
details { margin: 12px 0; border: 1px solid var(--line); border-radius: 6px; overflow: hidden; }
summary { padding: 8px 12px; background: var(--soft); cursor: pointer; overflow-wrap: anywhere; font-weight: 600; }
summary span { font-weight: 400; }
.scroll { overflow-x: auto; }
table.diff { width: 100%; border-collapse: collapse; }
.diff td { padding: 0 8px; vertical-align: top; }
.diff td.n { width: 1%; min-width: 44px; text-align: right; color: var(--dim); user-select: none; }
.diff td.t { white-space: pre-wrap; overflow-wrap: anywhere; }
.diff tr.added { background: var(--add); } .diff tr.removed { background: var(--del); }
.diff tr.gap td { padding: 2px 8px; background: var(--soft); color: var(--dim); white-space: pre-wrap; }
.diff tr.note > td { padding: 8px; }
.card { max-width: 900px; padding: 8px 12px; border: 1px solid var(--line); border-left: 4px solid; border-radius: 6px; background: var(--bg); font: 14px/1.5 system-ui, sans-serif; }
.card p { color: var(--fg); overflow-wrap: anywhere; }
.card pre { margin: 6px 0 0; padding: 6px 8px; background: var(--add); color: var(--fg); white-space: pre-wrap; overflow-wrap: anywhere; }
:target { outline: 2px solid var(--blue); }
@media print { details:not([open]) > *:not(summary) { display: none; } }
`;
