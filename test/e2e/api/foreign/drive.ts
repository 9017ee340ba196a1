import { z } from 'zod';
import type { ForeignClient, Got, Sent } from './client.ts';
import type { ApiDocument } from '../../../support/api-document.ts';

/** The input of the drive. */
export interface World {
  /** An agent that accepts an instruction. */
  readonly agent: string;
  /** Unique among the drives of the same fleet. */
  readonly name: string;
  /** Ids of a task that waits for a person, of a dead letter, and of a failed task. */
  readonly escalated: string;
  readonly dead: string;
  readonly failed: string;
}

/** The result of one operation. */
export interface Driven {
  readonly operation: string;
  readonly status: number;
  /** Why the response does not match the document; empty if it does. */
  readonly faults: readonly string[];
  readonly body: unknown;
}

/** The newest body of each operation. */
type Seen = (operation: string) => Readonly<Record<string, unknown>>;
type Step = readonly [
  operation: string,
  send: (world: World, seen: Seen) => Sent,
  /** Repeats the request until the response satisfies this, because some effects follow shortly after a task's end. */
  until?: (body: Readonly<Record<string, unknown>>) => boolean,
];

const idOf = (operation: string, seen: Seen) => ({ params: { id: String(seen(operation)['id']) } });
const nameOfFirst = (list: unknown): string => z.array(z.looseObject({ name: z.string() })).parse(list)[0]?.name ?? '';
const task = (world: World, more: object = {}) => ({ agent: world.agent, instruction: 'hello', ...more });

/** How long to wait for that response. */
const PATIENCE_MS = 10_000;

