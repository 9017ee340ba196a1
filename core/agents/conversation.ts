import type { Failure } from '../failures/failure.ts';
import type { Tier } from '../models/catalogue.ts';
import type { ContentPart, ModelMessage, ModelRequest } from '../ports/model.ts';
import type { Said } from '../sessions/turn.ts';
import type { ModelStep, Step, ToolStep } from '../tasks/step.ts';
import type { Agent, Prepared, Salvaged } from './define-agent.ts';

/** What a task does next. */
export type NextAction =
  | ModelCall
  | ToolCall
  | ({ readonly kind: 'finish' } & Salvaged)
  | { readonly kind: 'fail'; readonly failure: Failure };

export interface ToolCall {
  readonly kind: 'call-tool';
  readonly toolUseId: string;
  readonly tool: string;
  readonly input: unknown;
  /** The model that requested the call. */
  readonly model: string;
}

export interface ModelCall {
  readonly kind: 'call-model';
  readonly messages: readonly ModelMessage[];
  /** The agent's own tier, or the one that the task was upgraded to. */
  readonly tier: Tier;
  /** Why the task was upgraded; set on the first call at the higher tier. */
  readonly upgrade?: string | undefined;
  /** Web searches that the task made so far. */
  readonly searched: number;
  /** The answer to use if no budget has room for this call. */
  readonly otherwise: Salvaged | null;
  /** Replaces parts of the request when the call summarises the session. */
  readonly summary?: Pick<ModelRequest, 'system' | 'tools' | 'outputSchema' | 'maxTokens'>;
}

/** Times the model of each tier is asked to fix an answer. */
const REPAIRS = 1;

/** How far a conversation has got. */
type Stage = Pick<ModelCall, 'tier' | 'upgrade' | 'otherwise'> & { readonly repairs: number };

/**
 * Returns the next action of the agent loop: model and tools alternate until an answer fits the schema and passes the
 * agent's check, with one repair and one upgrade to a higher tier. The action follows from the finished steps alone, so
 * another worker continues at exactly this point. An answer by code ends the task at once.
 * @param history earlier turns of the session
 */
export function nextAction(
  agent: Agent,
  prepared: Prepared<unknown>,
  steps: readonly Step[],
  history: readonly Said[] = [],
): NextAction {
  if (prepared.answer) return { kind: 'finish', ...prepared.answer };
  let messages: ModelMessage[] = [...history.flatMap(saidBefore), { role: 'user', content: prepared.content }];
  const results = new Map(steps.filter((step) => step.kind === 'tool').map((step) => [step.toolUseId, step]));
  let searched = 0;
  let stage: Stage = { tier: agent.tier, repairs: 0, otherwise: null };
  for (const step of steps) {
    if (step.kind === 'tool' || step.isSummary) continue;
    searched += step.usage.searches ?? 0;
    if (step.stopReason === 'paused') {
      say(messages, { role: 'assistant', content: step.content });
      continue;
    }
    if (step.stopReason === 'tool-use' && step.content.some(isToolUse)) {
      const next = toolResults(step, results);
      if ('kind' in next) return steps.length < agent.maxSteps ? next : tooManySteps(agent, stage);
      say(messages, { role: 'assistant', content: step.content });
      messages.push(next);
      // An earlier answer does not include what the tools did since.
      stage = { tier: stage.tier, repairs: stage.repairs, otherwise: null };
      continue;
    }
    if (step.stopReason === 'refusal') return refusedToAnswer(stage);
    say(messages, withoutCalls(step));
    const verdict = judgeAnswer(agent, prepared, step);
    const upgrade = whyUpgrade(agent, stage, verdict);
    if (upgrade !== null && agent.upgradeTo) {
      stage = { tier: agent.upgradeTo, upgrade, repairs: 0, otherwise: bestOf(verdict) };
      messages = [...messages.map(withoutThinking), upgradeMessage(upgrade, verdict)];
      continue;
    }
    if (verdict.kind === 'finish') return { kind: 'finish', output: verdict.output, warnings: verdict.warnings };
    if (stage.repairs >= REPAIRS) return settle(verdict, stage.otherwise);
    stage = { ...stage, upgrade: undefined, repairs: stage.repairs + 1 };
    messages.push(repairMessage(verdict.problems));
  }
  if (steps.length >= agent.maxSteps) return tooManySteps(agent, stage);
  const { tier, upgrade, otherwise } = stage;
  return { kind: 'call-model', messages, tier, upgrade, otherwise, searched };
}

/** Adds what was said. A turn that went on after a pause is one turn. */
function say(messages: ModelMessage[], message: ModelMessage): void {
  const last = messages.at(-1);
  if (last?.role !== 'assistant') messages.push(message);
  else messages.splice(-1, 1, { role: 'assistant', content: [...last.content, ...message.content] });
}

function saidBefore({ user, assistant }: Said): ModelMessage[] {
  return [
    { role: 'user', content: [{ type: 'text', text: user }] },
    { role: 'assistant', content: [{ type: 'text', text: assistant }] },
  ];
}

const isToolUse = ({ type }: ContentPart): boolean => type === 'tool-use';

