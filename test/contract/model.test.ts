import { afterAll, beforeAll, describe } from 'vitest';
import { anthropicModel } from '../../adapters/anthropic-model.ts';
import { startSimulatedClaude, type SimulatedClaude } from '../../local/claude/index.ts';
import { scriptedModel, type Line } from '../support/fakes/scripted-model.ts';
import { ANSWER, LOOKUP_INPUT, modelContract, type Fate } from './model.contract.ts';

describe('scripted model', () => {
  const FAILURES: Readonly<Record<Fate, Line>> = {
    429: { failure: { kind: 'throttled', reason: 'rate limit', retryAfterMs: 1_000 } },
    529: { failure: { kind: 'throttled', reason: 'overloaded' } },
    500: { failure: { kind: 'transient', reason: 'server error' } },
    disconnect: { failure: { kind: 'transient', reason: 'broken connection' } },
  };
  const toolUse = { type: 'tool-use', id: 'toolu_1', name: 'lookup', input: LOOKUP_INPUT } as const;
  const speak: Line = ({ tools, messages }) =>
    tools.length > 0 && messages.length === 1
      ? { answer: { content: [toolUse], stopReason: 'tool-use' } }
      : { json: ANSWER };

  modelContract(async ([fate] = []) => {
    const model = scriptedModel(fate === undefined ? [speak] : [FAILURES[fate], speak]);
    return { model, calls: async () => model.requests.length };
  });
});

describe.each([
  { name: 'Claude over the Messages API', thinkingTokens: 0 },
  // A turn that calls a tool is refused when it comes back without its thinking.
  { name: 'Claude that thinks', thinkingTokens: 50 },
])('$name', ({ thinkingTokens }) => {
  let healthy: SimulatedClaude;
  const started: SimulatedClaude[] = [];
  const start = async (script: readonly Fate[]): Promise<SimulatedClaude> => {
    const rules = [new URL('./model-rule.ts', import.meta.url).pathname];
    const claude = await startSimulatedClaude({ rules, thinkingTokens, faults: { script: [...script] } });
    started.push(claude);
    return claude;
  };
  beforeAll(async () => {
    healthy = await start([]);
  });
  afterAll(() => Promise.all(started.map((claude) => claude.close())));

  modelContract(async (fates = []) => {
    const claude = fates.length === 0 ? healthy : await start(fates);
    const before = (await claude.stats()).requests;
    return {
      model: anthropicModel({ apiKey: 'simulated', baseURL: claude.url }),
      calls: async () => (await claude.stats()).requests - before,
    };
  });
});
