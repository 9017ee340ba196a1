import { ServiceError } from '../service.ts';
import type { ServiceInput } from '../service.ts';

type Node = { [name: string]: Node } | string;

/**
 * Parses a form of the AWS query protocol into the SDK's shapes. `Tags.member.1.Key=a` is a list. `Attributes.entry.1.key=a`
 * with `.value=b` (also `Name` and `Value`) is a map.
 */
export function readForm(body: string): { action: string; input: ServiceInput } {
  const root: { [name: string]: Node } = Object.create(null) as { [name: string]: Node };
  for (const [path, value] of new URLSearchParams(body)) insert(root, path.split('.'), value);
  const { Action: action, Version: _version, ...fields } = root;
  if (typeof action !== 'string')
    throw new ServiceError('MissingAction', 'The request must contain the parameter Action.');
  return { action, input: Object.fromEntries(Object.entries(fields).map(([name, node]) => [name, shape(node)])) };
}

function insert(root: { [name: string]: Node }, path: readonly string[], value: string): void {
  let node = root;
  for (const name of path.slice(0, -1)) {
    const next = node[name] ?? (Object.create(null) as { [name: string]: Node });
    if (typeof next === 'string')
      throw new ServiceError('InvalidParameter', `The parameter ${path.join('.')} occurs twice.`);
    node[name] = next;
    node = next;
  }
  node[path.at(-1) ?? ''] = value;
}

function shape(node: Node): unknown {
  if (typeof node === 'string') return node;
  const { member, entry } = node;
  if (typeof member === 'object') return numbered(member).map(shape);
  if (typeof entry === 'object') return Object.fromEntries(numbered(entry).map(readEntry));
  return Object.fromEntries(Object.entries(node).map(([name, child]) => [name, shape(child)]));
}

function readEntry(entry: Node): [string, unknown] {
  const name = typeof entry === 'string' ? undefined : (entry['key'] ?? entry['Name']);
  if (typeof entry === 'string' || typeof name !== 'string') {
    throw new ServiceError('InvalidParameter', 'An entry of a map must have a key and a value.');
  }
  return [name, shape(entry['value'] ?? entry['Value'] ?? '')];
}

function numbered(list: { [name: string]: Node }): Node[] {
  return Object.entries(list)
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([, node]) => node);
}
