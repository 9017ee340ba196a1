import type { Context } from 'aws-lambda';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import { dynamodbLimits } from '#adapters/dynamodb/limits.ts';
import { dynamodbPoolStore } from '#adapters/dynamodb/pool-store.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { stepFunctionsRuns } from '#adapters/stepfunctions/runs.ts';
import type { Agent } from '#core/agents/define-agent.ts';
import { collect, type CollectCounts } from '#core/economy/collect.ts';
import type { CollectPorts, PollInput } from '#core/economy/ports.ts';
import { collectEnv, type CollectEnv } from '#functions/collect/env.ts';
import { settlePorts } from './economy-ports.ts';
import { fleetSecret } from './fleet-secret.ts';
import { logger } from './observability.ts';
import { parseEnv } from './parse-env.ts';
import { traced } from './traced.ts';

/** Gathering another batch and making it takes less: the SDK alone waits two minutes for the provider. */
const ONE_BATCH_MS = 180_000;

/** The Lambda handler of a pool's collector, which knows the agent by the same code as its workers. */
export function collectHandler(
  versions: readonly [Agent, ...Agent[]],
): (event: unknown, context: Context) => Promise<CollectCounts> {
  const ports = collectPorts(parseEnv(collectEnv));
  return traced('collect', async (_event, context) => {
    const counts = await collect(ports, versions, () => context.getRemainingTimeInMillis() > ONE_BATCH_MS);
    if (counts.batches > 0) logger.info('batches.made', { ...counts });
    return counts;
  });
}

function collectPorts(env: CollectEnv): CollectPorts {
  const table = env.STATE_TABLE;
  return {
    ...settlePorts(env),
    model: anthropicModel({ apiKey: () => fleetSecret(env.MODEL_SECRET, 'model key') }),
    artifacts: s3Artifacts(),
    pools: dynamodbPoolStore({ table }),
    limits: dynamodbLimits({ table }),
    polls: stepFunctionsRuns<PollInput>({ stateMachineArn: env.BATCH_STATE_MACHINE_ARN }),
  };
}
