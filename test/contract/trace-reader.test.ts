import { XRayClient } from '@aws-sdk/client-xray';
import { expect, it, onTestFinished, vi } from 'vitest';
import { httpExporter } from '#adapters/otel/http-exporter.ts';
import { udpExporter } from '#adapters/otel/udp-exporter.ts';
import { xrayTraceReader } from '#adapters/xray/trace-reader.ts';
import type { Span } from '#core/ports/tracer.ts';
import { createXray } from '@agent-fleet/local-cloud/testing/services';
import { serve } from '@agent-fleet/local-cloud/testing/serve';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';

const TRACE = '67891233abcdef012345678912345678';
/** Spans arrive by UDP. */
const SOON = { timeout: 30_000 };
const resource = { service: 'fleet-dev-adder', version: '7' };

const span = (index: number, change: Partial<Span> = {}): Span => ({
  traceId: TRACE,
  spanId: (index + 1).toString(16).padStart(16, '0'),
  parentSpanId: '53995c3f42cd8ad8',
  sampled: true,
  name: 'execute_tool größer',
  kind: 'internal',
  startMs: 1_700_000_000_000.25,
  endMs: 1_700_000_000_900,
  status: 'error',
  attributes: { text: 'ü', whole: 12_345_678_901, part: 0.25, negative: -3, yes: true, no: false },
  links: [{ traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }],
  ...change,
});

async function start() {
  const served = await serve(() => createXray({}));
  onTestFinished(() => served.close());
  const client = new XRayClient(served.client);
  const address = await served.service.listen();
  return { ...served, reader: xrayTraceReader({ client }), address };
}

const { sampled: _, traceId: __, ...kept } = span(0);

it.each(['UDP', 'HTTP'] as const)('spans that are sent by %s are read as they were', async (by) => {
  const { url, address, reader } = await start();
  const exporter = by === 'UDP' ? udpExporter({ resource, address }) : httpExporter({ resource, endpoint: `${url}/` });
  await exporter.send([span(0)]);
  await vi.waitFor(async () => expect(await reader.read(TRACE)).toEqual([kept]), SOON);
  expect(await reader.read('0'.repeat(31) + '1')).toEqual([]);
});

it.each(['internal', 'server', 'client', 'producer', 'consumer'] as const)('the kind %s stays', async (kind) => {
  const { address, reader } = await start();
  await udpExporter({ resource, address }).send([span(0, { kind })]);
  await vi.waitFor(async () => expect((await reader.read(TRACE))[0]?.kind).toBe(kind), SOON);
});

it('many spans arrive, also those that fill a datagram alone', async () => {
  const { address, reader } = await start();
  const long = { text: 'x'.repeat(40_000) };
  const spans = Array.from({ length: 240 }, (_, index) => span(index, index < 3 ? { attributes: long } : {}));
  await udpExporter({ resource, address }).send(spans);
  await vi.waitFor(async () => expect(await reader.read(TRACE)).toHaveLength(240), SOON);
});

it('annotations, whose names have no dots on X-Ray, have the names that they were sent with (I8)', async () => {
  const Document = JSON.stringify({
    id: '70de5b6f19ff9a0a',
    name: 'invoke_agent adder',
    start_time: 1,
    annotations: { fleet_tenant: 'acme', fleet_task_id: 'task-1', gen_ai_agent_name: 'adder', other_name: 'stays' },
  });
  const api = await stubApi((response) => sendJson(response, 200, { Traces: [{ Segments: [{ Document }] }] }));
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const client = new XRayClient({ region: 'us-east-1', endpoint: api.url, credentials });
  const [read] = await xrayTraceReader({ client }).read(TRACE);
  expect(read?.attributes).toEqual({
    'fleet.tenant': 'acme',
    'fleet.task.id': 'task-1',
    'gen_ai.agent.name': 'adder',
    other_name: 'stays',
  });
});

it('segments of X-Ray’s own form are read too, with those within them', async () => {
  const Document = JSON.stringify({
    id: '70de5b6f19ff9a0a',
    name: 'worker',
    start_time: 1.478_293_361_271e9,
    end_time: 1.478_293_361_449e9,
    annotations: { taskId: 'task-1' },
    subsegments: [{ id: '53995c3f42cd8ad8', name: 'DynamoDB', start_time: 1, namespace: 'remote', error: true }],
  });
  const api = await stubApi((response) =>
    sendJson(response, 200, { Traces: [{ Segments: [{ Document }, { Document: '{' }] }] }),
  );
  const credentials = { accessKeyId: 'key', secretAccessKey: 'secret' };
  const client = new XRayClient({ region: 'us-east-1', endpoint: api.url, credentials });
  expect(await xrayTraceReader({ client }).read(TRACE)).toMatchObject([
    { spanId: '70de5b6f19ff9a0a', kind: 'server', status: 'unset', attributes: { taskId: 'task-1' } },
    { spanId: '53995c3f42cd8ad8', parentSpanId: '70de5b6f19ff9a0a', kind: 'client', status: 'error' },
  ]);
});
