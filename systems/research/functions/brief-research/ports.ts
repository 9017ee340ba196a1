import { createHash } from 'node:crypto';
import { aggregatePorts, dynamodb, parseEnv } from '#runtime/index.ts';
import { dynamodbMemory } from '../../memory/dynamodb-memory.ts';
import type { BriefPorts } from '../../night/brief-of-run.ts';
import { collectedStore } from '../../night/collected.ts';
import { researchRunEnv } from './env.ts';

/** The ports of the barrier and the aggregator on AWS. */
export function researchRunPorts(): Omit<BriefPorts, 'deliver' | 'pdf'> {
  const env = parseEnv(researchRunEnv);
  const { artifacts, bucket, clock, store } = aggregatePorts(env);
  const table = { client: dynamodb(), table: env.RESEARCH_TABLE };
  return {
    artifacts,
    bucket,
    store,
    collected: collectedStore(artifacts, env.SNAPSHOT_BUCKET),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    now: () => clock.now(),
    recall: ({ space, id, night }) => dynamodbMemory(table, space).recall(id, night),
    remember: (space, memory, row) => dynamodbMemory(table, space).remember(memory, row),
    simulatedModel: /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(env.ANTHROPIC_BASE_URL ?? ''),
  };
}
