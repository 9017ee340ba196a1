import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const bench = (...args: string[]) => promisify(execFile)(process.execPath, ['bench/run.ts', ...args]);

test.each([
  [['documents', '--documents', 'many'], '--documents'],
  [['documents', '--agents', '1'], '--agents'],
])('invalid usage is rejected and named: %j', async (args, named) => {
  await expect(bench(...args)).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining(named) as unknown });
});
