import { withServices } from '#core/agents/define-agent.ts';
import { inMemoryShop } from '../shop/in-memory-shop.ts';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { assert, asyncProperty, boolean, constantFrom, record } from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { toJSONSchema } from 'zod';
import { agentCard } from '#core/agents/agent-card.ts';
import { sessionIdSchema } from '#core/sessions/session.ts';
import { problemResponse } from '#runtime/index.ts';
import { anyBody, bytesOf, type AnyBody } from '#test/functions/api/any-request.ts';
import { faultsOfRefusal } from '#test/support/refusal.ts';
import { workerHarness } from '#test/support/worker-harness.ts';
import { signedHeaders } from '../cli/webhook.ts';
import { messageSchema } from '../agents/message.ts';
import { supportAgent } from '../agents/support-agent.ts';
import { receiveMessage } from '../functions/receive-message/receive-message.ts';

// Otherwise each rejected message would log a line.
vi.hoisted(() => vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT'));

const SECRET = 'c3VwcG9ydC13ZWJob29rLXNlY3JldDEy';
const ANOTHER = 'b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldDEy';
const SEED = Number(process.env['FUZZ_SEED'] ?? 5);

const schema = toJSONSchema(messageSchema.extend({ threadId: sessionIdSchema }), { io: 'input' });
const messages = record({
  body: anyBody(schema),
  id: constantFrom('msg-1', 'msg-2', '', 'x'.repeat(300)),
  time: constantFrom('now', 'now', 'now', 'long ago', 'never'),
  isSigned: boolean(),
});

interface AnyMessage {
  readonly body: AnyBody | null;
  readonly id: string;
  readonly time: string;
  readonly isSigned: boolean;
}

describe('any message to the webhook', () => {
  it('gets a clear response, and becomes a task only if it is signed', async () => {
    const agent = withServices(supportAgent, { shop: inMemoryShop(), now: Date.now });
    const world = workerHarness([{ json: {} }], agent);
    const card = agentCard(agent);
    const rules = { callbackRules: { privateAddresses: false }, tenant: 'shop', secret: async () => SECRET };
    const ports = { ...world.ports, ...rules, agents: new Map([[card.name, card]]) };
    const statuses = new Set<number>();
    await assert(
      asyncProperty(messages, async (message) => {
        const event = eventOf(message);
        const tasks = world.store.all().length;
        const answer = await receiveMessage(ports, event).catch((error: unknown) => problemResponse(error, event));
        statuses.add(answer.statusCode);
        expect(faultsOf(answer, message)).toEqual([]);
        const isRejected = answer.statusCode >= 400;
        expect(world.store.all().length - tasks).toBeLessThanOrEqual(isRejected ? 0 : 1);
      }),
      { seed: SEED, numRuns: 500 },
    );
    expect([...statuses].toSorted((a, b) => a - b)).toEqual(expect.arrayContaining([202, 400, 401]));
  });
});

/** Only messages signed just now are accepted. */
function faultsOf({ statusCode: status, headers, body: text }: APIGatewayProxyResult, { time, isSigned }: AnyMessage) {
  if (status >= 400) return faultsOfRefusal({ status, type: String(headers?.['content-type']), text }, SECRET);
  return time === 'now' && isSigned ? [] : ['was accepted'];
}

function eventOf({ body, id, time, isSigned }: AnyMessage): APIGatewayProxyEvent {
  const bytes = body === null ? Buffer.alloc(0) : bytesOf(body);
  const text = bytes.toString('utf8');
  const at = new Date(time === 'now' ? Date.now() : 0);
  const stamp = time === 'never' ? 'soon' : String(Math.floor(at.getTime() / 1_000));
  const headers = { ...signedHeaders(isSigned ? SECRET : ANOTHER, id, text, at), 'webhook-timestamp': stamp };
  const isText = Buffer.from(text).equals(bytes);
  const sent = isText ? text : bytes.toString('base64');
  const event = { headers, body: sent, isBase64Encoded: !isText, requestContext: { requestId: 'request-1' } };
  return event as unknown as APIGatewayProxyEvent;
}
