import { expect, it } from 'vitest';
import stringWidth from 'string-width';
import { escapedControls, oneLine, printable } from '#cli/terminal/printable.ts';
import { facts, table } from '#cli/terminal/table.ts';

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

it('measures characters as wide as a terminal shows them, and never cuts one in two', () => {
  const rows = [
    ['漢字', 'x', '$1.00'],
    ['ab', '👩‍👩‍👧 and 漢字 go on for long', '$2.00'],
  ];
  const lines = table(columns, rows, 28).split('\n');
  expect(lines.map((line) => stringWidth(line))).toEqual([28, 28, 28]);
  expect(lines[2]).toBe('ab    👩‍👩‍👧 and 漢字 go…  $2.00');
});

it('prints no control characters of what others wrote', () => {
  expect(printable('a\u001B[2Jb\r\nc\td')).toBe('a\uFFFD[2Jb\nc\td');
  expect(oneLine('a\n b\u0007')).toBe('a b\uFFFD');
  expect(printable('fdp.exe\u202Etxt')).toBe('fdp.exe\uFFFDtxt');
  expect(facts({ a: 'x\ny', long: undefined, bc: 'z' })).toBe('a   x y\nbc  z');
});

it('keeps what JSON says, with its control characters escaped', () => {
  const value = { name: 'a\u009B2Jb\u202Ec\u007F', text: 'one\ntwo' };
  const json = escapedControls(JSON.stringify(value, null, 2));
  // oxlint-disable-next-line no-control-regex
  expect(json).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
  expect(JSON.parse(json)).toEqual(value);
});
