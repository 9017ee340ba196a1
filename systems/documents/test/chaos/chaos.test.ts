import { expect, test } from 'vitest';
import { runChaos } from './command.ts';

test.each([['--kills', '-1'], ['--documents', 'many'], ['--agents', '1'], ['--unknown']])(
  'invalid usage %s is rejected before anything starts',
  async (...args) => {
    expect(await runChaos(args)).toBe(2);
  },
);
