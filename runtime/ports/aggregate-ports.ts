import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { systemClock } from '#adapters/node/clock.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { TaskStore } from '#core/ports/task-store.ts';
import type { AggregateEnv } from '#functions/aggregate/env.ts';

/** The ports of a run's fan-in. */
export interface AggregatePorts {
  readonly store: TaskStore;
  readonly artifacts: Artifacts;
  readonly clock: Clock;
  /** The bucket of the uploads and of the report. */
  readonly bucket: string;
}

/** The fan-in's ports on AWS, created once per execution environment. */
export function aggregatePorts(env: AggregateEnv): AggregatePorts {
  return {
    store: dynamodbTaskStore({ table: env.STATE_TABLE }),
    artifacts: s3Artifacts(),
    clock: systemClock(),
    bucket: env.ARTIFACT_BUCKET,
  };
}
