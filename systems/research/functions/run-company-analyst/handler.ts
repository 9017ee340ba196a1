import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { withServices } from '#core/agents/define-agent.ts';
import { agentHandler, dynamodb, parseEnv } from '#runtime/index.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';
import { dynamodbMemory } from '../../memory/dynamodb-memory.ts';
import { collectedStore } from '../../night/collected.ts';
import { analystEnv } from './env.ts';

const { SNAPSHOT_BUCKET, RESEARCH_TABLE } = parseEnv(analystEnv);
const artifacts = s3Artifacts();
const table = { client: dynamodb(), table: RESEARCH_TABLE };

/** The worker of the analyst's pool. */
export const handler = agentHandler(
  withServices(companyAnalyst, {
    collected: (tenant, key) => collectedStore(artifacts, SNAPSHOT_BUCKET, tenant).read(key),
    recall: (tenant, { space, id, night }) => dynamodbMemory(table, { tenant, space }).recall(id, night),
  }),
);
