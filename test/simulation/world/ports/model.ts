import type { Catalogue } from '#core/models/catalogue.ts';
import type { Usage } from '#core/models/price.ts';
import type { ContentPart, Model, ModelAnswer, ModelRequest, RateLimits } from '#core/ports/model.ts';
import type { Failure } from '#core/failures/failure.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import { RateLimiter } from '@agent-fleet/simulated-claude';
import type { Actor } from '../actor.ts';
import { DEEP_MODEL, type TreesPlan } from '../areas/area.ts';
import type { Chance } from '../chance.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Core } from '../core.ts';
import type { Surroundings } from '../surroundings.ts';

const MODEL = 'simulated';
const price = (input: number, output: number) => ({ input, output, cacheRead: input / 10, cacheWrite: input * 1.25 });

const entry = (input: number, output: number) => ({
  price: price(input, output),
  longPrompt: { above: 2_000, price: price(2 * input, 2 * output) },
  batchShare: 0.5,
  maxOutputTokens: 4_096,
});

/** Prices in US dollars per million tokens. Prompts above 2,000 tokens cost double, entries of a batch half. */
export const CATALOGUE: Catalogue = {
  asOf: '2026-11-23',
  models: { [MODEL]: entry(1, 5), [DEEP_MODEL]: entry(2, 10) },
  search: { usd: 0.01, inputTokens: 500 },
  tiers: { fast: MODEL, balanced: MODEL, deep: DEEP_MODEL },
};

/** What an answer depends on. */
type AnswerRequest = Omit<ModelRequest, 'timeoutMs' | 'stepId' | 'signal'>;

/** Whether a call puts the oldest turns of a session in short. */
const asksForSummary = ({ outputSchema }: AnswerRequest): boolean => JSON.stringify(outputSchema).includes('"summary"');

/** What the caller knew when it made the call. */
interface Known {
  readonly reserved: number | null;
  readonly knewOfCancel: boolean;
}

/** How a call ends: its duration, and an answer or a failure. */
interface Verdict {
  readonly ms: number;
  readonly result: ModelAnswer | Failure;
}

/**
 * The provider: answers, throttles, fails, hangs, and bills. A call is billed when it arrives, whatever happens to the
 * answer. Only rejected calls are free.
 */
export class SimulatedProvider {
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #core: Core;
  readonly #limiter: RateLimiter;
  #requests = 0;

  constructor(world: Surroundings, judge: Judge, core: Core) {
    this.#world = world;
    this.#judge = judge;
    this.#core = core;
    const { plan, scheduler } = world;
    this.#limiter = new RateLimiter({ requestsPerMinute: plan.requestsPerMinute }, () => scheduler.now);
  }

