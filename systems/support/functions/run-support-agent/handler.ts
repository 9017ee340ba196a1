import { withServices } from '#core/agents/define-agent.ts';
import { agentHandler, parseEnv } from '#runtime/index.ts';
import { supportAgent } from '../../agents/support-agent.ts';
import { dynamodbShop } from '../../shop/dynamodb-shop.ts';
import { supportToolsEnv } from './env.ts';

const { SHOP_TABLE: table } = parseEnv(supportToolsEnv);

/** The worker of the support agent's pool. */
export const handler = agentHandler(withServices(supportAgent, { shop: dynamodbShop({ table }), now: Date.now }));
