import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { stateTable } from '../contract/local-services.ts';
import type { Call } from '../support/calls/call-log.ts';
import { countedFleet } from '../support/calls/counted-fleet.ts';
import { sumOf } from '../support/calls/price.ts';
import { calling, counter, delegating, lead } from '../support/tree-harness.ts';
import { adder, adderOptions } from '../support/worker-harness.ts';

const table = stateTable();

const ANSWER = { json: { sum: 3 } };
const lookUp = defineTool({
  name: 'look-up',
  description: 'Looks a number up.',
  input: z.object({}),
  run: async () => '3',
});
const withTool = defineAgent({ ...adderOptions, tools: [lookUp] });

type Fleet = ReturnType<typeof countedFleet>;

/** What has been done once before, so that what a worker reads every few seconds is known. */
async function afterOne(fleet: Fleet, work: (fleet: Fleet) => Promise<void>): Promise<readonly Call[]> {
  await work(fleet);
  fleet.forget();
  await work(fleet);
  return fleet.calls;
}

const ITEM = { type: 'item', tenant: 'default', workflow: 'add', runId: 'run', deadline: 1e14, maxUsd: 1 } as const;
let item = 0;

/** The calls of each kind of task, from its acceptance to its end. */
const KINDS = {
  'one model call': () =>
    afterOne(countedFleet(table(), [ANSWER]), async (fleet) => fleet.run(adder, await fleet.accept(adder))),
  'one model call, in a session of its own': () =>
    afterOne(countedFleet(table(), [ANSWER]), async (fleet) => {
      item += 1;
      await fleet.run(adder, await fleet.accept(adder, { sessionId: `session-${item}` }));
    }),
  'one model call, later in a session': () =>
    afterOne(countedFleet(table(), [ANSWER]), async (fleet) =>
      fleet.run(adder, await fleet.accept(adder, { sessionId: 'session' })),
    ),
  'two model calls and a tool call': () =>
    afterOne(countedFleet(table(), [calling('look-up', {}), ANSWER, calling('look-up', {}), ANSWER]), async (fleet) =>
      fleet.run(withTool, await fleet.accept(withTool)),
    ),
  'an item of a pipeline': () =>
    afterOne(countedFleet(table(), [ANSWER]), async (fleet) => {
      item += 1;
      await fleet.deliver(adder, { ...ITEM, item: { id: `item-${item}` }, taskToken: `token-${item}` });
    }),
  'a task that delegates one, both together': () =>
    afterOne(countedFleet(table(), [...TREE, ...TREE] as unknown as [(typeof TREE)[0]]), async (fleet) => {
      const parent = await fleet.accept(lead);
      await fleet.run(lead, parent);
      const id = taskIdSchema.parse((await fleet.task(parent)).children?.[0]);
      await fleet.run(counter, await fleet.task({ id }));
      await fleet.run(lead, parent);
    }),
} as const;

const TREE = [
  delegating({ tasks: [{ to: 'count', input: { numbers: [1] } }] }),
  ANSWER,
  { json: { done: true } },
] as const;

/** A line for each round: its calls are under way at once. */
function roundsOf(calls: readonly Call[]): readonly string[] {
  const rounds = Map.groupBy(calls, ({ by, round }) => `${by}.${round}`);
  return [...rounds].map(
    ([round, made]) =>
      `${round}: ${made.map(({ service, operation, what }) => `${service} ${operation} ${what}`).join(', ')}`,
  );
}

describe('calls of AWS, from the acceptance of a task to its end', async () => {
  const counted = new Map<string, readonly Call[]>();
  const callsOf = async (kind: keyof typeof KINDS): Promise<readonly Call[]> => {
    const calls = counted.get(kind) ?? (await KINDS[kind]());
    counted.set(kind, calls);
    return calls;
  };
  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];

  it('are exactly these', async () => {
    const lists: string[] = [];
    for (const kind of kinds) lists.push(`## ${kind}`, ...roundsOf(await callsOf(kind)), '');
    await expect(lists.join('\n')).toMatchFileSnapshot('calls-per-task.txt');
  });

  it.each(kinds)('%s: docs/benchmarks.md has what they come to', async (kind) => {
    const { calls, writesWaitedFor, waitMs, writeUnits, usdPerMillion } = sumOf(await callsOf(kind));
    const row = [kind, calls, writesWaitedFor, waitMs, writeUnits, `$${usdPerMillion.toFixed(1)}`];
    expect(await rowOf(kind)).toBe(`| ${row.join(' | ')} |`);
  });
});

it('tasks of one invocation share the read of all of them, and writes of usage', async () => {
  const fleet = countedFleet(table(), [ANSWER]);
  const round = async (name: string): Promise<void> => {
    const tasks = [];
    for (let task = 0; task < 10; task += 1) tasks.push(await fleet.accept(adder, { sessionId: `${name}-${task}` }));
    await fleet.runTogether(adder, tasks);
  };
  await round('before');
  fleet.forget();
  await round('counted');
  const turn = fleet.calls.filter(({ by }) => by.startsWith('turn'));
  const kinds = Map.groupBy(turn, ({ operation, what }) => `${operation} ${what}`);
  const counts = Object.fromEntries([...kinds].map(([kind, calls]) => [kind, calls.length]));
  expect(counts).toEqual({
    'BatchGetItem task': 1,
    // Claims and ends.
    'UpdateItem task': 20,
    'UpdateItem session': 10,
    'UpdateItem usage': 2,
  });
});

/** The row of a kind in the table, without padding. */
async function rowOf(kind: string): Promise<string | undefined> {
  const text = await readFile(new URL('../../docs/benchmarks.md', import.meta.url), 'utf8');
  const line = text.split('\n').find((one) => one.startsWith(`| ${kind} `));
  return line?.replaceAll(/ +/g, ' ');
}
