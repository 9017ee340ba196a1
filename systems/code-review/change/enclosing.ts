import type { Hunk } from './hunk.ts';

/** Lines of an enclosing function that are shown before a hunk: its first one and the nearest ones. */
const MAX_CONTEXT_LINES = 30;
/** Lines above a hunk in which its function's first line is looked for. */
const MAX_DISTANCE = 400;

/** The first line of a function, method or class in the languages that people use most. */
const DEFINITION = [
  /^\s*(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b/,
  /^\s*(?:export\s+)?(?:abstract\s+|public\s+|private\s+|internal\s+|final\s+|sealed\s+|static\s+|data\s+)*(?:class|interface|struct|trait|impl|enum|object|module|namespace)\s+\w/,
  /^\s*(?:async\s+)?def\s+\w/,
  /^\s*func\s+/,
  /^\s*(?:pub(?:\([^)]*\))?\s+)?(?:const\s+|async\s+|unsafe\s+)*fn\s+\w/,
  /^\s*(?:(?:public|private|protected|internal|override|suspend|inline|open)\s+)*fun\s+/,
  /^\s*(?:export\s+)?(?:const|let|var)\s+\w+\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\([^)]*\)|\w+)\s*(?::[^=]+)?=>/,
  // A method or a function of C, Java, C#, PHP or a class of TypeScript: a name, parameters and an opening brace.
  /^\s*(?!(?:if|for|while|switch|catch|return|else|do|try|using|lock|foreach|synchronized|with)\b)[\w<>[\],\s*&:~.?]*\b\w+\s*\([^;]*\)\s*(?:const\s*)?(?:throws\s+[\w,\s.]+)?(?::\s*[\w<>[\]|\s.]+)?\{?\s*$/,
];

const isDefinition = (line: string): boolean => DEFINITION.some((pattern) => pattern.test(line));
const indentOf = (line: string): number => /^\s*/.exec(line)?.[0].replaceAll('\t', '    ').length ?? 0;

/** Adds to each hunk its enclosing function, as far as the content at head has it before the hunk. */
export function withContext(hunks: readonly Hunk[], head: string): Hunk[] {
  const lines = head.split(/\r?\n/);
  return hunks.map((hunk) => ({ ...hunk, context: enclosing(lines, hunk) }));
}

function enclosing(lines: readonly string[], { newStart, lines: changed }: Hunk): string | null {
  const first = newStart - 1;
  const shown = changed.map((line) => line.slice(1)).filter((line) => line.trim() !== '');
  let indent = Math.min(...shown.map(indentOf), 80);
  for (let at = first - 1; at >= Math.max(0, first - MAX_DISTANCE); at -= 1) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || indentOf(line) >= Math.max(indent, 1)) continue;
    if (isDefinition(line)) return between(lines, at, first);
    indent = indentOf(line);
    if (indent === 0) return null;
  }
  return null;
}

function between(lines: readonly string[], from: number, to: number): string {
  if (to - from <= MAX_CONTEXT_LINES) return lines.slice(from, to).join('\n');
  return [lines[from], '…', ...lines.slice(to - MAX_CONTEXT_LINES + 2, to)].join('\n');
}
