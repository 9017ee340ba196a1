import { expect, it, onTestFinished } from 'vitest';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import { isFree, type FailureError } from '#core/failures/failure.ts';
import { startSimulatedClaude } from '@agent-fleet/simulated-claude';
import { ANSWER, sampleRequest } from '../../contract/model.contract.ts';
import { stubApi } from '../support/stub-api.ts';

it('a long answer is streamed, with the same result as a short one', async () => {
  const rules = [new URL('../../contract/model-rule.ts', import.meta.url).pathname];
  const claude = await startSimulatedClaude({ rules });
  onTestFinished(() => claude.close());
  const model = anthropicModel({ apiKey: 'simulated', baseURL: claude.url });
  const [short, long] = await Promise.all([
    model.invoke(sampleRequest({ maxTokens: 8_192 })),
    model.invoke(sampleRequest({ maxTokens: 32_000 })),
  ]);
  expect({ ...long, requestId: '' }).toEqual({ ...short, requestId: '' });
  expect(long.content).toEqual([{ type: 'text', text: JSON.stringify(ANSWER) }]);
  expect(long.requestId).toMatch(/^req_/);
});

it('I4: an overload in the middle of a stream counts as throttling, and may be billed', async () => {
  const api = await stubApi((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_9' });
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    response.end(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
  });
  const model = anthropicModel({ apiKey: 'k', baseURL: api.url });
  const thrown: unknown = await model.invoke(sampleRequest({ maxTokens: 32_000 })).catch((error: unknown) => error);
  const { failure } = thrown as FailureError;
  expect(failure.kind).toBe('throttled');
  expect(isFree(failure)).toBe(false);
  expect(api.requests).toHaveLength(1);
});
