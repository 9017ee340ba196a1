import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { traceViewSchema, type TraceView } from '#core/api/traces/messages.ts';
import { sendJson, stubApi } from '../adapters/support/stub-api.ts';
import { startApiFleet, type ApiFleet, type Call } from './api/fleet.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let fleet: ApiFleet;
let call: Call;

beforeAll(async () => {
  fleet = await startApiFleet();
  call = fleet.as(await fleet.makeKey());
});
afterAll(() => fleet[Symbol.asyncDispose]());

const TRACE = '67891233abcdef012345678912345678';
const SPAN = '53995c3f42cd8ad8';
const SECRET = 'Jane-Roe';
/** Spans arrive by UDP, some time after what they tell of. */
const SOON = { timeout: 30_000, interval: 100 };

/** The spans as the API returns them. */
const spansOf = async (id: string): Promise<TraceView['spans']> =>
  traceViewSchema.parse((await call(`GET /tasks/${id}/trace`)).body).spans;

it('one request with a traceparent is one trace: request, wait, turn, model calls, tool call, callback', async () => {
  const delivered = Promise.withResolvers<void>();
  const receiver = await stubApi((response) => {
    sendJson(response, 200, {});
    delivered.resolve();
  });
  const body = { agent: 'parrot', instruction: `note: ${SECRET}`, callback: { url: `${receiver.url}/secret-path` } };
  const accepted = await call('POST /tasks', body, { traceparent: `00-${TRACE}-${SPAN}-01` });
  expect(accepted.status).toBe(202);
  await delivered.promise;
  const found = await vi.waitFor(async () => {
    const spans = await spansOf(accepted.body.id);
    expect(spans.map(({ name }) => name)).toEqual(expect.arrayContaining(['POST', 'invoke_agent parrot']));
    return spans;
  }, SOON);
  const named = (name: string) => found.filter((span) => span.name === name);
  const [request] = named('POST /tasks');
  expect(request?.parentSpanId).toBe(SPAN);
  const [turn] = named('invoke_agent parrot');
  for (const name of ['queued', 'invoke_agent parrot', 'POST'])
    expect(named(name)).toEqual([expect.objectContaining({ parentSpanId: request?.spanId })]);
  const calls = found.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat');
  expect(calls).toHaveLength(2);
  for (const child of [...calls, ...named('execute_tool note')]) expect(child.parentSpanId).toBe(turn?.spanId);
  expect(named('execute_tool note')).toHaveLength(1);
  for (const { attributes } of found) expect(attributes['fleet.tenant']).toBe('acme');
  // The SDK's own attributes are on the same spans as our costs.
  expect(calls[0]?.attributes).toMatchObject({
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.usage.cost.currency': 'USD',
    'http.response.status_code': 200,
  });
  expect(receiver.requests[0]?.headers['traceparent']).toBe(`00-${TRACE}-${named('POST')[0]?.spanId}-01`);
  expect(JSON.stringify(found)).not.toMatch(/Jane-Roe|secret-path/);
});