/**
 * An answer without its tool calls. A call that was cut off never runs, and the API rejects a call without its result.
 */
const withoutCalls = ({ content }: ModelStep): ModelMessage => ({
  role: 'assistant',
  content: content.filter((part) => !isToolUse(part)),
});

/** The results of all tools that the model requested, or the first call that has not run yet. */
function toolResults(step: ModelStep, results: ReadonlyMap<string, ToolStep>): ModelMessage | NextAction {
  const content: ContentPart[] = [];
  for (const part of step.content) {
    if (part.type !== 'tool-use') continue;
    const result = results.get(part.id);
    if (!result)
      return { kind: 'call-tool', toolUseId: part.id, tool: part.name, input: part.input, model: step.model };
    content.push({ type: 'tool-result', toolUseId: part.id, content: result.content, isError: result.isError });
  }
  return { role: 'user', content };
}

type Verdict = { readonly unsure: string | null } & (
  | ({ readonly kind: 'finish' } & Salvaged)
  | { readonly kind: 'refused'; readonly problems: readonly string[]; readonly salvaged: Salvaged | null }
);

function judgeAnswer(agent: Agent, prepared: Prepared<unknown>, step: ModelStep): Verdict {
  const text = step.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const answer = parseJson(text);
  if (answer === undefined) return { kind: 'refused', problems: [brokenAnswer(step)], salvaged: null, unsure: null };
  const judgement = agent.judge(answer, prepared.context);
  const { unsure } = judgement;
  if (judgement.ok) return { kind: 'finish', output: judgement.output, warnings: judgement.warnings ?? [], unsure };
  return { kind: 'refused', problems: judgement.problems, salvaged: judgement.salvaged, unsure };
}

function settle(verdict: Extract<Verdict, { kind: 'refused' }>, otherwise: Salvaged | null): NextAction {
  const best = verdict.salvaged ?? otherwise;
  if (best) return { kind: 'finish', ...best };
  const reason = `The model's answer was rejected twice: ${verdict.problems.slice(0, 3).join('; ')}`;
  return { kind: 'fail', failure: { kind: 'invalid-output', reason } };
}

/** Asking again would be refused again, and paid again. */
function refusedToAnswer({ otherwise }: Stage): NextAction {
  const reason = 'The model refused to answer. Change the input or the instructions, then submit the task again.';
  return otherwise ? { kind: 'finish', ...otherwise } : { kind: 'fail', failure: { kind: 'permanent', reason } };
}

function tooManySteps({ maxSteps }: Agent, { otherwise, tier }: Stage): NextAction {
  if (otherwise) {
    const warning = `The limit of ${maxSteps} steps had no room for a call of the ${tier} tier.`;
    return { kind: 'finish', ...otherwise, warnings: [...otherwise.warnings, warning] };
  }
  const reason = `The task made ${maxSteps} model and tool calls, the agent's maxSteps, without an answer. Raise maxSteps, or split the task.`;
  return { kind: 'fail', failure: { kind: 'permanent', reason } };
}

/** Why the task is upgraded; null if it stays at its tier. A task is upgraded at most once. */
function whyUpgrade({ tier, upgradeTo }: Agent, stage: Stage, verdict: Verdict): string | null {
  if (upgradeTo === undefined || stage.tier !== tier) return null;
  if (verdict.unsure !== null) return verdict.unsure;
  return verdict.kind === 'refused' && stage.repairs >= REPAIRS ? 'its answer was rejected twice' : null;
}

const bestOf = (verdict: Verdict): Salvaged | null =>
  verdict.kind === 'finish' ? { output: verdict.output, warnings: verdict.warnings } : verdict.salvaged;

/**
 * Removes thinking and searches, because a model is not shown another model's. A new user message follows, and the API requires
 * thinking only within the current tool loop.
 */
const withoutThinking = ({ role, content }: ModelMessage): ModelMessage => ({
  role,
  content: content.filter(({ type }) => type !== 'thinking' && type !== 'search'),
});

function brokenAnswer(step: ModelStep): string {
  if (step.stopReason === 'max-tokens') {
    const what = step.content.some(isToolUse) ? 'tool call' : 'answer';
    return `the ${what} was cut off at the output limit: answer more briefly`;
  }
  if (step.content.some(isToolUse)) return 'the answer ended in a tool call that was not complete';
  return 'the answer is not one JSON value';
}

function repairMessage(problems: readonly string[]): ModelMessage {
  const list = problems.map((problem) => `- ${problem}`).join('\n');
  const text = `Your answer was rejected:\n${list}\nAnswer again in full, with these problems fixed.`;
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** The message to the higher tier, which sees the whole conversation and the answer to improve. */
function upgradeMessage(upgrade: string, verdict: Verdict): ModelMessage {
  if (verdict.unsure === null && verdict.kind === 'refused') return repairMessage(verdict.problems);
  const problems = verdict.kind === 'refused' ? verdict.problems : [];
  const list = problems.map((problem) => `\n- ${problem}`).join('');
  const text = `This answer is not certain enough: ${upgrade}.${list}\nReview the task from the start and answer again in full.`;
  return { role: 'user', content: [{ type: 'text', text }] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
