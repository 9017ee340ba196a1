import { expect, it } from 'vitest';
import { facts, oneLine, printable, table } from '#cli/terminal/table.ts';

const columns = [{ name: 'id' }, { name: 'state', flexible: true }, { name: 'spent', align: 'right' }] as const;

it('aligns columns, numbers at the right', () => {
  expect(
    table(columns, [
      ['a', 'running', '$1.00'],
      ['bcd', 'queued', '$10.00'],
    ]),
  ).toBe('ID   STATE     SPENT\na    running   $1.00\nbcd  queued   $10.00');
});

it('lets the flexible column give way on a narrow terminal, and nothing without one', () => {
  const row = ['task-1', 'failed: a reason of many words', '$1.00'];
  const narrow = table(columns, [row], 30).split('\n');
  expect(narrow.every((line) => line.length <= 30)).toBe(true);
  expect(narrow[1]).toMatch(/^task-1 {2}failed: .*… {2}\$1\.00$/);
  expect(table(columns, [row])).toContain(row[1]);
});

it('prints no control characters of what others wrote', () => {
  expect(printable('a\u001B[2Jb\r\nc\td')).toBe('a\uFFFD[2Jb\nc\td');
  expect(oneLine('a\n b\u0007')).toBe('a b\uFFFD');
  expect(facts({ a: 'x\ny', long: undefined, bc: 'z' })).toBe('a   x y\nbc  z');
});
