import { withServices } from '#core/agents/define-agent.ts';
import { agentHandler, dynamodb, parseEnv } from '#runtime/index.ts';
import { analystNamed } from '../../agents/index.ts';
import { dynamodbWindows } from '../../windows/dynamodb-windows.ts';
import { analystEnv } from './env.ts';

const { ANALYST, MARKET_TABLE } = parseEnv(analystEnv);
const windows = dynamodbWindows({ client: dynamodb(), table: MARKET_TABLE });

/** The worker of every analyst's pool: its environment says which one it is. */
export const handler = agentHandler(withServices(analystNamed(ANALYST).agent, { windows }));
