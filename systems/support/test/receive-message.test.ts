import { withServices } from '#core/agents/define-agent.ts';
import { inMemoryShop } from '../shop/in-memory-shop.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { agentCard } from '#core/agents/agent-card.ts';
import { ApiProblem } from '#core/api/http/problem.ts';
import { workerHarness } from '#test/support/worker-harness.ts';
import { signedHeaders } from '../cli/webhook.ts';
import { supportAgent } from '../agents/support-agent.ts';
import { receiveMessage } from '../functions/receive-message/receive-message.ts';

const SECRET = 'c3VwcG9ydC13ZWJob29rLXNlY3JldDEy';
const MESSAGE = { customerId: 'cus-1', threadId: 'thread-1', text: 'Where is my order?' };

function world() {
  const agent = withServices(supportAgent, { shop: inMemoryShop(), now: Date.now });
  const h = workerHarness([{ json: {} }], agent);
  const card = agentCard(agent);
  const agents = new Map([[card.name, card]]);
  const ports = { ...h.ports, agents, callbackRules: { privateAddresses: false }, tenant: 'shop' };
  const receive = (event: APIGatewayProxyEvent) => receiveMessage({ ...ports, secret: async () => SECRET }, event);
  return { ...h, receive };
}

/** A signed message, as the shop sends it. */
function signed(
  body: unknown = MESSAGE,
  { id = 'msg-1', at = new Date(), secret = SECRET } = {},
): APIGatewayProxyEvent {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return event(text, inCapitals(signedHeaders(secret, id, text, at)));
}

/** The shop's HTTP library may write the headers' names in any way: Webhook-Id. */
const inCapitals = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
      value,
    ]),
  );

const event = (body: string, headers: Record<string, string>) =>
  ({ body, headers, isBase64Encoded: false }) as unknown as APIGatewayProxyEvent;

const without = ({ body, headers }: APIGatewayProxyEvent, name: string) =>
  event(
    body ?? '',
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)) as Record<string, string>,
  );

async function problemOf(answer: Promise<unknown>): Promise<ApiProblem> {
  const error: unknown = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ApiProblem) return error;
  throw new Error('The message was accepted.');
}

describe('a signed message', () => {
  it('becomes a queued task in the session of its thread', async () => {
    const w = world();
    const answer = await w.receive(signed());
    expect(answer.statusCode).toBe(202);
    const [task] = w.store.all();
    expect(JSON.parse(answer.body)).toMatchObject({ taskId: task?.id, threadId: 'thread-1' });
    const { customerId, text } = MESSAGE;
    expect(task).toMatchObject({ tenant: 'shop', sessionId: 'thread-1', input: { customerId, text } });
    expect(w.queue.waiting()).toEqual([task?.id]);
  });

  it('I10: is the same task when it is sent again', async () => {
    const w = world();
    const [first, again] = [await w.receive(signed()), await w.receive(signed())];
    expect(again.body).toBe(first.body);
    expect(w.store.all()).toHaveLength(1);
    // The first request may have died before it queued the task, which no worker has claimed yet.
    expect(new Set(w.queue.waiting()).size).toBe(1);
  });

  it('I10: is refused with another text under the same id', async () => {
    const w = world();
    await w.receive(signed());
    const problem = await problemOf(w.receive(signed({ ...MESSAGE, text: 'Refund everything.' })));
    expect(problem.status).toBe(422);
    expect(w.store.all()).toHaveLength(1);
  });
});

describe('rejected before the body is parsed:', () => {
  it.each(['Webhook-Id', 'Webhook-Timestamp', 'Webhook-Signature'])('a message without %s', async (name) => {
    const problem = await problemOf(world().receive(without(signed(), name)));
    expect(problem).toMatchObject({ status: 401, errors: [{ field: name.toLowerCase(), message: 'is missing' }] });
  });

  it('a message signed with another secret, or changed in transit', async () => {
    const w = world();
    const other = await problemOf(w.receive(signed(MESSAGE, { secret: 'b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldDEy' })));
    expect(other).toMatchObject({ status: 401, errors: [{ field: 'webhook-signature' }] });
    const { headers } = signed();
    const changed = event(JSON.stringify({ ...MESSAGE, customerId: 'cus-2' }), headers as Record<string, string>);
    expect((await problemOf(w.receive(changed))).status).toBe(401);
    expect(w.store.all()).toEqual([]);
  });

  it.each([-301, 301])('a message whose timestamp is off by %i seconds', async (seconds) => {
    const at = new Date(Date.now() + seconds * 1_000);
    const problem = await problemOf(world().receive(signed(MESSAGE, { at })));
    expect(problem).toMatchObject({ status: 401, errors: [{ field: 'webhook-timestamp' }] });
  });
});

describe('an invalid message', () => {
  it.each([
    ['customerId', { ...MESSAGE, customerId: '' }],
    ['text', { ...MESSAGE, text: '  ' }],
    ['text', { ...MESSAGE, text: 'x'.repeat(8_001) }],
    ['threadId', { customerId: 'cus-1', text: 'Hello' }],
    ['admin', { ...MESSAGE, admin: true }],
    ['body', '{"customerId":'],
    ['body', '[]'],
  ])('is rejected with the name of the field: %s', async (field, body) => {
    const w = world();
    const problem = await problemOf(w.receive(signed(body)));
    expect(problem.status).toBe(400);
    expect(problem.errors.map((error) => error.field)).toContain(field);
    expect(problem.errors.map(({ remedy }) => remedy).join()).not.toContain('openapi.json');
    expect(w.store.all()).toEqual([]);
  });

  it('is rejected if its content type is not JSON', async () => {
    const { body, headers } = signed();
    const plain = event(body ?? '', { ...headers, 'Content-Type': 'text/plain' });
    expect((await problemOf(world().receive(plain))).status).toBe(415);
  });
});
