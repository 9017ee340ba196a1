import { createHash } from 'node:crypto';
import { withServices, type Agent } from '#core/agents/define-agent.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';
import { strategist } from '../../agents/strategist.ts';
import { reportedClaimsSchema } from '../../claims/claim.ts';
import type { Company } from '../../companies/company.ts';
import type { CompanyMemory, NightRow } from '../../memory/memory.ts';
import type { Answered, Collected, NightPorts } from '../../night/ports.ts';
import { runNight, type NightOrder, type NightResult } from '../../night/run-night.ts';
import { DEFAULT_RUBRIC } from '../../score/rubric.ts';
import analystRule from '../../simulated-claude/analyst.rule.ts';
import strategistRule from '../../simulated-claude/strategist.rule.ts';
import { reportedMovesSchema } from '../../strategy/move.ts';

const NO_SERVICES = { collected: () => Promise.resolve([]), recall: () => Promise.resolve(null) };

export const company = (id: string, more: Partial<Company> = {}): Company => ({
  id,
  name: id,
  sector: 'Tools',
  ticker: null,
  website: `http://${id.toLowerCase()}.test/`,
  cik: null,
  ...more,
});

export const page = (id: string, text: string, more: Partial<Collected['documents'][number]> = {}) => ({
  id,
  url: `http://site.test/${id}`,
  title: `Page ${id}`,
  published: '2026-11-10',
  fetched: '2026-11-10T22:00:00Z',
  kind: 'news',
  changed: true,
  text,
  ...more,
});

/** Nights without a fleet: the agents' own prompts and checks, answered by the simulated Claude's rules. */
export class OfflineNights {
  readonly memory = new Map<string, CompanyMemory>();
  readonly rows: NightRow[] = [];
  /** What the agents read, in order. */
  readonly messages: string[] = [];
  /** What a scout finds, by company. */
  web: Readonly<Record<string, Collected>> = {};
  now = Date.parse('2026-11-10T22:00:00Z');

  readonly #replace: Partial<NightPorts>;

  constructor(replace: Partial<NightPorts> = {}) {
    this.#replace = replace;
  }

  run(companies: readonly Company[], order: Partial<NightOrder> = {}): Promise<NightResult> {
    return runNight(
      {
        night: '2026-11-10',
        companies,
        rubric: DEFAULT_RUBRIC,
        atOnce: 10,
        until: { companies: this.now + 3_600_000, strategy: this.now + 7_200_000 },
        maxPairs: 20,
        signal: new AbortController().signal,
        ...order,
      },
      { ...this.#ports(), ...this.#replace },
    );
  }

  #ports(): NightPorts {
    return {
      now: () => this.now,
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      collect: ({ id }) => Promise.resolve(this.web[id] ?? { documents: [], failures: [{ url: '', reason: 'dead' }] }),
      analyse: async (input) =>
        mapped(
          await this.#answer(withServices(companyAnalyst, NO_SERVICES), input, analystRule),
          (output) => reportedClaimsSchema.parse(output).claims,
        ),
      judge: async (input) =>
        mapped(
          await this.#answer(strategist, input, strategistRule),
          (output) => reportedMovesSchema.parse(output).moves,
        ),
      recall: (id) => Promise.resolve(this.memory.get(id) ?? null),
      remember: (memory, row) => {
        this.memory.set(memory.id, JSON.parse(JSON.stringify(memory)) as CompanyMemory);
        this.rows.push(row);
        return Promise.resolve();
      },
    };
  }

  async #answer(agent: Agent, input: object, rule: Rule): Promise<Answered<unknown>> {
    const artifacts = {} as Parameters<typeof agent.prepare>[1]['artifacts'];
    const { content, context } = await agent.prepare(input, { artifacts });
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    this.messages.push(text);
    const request = { text, schema: agent.outputSchema, followUp: null, fault: null };
    if (!rule.matches(request)) throw new Error(`No rule answers as ${agent.name}.`);
    const judged = agent.judge(rule.answer(request).json, context);
    if (!judged.ok) throw new Error(judged.problems.join('\n'));
    return { state: 'answered', output: judged.output, usd: 0.001, warnings: [] };
  }
}

interface Rule {
  matches(request: object): boolean;
  answer(request: object): { readonly json: unknown };
}

const mapped = <Output>(answered: Answered<unknown>, parse: (output: unknown) => Output): Answered<Output> =>
  answered.state === 'answered' ? { ...answered, output: parse(answered.output) } : answered;
