import { createHash } from 'node:crypto';

export const STYLE = `
:root { color-scheme: light dark; --text: #1f2328; --muted: #59636e; --line: #d1d9e0; --back: #fff; --soft: #f6f8fa;
  --add: #dafbe1; --add-strong: #1a7f37; --del: #ffebe9; --del-strong: #cf222e; --link: #0969da; --warn: #9a6700; --merged: #8250df; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --muted: #9198a1; --line: #3d444d; --back: #0d1117; --soft: #151b23;
  --add: #12361f; --add-strong: #3fb950; --del: #3c1618; --del-strong: #f85149; --link: #4493f8; --warn: #d29922; --merged: #ab7df8; } }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; color: var(--text); background: var(--back); }
code, pre, .diff { font: 12px/20px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.bar { background: var(--soft); border-bottom: 1px solid var(--line); padding: 14px 32px; }
.bar a { font-weight: 600; } .bar .note { float: right; color: var(--muted); }
main { max-width: 1180px; margin: 0 auto; padding: 24px 32px 80px; }
a { color: var(--link); text-decoration: none; } a:hover { text-decoration: underline; }
h1 { font-weight: 400; font-size: 28px; margin: 0 0 8px; } h1 .number { color: var(--muted); font-weight: 300; }
h2 { font-size: 18px; margin: 32px 0 12px; } h4 { margin: 8px 0 4px; font-size: 14px; }
.muted { color: var(--muted); } .branch { background: var(--soft); color: var(--link); border-radius: 6px; padding: 2px 6px; }
.badge { display: inline-block; border-radius: 999px; padding: 3px 12px; color: #fff; font-weight: 600; font-size: 13px; background: var(--muted); }
.badge.good { background: #1a7f37; } .badge.bad { background: #cf222e; } .badge.merged { background: #8250df; } .badge.wait { background: #9a6700; }
.state { font-weight: 600; } .state.good { color: var(--add-strong); } .state.bad { color: var(--del-strong); } .state.wait { color: var(--warn); }
.card { border: 1px solid var(--line); border-radius: 6px; margin: 16px 0; background: var(--back); }
.card > header { background: var(--soft); border-bottom: 1px solid var(--line); border-radius: 6px 6px 0 0; padding: 8px 14px; }
.card > .body { padding: 10px 16px; } .body p { margin: 6px 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.body pre { background: var(--soft); border-radius: 6px; padding: 10px 12px; overflow-x: auto; }
.body code { background: var(--soft); border-radius: 4px; padding: 1px 4px; } .body pre code { padding: 0; }
.body ul { margin: 6px 0; padding-left: 22px; } blockquote { margin: 6px 0; padding-left: 12px; border-left: 3px solid var(--line); color: var(--muted); }
details { border: 1px solid var(--line); border-radius: 6px; padding: 6px 12px; margin: 8px 0; } summary { cursor: pointer; font-weight: 600; }
.url { color: var(--muted); font-size: 12px; overflow-wrap: anywhere; }
table.plain { border-collapse: collapse; margin: 8px 0; } table.plain td { border: 1px solid var(--line); padding: 4px 10px; }
table.plain tr:first-child td { background: var(--soft); font-weight: 600; }
.avatar { display: inline-block; width: 22px; height: 22px; border-radius: 50%; color: #fff; text-align: center; font-size: 11px; line-height: 22px; margin-right: 8px; vertical-align: middle; }
.a0 { background: #0969da; } .a1 { background: #8250df; } .a2 { background: #1a7f37; } .a3 { background: #bf3989; } .a4 { background: #bc4c00; } .a5 { background: #57606a; }
.file > header { position: sticky; top: 0; z-index: 1; } .file > header code { font-weight: 600; overflow-wrap: anywhere; }
.plus { color: var(--add-strong); font-weight: 600; } .minus { color: var(--del-strong); font-weight: 600; }
.scroll { overflow-x: auto; } table.diff { border-collapse: collapse; width: 100%; }
.diff td { padding: 0 10px; vertical-align: top; } .diff td.n { width: 1%; min-width: 44px; text-align: right; color: var(--muted); user-select: none; }
.diff td.code { white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; padding-left: 4px; }
.sign { display: inline-block; width: 14px; color: var(--muted); user-select: none; }
tr.added td, .suggestion .added { background: var(--add); } tr.removed td, .suggestion .removed { background: var(--del); }
tr.hunk td { background: var(--soft); color: var(--muted); padding-top: 4px; padding-bottom: 4px; }
tr.thread > td { padding: 8px 12px 8px 60px; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); background: var(--soft); font: 14px/1.5 system-ui, sans-serif; }
.comment { max-width: 820px; border: 1px solid var(--line); border-radius: 6px; background: var(--back); margin: 6px 0; }
.comment > header { padding: 6px 12px; border-bottom: 1px solid var(--line); } .comment > .body { padding: 4px 12px 8px; } .comment.reply { margin-left: 28px; }
.suggestion { border: 1px solid var(--line); border-radius: 6px; overflow: hidden; margin: 8px 0; font: 12px/20px ui-monospace, Menlo, "DejaVu Sans Mono", monospace; }
.suggestion b { display: block; padding: 4px 10px; background: var(--soft); border-bottom: 1px solid var(--line); font: 600 12px/20px system-ui, sans-serif; }
.suggestion div { padding: 0 10px; white-space: pre-wrap; overflow-wrap: anywhere; }
.list { list-style: none; padding: 0; margin: 0; } .list li { padding: 10px 16px; border-top: 1px solid var(--line); } .list li:first-child { border-top: 0; }
.checks li { display: flex; gap: 12px; } .checks .grow { flex: 1; }
`;

/** Only this style is allowed: no script, no image, no form, no frame, and no other style. */
export const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
