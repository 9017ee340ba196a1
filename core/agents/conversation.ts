import type { Tier } from '../models/catalogue.ts';
import type { ContentPart, ModelMessage, ModelRequest } from '../ports/model.ts';
import type { Said } from '../sessions/turn.ts';
import type { ModelStep, Step, ToolStep } from '../tasks/step.ts';
import type { Agent, Prepared, Salvaged } from './define-agent.ts';

/** What comes next for a task whose steps so far are these. */
export type NextAction =
  | ModelCall
  | ToolCall
  | ({ readonly kind: 'finish' } & Salvaged)
  | { readonly kind: 'fail'; readonly problems: readonly string[] };

export interface ToolCall {
  readonly kind: 'call-tool';
  readonly toolUseId: string;
  readonly tool: string;
  readonly input: unknown;
  /** The model that asked for it. */
  readonly model: string;
}

export interface ModelCall {
  readonly kind: 'call-model';
  readonly messages: readonly ModelMessage[];
  /** The agent's own, or the one that the task was upgraded to. */
  readonly tier: Tier;
  /** Why this call is the first at a higher tier. */
  readonly upgrade?: string | undefined;
  /** The answer that stands if no budget has room for this call. */
  readonly otherwise: Salvaged | null;
  /** What is asked for instead of the agent's own answer, where the session is to be shortened. */
  readonly summary?: Pick<ModelRequest, 'system' | 'tools' | 'outputSchema' | 'maxTokens'>;
}

/** Times the model of each tier is asked to mend an answer. */
const REPAIRS = 1;

/** How far a conversation has come. */
type Stage = Pick<ModelCall, 'tier' | 'upgrade' | 'otherwise'> & { readonly repairs: number };

/**
 * The agent loop as a function of what happened so far: model ↔ tools until an answer fits the schema and passes the
 * agent's check, one repair, and one upgrade to a higher tier. Since it is derived from the finished steps alone, another
 * worker goes on exactly here.
 * @param history what was said in its session before
 */
export function nextAction(
  agent: Agent,
  prepared: Prepared<unknown>,
  steps: readonly Step[],
  history: readonly Said[] = [],
): NextAction {
  let messages: ModelMessage[] = [...history.flatMap(saidBefore), { role: 'user', content: prepared.content }];
  const results = new Map(steps.filter((step) => step.kind === 'tool').map((step) => [step.toolUseId, step]));
  let stage: Stage = { tier: agent.tier, repairs: 0, otherwise: null };
  for (const step of steps) {
    if (step.kind === 'tool' || step.isSummary) continue;
    messages.push({ role: 'assistant', content: step.content });
    if (step.stopReason === 'tool-use') {
      const next = toolResults(step, results);
      if ('kind' in next) return next;
      messages.push(next);
      // An earlier answer knows nothing of what the tools did since.
      stage = { tier: stage.tier, repairs: stage.repairs, otherwise: null };
      continue;
    }
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
  if (steps.length >= agent.maxSteps) return { kind: 'fail', problems: [`no answer within ${agent.maxSteps} steps`] };
  const { tier, upgrade, otherwise } = stage;
  return { kind: 'call-model', messages, tier, upgrade, otherwise };
}

function saidBefore({ user, assistant }: Said): ModelMessage[] {
  return [
    { role: 'user', content: [{ type: 'text', text: user }] },
    { role: 'assistant', content: [{ type: 'text', text: assistant }] },
  ];
}

/** The results of all tools a turn asked for, or the first one that has not run yet. */
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
  if (judgement.ok) return { kind: 'finish', output: judgement.output, warnings: [], unsure };
  return { kind: 'refused', problems: judgement.problems, salvaged: judgement.salvaged, unsure };
}

function settle(verdict: Extract<Verdict, { kind: 'refused' }>, otherwise: Salvaged | null): NextAction {
  const best = verdict.salvaged ?? otherwise;
  return best ? { kind: 'finish', ...best } : { kind: 'fail', problems: verdict.problems };
}

/** Why a higher tier is asked; null where the task stays at its own. A task is upgraded once. */
function whyUpgrade({ tier, upgradeTo }: Agent, stage: Stage, verdict: Verdict): string | null {
  if (upgradeTo === undefined || stage.tier !== tier) return null;
  if (verdict.unsure !== null) return verdict.unsure;
  return verdict.kind === 'refused' && stage.repairs >= REPAIRS ? 'its answer was refused twice' : null;
}

const bestOf = (verdict: Verdict): Salvaged | null =>
  verdict.kind === 'finish' ? { output: verdict.output, warnings: verdict.warnings } : verdict.salvaged;

/**
 * A model is not given what another one thought. A new turn of the user's own follows, and only in the tool loop
 * that is still going on does the API ask for the thinking back.
 */
const withoutThinking = ({ role, content }: ModelMessage): ModelMessage => ({
  role,
  content: content.filter(({ type }) => type !== 'thinking'),
});

function brokenAnswer(step: ModelStep): string {
  if (step.stopReason === 'max-tokens') return 'the answer was cut off at the output limit: answer more briefly';
  if (step.stopReason === 'refusal') return 'the model refused to answer';
  return 'the answer is not one JSON value';
}

function repairMessage(problems: readonly string[]): ModelMessage {
  const list = problems.map((problem) => `- ${problem}`).join('\n');
  const text = `Your answer was not accepted:\n${list}\nAnswer again in full, with these problems mended.`;
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** What the higher tier is told: it finds the whole conversation, with the answer that it is to do better. */
function upgradeMessage(upgrade: string, verdict: Verdict): ModelMessage {
  if (verdict.unsure === null && verdict.kind === 'refused') return repairMessage(verdict.problems);
  const problems = verdict.kind === 'refused' ? verdict.problems : [];
  const list = problems.map((problem) => `\n- ${problem}`).join('');
  const text = `This answer is not sure enough: ${upgrade}.${list}\nLook at the matter afresh and answer again in full.`;
  return { role: 'user', content: [{ type: 'text', text }] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
