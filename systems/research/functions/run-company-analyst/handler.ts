import { homesHere } from '#adapters/aws/regions.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { withServices } from '#core/agents/define-agent.ts';
import { copiedArtifacts } from '#core/worker/objects-elsewhere.ts';
import { agentHandler, dynamodb, parseEnv } from '#runtime/index.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';
import { analystServices } from '../../night/analyst-services.ts';
import { analystEnv } from './env.ts';

const { SNAPSHOT_BUCKET, RESEARCH_TABLE } = parseEnv(analystEnv);
// A scout of another region may have written what is read here.
const artifacts = copiedArtifacts(s3Artifacts(), homesHere());
const table = { client: dynamodb(), table: RESEARCH_TABLE };

/** The worker of the analyst's pool. */
export const handler = agentHandler(
  withServices(companyAnalyst, analystServices({ artifacts, bucket: SNAPSHOT_BUCKET, table })),
);
