import { afterAll, beforeAll, expect, it } from 'vitest';
import { context, propagation, trace } from '@opentelemetry/api';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import { registerProvider } from '#adapters/otel/provider.ts';
import { otelTracer } from '#adapters/otel/tracer.ts';
import type { Span } from '#core/ports/tracer.ts';
import { sendJson, stubApi } from '../support/stub-api.ts';

const TURN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };
const CALL = { ...TURN, spanId: 'c7ad6b7169203332' };
const SECRET = 'the patient is Jane Roe';

const sent: Span[] = [];
const tracer = otelTracer({ sampleRate: 1, exporter: { send: async (spans) => void sent.push(...spans) } });

beforeAll(() => registerProvider(tracer));
afterAll(() => {
  for (const api of [trace, context, propagation]) api.disable();
});

const request = {
  model: 'claude-haiku-4-5',
  system: SECRET,
  messages: [{ role: 'user', content: [{ type: 'text', text: SECRET }] }],
  tools: [],
  outputSchema: { type: 'object' },
  maxTokens: 100,
  timeoutMs: 5_000,
  stepId: 'task-1/0',
} as const;

it('the SDK of Claude writes into the span of our call and sends its context, without prompts or answers', async () => {
  process.env['ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE'] = 'content';
  const api = await stubApi((response) =>
    sendJson(response, 200, {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-4-5-20251001',
      content: [{ type: 'text', text: JSON.stringify({ said: SECRET }) }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 3, cache_creation_input_tokens: 2 },
    }),
  );
  const model = anthropicModel({ apiKey: 'key', baseURL: api.url });
  await tracer.during(TURN, () => tracer.during(CALL, () => model.invoke(request)));
  await tracer.flush();
  delete process.env['ANTHROPIC_OPEN_TELEMETRY_TRACES_CONTENT_MODE'];
  expect(api.requests[0]?.headers['traceparent']).toBe(`00-${CALL.traceId}-${CALL.spanId}-01`);
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ ...CALL, kind: 'client', status: 'ok' });
  expect(sent[0]?.attributes).toMatchObject({
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.usage.input_tokens': 15,
    'gen_ai.usage.cache_write.input_tokens': 2,
    'http.response.status_code': 200,
  });
  expect(JSON.stringify(sent)).not.toContain(SECRET);
});

it('in a trace that is not sampled the SDK sends its context, and records nothing', async () => {
  const api = await stubApi((response) =>
    sendJson(response, 400, { type: 'error', error: { type: 'x', message: 'y' } }),
  );
  const model = anthropicModel({ apiKey: 'key', baseURL: api.url });
  const before = sent.length;
  const unsampled = (spanId: string) => ({ ...TURN, spanId, sampled: false });
  const asked = tracer.during(unsampled(TURN.spanId), () =>
    tracer.during(unsampled(CALL.spanId), () => model.invoke(request)),
  );
  await expect(asked).rejects.toThrow('y');
  await tracer.flush();
  expect(api.requests[0]?.headers['traceparent']).toBe(`00-${CALL.traceId}-${CALL.spanId}-00`);
  expect(sent).toHaveLength(before);
});

it('outside of a turn nothing is recorded or sent', async () => {
  const api = await stubApi((response) =>
    sendJson(response, 400, { type: 'error', error: { type: 'x', message: 'y' } }),
  );
  const model = anthropicModel({ apiKey: 'key', baseURL: api.url });
  await expect(model.invoke(request)).rejects.toThrow('y');
  await tracer.flush();
  expect(api.requests[0]?.headers['traceparent']).toBeUndefined();
  expect(sent).toHaveLength(1);
});
