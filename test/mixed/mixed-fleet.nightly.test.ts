import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFailed, vi } from 'vitest';
import type { CloudEvent } from '@agent-fleet/local-cloud';
import { systems } from '#bin/systems.ts';
import { isTerminal, type Task } from '#core/tasks/task.ts';
import { startApiFleet, type ApiFleet } from '../e2e/api/fleet.ts';
import { assemblyOf, type StackName } from '../e2e/support/assembly.ts';
import { partsOf } from '../support/parts.ts';
import { unpackPreviousRelease } from '../support/previous-release/kept.ts';
import { writeMixedAssembly } from './mixed-assembly.ts';
import type { MixedPart } from './part.ts';
import { idsOf, Worksite, type Work } from './work.ts';

/**
 * One fleet in which some functions run the kept build of the release before and the others that of this checkout, over
 * one data folder. A phase hands in one of each kind of work, and the next deploy follows while it runs.
 */

const parts = await partsOf<MixedPart>('mixed.part.ts');
const SYSTEMS: readonly StackName[] = ['assistant', ...parts.map(({ system }) => system)];
const MODEL_MS = 600;

/** Workers, and what puts tasks into batches and takes them out. */
const isWorker = (description: string): boolean => /^(Works|Collects|Settles) /.test(description);

let folder: string;
let fleet: ApiFleet;
let site: Worksite;
let receiver: Server;
/** Callbacks by the task's id, each with the ids of its deliveries. */
const callbacks = new Map<string, Set<string>>();
const faults: CloudEvent[] = [];
let assemblies: Readonly<Record<'old' | 'oldWorkers' | 'current' | 'newWorkers' | 'next', string>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fleet-mixed-'));
  const at = (name: string): string => join(folder, name);
  unpackPreviousRelease(at('old'));
  const [current, next] = [await assemblyOf([...SYSTEMS, 'parrot']), await assemblyOf([...SYSTEMS, 'next-parrot'])];
  const mixed = (name: string, base: string, isOther: (description: string) => boolean): string => {
    writeMixedAssembly({ folder: at(name), base, other: at('old'), isOther });
    return at(name);
  };
  assemblies = {
    old: at('old'),
    oldWorkers: mixed('old-workers', current, isWorker),
    current,
    // Old workers fail a version that they do not know, so the next one comes with new workers only.
    newWorkers: mixed('new-workers', next, (description) => !isWorker(description)),
    next,
  };
  const url = await listen();
  fleet = await startApiFleet({
    stacks: [...SYSTEMS, 'parrot'],
    assembly: assemblies.old,
    claude: {
      latency: { kind: 'fixed', ms: MODEL_MS },
      rules: [...systems.flatMap(({ claudeRules }) => claudeRules), resolve('test/systems/parrot/parrot.rule.ts')],
    },
    onEvent: noteFault,
  });
  site = new Worksite(fleet, fleet.as(await fleet.makeKey()), url, parts);
  for (const part of parts) await part.prepare?.(fleet);
});
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  receiver?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function listen(): Promise<string> {
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const { data } = JSON.parse(body) as { data: { taskId: string } };
      const ids = callbacks.get(data.taskId) ?? new Set();
      callbacks.set(data.taskId, ids.add(String(request.headers['webhook-id'])));
      response.end('{}');
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
}

const FAULTS: ReadonlySet<string> = new Set([
  'lambda.error',
  'lambda.crash',
  'lambda.timeout',
  'lambda.init-error',
  'lambda.event-dropped',
  'mapping.failed',
  'schedule.failed',
  'api.failed',
]);

/** Closing ends what outlives the time to drain, and what starts meanwhile. On AWS a deploy ends nothing. */
let isClosing = false;

function noteFault(event: CloudEvent): void {
  if (FAULTS.has(event.code) && !isClosing) faults.push(event);
}

