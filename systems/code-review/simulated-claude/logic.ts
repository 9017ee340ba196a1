import { addedRows, codeOf, indentOf, type Detector, type View } from './detector.ts';
import { missingAwait } from './awaits.ts';
import type { Row } from './read-request.ts';

const LENGTH = String.raw`(?:[\w.$>[\]()-]*(?:\.|->)(?:length|size|count|Count|Length|len)(?:\(\))?|(?:len|count|sizeof|strlen|ARRAY_SIZE)\([^()]*\))`;

/** Loops and indices that reach one place too far. */
const TOO_FAR: readonly RegExp[] = [
  new RegExp(String.raw`\bfor\s*\(?[^;]*;\s*[\w$]+\s*<=\s*${LENGTH}\s*;`),
  new RegExp(String.raw`\bfor\s+\w+\s*:=\s*0;\s*\w+\s*<=\s*${LENGTH}\s*;`),
  /\bfor\s+\w+\s+in\s+range\(\s*(?:0\s*,\s*)?len\([^()]*\)\s*\+\s*1\s*\)/,
  /\bfor\s+\w+\s+in\s+0\.\.=\s*[\w.]+\.len\(\)/,
  /\bfor\s*\(\s*\w+\s+in\s+0\.\.[\w.]+\.(?:size|length|count\(\))\s*\)/,
  /(?:\bfor\s+\w+\s+in\s+|\()0\.\.[\w.@]+\.(?:length|size|count)\b/,
  /\bwhile\s*\(?\s*[\w$]+\s*<=\s*[\w.$]+\.(?:length|size\(\)|Length|Count)\s*\)?\s*[{:]?\s*$/,
  /(?<![\w.])([A-Za-z_$][\w$.]*)\[\s*(?:\1\.(?:length|size\(\)|Length|Count|len\(\))|len\(\1\)|count\(\1\))\s*\]/,
];

const offByOne: Detector = function* (view) {
  if (view.language.name === 'other') return;
  for (const row of addedRows(view)) {
    const code = codeOf(row.text, view.language);
    if (!TOO_FAR.some((pattern) => pattern.test(code)) || /-\s*1\b/.test(code)) continue;
    // Appending to a slice of PHP or growing one of JavaScript writes at its length on purpose.
    if (/\]\s*=(?!=)/.test(code) && /\.length\s*\]/.test(code)) continue;
    yield {
      row,
      rule: 'off-by-one',
      severity: 'high',
      confidence: 0.85,
      message:
        'The last step is one too far: the index equals the length, and no element is there. Stop before the length.',
      ...(code.includes('<=') && !code.includes('<=>') && { suggestion: row.text.replace('<=', '<') }),
    };
  }
};

