import { addedRows, codeOf, type Detector, type View } from './detector.ts';

/** Leftovers that no product code has, whatever they print. */
const ALWAYS: Readonly<Record<string, RegExp>> = {
  js: /^\s*debugger\b|\bconsole\.(?:trace|table)\(/,
  python: /\b(?:i?pdb|pudb)\.set_trace\(|^\s*breakpoint\(\)|^\s*import\s+i?pdb\b/,
  ruby: /\bbinding\.(?:pry|irb)\b|^\s*byebug\b|^\s*debugger\b/,
  php: /(?<![\w>])(?:var_dump|print_r|dd|var_export)\(/,
  rust: /\bdbg!\(/,
};
/** Calls that print. They are a leftover when they look like one. */
const PRINTS: Readonly<Record<string, RegExp>> = {
  js: /^\s*console\.(?:log|debug)\(/,
  python: /^\s*print\(/,
  ruby: /^\s*(?:puts|p|pp)[ (]/,
  java: /^\s*System\.(?:out|err)\.print(?:ln)?\(/,
  kotlin: /^\s*println\(/,
  csharp: /^\s*Console\.Write(?:Line)?\(/,
  go: /^\s*(?:fmt\.Print(?:ln|f)?|println|spew\.Dump)\(/,
  rust: /^\s*e?println!\(/,
  php: /^\s*(?:echo|error_log\()/,
  c: /^\s*(?:f?printf\(\s*(?:stderr,\s*)?"|std::c(?:out|err)\s*<<)/,
};
const LOOKS_LEFT_OVER =
  /["'`]\s*(?:debug|dbg|here|xxx+|test(?:ing)?\s*\d*|todo|foo|asdf|got here|reached|\W{3,}|=>|>>+|#+)\b|["'`]\W*(?:DEBUG|HERE|XXX|TODO)\b|["'`][=*#>-]{3,}/i;
/** Nothing but one variable, or a variable with its own name. */
const DUMPS_VARIABLE =
  /(?:\(|<<|\s)\s*(?:["'`](?:\w+\s*[:=]?\s*)(?:%[a-z+]+\s*)?(?:\\n)?["'`]\s*(?:,|<<)\s*)?[a-z_$][\w.$]*\s*\)?;?\s*$/;

/** Programs whose output is the point. */
const PRINTING =
  /(?:^|\/)(?:cli|cmd|bin|scripts?|tools?|commands?|examples?|build|tasks?)\/|(?:^|\/)(?:main|cli|__main__|manage|setup|gulpfile|build)\.\w+$|\.config\.\w+$/i;

const debugLeftover: Detector = function* (view) {
  const { name } = view.language;
  for (const row of addedRows(view)) {
    const code = row.text.replace(view.language.comment, '');
    const always = ALWAYS[name]?.test(code) === true;
    const prints = !view.isAside && !PRINTING.test(view.file.path) && PRINTS[name]?.test(code) === true;
    if (!always && !(prints && isLeftOver(view, code, name))) continue;
    yield {
      row,
      rule: 'debug-leftover',
      severity: always ? 'medium' : 'low',
      confidence: 0.8,
      message: 'This looks like a leftover from debugging. Remove it, or use the project’s logger.',
    };
  }
};

/** A file that prints in its unchanged lines too has its reasons. */
function isLeftOver(view: View, code: string, language: string): boolean {
  const others = view.rows.filter(({ sign, text }) => sign === ' ' && PRINTS[language]?.test(text) === true);
  if (LOOKS_LEFT_OVER.test(code)) return true;
  if (others.length > 0) return false;
  return language === 'js' || DUMPS_VARIABLE.test(code);
}

const CAMEL = /^[a-z]+(?:[A-Z][a-z\d]*)+$/;
const SNAKE = /^[a-z][a-z\d]*(?:_[a-z\d]+)+$/;

/** Names that a line declares, by language. */
const DECLARES: Readonly<Record<string, RegExp>> = {
  js: /\b(?:const|let|var|function)\s+([A-Za-z_$][\w$]*)/g,
  python: /^\s*(?:async\s+)?def\s+(\w+)|^\s*(\w+)\s*(?::\s*\w[\w[\], ]*)?\s*=(?!=)/g,
  go: /\bfunc\s+(?:\([^)]*\)\s*)?(\w+)|\b(\w+)\s*:=|\bvar\s+(\w+)/g,
  java: /\b(?:int|long|double|float|boolean|String|var|void|List<[^>]*>|Map<[^>]*>|[A-Z]\w*(?:<[^>]*>)?)\s+([a-z]\w*)\s*(?:=|;|\()/g,
  kotlin: /\b(?:val|var|fun)\s+(\w+)/g,
  ruby: /^\s*def\s+(?:self\.)?(\w+)|^\s*(\w+)\s*=(?!=)/g,
  php: /\bfunction\s+(\w+)|^\s*\$(\w+)\s*=(?!=)/g,
  csharp: /\b(?:int|long|double|float|bool|string|var|decimal|Task(?:<[^>]*>)?|List<[^>]*>)\s+([a-z]\w*)\s*(?:=|;|\()/g,
  rust: /\bfn\s+(\w+)|\blet\s+(?:mut\s+)?(\w+)/g,
  c: /\b(?:int|long|double|float|char|bool|size_t|auto|void|unsigned|const\s+char)\s*\**\s*([a-z]\w*)\s*(?:=|;|\(|\[)/g,
};

function namesIn(line: string, language: string): string[] {
  const pattern = DECLARES[language];
  if (pattern === undefined) return [];
  return [...line.matchAll(pattern)].flatMap((match) => match.slice(1).filter((name) => name !== undefined));
}

/** How the unchanged lines of a file write names of several words; null when they are few or mixed. */
function styleOf({ visible, rows, language }: View): 'camel' | 'snake' | null {
  const added = new Set(rows.filter(({ sign }) => sign === '+').map(({ text }) => text));
  const names = new Set(
    visible.filter((line) => !added.has(line)).flatMap((line) => namesIn(codeOf(line, language), language.name)),
  );
  const camel = [...names].filter((name) => CAMEL.test(name)).length;
  const snake = [...names].filter((name) => SNAKE.test(name)).length;
  if (camel + snake < 2 || Math.min(camel, snake) > 0) return null;
  return camel > 0 ? 'camel' : 'snake';
}

const naming: Detector = function* (view) {
  const style = styleOf(view);
  if (style === null || view.isAside) return;
  const said = new Set<string>();
  for (const row of addedRows(view)) {
    const other = style === 'camel' ? SNAKE : CAMEL;
    const name = namesIn(codeOf(row.text, view.language), view.language.name).find(
      (each) => other.test(each) && !said.has(each),
    );
    if (name === undefined) continue;
    said.add(name);
    yield {
      row,
      rule: 'naming',
      severity: 'low',
      confidence: 0.75,
      message: `\`${name}\` is written in ${style === 'camel' ? 'snake_case' : 'camelCase'}, while this file writes names in ${style === 'camel' ? 'camelCase' : 'snake_case'}.`,
    };
  }
};

export const styleDetectors: readonly Detector[] = [debugLeftover, naming];
