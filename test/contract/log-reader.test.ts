import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { createLogs } from '@agent-fleet/local-cloud/testing/services';
import { serve, temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { describe, expect, it, onTestFinished } from 'vitest';
import { cloudwatchLogReader } from '#adapters/cloudwatch-logs/log-reader.ts';
import type { LogFilter } from '#core/ports/log-reader.ts';
import { fits, readLine } from '#core/logs/log-line.ts';

const DAY = Date.UTC(2026, 10, 29);
const iso = (ms: number): string => new Date(ms).toISOString();

/** A log group with these lines, one a second from midnight on, over two days. */
async function open(lines: readonly string[], stepMs = 1_000) {
  const directory = temporaryFolder();
  mkdirSync(join(directory, 'worker'));
  for (const [index, line] of lines.entries()) {
    const at = iso(DAY + index * stepMs);
    appendFileSync(join(directory, 'worker', `${at.slice(0, 10)}.log`), `${at} 0a1b2c3d ${line}\n`);
  }
  const groups = () =>
    new Map([
      ['fleet-dev-x-Logs', ['worker']],
      ['fleet-dev-x-Empty', ['idle']],
      ['else', ['worker']],
    ]);
  const logs = await serve(() => createLogs({ directory, groups, account: '000000000000', region: 'us-east-1' }));
  const client = new CloudWatchLogsClient(logs.client);
  onTestFinished(async () => {
    client.destroy();
    await logs.close();
  });
  const functions = [
    { group: 'fleet-dev-x-Logs', service: 'fleet-dev-assistant', agents: ['assistant'] },
    { group: 'fleet-dev-x-Empty', service: 'fleet-dev-wake', agents: [] },
  ];
  return cloudwatchLogReader({ prefixes: ['fleet-dev-x-'], functions, client });
}

const group = 'fleet-dev-x-Logs';
const all = { group, filter: {}, from: DAY, to: DAY + 3 * 86_400_000, limit: 10_000 };
const line = (level: string, more: object = {}): string => JSON.stringify({ level, message: 'event', ...more });

describe('logs in CloudWatch Logs', () => {
  it('has the groups whose names begin so, and no others', async () => {
    const logs = await open([line('INFO')]);
    expect(await logs.groups()).toEqual(['fleet-dev-x-Empty', group]);
    expect(await logs.groups(['assistant'])).toEqual(['fleet-dev-x-Empty', group]);
    expect(await logs.groups(['helper'])).toEqual(['fleet-dev-x-Empty']);
    expect(await logs.read(all)).toMatchObject({ lines: [{ service: 'fleet-dev-assistant' }] });
    expect(await logs.read({ ...all, group: 'fleet-dev-x-Empty' })).toMatchObject({ lines: [] });
    expect(await logs.read({ ...all, group: 'fleet-dev-x-Gone' })).toEqual({ lines: [] });
  });

  it('returns the lines of a time, with ids that stay the same', async () => {
    const logs = await open(['a', 'b', 'c', 'd'].map((name) => line('INFO', { name })));
    const read = { ...all, from: DAY + 1_000, to: DAY + 3_000 };
    const { lines, token } = await logs.read(read);
    expect(lines.map(({ at, text }) => [at, JSON.parse(text)])).toMatchObject([
      [DAY + 1_000, { name: 'b' }],
      [DAY + 2_000, { name: 'c' }],
    ]);
    expect(token).toBeUndefined();
    expect((await logs.read(all)).lines.slice(1, 3).map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
  });

  it('returns each line once over pages, also of one millisecond and over days', async () => {
    for (const stepMs of [0, 40_000_000]) {
      const logs = await open(
        Array.from({ length: 5 }, (_, index) => line('INFO', { index })),
        stepMs,
      );
      const found: string[] = [];
      let token: string | undefined;
      do {
        const page = await logs.read({ ...all, limit: 2, token });
        found.push(...page.lines.map(({ text }) => text));
        ({ token } = page);
      } while (token !== undefined);
      expect(found.map((text) => (JSON.parse(text) as { index: number }).index)).toEqual([0, 1, 2, 3, 4]);
    }
  });

  it('finds a time in a large file', async () => {
    const logs = await open(
      Array.from({ length: 20_000 }, (_, index) => line('INFO', { index, filler: 'x'.repeat(50) })),
      1_000,
    );
    const { lines } = await logs.read({ ...all, from: DAY + 12_345_000, limit: 1 });
    expect(lines).toMatchObject([{ at: DAY + 12_345_000 }]);
  });

  const task = (id: string, tenant: string, agent: string) => ({ task: { id, tenant, agent } });
  const lines = [
    line('INFO', task('task-1', 'acme', 'assistant')),
    line('WARN', task('task-1', 'acme', 'assistant')),
    line('ERROR', task('task-2', 'other', 'helper')),
    line('ERROR', { service: 'fleet-dev-assistant' }),
    line('INFO', { tenant: 'acme', service: 'fleet-dev-read' }),
    line('WARN', { taskId: 'task-1' }),
    '2026-11-29T00:00:00.000Z request-1 Task timed out after 3.00 seconds',
    'printed by somebody',
  ];
  const FILTERS: readonly LogFilter[] = [
    {},
    { taskId: 'task-1' },
    { taskId: 'task-1', errors: true },
    { errors: true },
    { tenant: 'acme' },
    { tenant: 'acme', errors: true },
    { agents: ['assistant'], services: ['fleet-dev-assistant'] },
    { agents: ['assistant'], services: ['fleet-dev-assistant'], errors: true },
    { agents: ['assistant', 'helper'], tenant: 'other', errors: true },
    { tenant: 'a "b" && ($.x)' },
    { taskId: 'task-*' },
  ];

  it.each(FILTERS)('the pattern of %j leaves out no line that fits', async (filter) => {
    const logs = await open(lines);
    const fitting = (kept: Awaited<ReturnType<typeof logs.read>>['lines']) =>
      kept.flatMap((each) => {
        const read = readLine(each);
        return read !== null && fits(read, filter) ? [each.text] : [];
      });
    const everything = [...lines].map((text, index) => ({
      id: String(index),
      at: index,
      group,
      service: 'fleet-dev-assistant',
      text,
    }));
    const found = await logs.read({ ...all, filter });
    expect(fitting(found.lines)).toEqual(fitting(everything));
    // It leaves out most others.
    expect(found.lines.length).toBeLessThan(everything.length);
  });
});
