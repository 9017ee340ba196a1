import { addedRows, statementAt, type Detector, type View } from './detector.ts';
import { wholeExpression } from './whole-expression.ts';

const SQL =
  /\b(?:select\b[\s\S]{1,200}?\bfrom\b|insert\s+into\b|update\s+[\w."`[\]{}$]+\s+set\b|delete\s+from\b|drop\s+table\b|(?:where|and|or)\s+[\w.]+\s*(?:=|like|in)\s*['"(]?\s*(?:\$|#|\{|%|["'] *[.+]))/i;

/** Values put into a string, by language: the group is what is put in. */
const PUT_IN: Readonly<Record<string, readonly RegExp[]>> = {
  js: [/\$\{([^}]+)\}/, /['"`]\s*\+\s*([\w.[\]()$]+)/],
  python: [
    /\bf(?:"""|'''|["'])[\s\S]*?\{([^{}]+)\}/,
    /["']\s*%\s*\(?\s*([\w.[\]]+)/,
    /["']\s*\+\s*([\w.[\]()]+)/,
    /["']{1,3}\s*\.format\(\s*([^)]+)\)/,
  ],
  go: [/fmt\.(?:Sprintf|Fprintf)\([\s\S]*?%[svdq+][\s\S]*?["`]\s*,\s*([^)]+)\)/, /["`]\s*\+\s*([\w.[\]()]+)/],
  java: [/"\s*\+\s*([\w.[\]()]+)/, /String\.format\([\s\S]*?%s[\s\S]*?"\s*,\s*([^)]+)\)/, /"\s*\.formatted\(([^)]+)\)/],
  kotlin: [/\$\{([^}]+)\}/, /\$([a-z]\w*)/, /"\s*\+\s*([\w.[\]()]+)/],
  ruby: [/#\{([^}]+)\}/, /["']\s*\+\s*([\w.[\]()]+)/],
  php: [/"[^"]*\{?\$(\w[\w>[\]'-]*)/, /["']\s*\.\s*(\$[\w>[\]'-]+)/],
  csharp: [
    /\$@?"[^"]*\{([^}"]+)\}/,
    /"\s*\+\s*([\w.[\]()]+)/,
    /string\.Format\([\s\S]*?\{0\}[\s\S]*?"\s*,\s*([^)]+)\)/i,
  ],
  rust: [
    /format!\(\s*r?#?"[\s\S]*?\{[^}]*\}[\s\S]*?"\s*,\s*([^)]+)\)/,
    /format!\(\s*r?#?"[^"]*\{([a-z_]\w*)\}/,
    /"\s*(?:\.to_string\(\)|\.to_owned\(\))?\s*\+\s*&?([\w.()]+)/,
  ],
  c: [
    /s(?:n)?printf\([^;]*%s[\s\S]*?"\s*,\s*([^)]+)\)/,
    /"\s*\+\s*([\w.[\]()]+)/,
    /str(?:n)?cat\(\s*\w+\s*,\s*([^"')]+)/,
  ],
  shell: [],
  other: [],
};

/** Values that nobody outside controls: constants, numbers of places, names of tables that the code itself chose. */
const HARMLESS =
  /^\s*(?:[\w.]*(?:placeholders?|columns?|fields|table(?:_?name)?|schema|order|direction)s?|\w+\.(?:TABLE|COLUMNS)|\d+|(?:self|this|cls)\.(?:_?table|TABLE)\w*|Self::\w+|int\(.*|Number\(.*|parseInt\(.*|.*\.(?:length|size|join)\b.*)\s*$/i;
const CONSTANT = /^\s*(?:\w+(?:\.|::))?[A-Z][A-Z\d_]+\s*$/;
const SAFE_SQL =
  /\b(?:sql|Prisma\.sql|SQL)`|\bquote_ident|\bescapeId|\bquote\(|sanitize_sql|\bidentifier\(|\bprepare\(\s*['"][^'"$.]*['"]\s*\)/;

/** What is put into the strings of a text; undefined when it is nothing that can be harmful. */
function putInto(text: string, view: View): string | undefined {
  for (const pattern of PUT_IN[view.language.name] ?? []) {
    for (const match of text.matchAll(new RegExp(pattern, 'dg'))) {
      const [start, end] = match.indices?.[1] ?? [0, 0];
      if (start === end || /^\s*["'`]/.test(text.slice(start, end))) continue;
      const value = wholeExpression(text, start, end);
      if (value !== '' && !HARMLESS.test(value) && !CONSTANT.test(value)) return value;
    }
  }
  return undefined;
}

/** The start of a statement is enough of an anchor: the first added row of it. */
function* statements(view: View): Generator<{ readonly row: (typeof view.rows)[number]; readonly text: string }> {
  const rows = addedRows(view);
  const seen = new Set<string>();
  for (const row of rows) {
    if (seen.has(row.text)) continue;
    const text = statementAt(view, row);
    for (const line of text.split('\n').slice(1)) seen.add(line);
    yield { row, text };
  }
}

const sqlInjection: Detector = function* (view) {
  if (view.isAside) return;
  for (const { row, text } of statements(view)) {
    if (!/["'`]/.test(text) || !SQL.test(text) || SAFE_SQL.test(text) || isMessage(text)) continue;
    const value = putInto(queriesIn(text), view);
    if (value === undefined) continue;
    yield {
      row: lineWith(view, text, row),
      rule: 'sql-injection',
      severity: 'critical',
      confidence: 0.85,
      message: `The query contains the value of \`${short(value)}\` as text. Whoever controls it can change the query. Pass it as a parameter.`,
    };
  }
};

/** A text without the templates that are no part of a query, such as a parameter that is built from a value. */
const queriesIn = (text: string): string =>
  text.replaceAll(/`[^`]*`/g, (template) =>
    /\b(?:select|insert|update|delete|where|values|from|and|or|set|limit)\b/i.test(template) ? template : '``',
  );

/** Sentences that speak of updates and selections: logs, errors, and text for people. */
const isMessage = (text: string): boolean =>
  /\b(?:log(?:ger)?|console|print(?:ln|f)?|puts|raise|throw|Errorf|errors?\.New|panic!?|warn|info|debug)\b[\w.]*[!( ]/i.test(
    text.split('\n')[0] ?? '',
  ) && !/\b(?:query|execute|exec|raw|prepare)\w*\(/i.test(text);

/** Calls that run a text in a shell. */
const SHELL: Readonly<Record<string, RegExp>> = {
  js: /(?<![.\w])(?:execSync|exec)\(|\bchild_process(?:['"`]\))?\.exec(?:Sync)?\(|\b(?:spawn|spawnSync|execFile)\([\s\S]*shell\s*:\s*true|\bexecAsync\(|\bpromisify\(exec\)\(/,
  python:
    /\bos\.(?:system|popen)\(|\bsubprocess\.(?:run|call|Popen|check_output|check_call)\([\s\S]*shell\s*=\s*True|\bcommands\.getoutput\(/,
  go: /\bexec\.Command(?:Context)?\([\s\S]*"(?:sh|bash|cmd|\/bin\/sh|\/bin\/bash)"\s*,\s*"(?:-c|\/c|-lc)"/,
  java: /\bgetRuntime\(\)\s*\.exec\(|new ProcessBuilder\([\s\S]*"(?:sh|bash|cmd|\/bin\/sh)"\s*,\s*"(?:-c|\/c)"/,
  kotlin: /\bgetRuntime\(\)\s*\.exec\(|ProcessBuilder\([\s\S]*"(?:sh|bash|cmd|\/bin\/sh)"\s*,\s*"(?:-c|\/c)"/,
  ruby: /(?<![.\w])(?:system|exec|spawn)[( ]\s*["']|`[^`]*#\{|%x[{([]|\bIO\.popen\(\s*"|\bOpen3\.\w+\(\s*"/,
  php: /(?<![>\w])(?:shell_exec|exec|system|passthru|popen|proc_open)\(/,
  csharp: /Process\.Start\(|\bArguments\s*=/,
  rust: /Command::new\(\s*"(?:sh|bash|\/bin\/sh|cmd)"\s*\)[\s\S]*arg/,
  c: /(?<![.\w])(?:system|popen)\(/,
};

const ESCAPED = /shlex\.quote|shellescape|Shellwords|escapeshell(?:arg|cmd)|shell-quote|quoteShell/i;

const commandInjection: Detector = function* (view) {
  const shell = SHELL[view.language.name];
  if (view.isAside || shell === undefined) return;
  for (const { row, text } of statements(view)) {
    const chain = view.language.name === 'rust' ? followed(view, row) : text;
    if (!shell.test(chain) || ESCAPED.test(chain)) continue;
    const value = putInto(chain, view) ?? builtBefore(view, chain);
    if (value === undefined) continue;
    if (view.language.name === 'csharp' && !/\/c|-c|cmd|bash|\bsh\b/.test(view.now.map((each) => each.text).join('\n')))
      continue;
    yield {
      row: lineWith(view, text, row, shell),
      rule: 'command-injection',
      severity: 'critical',
      confidence: 0.8,
      message: `The command contains the value of \`${short(value)}\`, and a shell reads it. Whoever controls it can run any command. Pass arguments as a list, without a shell.`,
    };
  }
};

/** Calls that go on with a dot on the next lines. */
function followed(view: View, row: (typeof view.rows)[number]): string {
  const from = view.now.indexOf(row);
  const rest = view.now.slice(from + 1, from + 6).map(({ text }) => text);
  const end = rest.findIndex((text) => !/^\s*\./.test(text));
  return [row.text, ...rest.slice(0, end < 0 ? rest.length : end)].join('\n');
}

/** A variable that was built from other values in a line before and is now run: its name. */
function builtBefore(view: View, text: string): string | undefined {
  const [, name] = /\(\s*&?([a-z_$][\w$]*)\s*[,)]/i.exec(text) ?? [];
  if (name === undefined) return undefined;
  const bare = name.replace('$', '');
  const assigned = new RegExp(
    `(?:^|[^\\w.])\\$?${bare}\\s*(?::=|=(?!=)|\\.=|\\+=)|\\b(?:s(?:n)?printf|str(?:n)?cat)\\(\\s*${bare}\\b`,
  );
  return view.visible.some((line) => assigned.test(line) && putInto(line, view) !== undefined) ? name : undefined;
}

/** The added row of a statement with the dangerous text itself, which is the best anchor. */
function lineWith(view: View, text: string, first: (typeof view.rows)[number], pattern = SQL) {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => pattern.test(line));
  return view.rows.find((row) => row.sign === '+' && row.text === lines[at]) ?? first;
}

const short = (value: string): string => (value.length > 40 ? 'an expression' : value.replaceAll('`', ''));

export const injectionDetectors: readonly Detector[] = [sqlInjection, commandInjection];
