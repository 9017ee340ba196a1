import { createHash, createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CREDENTIALS } from '../../testing/cloud.ts';
import { SECRET, TestRegions } from '../../testing/regions.ts';
import { EU, US, nothing } from './support.ts';

const TOKYO = 'ap-northeast-1';
const regions = new TestRegions({ [US]: nothing, [EU]: nothing, [TOKYO]: nothing });
beforeAll(async () => {
  await regions.start(US);
});
afterAll(async () => {
  await regions[Symbol.asyncDispose]();
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${regions.endpoints.get(US)}${path}`, init);

test('tells the region, the lines to the others, and the figures of replication', async () => {
  expect(await regions.status(US)).toEqual({
    here: US,
    replication: { underWay: 0, conflicts: 0, lagMsP99: 0, lagMsMax: 0 },
    network: [
      { to: EU, roundTripMs: 80, jitterMs: 4, loss: 0, cut: false },
      { to: TOKYO, roundTripMs: 145, jitterMs: 7.25, loss: 0, cut: false },
    ],
  });
});

test('changes what is given of a line, and leaves the rest', async () => {
  const { network } = await regions.network(US, { to: EU, cut: true, loss: 0.5 }, { to: TOKYO, roundTripMs: 9 });
  expect(network).toEqual([
    { to: EU, roundTripMs: 80, jitterMs: 4, loss: 0.5, cut: true },
    { to: TOKYO, roundTripMs: 9, jitterMs: 7.25, loss: 0, cut: false },
  ]);
});

test('rejects invalid changes, and changes nothing then', async () => {
  const before = await regions.status(US);
  const headers = { authorization: `Bearer ${SECRET}` };
  const put = (body: string): Promise<Response> => ask('/_regions/network', { method: 'PUT', headers, body });
  for (const body of ['no JSON', '{}', `[{"to":"${EU}","loss":2}]`, `[{"to":"${EU}","cut":false},{"to":"mars"}]`]) {
    const response = await put(body);
    expect([response.status, await response.json()]).toEqual([400, { message: expect.any(String) as string }]);
  }
  expect(await regions.status(US)).toEqual(before);
  expect((await ask('/_regions/mars', { headers })).status).toBe(404);
});

test('answers nobody without the secret or the key of the machine’s own user', async () => {
  for (const headers of [{}, { authorization: 'Bearer wrong' }, { 'x-local-cloud-secret': 'wrong' }]) {
    expect((await ask('/_regions', { headers })).status).toBe(403);
    expect((await ask('/_regions/changes', { method: 'POST', headers, body: '{}' })).status).toBe(403);
  }
  expect((await ask('/_regions', { headers: signature(CREDENTIALS.secretAccessKey) })).status).toBe(200);
  expect((await ask('/_regions', { headers: signature('wrong') })).status).toBe(403);
});

test('a request that claims to come from a region needs the secret', async () => {
  const headers = {
    'x-local-cloud-secret': 'wrong',
    'x-local-cloud-from': EU,
    'x-local-cloud-caller': JSON.stringify({ accessKeyId: 'test', principal: 'root' }),
    'x-amz-target': 'DynamoDB_20120810.ListTables',
  };
  const response = await ask('/', { method: 'POST', headers, body: '{}' });
  expect(response.status).toBe(403);
});

/** Signs `GET /_regions` as `curl --aws-sigv4` does. */
function signature(secret: string): Record<string, string> {
  const host = new URL(regions.endpoints.get(US) ?? '').host;
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const date = time.slice(0, 8);
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const canonical = `GET\n/_regions\n\nhost:${host}\nx-amz-date:${time}\n\nhost;x-amz-date\n${sha256('')}`;
  const scope = `${date}/${US}/regions/aws4_request`;
  const key = [date, US, 'regions', 'aws4_request'].reduce(
    (key: string | Buffer, part) => createHmac('sha256', key).update(part).digest(),
    `AWS4${secret}`,
  );
  const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`;
  const value = createHmac('sha256', key).update(text).digest('hex');
  const credential = `Credential=${CREDENTIALS.accessKeyId}/${scope}`;
  return {
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${value}`,
  };
}