  /** The provider as one actor reaches it. */
  model(actor: Actor): Model {
    return {
      invoke: async (request) => {
        request.signal?.throwIfAborted();
        const known = { reserved: this.#judge.reservedBy(request.stepId, actor), knewOfCancel: actor.sawCancel };
        const verdict = await actor.call('model.invoke', () => this.#receive(actor, request, known));
        await this.#wait(actor, request, Math.min(verdict.ms, request.timeoutMs));
        if (verdict.ms >= request.timeoutMs)
          this.#fail(actor, request, { kind: 'transient', reason: 'simulated timeout' });
        if ('kind' in verdict.result) this.#fail(actor, request, verdict.result);
        return verdict.result;
      },
      countTokens: async (request) => {
        request.signal?.throwIfAborted();
        const refusal = await actor.call('model.count', () => this.#throttle());
        if (refusal) this.#fail(actor, request, refusal);
        actor.counted = this.#inputTokens(request);
        return actor.counted;
      },
    };
  }

  #receive(actor: Actor, request: ModelRequest, known: Known): Verdict {
    const { trace } = this.#world;
    const [id, index] = placeOf(request);
    const leftMs = actor.endsAt === null ? Infinity : actor.endsAt - this.#world.scheduler.now;
    const { messages, timeoutMs } = request;
    const isSummary = asksForSummary(request);
    const call = { id, index, by: actor, messages, isSummary, timeoutMs, leftMs, ...known };
    const failure = this.#throttle() ?? this.#overLimit() ?? this.#refusal();
    if (failure) {
      trace.add(actor.name, 'model.invoke', () => `step ${index}: ${failure.kind}, ${failure.reason}`);
      this.#judge.modelCalled({ ...call, bill: null });
      return { ms: 100, result: failure };
    }
    const { chance, plan, faulty } = this.#world;
    const answer = this.#answer(request);
    const bill = { requestId: answer.requestId, usage: answer.usage, usd: billOf(request.model, answer.usage) };
    const hangs = faulty && chance.hits(plan.model.hanging);
    const breaks = faulty && chance.hits(plan.model.transient / 2);
    trace.add(
      actor.name,
      'model.invoke',
      () =>
        `step ${index}: bills ${tokensOf(answer.usage)} tokens, $${bill.usd.toFixed(6)}; ${hangs ? 'hangs' : breaks ? 'breaks off' : sayAnswer(answer)}`,
    );
    this.#judge.modelCalled({ ...call, bill });
    if (hangs) return { ms: Infinity, result: answer };
    const ms = chance.next() * (faulty ? plan.model.slowestMs : 2_000);
    return { ms, result: breaks ? { kind: 'transient', reason: 'simulated broken connection' } : answer };
  }

  /** The answer to an entry of a batch, at half the price. */
  answerInBatch(request: AnswerRequest): { readonly answer: ModelAnswer; readonly usd: number } {
    const answer = this.#answer(request);
    return { answer, usd: billOf(request.model, answer.usage) / 2 };
  }

  #throttle(): Failure | null {
    const { scheduler, plan, faulty, chance } = this.#world;
    const { throttled, retryAfterMs } = plan.model;
    if (!faulty || !throttled.some(({ from, to }) => scheduler.now >= from && scheduler.now < to)) return null;
    const silent = retryAfterMs === null || chance.hits(0.1);
    const asked = silent ? {} : { retryAfterMs: chance.between(Math.floor(retryAfterMs / 4), retryAfterMs) };
    return { kind: 'throttled', reason: 'simulated 429', ...asked };
  }

  #overLimit(): Failure | null {
    const taken = this.#limiter.take(MODEL, 0);
    if (taken.ok) return null;
    return { kind: 'throttled', reason: 'simulated limit', retryAfterMs: taken.retryAfterSeconds * 1_000 };
  }

