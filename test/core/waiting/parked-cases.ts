import { FLEET, healthyPool } from '#core/pools/pool.ts';
import { newRamp } from '#core/pools/ramp.ts';
import type { Case } from './cases.ts';
import { SOON, pool, around, parked, paused, open, delegation } from './samples.ts';
import { NOW } from '../../contract/samples.ts';

/** Every cause of parking, what surrounds the task, and what the explanation says. */
export const PARKED: readonly Case[] = [
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
    'in a paused fleet',
    parked('paused'),
    around({ fleet: { ...paused, agent: FLEET } }),
    {
      cause: 'paused',
      freedBy: 'person',
      says: 'ada paused the fleet: It answers nonsense.',
      commands: ['npm run fleet -- resume --all'],
    },
  ],
  [
    'of a paused tenant',
    parked('paused'),
    around({ fleet: { ...healthyPool(FLEET), tenants: { acme: { state: paused.state } } } }),
    {
      freedBy: 'person',
      says: 'ada paused the tenant acme: It answers nonsense.',
      commands: ['npm run fleet -- resume --tenant acme'],
    },
  ],
  [
    'in a step of a resume',
    parked('paused'),
    around({
      pool: { ...pool({ status: 'resuming', since: NOW }), ramp: newRamp({ assistant: 20 }, [10], 60_000, NOW) },
    }),
    {
      freedBy: 'task',
      until: NOW + 60_000,
      says: 'The pool assistant resumes in steps and runs at most 2 tasks at once for now. Each task that ends lets the next one start.',
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
];