/** Handlers that begin on a line, and whether an error can be lost in it. */
const CATCH: Readonly<Record<string, RegExp>> = {
  js: /\bcatch\s*(?:\([^)]*\))?\s*\{\s*(?:\}\s*)?;?$/,
  java: /\bcatch\s*\([^)]*\)\s*\{\s*(?:\}\s*)?$/,
  kotlin: /\bcatch\s*\([^)]*\)\s*\{\s*(?:\}\s*)?$/,
  csharp: /\bcatch\b\s*(?:\([^)]*\))?\s*\{?\s*(?:\}\s*)?$/,
  php: /\bcatch\s*\([^)]*\)\s*\{?\s*(?:\}\s*)?$/,
  c: /\bcatch\s*\([^)]*\)\s*\{\s*(?:\}\s*)?$/,
  python: /^\s*except\b[^:]*:\s*(?:pass)?\s*$/,
  ruby: /^\s*rescue\b.*$/,
  go: /\bif\s+(?:[^;]*;\s*)?\w*[eE]rr\w*\s*!=\s*nil\s*\{\s*(?:\}\s*)?$/,
};
/** One line that loses an error. */
const LOST: Readonly<Record<string, RegExp>> = {
  js: /\.catch\(\s*\(?\w*\)?\s*=>\s*\{\s*\}\s*\)/,
  ruby: /\brescue\s+nil\b/,
  go: /^\s*_\s*=\s*[\w.]*[eE]rr\b|^\s*\w+\s*,\s*_\s*:?=\s*(?:os|io|json|strconv|sql|db|tx|http|ioutil)\.\w+\(/,
  rust: /^\s*let\s+_\s*=\s*[\w.:]+\(.*\)(?:\.await)?;|^\s*[\w.:]+\(.*\)(?:\.await)?\.ok\(\);/,
  python: /\bcontextlib\.suppress\(\s*(?:Base)?Exception\s*\)/,
  php: /=\s*@(?:file_get_contents|fopen|json_decode|unserialize|mkdir)\(/,
};

const swallowedError: Detector = function* (view) {
  if (view.isAside) return;
  const begin = CATCH[view.language.name];
  for (const row of addedRows(view)) {
    const lost =
      LOST[view.language.name]?.test(row.text) === true &&
      !/close|cleanup|unlink|rollback|Close|flush|write!|writeln!|send\(/.test(row.text);
    if (!lost && !(begin?.test(codeOf(row.text, view.language)) === true && isEmptyBody(view, row))) continue;
    yield {
      row,
      rule: 'swallowed-error',
      severity: 'high',
      confidence: 0.8,
      message:
        'The error is lost here: the program goes on as if nothing had happened, and nobody learns of it. Handle it, log it or pass it on.',
    };
  }
};

/** Whether the handler that begins at a row has nothing in it. A comment there says that somebody thought about it. */
function isEmptyBody(view: View, row: Row): boolean {
  const from = view.now.indexOf(row);
  const next = view.now.slice(from + 1, from + 6).map(({ text }) => text);
  if (/\{\s*\}\s*;?$/.test(row.text) || /:\s*pass\s*$/.test(row.text)) return true;
  const body = next.filter((text) => text.trim() !== '');
  const [first = '', second = ''] = body;
  if (view.language.name === 'python')
    return /^\s*(?:pass|\.\.\.)\s*$/.test(first) && indentOf(first) > indentOf(row.text);
  if (view.language.name === 'ruby') return /^\s*(?:end|nil)\s*$/.test(first) && !/=>.*\braise\b/.test(row.text);
  if (/\{\s*$/.test(row.text)) return /^\s*\}/.test(first) && body.length > 0;
  // The opening brace has a line of its own.
  return /^\s*\{\s*\}\s*$/.test(first) || (/^\s*\{\s*$/.test(first) && /^\s*\}/.test(second));
}

interface Mistake {
  readonly languages: readonly string[];
  readonly pattern: RegExp;
  readonly rule: 'wrong-condition' | 'wrong-result';
  readonly message: string;
}

const MISTAKES: readonly Mistake[] = [
  {
    languages: ['js', 'java', 'php', 'c', 'csharp'],
    pattern: /\b(?:if|while)\s*\(\s*!?[\w.$>[\]-]+\s=\s(?!=)[^=()]+\)\s*(?:\{|$)/,
    rule: 'wrong-condition',
    message: 'The condition assigns instead of comparing, so that it is always the assigned value.',
  },
  {
    languages: ['java'],
    pattern: /(?:[\w.)]+\s*[!=]=\s*"[^"]*"|"[^"]*"\s*[!=]=\s*\w)/,
    rule: 'wrong-condition',
    message: 'This compares references, not texts. Two equal texts can be different objects. Use equals.',
  },
  {
    languages: ['python'],
    pattern: /\bdef\s+\w+\([^)]*=\s*(?:\[\]|\{\}|set\(\)|list\(\)|dict\(\))/,
    rule: 'wrong-result',
    message: 'The default value is made once and shared by all calls, so that one call changes what the next one gets.',
  },
  {
    languages: ['python'],
    pattern: /\bis\s+(?:not\s+)?(?:["']|\d)/,
    rule: 'wrong-condition',
    message: 'This compares identity, not value. Equal values can be different objects. Use ==.',
  },
  {
    languages: ['js', 'java', 'php', 'c', 'csharp', 'go', 'kotlin', 'rust'],
    pattern: /\b([\w.$]+)\s*!==?\s*[^&|()]+?\s*\|\|\s*\1\s*!==?\s/,
    rule: 'wrong-condition',
    message: 'One of the two is always different, so that the condition is always true. It must be “and”.',
  },
  {
    languages: ['js'],
    pattern: /[!=]==?\s*NaN\b/,
    rule: 'wrong-condition',
    message: 'Nothing equals NaN, not even NaN, so that the comparison never changes. Use Number.isNaN.',
  },
  {
    languages: ['js', 'java', 'php', 'c', 'csharp', 'go', 'kotlin', 'rust', 'python', 'ruby'],
    pattern: /(?<![\w.$])([A-Za-z_$][\w$.]*)\s+(?:===?|!==?|<=|>=|<|>)\s+\1(?![\w.$([])/,
    rule: 'wrong-condition',
    message: 'Both sides are the same, so that the result never changes.',
  },
];

const mistakes: Detector = function* (view) {
  if (view.isAside) return;
  for (const row of addedRows(view)) {
    for (const { languages, pattern, rule, message } of MISTAKES) {
      // Literals matter to some patterns, so strings stay; comments do not.
      const code = row.text.replace(view.language.comment, '');
      if (languages.includes(view.language.name) && pattern.test(code)) {
        yield { row, rule, severity: 'high', confidence: 0.8, message };
        break;
      }
    }
  }
};

export const logicDetectors: readonly Detector[] = [missingAwait, offByOne, swallowedError, mistakes];
