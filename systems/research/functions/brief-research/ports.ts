import { createHash } from 'node:crypto';
import { aggregatePorts, dynamodb, parseEnv, type PipelineEvent } from '#runtime/index.ts';
import { dynamodbMemory } from '../../memory/dynamodb-memory.ts';
import type { BriefPorts } from '../../night/brief-of-run.ts';
import { collectedStore } from '../../night/collected.ts';
import { tenantOfRun } from '../../night/tenant-of-run.ts';
import { researchRunEnv } from './env.ts';

/** The ports of the barrier and the aggregator on AWS. Those of a run reach what is kept for its tenant alone. */
export function researchRunPorts(): (
  event: Pick<PipelineEvent, 'run' | 'input'>,
) => Omit<BriefPorts, 'deliver' | 'pdf'> {
  const env = parseEnv(researchRunEnv);
  const { artifacts, bucket, clock, store } = aggregatePorts(env);
  const table = { client: dynamodb(), table: env.RESEARCH_TABLE };
  return (event) => {
    const tenant = tenantOfRun(event);
    return {
      artifacts,
      bucket,
      store,
      collected: collectedStore(artifacts, env.SNAPSHOT_BUCKET, tenant),
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      now: () => clock.now(),
      recall: ({ space, id, night }) => dynamodbMemory(table, { tenant, space }).recall(id, night),
      remember: (space, memory, row) => dynamodbMemory(table, { tenant, space }).remember(memory, row),
      simulatedModel: /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(env.ANTHROPIC_BASE_URL ?? ''),
    };
  };
}
