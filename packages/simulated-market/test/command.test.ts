import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { simulateMarket } from '../src/index.ts';

const PROGRAM = join(import.meta.dirname, '../bin/simulated-market.ts');
const CHECK = join(import.meta.dirname, '../../../bin/check-node.cjs');
const run = (cwd: string, ...options: string[]) =>
  spawnSync(process.execPath, ['-r', CHECK, PROGRAM, ...options], { cwd, encoding: 'utf8', maxBuffer: 1e8 });

it('writes the records of a day and the truth', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simulated-market-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { stdout, status } = run(folder, '--seed', '7', '--events', '20000');
  expect(status).toBe(0);
  const market = simulateMarket({ seed: 7, events: 20_000 });
  const records = [...market.records()];
  const lines = stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(records.length);
  const others: number[] = [];
  for (const [index, line] of lines.entries()) {
    const { base64 } = JSON.parse(line) as { base64?: string };
    const bytes = base64 === undefined ? Buffer.from(line) : Buffer.from(base64, 'base64');
    if (!bytes.equals(records[index]?.bytes ?? Buffer.alloc(0))) others.push(index);
  }
  expect(others).toEqual([]);
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as object;
  expect(truth).toMatchObject({ incidents: market.truth.incidents, counts: market.truth.counts() });
});

it.each([
  [['--events', '5'], /^--events: /],
  [['--day', '2026-12-25'], /^day: New York does not trade on 2026-12-25. The next session is on 2026-12-28/],
  [['--typo'], /Unknown option '--typo'/],
])('explains wrong usage: %j', (options, message) => {
  const { status, stderr } = run(tmpdir(), ...options);
  expect(stderr).toMatch(message);
  expect(stderr).toContain('--events EVENTS');
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(2);
});
