import type { Artifacts } from '#core/ports/artifacts.ts';
import type { AuditTrail } from '#core/ports/audit-trail.ts';
import type { CallbackMessage } from '#core/callbacks/event.ts';
import type { CallbackQueue } from '#core/ports/callback-queue.ts';
import type { Ids } from '#core/ports/ids.ts';
import type { WorkerPorts } from '#core/worker/ports.ts';
import type { TaskNotifier } from '#core/ports/notifier.ts';
import { digestOf } from '../../digest.ts';
import type { Actor } from '../actor.ts';
import type { Chance } from '../chance.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Core } from '../core.ts';
import type { Surroundings } from '../surroundings.ts';

export function simulatedIds(chance: Chance): Ids {
  let count = 0;
  return {
    uuid: () => `00000000-0000-4000-8000-${String((count += 1)).padStart(12, '0')}`,
    digest: digestOf,
    random: () => chance.next(),
  };
}

/** Step Functions' side of the task tokens: receives every answer. */
export function simulatedNotifier({ trace, plan }: Surroundings, judge: Judge, actor: Actor): TaskNotifier {
  return {
    answer: (token, outcome) =>
      actor.call('notifier.answer', () => {
        if (token === plan.unanswerable) throw new Error(`${token} can't be answered`);
        trace.add(actor.name, 'notifier.answer', () => `${token} receives "${outcome.status}"`);
        judge.answered(token, outcome, actor);
        return 'answered' as const;
      }),
  };
}

/** The callback queue. @param deliver what happens to its messages: in most worlds nothing, and they count as delivered */
export function simulatedCallbacks(
  { trace }: Surroundings,
  judge: Judge,
  actor: Actor,
  deliver: (callback: CallbackMessage) => void,
): CallbackQueue {
  return {
    send: (callback) =>
      actor.call('callbacks.send', () => {
        trace.add(actor.name, 'callbacks.send', () => `${callback.url} will receive "${callback.event.type}"`);
        judge.calledBack(structuredClone(callback), actor);
        deliver(structuredClone(callback));
      }),
  };
}

export function simulatedAudit({ trace }: Surroundings, judge: Judge, actor: Actor): AuditTrail {
  return {
    record: (entry) =>
      actor.call('audit.record', () => {
        trace.add(actor.name, 'audit.record', () => `step ${entry.step} ${entry.phase}`);
        judge.audited({ ...entry });
      }),
  };
}

const encoder = new TextEncoder();

/** The bucket, with the bytes of each key in the plan. */
export function simulatedArtifacts(objects: ReadonlyMap<string, string>, core: Core, actor: Actor): Artifacts {
  return {
    get: ({ key }) =>
      actor.call('artifacts.get', () => {
        const text = objects.get(key);
        if (text !== undefined) return encoder.encode(text);
        throw new core.FailureError({ kind: 'permanent', reason: `There is no object ${key}.` });
      }),
    put: () => actor.call('artifacts.put', () => undefined),
    create: () => actor.call('artifacts.create', () => true),
    list: () => nothing(),
  };
}

async function* nothing(): AsyncGenerator<never> {
  // Only the aggregator lists, which is not simulated.
}

/** The plan's tenant limits, and usage counters that no check reads. */
export function simulatedLimits({ plan: { cap, day } }: Surroundings): Pick<WorkerPorts, 'limits' | 'usage'> {
  const limits = {
    ...(cap === undefined ? {} : { concurrent: cap }),
    ...(day?.tenantUsd === undefined ? {} : { dayUsd: day.tenantUsd }),
  };
  return {
    limits: { ofTenant: async () => limits, setTenant: async () => undefined },
    usage: { add: async () => undefined, query: async () => [] },
  };
}
