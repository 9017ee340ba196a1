import { expect, test } from 'vitest';
import rule from '../../simulated-claude/strategist.rule.ts';

const movesOf = (kind: string, quote: string): unknown => {
  const lines = ['## Pair p1', '> Put together', 'First company:', '> Halden Systems, Inc. (Tools)'];
  const text = [...lines, `Claim c1 (${kind}):`, `> ${quote}`, 'Second company:', '> Quill, Inc. (Tools)'].join('\n');
  return rule.answer({ text, schema: null }).json.moves.map((move) => move.kind);
};

test.each([
  ['Halden has sued Quill over its patents.', ['sues']],
  ['Halden filed a lawsuit against Quill in Austin.', ['sues']],
  ['Halden takes Quill to court.', ['sues']],
  ['Halden was sued by Quill over unpaid rent.', []],
  ['Halden must defend itself against a suit by Quill.', []],
  ['Quill has sued Halden over its patents.', []],
  ['Halden has been taken to court by Quill.', []],
])('%s: %j', (quote, kinds) => {
  expect(movesOf('lawsuit', quote)).toEqual(kinds);
});

test('a claim that names the other company is a move, and one that does not is none', () => {
  expect(movesOf('price-cut', 'Halden cuts its price, which puts pressure on Quill.')).toEqual(['undercuts']);
  expect(movesOf('hiring', 'Our site in Denver has room for 100 new colleagues.')).toEqual([]);
});
