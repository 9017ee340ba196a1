import type { DiffedFile } from '../change/changed-file.ts';
import { kindOf } from '../change/kinds.ts';
import { limitsSchema, planReview } from '../change/plan.ts';
import { ordersOf } from '../agents/orders.ts';
import { logicReviewer, securityReviewer, styleReviewer, testsReviewer } from '../agents/specialists.ts';
import { reviewedPartSchema, type Specialist } from '../findings/finding.ts';
import { readBefore } from '../findings/carry-forward.ts';
import { recordOf } from '../findings/record-review.ts';
import { readReviewRecord, rulesDigest, type ReviewRecord } from '../findings/review-record.ts';
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
export const reviewOffline = async (change: OfflineChange): Promise<Review> => (await reviewAgain(change, null)).review;

/** A review after another one of the same pull request, with the record for the next one. */
export async function reviewAgain(
  change: OfflineChange,
  earlier: ReviewRecord | null,
): Promise<{ readonly review: Review; readonly read: readonly string[]; readonly record: ReviewRecord | null }> {
  const { title = 'A change', description = '', guidance = null, files, hasTests = true } = change;
  const policy = policySchema.parse({});
  const rules = rulesDigest({ policy, agents: {}, guidance });
  const plan = planReview(files, limitsSchema.parse({}), change.contentAt, readBefore(earlier, rules));
  const testsChanged = files.map(({ path }) => path).filter((path) => kindOf(path) === 'test');
  const overview = { files: files.length, testsChanged, hasTests };
  const orders = ordersOf(plan.units);
  const parts = orders.map(async ({ agent, unit }): Promise<Part> => {
    const output = await answer(agent, { title, description, guidance, overview, files: unit });
    return { agent, unit, output: reviewedPartSchema.parse(output) };
  });
  const review = concludeReview(plan, await Promise.all(parts), policy, null, earlier);
  const record = recordOf(review, plan, { head: '0'.repeat(40), rules });
  return {
    review,
    read: plan.files.map(({ path }) => path),
    record: readReviewRecord(JSON.parse(JSON.stringify(record))),
  };
}

async function answer(specialist: Specialist, input: object): Promise<unknown> {
  const agent = AGENTS[specialist];
  const artifacts = {} as Parameters<typeof agent.prepare>[1]['artifacts'];
  const { content, context } = await agent.prepare(input, { artifacts, tenant: 'acme' });
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('\n\n');
  const request = { text, schema: agent.outputSchema, followUp: null, fault: null };
  if (!rule.matches(request)) throw new Error(`No rule answers as ${agent.name}.`);
  const judged = agent.judge(rule.answer(request).json, context);
  if (!judged.ok) throw new Error(judged.problems.join('\n'));
  return judged.output;
}
