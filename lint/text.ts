/**
 * Text is cut by `startOf` and `shorten` of core/text, because `slice` can leave half of a character, a lone surrogate,
 * which the model's API rejects. The rule finds cuts by what they look like: a length in characters. Positions found by
 * `indexOf`, lists, and text that is ASCII for sure (dates, ids, digests) are none of its business.
 */
const CHARACTERS = /LENGTH|CHARS|CHARACTERS|EXCERPT|COLUMNS/;
/** Shorter cuts by a number are of dates and ids. */
const MIN_LENGTH = 33;
const ASCII = new Set(['toISOString', 'randomUUID', 'digest', 'encodeURIComponent', 'toString', 'toTimeString']);

/** The parts of a syntax tree that the rule reads. */
export interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** What is wrong with a call; null when nothing is. */
export function cutProblem(call: Node): string | null {
  const callee = call['callee'] as Node | undefined;
  const method = nameOf(callee?.['property']);
  const [from, to] = call['arguments'] as readonly Node[];
  if (callee?.type !== 'MemberExpression' || method === null) return null;
  if (method === 'substring' || method === 'substr') return `${method} can cut a character in half. ${REMEDY}`;
  if (method !== 'slice' || from?.type !== 'Literal' || from['value'] !== 0 || to === undefined) return null;
  if (isAscii(callee['object'] as Node) || !isLength(to)) return null;
  return `slice can cut a character in half. ${REMEDY}`;
}

const REMEDY = 'Use startOf or shorten of #core/text/text.ts.';

const isAscii = (node: Node): boolean =>
  node.type === 'CallExpression' && ASCII.has(nameOf((node['callee'] as Node)['property'] ?? node['callee']) ?? '');

/** Whether a bound counts characters: a number that is none of an id's, or a name that says so, anywhere in it. */
function isLength(node: Node): boolean {
  if (node.type === 'Literal') return typeof node['value'] === 'number' && node['value'] >= MIN_LENGTH;
  if (node.type === 'Identifier') return CHARACTERS.test(nameOf(node) ?? '');
  if (node.type === 'BinaryExpression') return isLength(node['left'] as Node) || isLength(node['right'] as Node);
  return false;
}

function nameOf(node: unknown): string | null {
  const { type, name } = (node ?? {}) as { readonly type?: string; readonly name?: unknown };
  return type === 'Identifier' && typeof name === 'string' ? name : null;
}
