import { createHash } from 'node:crypto';
import { withServices, type Agent } from '#core/agents/define-agent.ts';
import type { Failure } from '#core/failures/failure.ts';
import type { Artifacts } from '#core/ports/artifacts.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import { pipelineEventSchema } from '#runtime/index.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { companyAnalyst } from '../../agents/company-analyst.ts';
import { strategist } from '../../agents/strategist.ts';
import { briefSchema, type Brief } from '../../brief/schema.ts';
import type { CompanyMemory } from '../../memory/memory.ts';
import { briefKey, briefOfRun, type BriefPorts } from '../../night/brief-of-run.ts';
import { collectedStore, type KeptDocument } from '../../night/collected.ts';
import type { NightItem } from '../../night/item.ts';
import { companiesOfRun } from '../../night/night-of-run.ts';
import type { FetchFailed } from '../../night/ports.ts';
import { TENANT } from '../../night/tenant-of-run.ts';
import { batchesOfRun } from '../../night/pairs-of-run.ts';
import analystRule from '../../simulated-claude/analyst.rule.ts';
import strategistRule from '../../simulated-claude/strategist.rule.ts';

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const BUCKET = 'snapshots';

export const item = (id: string, night: string, more: Partial<NightItem> = {}): NightItem => ({
  id,
  name: id,
  sector: 'Tools',
  ticker: null,
  website: `https://${id.toLowerCase()}.example/`,
  cik: null,
  night,
  space: 'web',
  ...more,
});

export const kept = (id: string, text: string, more: Partial<KeptDocument> = {}): KeptDocument => ({
  id,
  url: `https://site.example/${id}`,
  title: `Page ${id}`,
  published: '2026-11-10',
  fetched: '2026-11-10T22:00:00Z',
  kind: 'news',
  text,
  digest: digest(text),
  ...more,
});

/** What became of a company's tasks. */
export interface Fate {
  readonly documents?: readonly KeptDocument[];
  readonly failures?: readonly FetchFailed[];
  /** Why its scout or its analyst did not end well. */
  readonly scout?: string;
  readonly analyst?: string;
  /** Why its searcher did not end well. */
  readonly searcher?: Failure;
}

/** Runs of the pipeline without a fleet: the agents' own prompts and checks, the barrier and the aggregator. */
export class OfflineRuns {
  readonly artifacts: Artifacts = inMemoryArtifacts();
  /** Keys in the order in which they were written. */
  readonly written: string[] = [];
  /** What is remembered, by company and night. */
  readonly memory = new Map<string, CompanyMemory>();
  /** What the model was asked, in order. */
  readonly messages: string[] = [];
  readonly #tasks = new Map<TaskId, Task>();
  readonly #replace: Partial<BriefPorts>;

  constructor(replace: Partial<BriefPorts> = {}) {
    this.#replace = replace;
  }

