import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { withServices } from '#core/agents/define-agent.ts';
import { agentHandler, dynamodb, parseEnv } from '#runtime/index.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';
import { analystServices } from '../../night/analyst-services.ts';
import { analystEnv } from './env.ts';

const { SNAPSHOT_BUCKET, RESEARCH_TABLE } = parseEnv(analystEnv);
const table = { client: dynamodb(), table: RESEARCH_TABLE };

/** The worker of the analyst's pool. */
export const handler = agentHandler(
  withServices(companyAnalyst, analystServices({ artifacts: s3Artifacts(), bucket: SNAPSHOT_BUCKET, table })),
);
