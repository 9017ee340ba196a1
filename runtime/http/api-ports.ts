import { homesHere } from '#adapters/aws/regions.ts';
import { dynamodbEscalationStore } from '#adapters/dynamodb/escalation-store.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { dynamodbSessionStore } from '#adapters/dynamodb/session-store.ts';
import { dynamodbTaskStore } from '#adapters/dynamodb/task-store.ts';
import { dynamodbUsageStore } from '#adapters/dynamodb/usage-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { spans } from '../observability/tracing.ts';

/** The ports that all functions of the API share: the state table, the clock and ids. */
export const apiPorts = ({ STATE_TABLE: table }: { readonly STATE_TABLE: string }) => ({
  store: dynamodbTaskStore({ table }),
  sessions: dynamodbSessionStore({ table }),
  runs: dynamodbRunStore({ table }),
  escalations: dynamodbEscalationStore({ table }),
  pools: dynamodbPoolStore({ table }),
  usage: dynamodbUsageStore({ table }),
  clock: systemClock(),
  ids: nodeIds(),
  homes: homesHere(),
  tracer: spans,
});