  get ports(): BriefPorts {
    const { artifacts } = this;
    return {
      artifacts: {
        ...artifacts,
        put: async (ref, ...rest) => {
          this.written.push(ref.key);
          await artifacts.put(ref, ...rest);
        },
      },
      bucket: BUCKET,
      store: {
        getMany: (ids) => Promise.resolve(ids.flatMap((id) => this.#tasks.get(id) ?? [])),
        async *finishedInRun() {
          // No run is stopped here.
        },
      },
      collected: collectedStore(artifacts, BUCKET, TENANT),
      digest,
      now: () => Date.parse('2026-11-11T06:40:00Z'),
      recall: ({ id, night }) => {
        const nights = [...this.memory.keys()].filter((key) => key.startsWith(`${id} `) && key < `${id} ${night}`);
        return Promise.resolve(this.memory.get(nights.toSorted().at(-1) ?? '') ?? null);
      },
      remember: (_, memory, { id, night }) => {
        this.memory.set(`${id} ${night}`, JSON.parse(JSON.stringify(memory)) as CompanyMemory);
        return Promise.resolve();
      },
      deliver: () => Promise.resolve(),
      pdf: () => Promise.resolve(new Uint8Array()),
      simulatedModel: true,
      ...this.#replace,
    };
  }

  /** A whole run. @param judged whether strategists answer */
  async run(runId: string, companies: readonly (readonly [NightItem, Fate])[], judged = true): Promise<Brief> {
    const rows = await Promise.all(companies.map(([each, fate]) => this.#twoStages(runId, each, fate)));
    const items = companies.map(([each]) => each);
    const first = await this.#map(runId, 0, items, rows);
    const event = { run: this.#runOf(runId), input: {}, maps: [first], problem: null };
    const parsed = pipelineEventSchema.parse(event);
    const found = await companiesOfRun(this.ports, parsed);
    const batches = batchesOfRun(
      found.map(({ researched }) => researched),
      items[0]?.night ?? '',
      digest,
    );
    const strategies = await Promise.all(
      batches.map(async ({ id, input }) => {
        const task = await this.#task(`${runId}-${id}`, strategist, { id, ...input }, strategistRule, !judged);
        return judged
          ? { key: id, status: 'succeeded', stage: strategist.name, taskId: task, tasks: [task], reason: null }
          : { key: id, status: 'not-reached', stage: strategist.name, taskId: task, tasks: [], reason: 'throttled' };
      }),
    );
    const second = await this.#map(
      runId,
      1,
      batches.map(({ id, input }) => ({ id, ...input })),
      strategies,
    );
    return this.brief({ ...event, maps: [first, second] });
  }

  /** Calls the aggregator. */
  async brief(event: { readonly run: { readonly id: string }; readonly [field: string]: unknown }): Promise<Brief> {
    await briefOfRun(this.ports, pipelineEventSchema.parse(event));
    const bytes = await this.artifacts.get({ bucket: BUCKET, key: briefKey(event.run.id) });
    return briefSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  }

  /** A file of a run's brief. */
  async file(runId: string, name: string): Promise<string> {
    const key = `${briefKey(runId).slice(0, -'brief.json'.length)}${name}`;
    return new TextDecoder().decode(await this.artifacts.get({ bucket: BUCKET, key }));
  }

  #runOf(id: string) {
    return {
      id,
      tenant: TENANT,
      startedAt: Date.parse('2026-11-10T22:00:00Z'),
      deadline: Date.parse('2026-11-11T06:40:00Z'),
    };
  }

  async #twoStages(runId: string, each: NightItem, { documents = [], failures = [], ...fate }: Fate) {
    const row = (status: string, tasks: readonly TaskId[], reason: string | null) => ({
      key: each.id,
      status,
      stage: 'x',
      taskId: tasks.at(-1) ?? null,
      tasks,
      reason,
    });
    if (fate.scout !== undefined) return row('not-reached', [], fate.scout);
    const collected =
      documents.length === 0 ? null : await collectedStore(this.artifacts, BUCKET, TENANT).keep(each, documents);
    const output = { collected: collected ?? null, documents: documents.length, failures };
    const scouted = this.#put(
      `${runId}-${each.id}-scout`,
      'research-scout',
      { status: 'succeeded', output, warnings: [] },
      0,
    );
    if (fate.searcher !== undefined) {
      const state = { status: 'failed', failure: fate.searcher };
      const searched = this.#put(`${runId}-${each.id}-searcher`, 'research-searcher', state, 0);
      return { ...row('failed', [scouted, searched], fate.searcher.reason), stage: 'research-searcher' };
    }
    if (fate.analyst !== undefined) return row('failed', [scouted], fate.analyst);
    const agent = withServices(companyAnalyst, {
      recall: (_, of) => this.ports.recall(of),
      collected: (_, key) => this.ports.collected.read(key),
    });
    const read = await this.#task(`${runId}-${each.id}-analyst`, agent, { item: each, previous: output }, analystRule);
    return row('succeeded', [scouted, read], null);
  }

  async #task(name: string, agent: Agent, input: object, rule: Rule, fails = false): Promise<TaskId> {
    if (fails)
      return this.#put(name, agent.name, { status: 'failed', failure: { kind: 'throttled', reason: '429' } }, 0);
    const { content, context, answer } = await agent.prepare(input, { artifacts: this.artifacts, tenant: TENANT });
    if (answer) return this.#put(name, agent.name, { status: 'succeeded', ...answer }, 0);
    const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
    this.messages.push(text);
    const judged = agent.judge(
      rule.answer({ text, schema: agent.outputSchema, followUp: null, fault: null }).json,
      context,
    );
    if (!judged.ok) throw new Error(judged.problems.join('\n'));
    return this.#put(name, agent.name, { status: 'succeeded', output: judged.output, warnings: [] }, 0.001);
  }

  #put(name: string, agent: string, state: object, usd: number): TaskId {
    const id = `tsk_${digest(name).slice(0, 32)}` as TaskId;
    this.#tasks.set(id, { id, agent, state, spend: { usd, lost: { usd: 0 } } } as unknown as Task);
    return id;
  }

  /** Writes what a Distributed Map writes. */
  async #map(runId: string, part: number, items: readonly object[], rows: readonly object[]) {
    const put = (key: string, text: string) => this.artifacts.put({ bucket: BUCKET, key }, text, 'application/json');
    const [list, manifest, file] = ['items.jsonl', 'manifest.json', 'SUCCEEDED_0.json'].map(
      (name) => `runs/${runId}/${part}/${name}`,
    ) as [string, string, string];
    await put(list, items.map((each) => JSON.stringify(each)).join('\n'));
    await put(file, JSON.stringify([{ Status: 'SUCCEEDED', Output: JSON.stringify(rows) }]));
    await put(manifest, JSON.stringify({ DestinationBucket: BUCKET, ResultFiles: { SUCCEEDED: [{ Key: file }] } }));
    return { items: { bucket: BUCKET, key: list }, results: { Bucket: BUCKET, Key: manifest } };
  }
}

interface Rule {
  answer(request: object): { readonly json: unknown };
}
