import type { Pool } from '#core/pools/pool.ts';
import { healthyPool } from '#core/pools/pool.ts';
import { taskIdSchema, type Task, type TaskState } from '#core/tasks/task.ts';
import type { Around } from '#core/waiting/explanation.ts';
import { expect } from 'vitest';
import { NOW, sampleModelStep, sampleTask } from '../../contract/samples.ts';

const SOON = NOW + 30_000;
const id = taskIdSchema.parse('task-1');
const pool = (state: Pool['state'] = { status: 'active' }): Pool => ({ ...healthyPool('assistant'), state });
export const around = (more: Partial<Around> = {}): Around => ({ now: NOW + 5_000, pool: pool(), ...more });
const task = (state: TaskState, more: Partial<Task> = {}): Task =>
  sampleTask({ id, agent: 'assistant', state, ...more });
export const parked = (cause: string, more: Partial<Task> = {}, detail?: string): Task =>
  task({ status: 'parked', cause, until: SOON, ...(detail !== undefined && { detail }) }, more);
const paused = pool({ status: 'paused', reason: 'It answers nonsense.', by: 'ada', at: NOW });
export const open = pool({ status: 'open', reason: 'overloaded', until: SOON, opens: 1 });
const probing = pool({ status: 'half-open', probe: { taskId: 'task-of-another', until: SOON }, opens: 1 });
const queued = task({ status: 'queued', since: NOW });
const running = (more: Partial<Task> = {}, state: object = {}): Task =>
  task(
    { status: 'running', holder: 'w', leaseUntil: SOON, cancelRequested: false, ...state },
    { epoch: 1, worker: { name: '2026/11/30/[$LATEST]abc' }, ...more },
  );
const asked = sampleModelStep({
  taskId: id,
  stopReason: 'tool-use',
  content: [{ type: 'tool-use', id: 'call-1', name: 'look_up', input: { secret: 'of the document' } }],
});
const finished = { finishedAt: SOON, notified: true };

