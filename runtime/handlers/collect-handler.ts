import type { Context } from 'aws-lambda';
import { homesHere } from '#adapters/aws/regions.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import { collect, type CollectCounts } from '#core/economy/collect.ts';
import type { CollectPorts, PollInput } from '#core/economy/ports.ts';
import { collectEnv, type CollectEnv } from '#functions/collect/env.ts';
import { logger } from '../observability/telemetry.ts';
import { traced } from '../observability/traced.ts';
import { parseEnv } from '../parse/env.ts';
import { settlePorts } from '../ports/economy-ports.ts';
import { modelOf } from '../ports/model.ts';
import type { AgentHandlerOptions } from './agent-handler.ts';
import { lazily } from './lazily.ts';

/** No further batch is started with less time left. The SDK alone waits up to two minutes for the provider. */
const ONE_BATCH_MS = 180_000;

/**
 * The Lambda handler of an agent's economy collector, which a schedule starts. The handler module of each agent without
 * tools whose input is not an object exports it as `collect`.
 */
export function collectHandler(
  agent: Agent,
  { earlier = [] }: Pick<AgentHandlerOptions, 'earlier'> = {},
): (event: unknown, context: Context) => Promise<CollectCounts> {
  return lazily(() => {
    const ports = collectPorts(parseEnv(collectEnv));
    return traced('collect', async (_event: unknown, context) => {
      const hasTime = (): boolean => context.getRemainingTimeInMillis() > ONE_BATCH_MS;
      const counts = await collect(ports, [agent, ...earlier], hasTime);
      if (counts.batches > 0) logger.info('batches.made', { ...counts });
      return counts;
    });
  });
}

function collectPorts(env: CollectEnv): CollectPorts {
  const table = env.STATE_TABLE;
  return {
    ...settlePorts(env),
    model: modelOf(env),
    artifacts: s3Artifacts(),
    homes: homesHere(),
    inputs: env.INPUT_BUCKET,
    pools: dynamodbPoolStore({ table }),
    limits: dynamodbLimits({ table }),
    polls: stepFunctionsRuns<PollInput>({ stateMachineArn: env.BATCH_STATE_MACHINE_ARN }),
  };
}
