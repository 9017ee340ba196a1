import { addedRows, codeOf, type Detector, type View } from './detector.ts';
import type { Row } from './read-request.ts';

/** How a language declares a function whose result must be awaited; the group is its name. */
const DECLARED: Readonly<Record<string, RegExp>> = {
  js: /\basync\s+function\s*\*?\s*(\w+)|\b(\w+)\s*(?::[^=]+)?=\s*async\b|\basync\s+(\w+)\s*\(|\bfunction\s+(\w+)\([^)]*\)\s*:\s*Promise</,
  python: /\basync\s+def\s+(\w+)/,
  csharp: /\basync\s+Task(?:<[^>]+>)?\s+(\w+)/,
  rust: /\basync\s+fn\s+(\w+)/,
};
/** A call that is awaited somewhere in the visible lines shows that it returns a promise. */
const AWAITED: Readonly<Record<string, RegExp>> = {
  js: /\bawait\s+((?:this\.)?[\w$]+(?:\.[\w$]+)*)\(/g,
  python: /\bawait\s+([\w]+(?:\.\w+)*)\(/g,
  csharp: /\bawait\s+([\w]+(?:\.\w+)*)\(/g,
  rust: /\b([\w]+(?:(?:\.|::)\w+)*)\([^;]*\)\.await\b/g,
};
/** Functions of platforms that always return a promise. */
const KNOWN: Readonly<Record<string, RegExp>> = {
  js: /^(?:fetch|fs\.promises\.\w+|fsp?\.(?:promises\.)?(?:readFile|writeFile|rm|mkdir)(?<!\bfs\.(?:readFile|writeFile|rm|mkdir))|Promise\.all|Promise\.allSettled)$/,
  python: /^asyncio\.(?:sleep|gather|wait_for)$/,
  csharp: /^[\w.]+Async$/,
};

/** A call at the start of a statement, or as the whole right side of an assignment. */
const CALL =
  /^\s*(?:(?:const|let|var|auto|final|Task<\w+>|let mut)?\s*[\w${}[\],\s]*?(?::\s*[\w<>[\]|\s]+)?\s=\s*)?((?:this\.|self\.)?[A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*)\(/;

function asyncNames(view: View): Set<string> {
  const { name } = view.language;
  const names = new Set<string>();
  for (const line of view.visible) {
    for (const declared of DECLARED[name]?.exec(line)?.slice(1) ?? []) if (declared !== undefined) names.add(declared);
    for (const match of AWAITED[name] === undefined ? [] : line.matchAll(AWAITED[name]))
      if (match[1] !== undefined && !isChained(line.slice(match.index + match[0].length))) names.add(match[1]);
  }
  return names;
}

/** Whether the call goes on with a dot: then what is awaited is the result of another call. */
function isChained(after: string): boolean {
  let depth = 1;
  const end = after.split('').findIndex((character) => {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    return depth === 0;
  });
  // A call that goes on in the next line is not judged.
  return end < 0 || /^\s*\.\w/.test(after.slice(end + 1));
}

const withoutSelf = (name: string): string => name.replace(/^(?:this|self)\./, '');

/** A promise that nobody waits for: the next line runs too early, and an error is lost. */
export const missingAwait: Detector = function* (view) {
  const { name } = view.language;
  if (DECLARED[name] === undefined) return;
  const names = asyncNames(view);
  for (const row of addedRows(view)) {
    const code = codeOf(row.text, view.language);
    const [, called] = CALL.exec(code) ?? [];
    if (
      called === undefined ||
      /\bawait\b|\.await\b|\bvoid\b|\breturn\b|\.then\(|\.catch\(|\b(?:async|def|fn|function)\b|\{\s*$|create_task|ensure_future|Task\.Run|spawn|\.Result\b|\.Wait\(\)|GetAwaiter/.test(
        code,
      )
    )
      continue;
    const plain = withoutSelf(called);
    const isAsync = names.has(called) || names.has(plain) || KNOWN[name]?.test(plain) === true;
    if (!isAsync || DECLARATION.test(code) || !isStatement(view, row)) continue;
    if (!insideAsync(view) || isCollected(view, code)) continue;
    yield {
      row,
      rule: 'missing-await',
      severity: 'high',
      confidence: 0.8,
      message: `\`${plain}\` returns before its work is done, and nothing waits for it. What follows runs too early, and its error is lost.`,
      ...suggestionFor(name, row.text, called),
    };
  }
};

/** Only an asynchronous function can await. Without a function in sight it may be one. */
function insideAsync({ context, now, language }: View): boolean {
  const lines = [...context, ...now.map(({ text }) => text)].join('\n');
  return language.name === 'csharp' ? /\basync\b/.test(lines) : /\basync\b|\bawait\b|\.await\b/.test(lines);
}

/** Whether the result is assigned, and nothing shows that its value is used at once. Then it may be awaited later. */
function isCollected({ visible }: View, code: string): boolean {
  const [, variable] = /^\s*(?:const|let|var|let mut)?\s*(\w+)\s*(?::[^=]+)?=\s/.exec(code) ?? [];
  if (variable === undefined) return /^\s*[^(]*=\s/.test(code);
  const used = new RegExp(`(?<!\\bawait )\\b${variable}\\.(?!then\\b|catch\\b|finally\\b|await\\b)\\w`);
  const awaited = new RegExp(`\\bawait\\s+${variable}\\b|\\b${variable}\\.(?:await|then|catch|finally)\\b`);
  return !visible.some((text) => used.test(text)) || visible.some((text) => awaited.test(text));
}

/** Whether a statement begins at a row. In the middle of one, such as in a list of arguments, a promise may be passed on. */
function isStatement({ now, language }: View, row: Row): boolean {
  const before = now
    .slice(0, now.indexOf(row))
    .map(({ text }) => codeOf(text, language).trim())
    .findLast((text) => text !== '');
  if (before === undefined) return false;
  if (language.name === 'python') return !/[,([{\\=]$/.test(before);
  return (
    /[;{}]$|^\s*(?:\/\/|\*|@|\[)/.test(before) &&
    !/(?:=>|[=(,])\s*\{$/.test(before.replace(/(?:\)\s*(?::[^)]*)?|[\w$]\s*)=>\s*\{$/, ') {'))
  );
}

/** A declaration of a method has a type after its parentheses. */
const DECLARATION = /\)\s*(?::|->)\s*[\w<]/;

function suggestionFor(name: string, text: string, called: string): { suggestion?: string } {
  if (name === 'rust') return {};
  return { suggestion: text.replace(`${called}(`, `await ${called}(`) };
}
