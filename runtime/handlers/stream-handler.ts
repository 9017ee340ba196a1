import { setTimeout as delay } from 'node:timers/promises';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context as Invocation } from 'aws-lambda';
import type { StreamApp } from '#core/streams/app.ts';
import { lowestFailures } from '#core/streams/checkpoint.ts';
import type { Summary } from '#core/streams/ports.ts';
import type { CloudEvent } from '#core/streams/cloud-event.ts';
import { OwnEvents, type RoutesRecords } from '#core/streams/own-events.ts';
import { RESERVE_MS, Router } from '#core/streams/route.ts';
import { sweepStream, type Swept } from '#core/streams/sweep.ts';
import { routeWholeBatch } from '#core/streams/whole-batch.ts';
import { routeStreamEnv } from '#functions/route-stream/env.ts';
import { metrics } from '../observability/telemetry.ts';
import { traced } from '../observability/traced.ts';
import { parseEnv } from '../parse/env.ts';
import { streamPorts } from '../ports/stream-ports.ts';
import { lazily } from './lazily.ts';
import { partialResponse, readStreamPayload, type PartialResponse } from './stream-payload.ts';

type Handler<Result> = (event: unknown, invocation: Invocation) => Promise<Result>;

/**
 * The Lambda handler of a stream's router, for batches of Kinesis and of Kafka. Records that fail come again: the lowest
 * of each partition and what follows it. Where the mapping heeds no partial response, they are set aside.
 */
export function streamHandler<State, Context, Effect extends { readonly id: string }>(
  app: StreamApp<State, Context, Effect>,
): Handler<PartialResponse> {
  return lazily(() => {
    const env = parseEnv(routeStreamEnv);
    const ports = streamPorts(env, app);
    const router = measured(new Router(ports), measure);
    return traced(env.ROUTER, async (event: unknown, invocation) => {
      const { source, records } = readStreamPayload(event, ports.clock.now());
      const timeLeftMs = (): number => invocation.getRemainingTimeInMillis();
      if (env.ROUTER_PARTIAL === 'false') {
        const setAside = await routeWholeBatch({ ...ports, router, wait: delay }, records, timeLeftMs);
        count({ EventsRejected: setAside });
        return partialResponse(source, []);
      }
      const { failed } = await router.route(records, timeLeftMs);
      return partialResponse(source, lowestFailures(failed));
    });
  });
}

/**
 * What an app publishes with: its events are routed in the same process, by the app itself (`OwnEvents`). Applying them is
 * idempotent, and an error means that the effect must be retried.
 */
export function routesOwnEvents<State, Context, Effect extends { readonly id: string }>(
  app: StreamApp<State, Context, Effect>,
): (events: readonly CloudEvent[]) => Promise<void> {
  let own: OwnEvents | undefined;
  return async (events) => {
    if (own === undefined) {
      const ports = streamPorts(parseEnv(routeStreamEnv), app);
      own = new OwnEvents(measured(new Router(ports), countAll), ports.clock);
    }
    return own.publish(events);
  };
}

/** The Lambda handler that each minute performs the effects that a router left behind. */
export function sweepStreamHandler<State, Context, Effect extends { readonly id: string }>(
  app: StreamApp<State, Context, Effect>,
): Handler<Swept> {
  return lazily(() => {
    const env = parseEnv(routeStreamEnv);
    const ports = streamPorts(env, app);
    return traced(`${env.ROUTER}-sweep`, async (_event: unknown, invocation) => {
      const swept = await sweepStream(ports, () => invocation.getRemainingTimeInMillis() > RESERVE_MS);
      count({
        EffectsOverdue: swept.overdue,
        EffectsSetAside: swept.effectsSetAside,
        EffectsFailed: swept.effectsFailed,
      });
      if (swept.failed > 0) throw new Error(`${swept.failed} subjects could not be swept. The log has the reasons.`);
      return swept;
    });
  });
}

/** A router that says what it did. */
const measured = (router: RoutesRecords, tell: (summary: Summary, cpuMs: number) => void): RoutesRecords => ({
  async route(records, timeLeftMs) {
    const before = process.threadCpuUsage();
    const routed = await router.route(records, timeLeftMs);
    const { user, system } = process.threadCpuUsage(before);
    tell(routed.summary, (user + system) / 1_000);
    return routed;
  },
});

function measure(summary: Summary, cpuMs: number): void {
  metrics.addMetric('StreamLag', MetricUnit.Milliseconds, summary.lagMs);
  metrics.addMetric('StreamCpu', MetricUnit.Milliseconds, cpuMs);
  count({ StreamRecords: summary.records });
  countAll(summary);
}

/** What holds for own events too, which are no records of the stream. */
function countAll(summary: Summary): void {
  count({
    EventsApplied: summary.applied,
    EventsLate: summary.late,
    EventsDuplicate: summary.duplicates,
    EventsRejected: summary.rejected,
    RecordsFailed: summary.failed,
    GapsDropped: summary.gapsDropped,
    EffectsPerformed: summary.effects,
    EffectsFailed: summary.effectsFailed,
    EffectsSetAside: summary.effectsSetAside,
    SubjectConflicts: summary.conflicts,
  });
}

/** Missing data means none, and costs nothing. */
function count(counts: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(counts)) if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
}
