import { expect, it } from 'vitest';
import { CATALOGUE } from '#core/models/catalogue.ts';
import type { ModelRequest } from '#core/ports/model.ts';
import { fit } from '#core/spending/fit.ts';
import { NOW, sampleTask } from '../../contract/samples.ts';

const MODEL = Object.keys(CATALOGUE.models)[0] ?? '';
const request: ModelRequest = {
  model: MODEL,
  system: 's',
  messages: [],
  tools: [],
  outputSchema: {},
  maxTokens: 1_000,
  timeoutMs: 1_000,
  stepId: 'a/1',
};
const ports = { catalogue: CATALOGUE, model: { countTokens: () => Promise.resolve(100) } };
const child = (tokens: number, usd: number) => ({ id: 'c', to: 'count', index: 0, budget: { tokens, usd } });
const delegation = { step: 1, epoch: 1, tool: 'delegate', toolUseId: 'u', since: NOW, until: NOW };

it.each([
  ['dollars', child(1, 9.999_99)],
  ['tokens', child(99_900, 0.01)],
])('I16: a call does not fit into %s that are kept for children', async (_, kept) => {
  const budget = { usd: 10, tokens: 100_000 };
  expect(await fit(ports, sampleTask({ budget }), request)).toMatchObject({ fits: true });
  const parent = sampleTask({ budget, delegation: { ...delegation, children: [kept] } });
  expect(await fit(ports, parent, request)).not.toHaveProperty('fits');
});
