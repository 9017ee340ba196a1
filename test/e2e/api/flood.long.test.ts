import { Agent } from 'node:http';
import { APIGatewayClient, CreateUsagePlanCommand } from '@aws-sdk/client-api-gateway';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOfRefusal } from '../../support/refusal.ts';
import { startApiFleet, type ApiFleet } from './fleet.ts';
import { sendRaw } from './raw.ts';

const agent = new Agent({ keepAlive: true, maxSockets: 500 });
let fleet: ApiFleet;
let own: string;
/** Throttled by a usage plan of its own. */
let flood: string;

beforeAll(async () => {
  fleet = await startApiFleet();
  own = await fleet.makeKey();
  flood = await fleet.makeKey({}, await slowPlan());
});
afterAll(async () => {
  agent.destroy();
  await fleet[Symbol.asyncDispose]();
});

/** A usage plan whose rate the requests exceed at once. */
async function slowPlan(): Promise<string | undefined> {
  const gateway = new APIGatewayClient(fleet.client);
  const apiStages = [{ apiId: fleet.output('api', 'ApiId'), stage: 'v1' }];
  const throttle = { rateLimit: 1, burstLimit: 40 };
  const { id } = await gateway.send(new CreateUsagePlanCommand({ name: 'slow', apiStages, throttle }));
  gateway.destroy();
  return id;
}

function asked(key: string, route: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
  const [method = '', path = ''] = route.split(' ');
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  const request = { method, path, headers: { authorization: `Bearer ${key}`, ...typed, ...headers } };
  return sendRaw(fleet.url, { ...request, body: body === undefined ? undefined : JSON.stringify(body) }, agent);
}

describe('10,000 requests at once', () => {
  /** Each idempotency key is sent 500 times. */
  const KEYS = 20;
  const submit = (index: number) =>
    asked(
      flood,
      'POST /tasks',
      { agent: 'parrot', instruction: `${index % KEYS}` },
      { 'idempotency-key': `${index % KEYS}` },
    );

  it('all get a response, and every accepted task is stored once per key and completed', async () => {
    // Warms up the key, like a client that starts the flood in the middle of its work.
    expect((await submit(0)).status).toBe(202);
    const answers = await Promise.all(Array.from({ length: 10_000 }, (_, index) => submit(index)));
    const { 202: accepted = [], ...refused } = Object.groupBy(answers, ({ status }) => status);
    expect(Object.keys(refused)).toEqual(['429']);
    expect((refused[429] ?? []).flatMap((answer) => faultsOfRefusal(answer, flood))).toEqual([]);
    const ids = new Set(accepted.map(({ text }) => (JSON.parse(text) as { id: string }).id));
    expect(ids.size).toBeGreaterThan(KEYS / 2);
    expect(ids.size).toBeLessThanOrEqual(KEYS);
    const ended = await Promise.all([...ids].map((id) => asked(own, `GET /tasks/${id}?wait=25`)));
    expect(new Set(ended.map(({ text }) => (JSON.parse(text) as { status: string }).status))).toEqual(
      new Set(['succeeded']),
    );
  });
});
