import type { ASTNode } from '@marcbachmann/cel-js';

/** Functions that a rule may call. What is not here cannot be called, also if the library has it. */
const CALLS: ReadonlySet<string> = new Set(['abs', 'crossed', 'level', 'size', 'double', 'int', 'has']);
const METHODS: ReadonlySet<string> = new Set([
  'contains',
  'startsWith',
  'endsWith',
  'size',
  'exists',
  'all',
  'lowerAscii',
]);
/** Methods that run an expression for each item of a list. Within each other their cost multiplies. */
const LOOPS: ReadonlySet<string> = new Set(['exists', 'all']);

const INSTEAD: Readonly<Record<string, string>> = {
  matches: 'Regular expressions can take for ever. Use contains, startsWith or endsWith.',
};

interface TreeProblem {
  /** Offset in the text, from 0. */
  readonly at: number;
  readonly message: string;
}

/** What makes an expression too costly, or null. The parser has bounded its size and depth. */
export function problemOfTree(tree: ASTNode): TreeProblem | null {
  return problemIn(tree, false);
}

function problemIn(node: unknown, inLoop: boolean): TreeProblem | null {
  if (Array.isArray(node)) return firstProblem(node, inLoop);
  if (!isNode(node)) return null;
  const { op, args } = node;
  const isCall = op === 'call' || op === 'rcall';
  if (!isCall) return problemIn(args, inLoop);
  const name = Array.isArray(args) ? String(args[0]) : '';
  const at = node.start;
  if (!(op === 'call' ? CALLS : METHODS).has(name)) return { at, message: refusalOf(name) };
  const isLoop = op === 'rcall' && LOOPS.has(name);
  if (isLoop && inLoop) return { at, message: `${name} must not stand within exists or all.` };
  return problemIn(Array.isArray(args) ? args.slice(1) : null, inLoop || isLoop);
}

const refusalOf = (name: string): string =>
  INSTEAD[name] ?? `${name} is not a function of rules. Use one of ${[...CALLS, ...METHODS].join(', ')}.`;

function firstProblem(nodes: readonly unknown[], inLoop: boolean): TreeProblem | null {
  for (const node of nodes) {
    const problem = problemIn(node, inLoop);
    if (problem !== null) return problem;
  }
  return null;
}

interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'start' in value;
