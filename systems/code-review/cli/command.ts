import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { apiContext } from '#cli/api/api-command.ts';
import { dollars } from '#cli/terminal/format.ts';
import { interruptible } from '#cli/interruption.ts';
import { makeFolder } from '#cli/make-folder.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { aboutChange } from '../change/about-change.ts';
import { estimateUsd } from '../change/estimate.ts';
import { limitsSchema, planReview, type Plan } from '../change/plan.ts';
import { concludeReview, type Review } from '../findings/review.ts';
import { policySchema } from '../findings/verdict.ts';
import { reviewHtml } from '../report/html/page.ts';
import { reviewJson, type ReviewFacts } from '../report/review-json.ts';
import { reviewSarif } from '../report/sarif.ts';
import { requireWithin } from './require-within.ts';
import { readRange, type LocalChange } from './git/read-range.ts';
import type { ReviewOptions } from './options.ts';
import { postingOf, postReview, type Posting, type Reviewed as Posted } from './post-review.ts';
import { printReview } from './print-review.ts';
import { runReview, type RanReview } from './run-review.ts';

/** Runs its argument while a fleet runs on this machine, or with the one that the options name. */
type WithFleet = (act: () => Promise<void>) => Promise<void>;

/**
 * `fleet review`, without the exit code of its verdict. The range is read before a fleet starts, so that a wrong option
 * costs no time.
 * @param raw the options for the API
 */
export async function reviewCommand(options: ReviewOptions, raw: object, withFleet: WithFleet): Promise<Review> {
  const posting = postingOf(options);
  const range = { repository: options.repo, base: options.base, head: options.head };
  const change = await interruptible(async (signal) => readRange(range, signal));
  const plan = planReview(change.files, limitsSchema.parse({}), (path) => change.contents.get(path));
  requireWithin(plan, options.maxUsd);
  makeFolder(options.out ?? 'reports');
  let ran: RanReview = { parts: [], supervised: null, spent: { tokens: 0, usd: 0 }, simulated: false };
  // A change without lines to read needs no fleet.
  if (plan.units.length > 0) {
    await withFleet(async () => {
      const { api, target, notes } = apiContext({ ...raw, json: true });
      ran = await runReview({ api, target, notes }, plan.units, aboutChange(change), options.maxUsd);
    });
  }
  const review = concludeReview(plan, ran.parts, policySchema.parse({}), ran.supervised);
  const folder = resolve(options.out ?? defaultFolder(change));
  await report({ change, plan, review, ran, options }, folder);
  const reviewed = { folder: options.repo, change, review, footer: footerOf(plan, ran) };
  if (review.verdict !== 'not-reviewed') await post(options, posting, reviewed, folder);
  return review;
}

/** Another base is another review, so it does not replace this one's pages. */
const defaultFolder = ({ base, head }: Pick<LocalChange, 'base' | 'head'>): string =>
  join('reports', `review-${base.slice(0, 12)}-${head.slice(0, 12)}`);

/** Posts a review where the options say. @param folder where pages are saved */
async function post(options: ReviewOptions, posting: Posting | null, reviewed: Posted, folder: string): Promise<void> {
  const output = terminalOutput(options.json || options.sarif);
  if (posting !== null) await interruptible(async (signal) => postReview(output, posting, reviewed, signal));
  if (options.post !== 'local') return;
  const { postLocally } = await import('./post-locally.ts');
  const page = join(folder, 'pull-request.html');
  await postLocally(reviewed, page);
  output.line(`As a pull request: ${relative(process.cwd(), page)}`);
}

/** What the review cost, and what was expected before. */
function footerOf(plan: Plan, { spent, simulated }: RanReview): string {
  const cost = `${spent.tokens} tokens, ${dollars(spent.usd)} (estimated before: ${dollars(estimateUsd(plan))})`;
  return simulated ? `${cost}, by a simulated model` : cost;
}

interface Reviewed {
  readonly change: LocalChange;
  readonly plan: Plan;
  readonly review: Review;
  readonly ran: RanReview;
  readonly options: ReviewOptions;
}

async function report({ change, plan, review, ran, options }: Reviewed, folder: string): Promise<void> {
  const { base, head, title } = change;
  const facts: ReviewFacts = { base, head, spent: ran.spent, simulated: ran.simulated };
  makeFolder(folder);
  const page = join(folder, 'review.html');
  await writeFile(page, reviewHtml({ review, plan, facts, title }));
  const output = terminalOutput(options.json || options.sarif);
  printReview(output, review, { ...facts, page: relative(process.cwd(), page) });
  if (options.json) output.json(reviewJson(review, facts));
  if (options.sarif) output.json(reviewSarif(review));
}
