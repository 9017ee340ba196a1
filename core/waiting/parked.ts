import { MAX_ATTEMPTS } from '../failures/backoff.ts';
import { causeOf, isFreed, type ParkCause, type ParkDetail } from '../tasks/park-cause.ts';
import type { ParkedState, Task } from '../tasks/task.ts';
import { command, counted, isOrAre } from './commands.ts';
import { whyHeld, inStep } from './held-pool.ts';
import { whyQueued } from './queued.ts';
import type { Around, Why } from './explanation.ts';

type Reason = Pick<Why, 'freedBy' | 'ahead' | 'aheadAtLeast' | 'says' | 'commands'> &
  Partial<Pick<Why, 'since' | 'until'>>;
type Explain = (task: Task, around: Around) => Reason;

/** Why a parked task waits. */
export function whyParked(task: Task, state: ParkedState, around: Around): Why {
  const cause = causeOf(state);
  const explain = Object.hasOwn(EXPLAINED, cause) ? EXPLAINED[cause as ParkCause | ParkDetail] : unknownCause(cause);
  // A later look moves the time of a task that waits to be freed.
  const since = isFreed(state) && (state.looks ?? 0) === 0 ? state.until : undefined;
  const until = isFreed(state) ? undefined : state.until;
  const reason = explain(task, around);
  return { cause, ...times(since, until), ...reason, ...alsoHeld(task, cause, reason, around) };
}

const times = (since: number | undefined, until: number | undefined): Pick<Why, 'since' | 'until'> => ({
  ...(since !== undefined && { since }),
  ...(until !== undefined && { until }),
});

/** A pool that is held up is the next obstacle of a task that waits for something else. */
function alsoHeld(task: Task, cause: string, { says, commands }: Reason, around: Around): Partial<Why> {
  const held = cause === 'paused' ? null : whyHeld(task, around);
  if (held === null) return {};
  return { says: `${says} Besides, ${lowerFirst(held.says)}`, commands: [...commands, ...held.commands] };
}

const lowerFirst = (text: string): string => (text.startsWith('The ') ? `the ${text.slice(4)}` : text);

const EXPLAINED: Readonly<Record<ParkCause | ParkDetail, Explain>> = {
  throttled: ({ slot }) => ({
    freedBy: 'time',
    says:
      slot === undefined
        ? 'The model is at its rate limit. The task asks again then, and spends no attempt.'
        : `The model is at its rate limit. The task may call ${slot.model} then, and spends no attempt.`,
    commands: [command('pools')],
  }),
  backoff: ({ id, attempts, lastError }) => ({
    freedBy: 'time',
    says: `Attempt ${attempts} of ${MAX_ATTEMPTS} failed. ${lastError === undefined ? '' : `${sentence(lastError.reason)} `}The task is tried again then.`,
    commands: [command('logs', id, '--errors'), command('cancel', id)],
  }),
  yielded: (task, around) => {
    const { says, ahead, aheadAtLeast, commands } = whyQueued(task, around);
    const line = { ...(ahead !== undefined && { ahead }), ...(aheadAtLeast && { aheadAtLeast }) };
    return {
      freedBy: 'worker',
      ...line,
      says: `The time of its worker was up. Another one continues the task. ${says}`,
      commands,
    };
  },
  session: ({ sessionId = '' }, { before = [] }) => {
    const [first] = before;
    return {
      freedBy: 'task',
      ahead: before.length,
      says: `The tasks of the session ${sessionId} run one after another: ${counted(before.length, 'task')} ${isOrAre(before.length)} before it${first === undefined ? '' : `, first ${first}`}.`,
      commands: first === undefined ? [] : [command('why', first), command('cancel', first)],
    };
  },
  'tenant-cap': ({ tenant }, { inLine = { ahead: 0, complete: true } }) => ({
    freedBy: 'task',
    ahead: inLine.ahead,
    ...(!inLine.complete && { aheadAtLeast: true }),
    says: `The tenant ${tenant} runs as many tasks at once as its limit allows: ${counted(inLine.ahead, 'task', !inLine.complete)} ${isOrAre(inLine.ahead, !inLine.complete)} before it in the line.`,
    commands: [command('tasks', '--status', 'running'), command('limits', tenant)],
  }),
  paused: (task, around) =>
    whyHeld(task, around) ??
    inStep(task, around) ?? {
      freedBy: 'time',
      says: `The pool ${task.agent} works again. Its waiting tasks come back gradually, more each minute.`,
      commands: [command('pools')],
    },
  budget: ({ tenant, agent }) => ({
    freedBy: 'time',
    says: `A budget of the day is used up: that of the tenant ${tenant} or of the agent ${agent}. There is room again when calls under way cost less than is reserved for them, or on the next day (UTC).`,
    commands: [command('usage'), command('limits', tenant)],
  }),
  batch: ({ id, batch }) => ({
    freedBy: 'batch',
    ...(batch !== undefined && { since: batch.since }),
    says:
      batch === undefined
        ? 'It waits for the next batch of model calls.'
        : `Its model call is in the batch ${batch.id}. Most batches return within an hour, all within a day.`,
    commands: [command('cancel', id)],
  }),
  delegated: ({ id, delegation }, { children }) => {
    const { all = 0, ended: done = 0, succeeded = 0, open } = children ?? {};
    const enough = delegation?.enough;
    const goal =
      enough === undefined
        ? `${done} of ${all} have ended`
        : `${succeeded} of the ${enough} that are enough have succeeded`;
    return {
      freedBy: 'task',
      ...(delegation !== undefined && { since: delegation.since, until: delegation.until }),
      ahead: all - done,
      says: `It waits for the tasks that it delegated: ${goal}. It concludes with what there is when its time comes.`,
      commands: [command('task', id, '--tree'), ...(open === undefined ? [] : [command('why', open)])],
    };
  },
  'agent-version': ({ agent, agentVersion }) => ({
    freedBy: 'deploy',
    says: `No worker has version ${agentVersion} of the agent ${agent}. A deploy brings it, or removed it too early.`,
    commands: [command('agents')],
  }),
};

/** A text with the end of a sentence. */
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** A cause that a newer release wrote. */
const unknownCause =
  (cause: string): Explain =>
  () => ({ freedBy: 'time', says: `A newer release parked it: ${cause}.`, commands: [command('pools')] });
