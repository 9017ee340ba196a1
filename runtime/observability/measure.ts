import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { endedMetric, modelFailedMetric, parkedMetric, refusalMetric } from '#core/metrics/names.ts';
import { tokensOf, type Usage } from '#core/models/price.ts';
import type { TaskEvent } from '#core/ports/events.ts';
import type { Task } from '#core/tasks/task.ts';
import { measureBoth, metrics } from './emf.ts';

/**
 * Turns task events into metrics. The agent is their only dimension: tenant and model are fields of log lines. Extraction
 * may count a line twice, so nothing is billed or limited by metrics.
 */
export function measure(task: Task, event: TaskEvent): void {
  switch (event.type) {
    case 'task.claimed':
      return measureClaim(task, event);
    case 'task.finished':
      return measureEnd(task, event);
    case 'task.parked':
      return measureBoth(parkedMetric(event.cause), MetricUnit.Count, 1);
    case 'model.answered':
      return measureAnswer(event);
    case 'model.failed':
      measureBoth(modelFailedMetric(event.failureKind), MetricUnit.Count, 1);
      return measureSpend(event.lostUsd);
    case 'model.lost':
      return measureSpend(event.lostUsd);
    case 'answer.refused':
      return void metrics.addMetric('AnswersRefused', MetricUnit.Count, 1);
    case 'answer.by-code':
      return void metrics.addMetric('AnswersByCode', MetricUnit.Count, 1);
    case 'task.upgraded':
      return void metrics.addMetric('TasksRose', MetricUnit.Count, 1);
    case 'slot.given':
      return void metrics.addMetric(event.parked ? 'SlotParked' : 'SlotWait', MetricUnit.Milliseconds, event.ms);
    case 'budget.refused':
      return void metrics.addMetric(refusalMetric(event.of), MetricUnit.Count, 1);
    case 'usage.lost':
      return void metrics.addMetric('UsageLost', MetricUnit.Count, 1);
    case 'tool.ran':
      measureBoth('ToolLatency', MetricUnit.Milliseconds, event.ms);
      return event.isError ? measureBoth('ToolErrors', MetricUnit.Count, 1) : undefined;
    case 'task.created':
    case 'task.claim-refused':
    case 'task.claim-lost':
    case 'tool.failed':
    case 'tool.given-up':
      return undefined;
  }
}

type Event<Type> = Extract<TaskEvent, { readonly type: Type }>;

/** A task that nobody prepared for waits at most this long for its first claim. */
const DISPATCH_TARGET_MS = 60_000;

/**
 * The time from acceptance to the first claim. The tasks of a run wait for each other by design, and economy tasks for a
 * batch, so neither counts.
 */
function measureClaim({ runId, priority }: Task, { epoch, waitedMs }: Event<'task.claimed'>): void {
  metrics.addMetric('TaskWait', MetricUnit.Milliseconds, waitedMs);
  if (epoch !== 1 || runId !== undefined || priority === 'economy') return;
  measureBoth('DispatchTime', MetricUnit.Milliseconds, waitedMs);
  if (waitedMs > DISPATCH_TARGET_MS) measureBoth('DispatchSlow', MetricUnit.Count, 1);
}

/** Failures for which no input, budget or caller is to blame. */
const OF_THE_FLEET: ReadonlySet<string> = new Set(['crashed', 'deadline', 'transient', 'throttled']);

function measureEnd({ epoch }: Task, { status, failureKind, ms }: Event<'task.finished'>): void {
  measureBoth(endedMetric(status), MetricUnit.Count, 1);
  measureBoth('TaskTime', MetricUnit.Milliseconds, ms);
  // Each claim is one more worker that tried, or one more wait that ended.
  metrics.addMetric('TaskClaims', MetricUnit.Count, epoch);
  if (status === 'cancelled') return;
  measureBoth('TasksEnded', MetricUnit.Count, 1);
  if (failureKind !== undefined && OF_THE_FLEET.has(failureKind)) measureBoth('FleetFailures', MetricUnit.Count, 1);
}

function measureAnswer({ ms, usage, usd, savedUsd }: Event<'model.answered'>): void {
  measureBoth('ModelLatency', MetricUnit.Milliseconds, ms);
  metrics.addMetric('ModelTokens', MetricUnit.Count, tokensOf(usage));
  for (const [name, tokens] of Object.entries(tokensByKind(usage))) measureBoth(name, MetricUnit.Count, tokens);
  measureSpend(usd);
  measureBoth('CacheSavedMicroDollars', MetricUnit.Count, savedUsd * 1e6);
}

/** What was spent, and what may have been billed for a call without an answer: alarms on money take it for spent. */
function measureSpend(usd: number | undefined): void {
  if (usd !== undefined) measureBoth('ModelMicroDollars', MetricUnit.Count, usd * 1e6);
}

/** `TokensCached` are those of `TokensIn` that were read from the cache. */
const tokensByKind = ({ input, output, cacheRead, cacheWrite }: Usage) => ({
  TokensIn: input + cacheRead + cacheWrite,
  TokensOut: output,
  TokensCached: cacheRead,
});