  /** What it tells of its limit with an answer, or as it throttles. */
  #told(): RateLimits {
    const headers = this.#limiter.headers(MODEL);
    const limit = headers['anthropic-ratelimit-requests-limit'];
    const remaining = headers['anthropic-ratelimit-requests-remaining'];
    return limit === undefined ? {} : { requests: { limit: Number(limit), remaining: Number(remaining) } };
  }

  #refusal(): Failure | null {
    const { plan, faulty, chance } = this.#world;
    if (!faulty) return null;
    if (chance.hits(plan.model.permanent)) return { kind: 'permanent', reason: 'simulated 400' };
    if (!chance.hits(plan.model.transient / 2)) return null;
    return { kind: 'transient', reason: 'simulated 500', ...(chance.hits(0.5) ? { notBilled: true } : {}) };
  }

  #answer(request: AnswerRequest): ModelAnswer {
    const { chance, plan, faulty } = this.#world;
    const number = (this.#requests += 1);
    const input = this.#inputTokens(request);
    const output = chance.hits(0.3) ? request.maxTokens : chance.between(1, request.maxTokens);
    const cached = Math.floor(chance.next() * (input + 1));
    const usage = chance.hits(0.5)
      ? { input: input - cached, output, cacheRead: 0, cacheWrite: cached }
      : { input: 0, output, cacheRead: input - cached, cacheWrite: cached };
    const turns = request.messages.filter(({ content }) => content.some(({ type }) => type === 'tool-use')).length;
    const usesTools = turns < plan.model.toolTurns && !asksForSummary(request) && chance.hits(0.8);
    const broken = !usesTools && faulty && chance.hits(plan.model.invalid);
    const said = asksForSummary(request) ? `{"summary":"s${number}"}` : `{"sum":${number}}`;
    const { trees } = plan.area ?? {};
    const delegates = usesTools && trees && request.tools.some(({ name }) => name === 'delegate') && chance.hits(0.8);
    const content = delegates
      ? delegation(number, request, trees, chance)
      : usesTools
        ? toolUses(number, chance.between(1, 2))
        : [{ type: 'text' as const, text: broken ? brokenText(number) : said }];
    const stopReason = usesTools ? 'tool-use' : broken && number % 3 === 0 ? 'max-tokens' : 'end';
    return { content, stopReason, usage, model: request.model, requestId: `req_${number}`, rateLimits: this.#told() };
  }

  /** The tokens billed for the request: at most one per byte, plus the overhead that the bound includes. */
  #inputTokens({ system, messages, tools, outputSchema }: AnswerRequest): number {
    const parts = messages.flatMap(({ content }) => content.map((part) => JSON.stringify(part).length));
    const bytes =
      system.length + JSON.stringify([tools, outputSchema]).length + parts.reduce((sum, part) => sum + part, 0);
    return Math.ceil(bytes * this.#world.plan.model.tokensPerByte) + 1_000 * this.#world.plan.model.tokensPerByte;
  }

  /** Waits for the answer. Aborting ends the wait, but the call is still billed. */
  #wait(actor: Actor, { signal }: ModelRequest, ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal?.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      actor.machine.after(ms, resolve);
    });
  }

  /** Throws a failure to the caller and records it. */
  #fail(actor: Actor, request: ModelRequest, failure: Failure): never {
    const [id, index] = placeOf(request);
    this.#judge.callFailed(id, index, actor);
    if (failure.kind === 'throttled') actor.throttledUntil = actor.clock.now() + (failure.retryAfterMs ?? 0);
    else this.#judge.failed(id, actor);
    if (failure.kind === 'permanent') actor.sawPermanent = true;
    throw new this.#core.FailureError(failure, { rateLimits: this.#told() });
  }
}

function placeOf({ stepId }: ModelRequest): [TaskId, number] {
  const at = stepId.lastIndexOf('/');
  return [stepId.slice(0, at) as TaskId, Number(stepId.slice(at + 1))];
}

function toolUses(number: number, count: number): ContentPart[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'tool-use',
    id: `use_${number}_${index}`,
    name: 'book',
    input: { amount: number * 10 + index },
  }));
}

/** Delegates to agents that it reads of in the tool's description, or now and then to one that does not exist. */
function delegation(number: number, { tools }: AnswerRequest, plan: TreesPlan, chance: Chance): ContentPart[] {
  const { description = '' } = tools.find(({ name }) => name === 'delegate') ?? {};
  const known = [...description.matchAll(/^- (\S+):/gm)].map(([, name = '']) => name);
  const count = chance.between(1, plan.most);
  const tasks = Array.from({ length: count }, (_, index) => ({
    to: known[chance.between(0, known.length - 1)],
    input: { part: index },
  }));
  const wrong = chance.hits(plan.wrong) ? [{ to: 'nobody', input: {} }] : [];
  const enough = chance.hits(plan.enough) ? { enough: chance.between(1, count) } : {};
  return [
    { type: 'tool-use', id: `use_${number}`, name: 'delegate', input: { tasks: [...tasks, ...wrong], ...enough } },
  ];
}

const brokenText = (number: number): string => (number % 2 === 0 ? `{"sum": "${number}"}` : `the sum is ${number}`);

const sayAnswer = ({ stopReason, content }: ModelAnswer): string =>
  stopReason === 'tool-use'
    ? `asks for ${content.length} tools`
    : content.map((part) => (part.type === 'text' ? part.text : '')).join('');

const tokensOf = ({ input, output, cacheRead, cacheWrite }: Usage): number => input + output + cacheRead + cacheWrite;

/** The provider's own arithmetic, independent of the core's. */
function billOf(model: string, { input, output, cacheRead, cacheWrite }: Usage): number {
  const factor = (input + cacheRead + cacheWrite > 2_000 ? 2 : 1) * (model === DEEP_MODEL ? 2 : 1);
  return (factor * (input + 5 * output + 0.1 * cacheRead + 1.25 * cacheWrite)) / 1e6;
}
