import { dynamodbTaskStore } from '../../../adapters/dynamodb-task-store.ts';
import { nodeIds } from '../../../adapters/node-ids.ts';
import { sqsPoolQueues } from '../../../adapters/sqs-pool-queues.ts';
import { systemClock } from '../../../adapters/system-clock.ts';
import type { SubmitPorts } from '../../../core/api/submit-task.ts';
import { agentCatalogue } from './agent-catalogue.ts';

/** What the functions that hand work to pools are told. */
export interface ApiPortsEnv {
  readonly STATE_TABLE: string;
  readonly QUEUE_PREFIX: string;
}

/** Their ports on AWS, made once per environment. */
export const apiPorts = (env: ApiPortsEnv): SubmitPorts => ({
  store: dynamodbTaskStore({ table: env.STATE_TABLE }),
  queue: sqsPoolQueues({ prefix: env.QUEUE_PREFIX }),
  agents: agentCatalogue(),
  clock: systemClock(),
  ids: nodeIds(),
});
