import { dynamodbSubjectStore } from '#adapters/dynamodb/subject-store.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { s3SetAside } from '#adapters/s3/set-aside.ts';
import type { StreamApp } from '#core/streams/app.ts';
import type { RouterPorts, StreamReport } from '#core/streams/ports.ts';
import type { RouteStreamEnv } from '#functions/route-stream/env.ts';
import { logger } from '../observability/telemetry.ts';

const HOUR_MS = 3_600_000;

/** The ports of a router on AWS. */
export const streamPorts = <State, Context, Effect extends { readonly id: string }>(
  env: RouteStreamEnv,
  app: StreamApp<State, Context, Effect>,
): RouterPorts<State, Context, Effect> => ({
  app,
  subjects: dynamodbSubjectStore({ table: env.ROUTER_TABLE, router: env.ROUTER }),
  setAside: s3SetAside({ bucket: env.ROUTER_BUCKET, router: env.ROUTER }),
  clock: systemClock(),
  report,
  memoryMs: env.ROUTER_MEMORY_HOURS * HOUR_MS,
});

/** Logs what a router reports. Why a record was rejected may quote it, so the log has the kind of reason alone. */
function report({ type, ...details }: StreamReport): void {
  logger[LEVELS[type]](type, details);
}

const LEVELS: Readonly<Record<StreamReport['type'], 'warn' | 'error'>> = {
  'record.rejected': 'warn',
  'subject.failed': 'error',
  'effect.failed': 'warn',
  'effect.set-aside': 'error',
  'set-aside.failed': 'error',
  'outbox.kept': 'warn',
};
