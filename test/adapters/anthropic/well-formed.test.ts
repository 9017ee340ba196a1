import { describe, expect, it, onTestFinished } from 'vitest';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import type { ModelRequest } from '#core/ports/model.ts';
import { startSimulatedClaude } from '@agent-fleet/simulated-claude';
import { LOOKUP, sampleRequest } from '../../contract/model.contract.ts';

const HALF = 'cut emoji \ud83d here';

/** Every place of a request that can hold text. */
const everywhere: Partial<ModelRequest> = {
  system: HALF,
  tools: [{ ...LOOKUP, description: HALF }],
  messages: [
    { role: 'user', content: [{ type: 'text', text: HALF }] },
    { role: 'assistant', content: [{ type: 'text', text: HALF }] },
    { role: 'user', content: [{ type: 'text', text: 'on' }] },
    {
      role: 'assistant',
      content: [
        { type: 'text', text: HALF },
        { type: 'tool-use', id: 'toolu_1', name: 'lookup', input: { company: HALF, [`key ${HALF}`]: [HALF] } },
      ],
    },
    { role: 'user', content: [{ type: 'tool-result', toolUseId: 'toolu_1', content: HALF, isError: true }] },
  ],
};

describe('a lone surrogate', () => {
  it('is rejected by the API', async () => {
    const claude = await startSimulatedClaude({ rules: [] });
    onTestFinished(() => claude.close());
    const headers = { 'x-api-key': 'any', 'anthropic-version': '2023-06-01' };
    const body = JSON.stringify({
      model: 'claude-haiku-5-5',
      max_tokens: 1,
      messages: [{ role: 'user', content: HALF }],
    });
    const response = await fetch(`${claude.url}/v1/messages`, { method: 'POST', headers, body });
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('no low surrogate')]);
  });

  it('never leaves the adapter, wherever it is', async () => {
    const rules = [new URL('../../contract/model-rule.ts', import.meta.url).pathname];
    const claude = await startSimulatedClaude({ rules });
    onTestFinished(() => claude.close());
    const model = anthropicModel({ apiKey: 'k', baseURL: claude.url });
    expect((await model.invoke(sampleRequest(everywhere))).stopReason).toBe('end');
    expect(await model.countTokens(sampleRequest(everywhere))).toBeGreaterThan(10);
  });
});
