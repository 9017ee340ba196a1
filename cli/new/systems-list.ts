import { UserError } from '../user-error.ts';
import type { AgentNames } from './names.ts';

/** `bin/systems.ts` with one more system: its import, and its place at the end of the list. Throws a `UserError`. */
export function withSystem(source: string, { name, camel }: AgentNames): string {
  const list = /(export const systems[^=]*= \[)([^\]]*?),?\s*(\];)/.exec(source);
  if (list === null)
    throw new UserError(
      'bin/systems.ts has no list of systems that can be extended.',
      `Add ${camel}System of systems/${name}/system.ts to it by hand.`,
    );
  const [whole, start = '', before = '', end = ''] = list;
  const items = [...before.split(',').map((item) => item.trim()), `${camel}System`].filter((item) => item !== '');
  const line = `${start}${items.join(', ')}${end}`;
  const listed = line.length <= MAX_WIDTH ? line : `${start}\n${items.map((item) => `  ${item},\n`).join('')}${end}`;
  const added = `import { ${camel}System } from '#systems/${name}/system.ts';`;
  const lines = source.replace(whole, listed).split('\n');
  // Imports are sorted by path.
  const later = lines.findIndex((each) => / from '#systems\//.test(each) && pathOf(each) > pathOf(added));
  const first = later < 0 ? lines.findLastIndex((each) => each.startsWith('import ')) + 1 : later;
  return lines.toSpliced(first, 0, added).join('\n');
}

const pathOf = (line: string): string => / from '([^']+)'/.exec(line)?.[1] ?? '';

/** Of a line, as the formatter has it. */
const MAX_WIDTH = 120;
