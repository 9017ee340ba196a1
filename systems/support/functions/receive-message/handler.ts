import { agentCard } from '../../../../core/agents/agent-card.ts';
import { apiPorts } from '../../../../functions/_shared/http/api-ports.ts';
import { refuse } from '../../../../functions/_shared/http/serve.ts';
import { fleetSecret } from '../../../../functions/_shared/fleet-secret.ts';
import { parseEnv } from '../../../../functions/_shared/parse-env.ts';
import { taskQueue } from '../../../../functions/_shared/task-queue.ts';
import { traced } from '../../../../functions/_shared/traced.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { SUPPORT } from '../../agents/identity.ts';
import { supportAgent } from '../../agents/support-agent.ts';
import { inMemoryShop } from '../../shop/in-memory-shop.ts';
import { receiveMessageEnv } from './env.ts';
import { receiveMessage } from './receive-message.ts';

const env = parseEnv(receiveMessageEnv);
// Only its card is needed: no tool is ever used here.
const card = agentCard(supportAgent({ shop: inMemoryShop(), now: Date.now }));
const ports = {
  ...apiPorts(env),
  queue: taskQueue(env.QUEUE_URL, SUPPORT.name),
  agents: new Map([[card.name, card]]),
  callbackRules: { privateAddresses: false },
  secret: () => fleetSecret(env.WEBHOOK_SECRET, 'text to sign messages by'),
  tenant: env.TENANT,
};

/** The shop's webhook: a signed message of a customer becomes a task. */
export const handler = traced('receive-message', (event: APIGatewayProxyEvent) =>
  receiveMessage(ports, event).catch((error: unknown) => refuse(error, event)),
);
