import type { Delegate } from '../agents/delegates.ts';
import { inputBound } from '../agents/input-bound.ts';
import { priceFor, roundUsd } from '../models/price.ts';
import { modelEntry, type Catalogue } from '../models/catalogue.ts';
import type { Budget } from '../budgets/budget.ts';

/** Bytes of text that make a token, at the least: of code about three, of text in English four, of Chinese two. */
const BYTES_PER_TOKEN = 2;

/**
 * What a task needs so that its agent can make one call, with as long an answer as it may give. An estimate: only the
 * agent itself knows its message, which is here its input as JSON. Never more than the agent's own budget.
 */
export function oneCall(catalogue: Catalogue, agent: Delegate, input: unknown): Budget {
  const { budget, maxOutputTokens, outputSchema, system, tier, tools } = agent;
  const model = catalogue.tiers[tier];
  const text = JSON.stringify(input) ?? '';
  const messages = [{ role: 'user' as const, content: [{ type: 'text' as const, text }] }];
  const specs = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const bound = inputBound({ system, messages, tools: specs, outputSchema });
  const inputTokens = Math.ceil(bound / BYTES_PER_TOKEN);
  const outputTokens = Math.min(maxOutputTokens, modelEntry(catalogue, model).maxOutputTokens);
  const price = priceFor(catalogue, model, inputTokens);
  const usd = (inputTokens * Math.max(price.input, price.cacheWrite) + outputTokens * price.output) / 1e6;
  // Somewhat more, since a model that costs nothing needs a budget too.
  return {
    usd: Math.min(budget.usd, roundUsd(usd + 1e-6)),
    tokens: Math.min(budget.tokens, inputTokens + outputTokens),
  };
}
