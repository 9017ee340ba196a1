import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import { tenantSecret } from '#cli/keys/tenant-secret.ts';
import { callbackEventSchema } from '#core/callbacks/event.ts';
import type { FleetClient } from '#client/index.ts';
import type { Clients } from '../clients.ts';
import { need } from '../document.ts';
import type { Findings } from '../findings.ts';
import { until } from '../until.ts';
import { task } from './tasks.ts';

interface Options {
  readonly clients: Clients;
  readonly client: FleetClient;
  readonly outputs: Readonly<Record<string, string>>;
  readonly findings: Findings;
  readonly signal: AbortSignal;
  readonly tenant: string;
  /** A public address that answers a POST with 2xx. */
  readonly callbackUrl: string | undefined;
  readonly isEmulated: boolean;
}

/**
 * A task's end is posted to a receiver. An emulator's functions reach a receiver on this machine, which verifies the
 * signature. AWS reaches only a public address.
 */
export async function receiveCallback(options: Options): Promise<void> {
  const { findings, callbackUrl, isEmulated } = options;
  if (callbackUrl !== undefined) return toPublicAddress(options, callbackUrl);
  if (isEmulated) return toThisMachine(options);
  findings.notChecked(
    'callback',
    'AWS cannot reach this machine. Give --callback-url with a public https address that answers 2xx',
  );
}

async function toThisMachine({ clients, client, outputs, findings, signal, tenant }: Options): Promise<void> {
  const received: { id: string; isSigned: boolean }[] = [];
  const secret = await tenantSecret(clients.secrets, need(outputs, 'CallbackSecret'), tenant);
  const server = createServer((request, response) => {
    const answer = async () => {
      received.push(await verified(request, secret));
      response.end();
    };
    void answer();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ended`;
    const { id } = await client.submit({ ...task('What is 3 times 4?'), callback: { url } });
    const callback = await until('the callback', 120, signal, () =>
      Promise.resolve(received.find((each) => each.id === id)),
    );
    findings.expect('callback', callback.isSigned, 'received on this machine, and its signature is right');
  } finally {
    server.close();
  }
}

async function verified(request: IncomingMessage, secret: string): Promise<{ id: string; isSigned: boolean }> {
  const body = Buffer.concat(await request.toArray()).toString();
  const { taskId: id } = callbackEventSchema.parse(JSON.parse(body)).data;
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  try {
    new Webhook(secret).verify(body, headers);
    return { id, isSigned: true };
  } catch {
    return { id, isSigned: false };
  }
}

/** A delivered callback leaves the queue, and an undeliverable one does not. */
async function toPublicAddress(options: Options, url: string): Promise<void> {
  const { clients, client, outputs, findings, signal } = options;
  const { id } = await client.submit({ ...task('What is 3 times 4?'), callback: { url } });
  await client.wait(id, { timeoutMs: 180_000, signal });
  const count = async (queue: string): Promise<number> => {
    const { Attributes = {} } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: need(outputs, queue), AttributeNames: ['All'] }),
    );
    return (['', 'NotVisible', 'Delayed'] as const).reduce(
      (sum, kind) => sum + Number(Attributes[`ApproximateNumberOfMessages${kind}`] ?? 0),
      0,
    );
  };
  const isEmpty = await until('the callback to leave its queue', 120, signal, async () =>
    (await count('CallbackQueueUrl')) === 0 ? true : undefined,
  ).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return false;
  });
  const dead = await count('CallbackDeadLetterQueueUrl');
  const detail = isEmpty ? 'left the queue; its receiver can verify the signature' : 'still waits to be delivered';
  findings.expect('callback', isEmpty && dead === 0, `to ${new URL(url).host}: ${detail}`);
}
