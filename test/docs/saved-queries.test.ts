import type { SQSRecord } from 'aws-lambda';
import { expect, onTestFinished, test, vi } from 'vitest';
import { callbackOf } from '#core/callbacks/event.ts';
import { Receivers } from '#core/callbacks/receivers.ts';
import type { TaskEvent } from '#core/ports/events.ts';
import type { DeliveryResult } from '#core/ports/webhook.ts';
import { attempt } from '#functions/deliver-callback/attempt.ts';
import { QUERIES } from '#lib/constructs/saved-queries.ts';
import { logger, reportEvent } from '#runtime/observability/telemetry.ts';
import { NOW, sampleTask } from '../contract/samples.ts';
import { inMemoryCallbackStore } from '../support/fakes/in-memory-callback-store.ts';

/** The saved queries ask for messages and fields that the functions write, at the level at which they are deployed. */
const ended = { status: 'cancelled', finishedAt: NOW, notified: false } as const;
const task = sampleTask({ callback: { url: 'https://receiver.example/hook' }, state: ended });
const NO_USE = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

const answered = (ms: number): TaskEvent => ({
  type: 'model.answered',
  model: 'm',
  requestId: 'r',
  usage: NO_USE,
  usd: 0,
  savedUsd: 0,
  ms,
});
const EVENTS: readonly TaskEvent[] = [
  { type: 'task.claim-lost', epoch: 1 },
  { type: 'task.parked', cause: 'throttled', until: 1, reason: 'r' },
  { type: 'task.finished', status: 'failed', failureKind: 'crashed', ms: 1 },
  answered(30_000),
  { type: 'model.failed', model: 'm', failureKind: 'transient', ms: 1, lostUsd: 1 },
  { type: 'model.lost', model: 'm', lostUsd: 1, step: 0, epoch: 1 },
  { type: 'budget.refused', of: 'tenant' },
  { type: 'usage.lost' },
  { type: 'answer.refused' },
  { type: 'tool.ran', tool: 't', isError: true, ms: 1 },
  { type: 'tool.failed', tool: 't', stack: 's' },
  { type: 'tool.given-up', tool: 't', ms: 1 },
];
const RESULTS: readonly (DeliveryResult | Error)[] = [
  { kind: 'answered', status: 503 },
  { kind: 'failed', failure: 'timeout', reason: 'r' },
  new TypeError('no secret'),
];

type Line = Readonly<Record<string, unknown>>;

/** What is written to the log meanwhile. */
async function logged(act: () => Promise<void> | void): Promise<readonly Line[]> {
  const lines: Line[] = [];
  const write = (line: string): void => void lines.push(JSON.parse(line) as Line);
  const spy = vi
    .spyOn(logger as unknown as { console: Console }, 'console', 'get')
    .mockReturnValue({ ...console, debug: write, info: write, warn: write, error: write, log: write });
  const level = logger.getLevelName();
  // That of deployed functions. A test before may have loaded the module with another one.
  logger.setLogLevel('INFO');
  onTestFinished(() => {
    logger.setLogLevel(level);
    spy.mockRestore();
  });
  await act();
  return lines;
}

async function tried(result: DeliveryResult | Error, receivers: Receivers, receives: number): Promise<void> {
  const deliver = () => (result instanceof Error ? Promise.reject(result) : Promise.resolve(result));
  const attributes = { ApproximateReceiveCount: String(receives), SentTimestamp: String(NOW) };
  const record = { messageId: 'm', body: JSON.stringify(callbackOf(task, ended)), attributes } as unknown as SQSRecord;
  const ports = { ids: { random: () => 0, digest: () => '' }, clock: { now: () => NOW }, receivers };
  await attempt({ ...ports, store: inMemoryCallbackStore(), webhook: { deliver } }, record);
}

const everyLine = (): Promise<readonly Line[]> =>
  logged(async () => {
    for (const event of EVENTS) reportEvent(task, event);
    for (const result of RESULTS) for (const receives of [1, 11]) await tried(result, new Receivers(), receives);
    const down = new Receivers();
    for (let times = 0; times < 4; times += 1) await tried(RESULTS[1] as DeliveryResult, down, 1);
  });

/** The fields of a line, such as `task.id`. */
function fieldsOf(line: Line, prefix = ''): string[] {
  return Object.entries(line).flatMap(([key, value]) => [
    `${prefix}${key}`,
    ...(typeof value === 'object' && value !== null ? fieldsOf(value as Line, `${prefix}${key}.`) : []),
  ]);
}

const KEYWORDS = new Set('fields filter stats sort limit by as and or in like asc desc'.split(' '));

/** The messages and fields that a query asks for. */
function askedBy(query: string) {
  const messages = [...query.matchAll(/message (?:= |in \[)((?:'[^']+'(?:, )?)+)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/'([^']+)'/g)].map(([, message = '']) => message),
  );
  const bare = query.replaceAll(/'[^']*'|\/[^/\n]+\//g, ' ').replaceAll(/@\w+/g, ' ');
  const made = new Set([...bare.matchAll(/ as (\w+)/g)].map(([, name]) => name));
  const words = [...bare.matchAll(/[A-Za-z_][\w.]*(?!\w*\()/g)].map(([word]) => word);
  const fields = words.filter((word) => !KEYWORDS.has(word) && !made.has(word));
  return { messages, fields: [...new Set(fields)].filter((field) => !/^(bin|5m|1h|m|h)$/.test(field)) };
}

test.each(Object.entries(QUERIES))('the query %s asks for what functions write', async (_, query) => {
  const lines = await everyLine();
  const { messages, fields } = askedBy(query);
  const written = new Set(lines.map(({ message }) => message));
  expect(messages.filter((message) => !written.has(message))).toEqual([]);
  const matching = messages.length === 0 ? lines : lines.filter(({ message }) => messages.includes(String(message)));
  const known = new Set(matching.flatMap((line) => fieldsOf(line)));
  expect(fields.length).toBeGreaterThan(1);
  // A line of a market monitor's analyst, whose task is read by its id only.
  expect(fields.filter((field) => !known.has(field) && field !== 'taskId')).toEqual([]);
});

test('the query for slow calls counts every answer that has a line', async () => {
  const lines = await logged(() => {
    reportEvent(task, answered(29_999));
    reportEvent(task, answered(30_000));
  });
  expect(lines.map(({ ms }) => ms)).toEqual([30_000]);
  expect(QUERIES['slow-model-calls']).toContain(`message = 'model.answered' and ms >= 30000`);
});
