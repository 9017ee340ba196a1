import type { ContentPart, ModelMessage } from '../ports/model.ts';
import type { Said } from '../sessions/turn.ts';
import type { ModelStep, Step, ToolStep } from '../tasks/step.ts';
import type { Agent, Prepared, Salvaged } from './define-agent.ts';

/** What comes next for a task whose steps so far are these. */
export type NextAction =
  | { readonly kind: 'call-model'; readonly messages: readonly ModelMessage[] }
  | { readonly kind: 'call-tool'; readonly toolUseId: string; readonly tool: string; readonly input: unknown }
  | ({ readonly kind: 'finish' } & Salvaged)
  | { readonly kind: 'fail'; readonly problems: readonly string[] };

/** Times the model is asked to mend an answer. */
const REPAIRS = 1;

/**
 * The agent loop as a function of what happened so far: model ↔ tools until an answer fits the schema and passes the
 * agent's check, one repair. Since it is derived from the finished steps alone, another worker goes on exactly here.
 * @param history what was said in its session before
 */
export function nextAction(
  agent: Agent,
  prepared: Prepared<unknown>,
  steps: readonly Step[],
  history: readonly Said[] = [],
): NextAction {
  const messages: ModelMessage[] = [...history.flatMap(saidBefore), { role: 'user', content: prepared.content }];
  const results = new Map(steps.filter((step) => step.kind === 'tool').map((step) => [step.toolUseId, step]));
  let repairs = 0;
  for (const step of steps) {
    if (step.kind === 'tool') continue;
    messages.push({ role: 'assistant', content: step.content });
    if (step.stopReason === 'tool-use') {
      const turn = toolTurn(step, results);
      if ('kind' in turn) return turn;
      messages.push(turn);
      continue;
    }
    const verdict = judgeAnswer(agent, prepared, step);
    if (verdict.kind === 'finish') return verdict;
    if (repairs >= REPAIRS) return settle(verdict);
    repairs += 1;
    messages.push(repairTurn(verdict.problems));
  }
  if (steps.length >= agent.maxSteps) return { kind: 'fail', problems: [`no answer within ${agent.maxSteps} steps`] };
  return { kind: 'call-model', messages };
}

function saidBefore({ user, assistant }: Said): ModelMessage[] {
  return [
    { role: 'user', content: [{ type: 'text', text: user }] },
    { role: 'assistant', content: [{ type: 'text', text: assistant }] },
  ];
}

/** The results of all tools a turn asked for, or the first one that has not run yet. */
function toolTurn(step: ModelStep, results: ReadonlyMap<string, ToolStep>): ModelMessage | NextAction {
  const content: ContentPart[] = [];
  for (const part of step.content) {
    if (part.type !== 'tool-use') continue;
    const result = results.get(part.id);
    if (!result) return { kind: 'call-tool', toolUseId: part.id, tool: part.name, input: part.input };
    content.push({ type: 'tool-result', toolUseId: part.id, content: result.content, isError: result.isError });
  }
  return { role: 'user', content };
}

type Verdict =
  | ({ readonly kind: 'finish' } & Salvaged)
  | { readonly kind: 'refused'; readonly problems: readonly string[]; readonly salvaged: Salvaged | null };

function judgeAnswer(agent: Agent, prepared: Prepared<unknown>, step: ModelStep): Verdict {
  const text = step.content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const answer = parseJson(text);
  if (answer === undefined) return { kind: 'refused', problems: [brokenAnswer(step)], salvaged: null };
  const judgement = agent.judge(answer, prepared.context);
  if (judgement.ok) return { kind: 'finish', output: judgement.output, warnings: [] };
  return { kind: 'refused', problems: judgement.problems, salvaged: judgement.salvaged };
}

function settle(verdict: Extract<Verdict, { kind: 'refused' }>): NextAction {
  return verdict.salvaged ? { kind: 'finish', ...verdict.salvaged } : { kind: 'fail', problems: verdict.problems };
}

function brokenAnswer(step: ModelStep): string {
  if (step.stopReason === 'max-tokens') return 'the answer was cut off at the output limit: answer more briefly';
  if (step.stopReason === 'refusal') return 'the model refused to answer';
  return 'the answer is not one JSON value';
}

function repairTurn(problems: readonly string[]): ModelMessage {
  const list = problems.map((problem) => `- ${problem}`).join('\n');
  const text = `Your answer was not accepted:\n${list}\nAnswer again in full, with these problems mended.`;
  return { role: 'user', content: [{ type: 'text', text }] };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