/** Waits for the moment to deploy: some tasks of this phase have ended, and others are under way. */
const inTheMiddle = ({ parrots }: Work): Promise<void> =>
  vi.waitFor(
    async () => {
      const open = (await site.readTasks(parrots)).filter(({ state }) => !isTerminal(state));
      expect(open.length).toBeLessThan(parrots.length);
      expect(open.length).toBeGreaterThan(0);
    },
    { timeout: 60_000, interval: 50 },
  );

/** Hands in the work of a phase and deploys while it runs. */
async function phase(number: number, next: keyof typeof assemblies | null): Promise<Work> {
  const work = await site.submit(number);
  if (next !== null) {
    await inTheMiddle(work);
    isClosing = true;
    await fleet.replace(assemblies[next], 10_000);
    isClosing = false;
  }
  return work;
}

/** A parrot's prompt, the number of turns it received, and its answer. */
const saidBy = ({ state }: Task): readonly string[] =>
  state.status === 'succeeded' ? (state.output as { text: string }).text.split(' | ') : [];

/** The number of repeated model calls, from the simulated Claude's ledger. */
function repeatedCalls(): number {
  const lines = readFileSync(join(fleet.home, 'claude-ledger.jsonl'), 'utf8').trim().split('\n');
  const steps = lines.map((line) => (JSON.parse(line) as { stepId: string }).stepId);
  return steps.length - new Set(steps).size;
}

it('old and new code share one fleet, through a deploy, a rollback and another deploy: nothing is lost, doubled or failed', async () => {
  onTestFailed(() => console.error('What failed in the cloud:', faults));
  const works = [
    await phase(1, 'oldWorkers'),
    await phase(2, 'current'),
    await phase(3, 'old'),
    await phase(4, 'newWorkers'),
    await phase(5, 'next'),
    await phase(6, null),
  ];
  const all = works.flatMap(idsOf);
  // A batch is polled at doubling intervals, so a poll that a deploy interrupts may cost a minute.
  const tasks = await site.ended(all, 200_000);
  const of = (ids: readonly string[]): readonly Task[] => tasks.filter(({ id }) => ids.includes(id));
  const cancelled = works.flatMap((work) => work.cancelled);
  expect(of(cancelled).map(({ state }) => state.status)).toEqual(cancelled.map(() => 'cancelled'));
  const rest = tasks.filter(({ id }) => !cancelled.includes(id));
  const failed = rest.filter(({ state }) => state.status !== 'succeeded');
  expect(failed.map(({ agent, state }) => ({ agent, state }))).toEqual([]);

  // Sessions in order, across all releases.
  const talk = works.flatMap((work) => work.talk);
  expect(of(talk).map((task) => Number(saidBy(task)[1]))).toEqual(talk.map((_, index) => index + 1));
  // Each step once, with and without the tool.
  const parrots = of(works.flatMap((work) => work.parrots));
  expect(parrots.map(({ steps }) => steps.length)).toEqual(parrots.map((_, index) => (index % 2 === 0 ? 3 : 1)));
  expect(repeatedCalls()).toBe(0);
  for (const part of parts) await part.check(fleet, works.length);
  const expected = works.flatMap((work) => work.calledBack);
  await vi.waitFor(() => expect([...callbacks.keys()].toSorted()).toEqual(expected.toSorted()), { timeout: 90_000 });
  expect([...callbacks.values()].map((ids) => ids.size)).toEqual(expected.map(() => 1));

  const verdicts = await site.verdicts([...parrots.map(({ id }) => id), ...works.flatMap((work) => work.systems)]);
  expect(verdicts.flatMap(({ findings }) => findings)).toEqual([]);
  // Of the parrots, each second one calls its tool.
  const audited = parrots.length / 2 + works.flatMap((work) => work.systems).length;
  expect(verdicts.filter(({ chain }) => chain.length > 0).length).toBeGreaterThanOrEqual(audited);
  expect(faults).toEqual([]);
});
