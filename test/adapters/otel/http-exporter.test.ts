import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { httpExporter } from '#adapters/otel/http-exporter.ts';
import type { Span } from '#core/ports/tracer.ts';

const span: Span = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  sampled: true,
  name: 'invoke_agent adder',
  kind: 'consumer',
  startMs: 1_000,
  endMs: 2_000,
  status: 'ok',
  attributes: {},
};
const TIMEOUT_MS = 1_000;

/** A receiver of traces that answers as `listener` does, and the number of its requests. */
async function receiver(listener: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request.resume(), response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests: () => requests };
}

const exporterOf = (endpoint: string, now: () => number = () => 0) =>
  httpExporter({ resource: { service: 'x' }, endpoint, timeoutMs: TIMEOUT_MS, now });

test('a receiver that never answers holds an invocation no longer than the bound, and the next ones not at all', async () => {
  const { endpoint, requests } = await receiver(() => undefined);
  let now = 0;
  const exporter = exporterOf(endpoint, () => now);
  await expect(exporter.send([span])).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(exporter.send([span])).rejects.toThrow('is left alone');
  expect(requests()).toBe(1);
  now = 30_000;
  await expect(exporter.send([span])).rejects.toMatchObject({ name: 'TimeoutError' });
  expect(requests()).toBe(2);
});

test('the bound is that of all requests together', async () => {
  const answered: number[] = [];
  const { endpoint, requests } = await receiver((_, response) => {
    // The first request is answered, the second never.
    if (answered.push(1) === 1) response.end('{}');
  });
  await expect(exporterOf(endpoint).send(Array.from({ length: 1_200 }, () => span))).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  expect(requests()).toBe(2);
});

test('an answer that never ends is not waited for', async () => {
  const { endpoint } = await receiver((_, response) => void response.writeHead(200).write('{'));
  await expect(exporterOf(endpoint).send([span])).resolves.toBeUndefined();
});

test('a receiver that refuses is asked again at once', async () => {
  const { endpoint, requests } = await receiver((_, response) => response.writeHead(503).end());
  const exporter = exporterOf(endpoint);
  await expect(exporter.send([span])).rejects.toThrow('answered 503');
  await expect(exporter.send([span])).rejects.toThrow('answered 503');
  expect(requests()).toBe(2);
});
