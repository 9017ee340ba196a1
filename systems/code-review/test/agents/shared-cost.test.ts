import { startSimulatedClaude } from '@agent-fleet/simulated-claude';
import { expect, it, onTestFinished } from 'vitest';
import { anthropicModel } from '#adapters/anthropic/model.ts';
import { CATALOGUE } from '#core/models/catalogue.ts';
import { costUsd } from '#core/models/price.ts';
import type { ContentPart, Model, ModelAnswer } from '#core/ports/model.ts';
import {
  logicReviewer,
  securityReviewer,
  type specialists,
  styleReviewer,
  testsReviewer,
} from '../../agents/specialists.ts';
import { codeReviewSystem } from '../../system.ts';
import { diffed } from '../diffed.ts';

/** What two specialists of a tier pay for the same part, at the prices of the list, as the simulated Claude bills it. */
const { status, hunks } = diffed(
  'src/prices.ts',
  Array.from({ length: 300 }, (_, n) => `+export const price${n} = (items: readonly number[]) => items.length * ${n};`),
);
const overview = { files: 1, testsChanged: [], hasTests: false };
const files = [{ path: 'src/prices.ts', status, hunks }];
const input = { title: 'Prices', description: '', guidance: 'Use tabs.'.repeat(200), overview, files };

/** @param ms until an answer begins */
async function claude(ms = 0): Promise<Model> {
  const simulated = await startSimulatedClaude({
    rules: [...codeReviewSystem.claudeRules],
    latency: { kind: 'fixed', ms },
  });
  onTestFinished(() => simulated.close());
  return anthropicModel({ apiKey: 'a key', baseURL: simulated.url });
}

type Change = (content: readonly ContentPart[]) => readonly ContentPart[];
const asItIs: Change = (content) => content;
const unshared: Change = (content) =>
  content.map((part) => (part.type === 'text' ? { ...part, isShared: false } : part));

async function ask(model: Model, agent: (typeof specialists)[number], change: Change): Promise<ModelAnswer> {
  const artifacts = {} as Parameters<typeof agent.prepare>[1]['artifacts'];
  const { content } = await agent.prepare(input, { artifacts, tenant: 'acme' });
  const { system, outputSchema, maxOutputTokens: maxTokens, tier } = agent;
  const messages = [{ role: 'user' as const, content: change(content) }];
  const asked = { system, outputSchema, maxTokens, tools: [], timeoutMs: 30_000, stepId: `${agent.name}/0` };
  return model.invoke({ model: CATALOGUE.tiers[tier], messages, ...asked });
}

const usdOf = (answers: readonly ModelAnswer[]): number =>
  answers.reduce((sum, { model, usage }) => sum + costUsd(CATALOGUE, model.replace('-simulated', ''), usage), 0);
const saidBy = (answers: readonly ModelAnswer[]) => answers.map(({ content }) => content);

it('two specialists of a tier pay a quarter less when the second reads what the first wrote', async () => {
  const [plainly, inTurns, together] = await Promise.all([claude(), claude(), claude(1_000)]);
  for (const [a, b] of [
    [securityReviewer, logicReviewer],
    [styleReviewer, testsReviewer],
  ] as const) {
    const plain = [await ask(plainly, a, unshared), await ask(plainly, b, unshared)];
    const turns = [await ask(inTurns, a, asItIs), await ask(inTurns, b, asItIs)];
    expect(turns[1]?.usage.cacheRead).toBe(turns[0]?.usage.cacheWrite);
    expect(saidBy(turns)).toEqual(saidBy(plain));
    expect(usdOf(turns) / usdOf(plain)).toBeLessThan(0.75);
    // Calls that start together each pay for the write: why the second one waits.
    const both = await Promise.all([ask(together, a, asItIs), ask(together, b, asItIs)]);
    expect(usdOf(both) / usdOf(plain)).toBeGreaterThan(1.1);
  }
});