/** Every state and cause, what surrounds it, and what the explanation says. */
export const CASES: readonly (readonly [string, Task, Around, object])[] = [
  [
    'queued behind others',
    queued,
    around({ tasks: { running: 5, ahead: 3, complete: true } }),
    {
      cause: 'workers-busy',
      since: NOW,
      freedBy: 'worker',
      ahead: 3,
      says: 'It starts when a worker of the pool assistant is free: 5 tasks are running, 3 tasks of its default queue are ahead of it.',
      commands: ['npm run fleet -- pools'],
    },
  ],
  [
    'queued behind more than were counted',
    queued,
    around({ tasks: { running: 1, ahead: 900, complete: false } }),
    {
      cause: 'workers-busy',
      ahead: 900,
      aheadAtLeast: true,
      says: 'It starts when a worker of the pool assistant is free: 1 or more tasks are running, 900 or more tasks of its default queue are ahead of it.',
    },
  ],
  [
    'queued before a worker has started',
    queued,
    around({ tasks: { running: 0, ahead: 0, complete: true } }),
    {
      cause: 'no-worker',
      ahead: 0,
      says: 'No worker of the pool assistant has started yet, 0 tasks of its default queue are ahead of it.',
    },
  ],
  [
    'queued for long without any worker',
    queued,
    around({ now: NOW + 90_000, tasks: { running: 0, ahead: 1, complete: true } }),
    {
      cause: 'no-worker',
      says: 'No worker of the pool assistant is running, 1 task of its default queue is ahead of it. Its function may fail to start, or the account may have no executions left.',
      commands: ['npm run fleet -- logs --agent assistant --errors --since 1h', 'npm run fleet -- pools'],
    },
  ],
  [
    'queued in a paused pool',
    queued,
    around({ pool: paused }),
    {
      cause: 'paused',
      freedBy: 'person',
      says: 'ada paused the pool assistant: It answers nonsense.',
      commands: ['npm run fleet -- resume assistant'],
    },
  ],
  [
    'queued behind an open breaker',
    queued,
    around({ pool: open }),
    {
      cause: 'breaker-open',
      until: SOON,
      freedBy: 'time',
      commands: ['npm run fleet -- logs --agent assistant --errors --since 1h', 'npm run fleet -- resume assistant'],
    },
  ],
  [
    'queued while another task probes',
    queued,
    around({ pool: probing }),
    { cause: 'breaker-open', until: SOON, freedBy: 'task' },
  ],
  [
    'running, before its first step',
    running(),
    around({ steps: [] }),
    {
      cause: 'between-steps',
      says: 'It is running, step 0: about to start. Its worker is 2026/11/30/[$LATEST]abc.',
    },
  ],
  [
    'running a model call',
    running({ reservation: { step: 0, epoch: 1, tokens: 1, usd: 0.1, model: 'claude-haiku-5-5' } }),
    around({ steps: [] }),
    {
      cause: 'model-call',
      says: 'It is running, step 0: a call of claude-haiku-5-5. Its worker is 2026/11/30/[$LATEST]abc.',
    },
  ],
  [
    'running a tool',
    running(),
    around({ steps: [asked] }),
    {
      cause: 'tool-call',
      since: asked.endedAt,
      says: 'It is running, step 1: the tool look_up. Its worker is 2026/11/30/[$LATEST]abc.',
      commands: ['npm run fleet -- watch task-1', 'npm run fleet -- logs task-1', 'npm run fleet -- cancel task-1'],
    },
  ],
  ['about to be cancelled', running({}, { cancelRequested: true }), around(), { cause: 'cancelling' }],
  [
    'held by a dead worker',
    running(),
    around({ now: SOON + 1 }),
    { cause: 'worker-lost', since: SOON, until: SOON + 30_000 },
  ],
  [
    'throttled',
    parked('throttled'),
    around(),
    {
      until: SOON,
      freedBy: 'time',
      says: 'The model is at its rate limit. The task asks again then, and spends no attempt.',
    },
  ],
  [
    'throttled with a slot',
    parked('throttled', { slot: { model: 'claude-haiku-5-5', at: SOON } }),
    around(),
    {
      says: 'The model is at its rate limit. The task may call claude-haiku-5-5 then, and spends no attempt.',
    },
  ],
  [
    'backing off',
    parked('backoff', { attempts: 2, lastError: { reason: 'The model is overloaded', at: NOW } }),
    around(),
    {
      until: SOON,
      freedBy: 'time',
      says: 'Attempt 2 of 3 failed. The model is overloaded. The task is tried again then.',
      commands: ['npm run fleet -- logs task-1 --errors', 'npm run fleet -- cancel task-1'],
    },
  ],
  [
    'yielded',
    parked('yielded'),
    around({ tasks: { running: 1, ahead: 2, complete: true } }),
    { freedBy: 'worker', ahead: 2 },
  ],
  [
    'behind its session',
    parked('session', { sessionId: 'ada' }),
    around({ before: ['task-7', 'task-8'] }),
    {
      since: SOON,
      freedBy: 'task',
      ahead: 2,
      says: 'The tasks of the session ada run one after another: 2 tasks are before it, first task-7.',
      commands: ['npm run fleet -- why task-7', 'npm run fleet -- cancel task-7'],
    },
  ],
  [
    'at its tenant’s cap',
    parked('tenant-cap'),
    around({ inLine: { ahead: 100, complete: false } }),
    {
      freedBy: 'task',
      ahead: 100,
      aheadAtLeast: true,
      commands: ['npm run fleet -- tasks --status running', 'npm run fleet -- limits acme'],
    },
  ],
  [
    'in a paused pool',
    parked('paused'),
    around({ pool: paused }),
    {
      cause: 'paused',
      freedBy: 'person',
      says: 'ada paused the pool assistant: It answers nonsense.',
      commands: ['npm run fleet -- resume assistant'],
    },
  ],
  [
    'behind an open breaker',
    parked('paused'),
    around({ pool: open }),
    { cause: 'breaker-open', until: SOON, freedBy: 'time' },
  ],
  [
    'in a pool that was resumed',
    parked('paused'),
    around({ pool: pool({ status: 'resuming', since: NOW }) }),
    {
      freedBy: 'time',
      says: 'The pool assistant works again. Its waiting tasks come back gradually, more each minute.',
    },
  ],
  [
    'over the budget of the day',
    parked('budget'),
    around(),
    {
      until: SOON,
      freedBy: 'time',
      commands: ['npm run fleet -- usage', 'npm run fleet -- limits acme'],
    },
  ],
  [
    'before its batch',
    parked('batch'),
    around(),
    { freedBy: 'batch', says: 'It waits for the next batch of model calls.' },
  ],
  [
    'in a batch',
    parked('batch', { batch: { id: 'batch-7', since: NOW, held: [] } }),
    around(),
    { since: NOW, freedBy: 'batch' },
  ],
  [
    'for what it delegated',
    parked('yielded', { delegation: delegation(), epoch: 1 }, 'delegated'),
    around({ children: { all: 5, ended: 3, succeeded: 2, open: 'task-9' } }),
    {
      cause: 'delegated',
      since: NOW,
      until: SOON + 1,
      freedBy: 'task',
      ahead: 2,
      says: 'It waits for the tasks that it delegated: 2 of the 4 that are enough have succeeded. It concludes with what there is when its time comes.',
      commands: ['npm run fleet -- task task-1 --tree', 'npm run fleet -- why task-9'],
    },
  ],
  ['for a version', parked('yielded', {}, 'agent-version'), around(), { cause: 'agent-version', freedBy: 'deploy' }],
  [
    'for what a newer release knows',
    parked('moon'),
    around(),
    { cause: 'moon', until: SOON, says: 'A newer release parked it: moon.' },
  ],
  [
    'succeeded',
    task({ status: 'succeeded', output: { text: 'secret' }, warnings: [], ...finished }),
    around(),
    {
      since: SOON,
      says: 'It succeeded. It cost $0.0000 (0 tokens).',
    },
  ],
  [
    'failed',
    task({ status: 'failed', failure: { kind: 'over-budget', reason: 'The budget is used up.' }, ...finished }),
    around(),
    {
      cause: 'over-budget',
      says: 'It failed (over-budget): The budget is used up. It cost $0.0000 (0 tokens).',
      commands: [
        'npm run fleet -- logs task-1 --errors',
        'npm run fleet -- task task-1 --steps',
        'npm run fleet -- retry task-1',
      ],
    },
  ],
  [
    'dead',
    task({ status: 'failed', failure: { kind: 'crashed', reason: 'It crashed.' }, ...finished }),
    around(),
    {
      commands: expect.arrayContaining(['npm run fleet -- redrive assistant task-1']),
    },
  ],
  ['cancelled', task({ status: 'cancelled', ...finished }), around(), { commands: ['npm run fleet -- retry task-1'] }],
  [
    'escalated',
    task({ status: 'escalated', reason: 'A refund above the limit.', ...finished }),
    around(),
    {
      freedBy: 'person',
      commands: ['npm run fleet -- escalations list', 'npm run fleet -- escalations claim task-1'],
    },
  ],
];

function delegation() {
  const child = (index: number) => ({ id: `task-1${index}`, to: 'helper', index, budget: { tokens: 1, usd: 0.1 } });
  const children = [0, 1, 2, 3, 4].map(child);
  return { step: 1, epoch: 1, tool: 'plan', toolUseId: 'call-2', since: NOW, until: SOON + 1, enough: 4, children };
}
