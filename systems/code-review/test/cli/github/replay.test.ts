import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parseReplayOptions, placeOf } from '../../../cli/github/replay/options.ts';
import { isDeliveryId, readDeliveryFile } from '../../../cli/github/replay/read-delivery.ts';
import { sendDelivery } from '../../../cli/github/replay/send.ts';
import { exampleOf, receiver, SECRET } from '../../pull-request/deliveries.ts';

/** What `fleet github replay` sends, received by the webhook's function. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-replay-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(content: unknown): Promise<string> {
  const path = join(folder, 'delivery.json');
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** The webhook's function behind HTTP. */
async function webhook() {
  const { answer, started } = receiver();
  const server = createServer((request, response) => {
    void text(request)
      .then((body) => answer(request.headers, body))
      .then(({ status, text: body }) => response.writeHead(status).end(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/github/webhook`, started };
}

describe('a replayed delivery', () => {
  it('of a payload is accepted, with the event that the option names', async () => {
    const { url, started } = await webhook();
    const delivery = await readDeliveryFile(await file(exampleOf('pull_request', 'opened')), 'pull_request');
    expect(await sendDelivery(url, SECRET, delivery)).toEqual({ status: 202, execution: started[0]?.name });
    const comment = await readDeliveryFile(await file(exampleOf('issue_comment', 'created')), 'issue_comment');
    expect(await sendDelivery(url, SECRET, comment)).toEqual({
      status: 200,
      ignored: expect.stringContaining('/review'),
    });
  });

  it('keeps the event and the id that its file names, so that it starts nothing twice', async () => {
    const { url, started } = await webhook();
    const payload = exampleOf('pull_request', 'closed');
    const path = await file({ event: 'pull_request', delivery: 'guid-7', payload });
    const delivery = await readDeliveryFile(path, 'ping');
    expect(delivery).toMatchObject({ event: 'pull_request', id: 'guid-7' });
    await sendDelivery(url, SECRET, delivery);
    await sendDelivery(url, SECRET, await readDeliveryFile(path, 'ping'));
    expect(started).toHaveLength(2);
    expect(new Set(started.map(({ name }) => name)).size).toBe(1);
  });

  it('says why it is rejected', async () => {
    const { url } = await webhook();
    const delivery = await readDeliveryFile(await file({ action: 'opened' }), 'pull_request');
    expect(await sendDelivery(url, SECRET, delivery)).toMatchObject({
      status: 400,
      problem: { errors: expect.arrayContaining([expect.objectContaining({ field: 'repository' })]) },
    });
    expect(await sendDelivery(url, 'another secret', delivery)).toMatchObject({
      status: 401,
      problem: { errors: [{ remedy: expect.stringContaining('github-webhook') }] },
    });
  });

  it('ends with a remedy when nothing answers', async () => {
    const delivery = await readDeliveryFile(await file({}), 'ping');
    await expect(sendDelivery('http://127.0.0.1:9/github/webhook', SECRET, delivery)).rejects.toMatchObject({
      exitCode: 1,
      remedy: expect.stringContaining('Check the URL'),
    });
  });
});

describe('wrong usage', () => {
  it.each([
    ['{', /is not JSON/],
    ['', /is not JSON/],
  ])('is a file with %j', async (content, message) => {
    await expect(readDeliveryFile(await file(content), 'ping')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  });

  it('is a file that is not there, or a folder', async () => {
    for (const path of [join(folder, 'nothing.json'), folder])
      await expect(readDeliveryFile(path, 'ping')).rejects.toMatchObject({ exitCode: 2 });
  });

  const given = { delivery: 'payload.json', event: 'pull_request' };
  const url = 'https://fleet.example/v1';

  it.each([
    [{ event: 'Pull Request' }, /--event must be the name/],
    [{ url: 'fleet' }, /--url must be the URL/],
    [{ delivery: '' }, /<delivery>/],
    [{ url }, /both --url and --webhook-secret/],
    [{ webhookSecret: 'fleet-dev/github-webhook' }, /both --url and --webhook-secret/],
    [{ url: 'http://fleet.example/v1', webhookSecret: 'fleet-dev/github-webhook' }, /is not https/],
  ])('is %j', (options, message) => {
    expect(() => placeOf(parseReplayOptions({ ...given, ...options }))).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(message) }),
    );
  });

  it('is not a deployed fleet with its secret', () => {
    const options = parseReplayOptions({ ...given, url: `${url}/`, webhookSecret: 'fleet-dev/github-webhook' });
    expect(placeOf(options)).toEqual({
      webhook: `${url}/github/webhook`,
      webhookSecret: 'fleet-dev/github-webhook',
      appSecret: undefined,
      endpoint: undefined,
    });
  });
});

it('takes a number for the id of a delivery', () => {
  expect(['12345678901234567', '7'].every(isDeliveryId)).toBe(true);
  expect(['payload.json', '7.json', '-1', '', '1e3'].some(isDeliveryId)).toBe(false);
});
