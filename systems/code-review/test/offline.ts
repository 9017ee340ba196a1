import type { DiffedFile } from '../change/changed-file.ts';
import { kindOf } from '../change/kinds.ts';
import { limitsSchema, planReview } from '../change/plan.ts';
import { ordersOf } from '../agents/orders.ts';
import { logicReviewer, securityReviewer, styleReviewer, testsReviewer } from '../agents/specialists.ts';
import { reviewedPartSchema, type Specialist } from '../findings/finding.ts';
import { concludeReview, type Part, type Review } from '../findings/review.ts';
import { policySchema } from '../findings/verdict.ts';
import rule from '../simulated-claude/code-review.rule.ts';

const AGENTS = {
  security: securityReviewer,
  style: styleReviewer,
  logic: logicReviewer,
  tests: testsReviewer,
} as const;

export interface OfflineChange {
  readonly title?: string;
  readonly description?: string;
  readonly guidance?: string | null;
  readonly files: readonly DiffedFile[];
  readonly hasTests?: boolean;
  readonly contentAt?: (path: string) => string | undefined;
}

/** A whole review by the simulated Claude's rules, without a fleet: the same agents, checks and conclusion. */
export async function reviewOffline(change: OfflineChange): Promise<Review> {
  const { title = 'A change', description = '', guidance = null, files, hasTests = true } = change;
  const plan = planReview(files, limitsSchema.parse({}), change.contentAt);
  const testsChanged = files.map(({ path }) => path).filter((path) => kindOf(path) === 'test');
  const overview = { files: files.length, testsChanged, hasTests };
  const orders = ordersOf(plan.units);
  const parts = orders.map(async ({ agent, unit }): Promise<Part> => {
    const output = await answer(agent, { title, description, guidance, overview, files: unit });
    return { agent, unit, output: reviewedPartSchema.parse(output) };
  });
  return concludeReview(plan, await Promise.all(parts), policySchema.parse({}));
}

async function answer(specialist: Specialist, input: object): Promise<unknown> {
  const agent = AGENTS[specialist];
  const artifacts = {} as Parameters<typeof agent.prepare>[1]['artifacts'];
  const { content, context } = await agent.prepare(input, { artifacts });
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n');
  const request = { system: agent.system, text, schema: agent.outputSchema, followUp: null, fault: null };
  if (!rule.matches(request)) throw new Error(`No rule answers as ${agent.name}.`);
  const judged = agent.judge(rule.answer(request).json, context);
  if (!judged.ok) throw new Error(judged.problems.join('\n'));
  return judged.output;
}
