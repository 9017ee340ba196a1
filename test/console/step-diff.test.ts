import { describe, expect, test } from 'vitest';
import type { StepView } from '#client/types.ts';
import { changedLines, textOfStep } from '#console/src/views/task/step-diff.ts';

describe('the lines that changed', () => {
  test.each([
    ['nothing', 'a\nb', 'a\nb', []],
    [
      'a line in the middle, with two around it',
      'a\nb\nc\nd\ne\nf\ng',
      'a\nb\nc\nX\ne\nf\ng',
      ['  b', '  c', '- d', '+ X', '  e', '  f'],
    ],
    ['a line more', 'a\nb', 'a\nb\nc', ['  a', '  b', '+ c']],
    ['a line less', 'a\nb\nc', 'a\nc', ['  a', '- b', '  c']],
    ['a repeated line', 'a\na', 'a\na\na', ['  a', '  a', '+ a']],
    ['everything', 'a', 'b', ['- a', '+ b']],
  ])('%s', (_, before, now, lines) => {
    expect(changedLines(before, now)).toEqual(lines);
  });
});

test('a step is the text of its parts, with the input of the tools that it calls', () => {
  const content = [
    { type: 'text', text: 'I add.' },
    { type: 'tool-use', id: 't1', name: 'add', input: { a: 1 } },
  ];
  expect(textOfStep({ content } as StepView)).toBe('I add.\ncalls add {\n  "a": 1\n}');
  expect(textOfStep({ content: '3' } as unknown as StepView)).toBe('3');
});
