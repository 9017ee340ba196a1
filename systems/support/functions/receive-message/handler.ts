import { agentCard } from '#core/agents/agent-card.ts';
import { apiPorts, fleetSecret, parseEnv, problemResponse, taskQueue, traced } from '#runtime/index.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { SUPPORT } from '../../agents/identity.ts';
import { supportAgent } from '../../agents/support-agent.ts';
import { receiveMessageEnv } from './env.ts';
import { receiveMessage } from './receive-message.ts';

const env = parseEnv(receiveMessageEnv);
// Only the agent's card is needed, since this function runs no tools.
const card = agentCard(supportAgent);
const ports = {
  ...apiPorts(env),
  queue: taskQueue(env.QUEUE_URL, SUPPORT.name),
  agents: new Map([[card.name, card]]),
  callbackRules: { privateAddresses: false },
  secret: () => fleetSecret(env.WEBHOOK_SECRET, 'value to verify signatures with'),
  tenant: env.TENANT,
};

/** The shop's webhook: accepts a customer's signed message as a task. */
export const handler = traced('receive-message', (event: APIGatewayProxyEvent) =>
  receiveMessage(ports, event).catch((error: unknown) => problemResponse(error, event)),
);
