import { describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { sendJson, stubApi, type ReceivedRequest } from '../support/stub-api.ts';
import { delivery, MASTER, secretOf, webhook } from './support.ts';

/** Delivers once to a receiver, and returns the received request. */
async function received(options: Parameters<typeof webhook>[0] = {}): Promise<ReceivedRequest> {
  const receiver = await stubApi((response) => sendJson(response, 200, {}));
  const result = await webhook(options).deliver(delivery(`${receiver.url}/hook?a=b`));
  expect(result).toEqual({ kind: 'answered', status: 200 });
  const [request] = receiver.requests;
  if (!request) throw new Error('nothing came');
  return request;
}

const headersOf = ({ headers }: ReceivedRequest) => headers as Record<string, string>;
const verify = (request: ReceivedRequest, change: Record<string, string> = {}, secret = secretOf('acme')): unknown =>
  new Webhook(secret).verify(request.body, { ...headersOf(request), ...change });

describe('a delivery, verified with the specification’s own library', () => {
  it('verifies with the tenant’s secret, and has the body byte for byte', async () => {
    const request = await received();
    expect(request.path).toBe('/hook?a=b');
    expect(request.body).toBe(delivery('').body);
    expect(verify(request)).toEqual(JSON.parse(request.body));
    expect(request.headers).toMatchObject({ 'webhook-id': 'agent-1/end', 'content-type': 'application/json' });
  });

  it('does not verify with another tenant’s secret', async () => {
    const request = await received();
    expect(() => verify(request, {}, secretOf('other'))).toThrow(/signature/);
  });

  it('does not verify with another body, id or time', async () => {
    const request = await received();
    expect(() => verify({ ...request, body: request.body.replace('succeeded', 'failed') })).toThrow(/signature/);
    expect(() => verify(request, { 'webhook-id': 'agent-2/end' })).toThrow(/signature/);
    const later = String(Number(request.headers['webhook-timestamp']) + 1);
    expect(() => verify(request, { 'webhook-timestamp': later })).toThrow(/signature/);
  });

  it('does not verify if it is replayed after five minutes', async () => {
    const request = await received({ clock: { now: () => Date.now() - 301_000 } });
    expect(() => verify(request)).toThrow(/too old/);
  });

  it('is signed again for each attempt, with the same id', async () => {
    const first = await received({ clock: { now: () => Date.now() - 60_000 } });
    const second = await received();
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.headers['webhook-signature']).not.toBe(first.headers['webhook-signature']);
    expect(verify(second)).toEqual(verify(first));
  });

  it('verifies with both the new and the old master secret during a rotation', async () => {
    const request = await received({ masterSecret: async () => 'the-next the-one-before' });
    expect(verify(request, {}, secretOf('acme', 'the-next'))).toEqual(JSON.parse(request.body));
    expect(verify(request, {}, secretOf('acme', 'the-one-before'))).toEqual(JSON.parse(request.body));
    expect(() => verify(request, {}, secretOf('acme', MASTER))).toThrow(/signature/);
  });

  it('throws if the secret cannot be read', async () => {
    const broken = webhook({ masterSecret: () => Promise.reject(new Error('AccessDenied')) });
    await expect(broken.deliver(delivery('https://example.com/'))).rejects.toThrow('AccessDenied');
  });
});