/** Successful requests that cover every operation of the API at least once. */
const STEPS: readonly Step[] = [
  ['getOpenApi', () => ({})],
  ['listAgents', () => ({})],
  [
    'submitTask',
    (world) => ({
      body: task(world, { sessionId: `talk-${world.name}`, priority: 'high', metadata: { by: world.name } }),
      headers: { 'Idempotency-Key': `first-${world.name}` },
    }),
  ],
  ['getTask', (_, seen) => ({ ...idOf('submitTask', seen), query: { wait: '25' } })],
  ['waitForTasks', (_, seen) => ({ body: { ids: [String(seen('submitTask')['id'])] } })],
  ['getSteps', (_, seen) => idOf('submitTask', seen)],
  [
    'getSession',
    ({ name }) => ({ params: { id: `talk-${name}` } }),
    ({ turns }) => Array.isArray(turns) && turns.length > 0,
  ],
  ['forgetSession', ({ name }) => ({ params: { id: `talk-${name}` } })],
  ['submitBatch', (world) => ({ body: { tasks: [task(world), { agent: 'nobody', instruction: 'hello' }] } })],
  ['prepareUpload', () => ({ body: { size: 23 } })],
  ['submitRun', (world) => ({ body: { name: world.name, tasks: [task(world), task(world)] } })],
  ['listRuns', () => ({ query: { limit: '10' } })],
  ['getRun', (_, seen) => idOf('submitRun', seen)],
  ['getRunReport', (_, seen) => idOf('submitRun', seen)],
  ['cancelRun', (_, seen) => idOf('submitRun', seen)],
  ['pausePool', ({ agent, name }) => ({ params: { agent }, body: { reason: 'To look at it.', by: name } })],
  ['listPools', () => ({})],
  ['submitTask', (world) => ({ body: task(world) })],
  ['cancelTask', (_, seen) => idOf('submitTask', seen)],
  ['submitBulkAction', ({ agent, failed }) => ({ body: { action: 'retry', filter: { agent, tasks: [failed] } } })],
  ['listBulkActions', () => ({ query: { limit: '10' } })],
  ['getBulkAction', (_, seen) => idOf('submitBulkAction', seen), ({ status }) => status === 'ended'],
  ['cancelBulkAction', (_, seen) => idOf('submitBulkAction', seen)],
  ['retryTask', ({ failed }) => ({ params: { id: failed } })],
  ['resumePool', ({ agent }) => ({ params: { agent } })],
  ['resumePool', ({ agent }) => ({ params: { agent }, query: { steps: '50,100', minutes: '1' } })],
  ['pauseTenant', ({ name }) => ({ params: { tenant: 'paused' }, body: { reason: 'To look at it.', by: name } })],
  ['resumeTenant', () => ({ params: { tenant: 'paused' } })],
  ['pauseFleet', ({ name }) => ({ body: { reason: 'To look at it.', by: name } })],
  ['resumeFleet', () => ({})],
  ['resumePool', ({ agent }) => ({ params: { agent } })],
  ['listTasks', ({ agent }) => ({ query: { agent, limit: '20' } })],
  ['listDeadLetters', ({ agent }) => ({ params: { agent }, query: { limit: '10' } })],
  ['redrive', ({ agent, dead }) => ({ params: { agent }, body: { tasks: [dead] } })],
  ['listEscalations', () => ({ query: { status: 'waiting' } })],
  ['claimEscalation', ({ escalated, name }) => ({ params: { id: escalated }, body: { by: name } })],
  [
    'answerEscalation',
    ({ escalated, name }) => ({
      params: { id: escalated },
      body: { by: name, reply: 'It is on its way.' },
      headers: { 'Idempotency-Key': `reply-${name}` },
    }),
  ],
  ['getUsage', ({ agent }) => ({ query: { agent } })],
  ['getTaskLogs', (_, seen) => idOf('submitTask', seen)],
  ['listLogs', ({ agent }) => ({ query: { agent, limit: '10' } })],
  ['getTaskTrace', (_, seen) => idOf('submitTask', seen)],
  ['whyTask', (_, seen) => idOf('submitTask', seen)],
  ['listAlarms', () => ({})],
  ['getAlarm', (_, seen) => ({ params: { name: nameOfFirst(seen('listAlarms')['alarms']) } })],
  ['getTaskAlarms', (_, seen) => idOf('submitTask', seen)],
  ['getTaskAudit', (_, seen) => idOf('submitTask', seen)],
  ['getMetrics', ({ agent }) => ({ query: { agent, names: 'TasksSucceeded,TaskTime:p99' } })],
];

/** Operations without a step in the drive. There must be none. */
export const notDriven = ({ operations }: ApiDocument): readonly string[] =>
  operations.map(({ id }) => id).filter((id) => !STEPS.some(([operation]) => operation === id));

/** Runs every operation with a client, and validates each response against the document. */
export async function drive(client: ForeignClient, document: ApiDocument, world: World): Promise<readonly Driven[]> {
  const driven: Driven[] = [];
  const seen: Seen = (operation) =>
    (driven.findLast((each) => each.operation === operation)?.body ?? {}) as Record<string, unknown>;
  for (const [id, send, until = () => true] of STEPS) {
    const deadline = Date.now() + PATIENCE_MS;
    do driven.push(await one(client, document, id, send(world, seen)));
    while (!until(seen(id)) && Date.now() < deadline);
  }
  return driven;
}

async function one(client: ForeignClient, document: ApiDocument, id: string, sent: Sent): Promise<Driven> {
  const operation = document.operation(id);
  const asked = document.faultsOfBody(operation, sent.body).map((fault) => `asked: ${fault}`);
  let got: Got;
  try {
    got = await client(operation, sent);
  } catch (error) {
    return { operation: id, status: 0, faults: [...asked, (error as Error).message], body: undefined };
  }
  const { status, headers, body } = got;
  const answered = document.faultsOfAnswer(operation, status, headers.get('content-type') ?? '', body);
  const wrong = status === operation.status ? [] : [`${status} ${JSON.stringify(body)}`];
  return { operation: id, status, faults: [...asked, ...wrong, ...answered], body };
}
