import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

type Claim = typeof import('#core/tasks/claim.ts');
type Finish = typeof import('#core/tasks/finish.ts');
type Desk = typeof import('#core/escalations/transitions.ts');
type Tasks = typeof import('#core/tasks/task.ts');

/** The parts of `core/` that the simulation drives, as modules of one tree: the shipped one, or a patched copy of it. */
export interface Core {
  readonly work: typeof import('#core/worker/work.ts').work;
  readonly notifyWaiters: typeof import('#core/ending/notify.ts').notifyWaiters;
  readonly sweep: typeof import('#core/sweeper/sweep.ts').sweep;
  readonly failDeadLetter: typeof import('#core/sweeper/dead-letter.ts').failDeadLetter;
  readonly submit: typeof import('#core/tasks/submit.ts').submit;
  readonly apply: typeof import('#core/tasks/apply.ts').apply;
  readonly enterSession: typeof import('#core/sessions/order.ts').enterSession;
  readonly pausePool: typeof import('#core/pools/pause.ts').pausePool;
  readonly resumePool: typeof import('#core/pools/pause.ts').resumePool;
  readonly pauseTenant: typeof import('#core/pools/holds.ts').pauseTenant;
  readonly resumeTenant: typeof import('#core/pools/holds.ts').resumeTenant;
  readonly newRamp: typeof import('#core/pools/ramp.ts').newRamp;
  readonly limitsInSteps: typeof import('#core/pools/steps.ts').limitsInSteps;
  readonly cancel: Finish['cancel'];
  readonly attentionAt: Tasks['attentionAt'];
  readonly taskSchema: Tasks['taskSchema'];
  readonly stepSchema: typeof import('#core/tasks/step.ts').stepSchema;
  readonly FailureError: typeof import('#core/failures/failure.ts').FailureError;
  readonly defineAgent: typeof import('#core/agents/define-agent.ts').defineAgent;
  readonly intake: typeof import('#core/uploads/intake.ts').intake;
  readonly newsOf: typeof import('#core/uploads/events.ts').newsOf;
  readonly mergeNews: typeof import('#core/uploads/events.ts').mergeNews;
  readonly Governor: typeof import('#core/governor/governor.ts').Governor;
  readonly acceptTask: typeof import('#core/tasks/accept.ts').acceptTask;
  readonly collect: typeof import('#core/economy/collect.ts').collect;
  readonly settleBatch: typeof import('#core/economy/settle.ts').settleBatch;
  readonly handleCallback: typeof import('#core/callbacks/handle.ts').handleCallback;
  readonly wakeCallbacks: typeof import('#core/callbacks/wake.ts').wakeCallbacks;
  readonly Receivers: typeof import('#core/callbacks/receivers.ts').Receivers;
  readonly forgetSession: typeof import('#core/sessions/order.ts').forgetSession;
  readonly readSession: typeof import('#core/sessions/order.ts').readSession;
  readonly actOnEscalation: typeof import('#core/escalations/act.ts').actOnEscalation;
  readonly claimEscalation: Desk['claimEscalation'];
  readonly releaseEscalation: Desk['releaseEscalation'];
  readonly answerEscalation: Desk['answerEscalation'];
  readonly Router: typeof import('#core/streams/route.ts').Router;
  readonly RESERVE_MS: typeof import('#core/streams/route.ts').RESERVE_MS;
  readonly sweepStream: typeof import('#core/streams/sweep.ts').sweepStream;
  readonly lowestFailures: typeof import('#core/streams/checkpoint.ts').lowestFailures;
  readonly sweepAt: typeof import('#core/streams/outbox.ts').sweepAt;
  readonly subjectItemSchema: typeof import('#core/streams/subject-item.ts').subjectItemSchema;
  readonly LEASE_MS: Claim['LEASE_MS'];
}

const FILES = [
  'worker/work.ts',
  'ending/notify.ts',
  'sweeper/sweep.ts',
  'sweeper/dead-letter.ts',
  'tasks/accept.ts',
  'tasks/submit.ts',
  'tasks/apply.ts',
  'tasks/finish.ts',
  'tasks/task.ts',
  'tasks/step.ts',
  'tasks/claim.ts',
  'failures/failure.ts',
  'governor/governor.ts',
  'agents/define-agent.ts',
  'sessions/order.ts',
  'pools/pause.ts',
  'pools/holds.ts',
  'pools/ramp.ts',
  'pools/steps.ts',
  'economy/collect.ts',
  'economy/settle.ts',
  'callbacks/handle.ts',
  'callbacks/receivers.ts',
  'callbacks/wake.ts',
  'escalations/act.ts',
  'escalations/transitions.ts',
  'uploads/intake.ts',
  'uploads/events.ts',
  'streams/route.ts',
  'streams/sweep.ts',
  'streams/checkpoint.ts',
  'streams/outbox.ts',
  'streams/subject-item.ts',
] as const;

/**
 * Loads the core from a folder that contains `core/`. A thread caches its modules, so each patched copy needs its own
 * folder.
 */
export async function loadCore(root: string): Promise<Core> {
  const modules: object[] = [];
  for (const file of FILES) modules.push((await import(pathToFileURL(join(root, 'core', file)).href)) as object);
  return Object.assign({}, ...modules) as Core;
}
