import { createHash } from 'node:crypto';
import { z } from 'zod';
import { startOf } from '#core/text/text.ts';
import { commitSchema, nameOf, pullRequestSchema, type NamedOrder, type Order, type PullRequest } from './order.ts';

/** A delivery of GitHub's webhook, with its signature verified. */
export interface Delivery {
  /** The header `x-github-event`. */
  readonly event: string;
  /** The header `x-github-delivery`. A redelivery has the same. */
  readonly id: string;
  readonly payload: unknown;
}

/** A commit of which somebody wants all checks again. GitHub names no pull requests of forks. */
export interface Suite {
  readonly repository: string;
  readonly installation: number | null;
  readonly head: string;
  /** Open pull requests with this head, as far as GitHub names them. */
  readonly numbers: readonly number[];
  /** The delivery. */
  readonly id: string;
}

/** What a delivery asks for, or why it asks for nothing. */
export type Asked = { readonly asked: NamedOrder } | { readonly suite: Suite } | { readonly ignored: string };

const about = z.object({
  repository: z.object({ full_name: pullRequestSchema.shape.repository }),
  installation: z.object({ id: z.number().int().positive() }).nullish(),
});
const pullEventSchema = about.extend({
  action: z.string(),
  number: pullRequestSchema.shape.number,
  before: commitSchema.nullable().catch(null),
  changes: z.object({ base: z.unknown() }).partial().optional(),
  pull_request: z.object({
    draft: z.boolean().nullish(),
    state: z.string(),
    head: z.object({ sha: commitSchema }),
    base: z.object({ ref: z.string() }),
  }),
});
const checkRunEventSchema = about.extend({
  action: z.string(),
  check_run: z.object({ name: z.string(), external_id: z.string().nullish() }),
});
const checkSuiteEventSchema = about.extend({
  action: z.string(),
  repository: about.shape.repository.extend({ id: z.number() }),
  check_suite: z.object({
    head_sha: commitSchema,
    pull_requests: z.array(
      z.object({
        number: pullRequestSchema.shape.number,
        head: z.object({ sha: z.string() }),
        base: z.object({ repo: z.object({ id: z.number() }) }),
      }),
    ),
  }),
});
const commentEventSchema = about.extend({
  action: z.string(),
  // An issue that is no pull request lacks it.
  issue: z.object({ number: pullRequestSchema.shape.number, pull_request: z.unknown().optional() }),
  comment: z.object({ body: z.string(), author_association: z.string() }),
});

/** The check run's name. GitHub's branch protection can require it. */
export const CHECK_NAME = 'fleet review';
/** The check run's `external_id`, by which a request to run it again names the pull request. */
export const externalIdOf = (pull: PullRequest): string => nameOf(pull);

/** Actions after which a head is reviewed. */
const STARTS = new Set(['opened', 'synchronize', 'reopened', 'ready_for_review']);

/** Whoever may ask for a review by a comment. */
const TRUSTED = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);

type Read = (payload: unknown, id: string, drafts: boolean) => Asked;

/** Each event that can ask for something, and how it is read. */
const READERS: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['pull_request', (payload, id, drafts) => ofPullRequest(pullEventSchema.parse(payload), id, drafts)],
  ['check_run', (payload, id) => ofCheckRun(checkRunEventSchema.parse(payload), id)],
  ['check_suite', (payload, id) => ofCheckSuite(checkSuiteEventSchema.parse(payload), id)],
  ['issue_comment', (payload, id) => ofComment(commentEventSchema.parse(payload), id)],
]);

/** Events that can ask for something. All others are ignored. */
export const EVENTS: readonly string[] = [...READERS.keys()];

/**
 * Reads what a delivery asks for. Throws a `ZodError` for a payload that lacks what its event needs.
 * @param drafts whether drafts are reviewed too
 */
export function orderOf({ event, id, payload }: Delivery, { drafts }: { readonly drafts: boolean }): Asked {
  return READERS.get(event)?.(payload, id, drafts) ?? { ignored: `event ${event}` };
}

function ofPullRequest(event: z.infer<typeof pullEventSchema>, id: string, drafts: boolean): Asked {
  const { action, number, before, changes, pull_request: pull } = event;
  const { sha } = pull.head;
  const about = (kind: Order['kind'], ...parts: string[]): Asked => {
    const head = kind === 'stop' ? null : sha;
    const pushed = action === 'synchronize';
    return asked({ kind, ...pullOf(event, number), head, before: pushed ? before : null, pushed }, parts);
  };
  if (action === 'closed') return about('stop', id);
  if (action === 'converted_to_draft') return drafts ? { ignored: 'drafts are reviewed' } : about('stop', id);
  if (pull.draft === true && !drafts) return { ignored: 'a draft' };
  // The delivery decides, since a branch may go back to an older commit. The claim lets a head be reviewed once.
  if (STARTS.has(action)) return about('review', sha, id);
  // Against another base it is another change.
  if (action === 'edited' && changes?.base !== undefined) return about('again', sha, pull.base.ref, id);
  return { ignored: `action ${action}` };
}

/** Somebody presses "Re-run" on the check run. */
function ofCheckRun(event: z.infer<typeof checkRunEventSchema>, id: string): Asked {
  const { name, external_id: external } = event.check_run;
  if (event.action !== 'rerequested' || name !== CHECK_NAME) return { ignored: `a check run ${event.action}` };
  const number = Number(/#(\d+)$/.exec(external ?? '')?.[1] ?? Number.NaN);
  const pull = pullRequestSchema.safeParse(pullOf(event, number));
  return pull.success ? asked(again(pull.data), [id]) : { ignored: 'a check run of no pull request' };
}

/** Somebody presses "Re-run all checks": GitHub names the suite of the app, not its check runs. */
function ofCheckSuite(event: z.infer<typeof checkSuiteEventSchema>, id: string): Asked {
  const { action, repository, installation, check_suite: suite } = event;
  if (action !== 'rerequested') return { ignored: `a check suite ${action}` };
  // In a fork that has the app too, the pull requests of the original are named.
  const own = suite.pull_requests.filter(
    ({ head, base }) => head.sha === suite.head_sha && base.repo.id === repository.id,
  );
  const numbers = own.map(({ number }) => number);
  const about = { repository: repository.full_name, installation: installation?.id ?? null, id };
  return { suite: { ...about, head: suite.head_sha, numbers } };
}

/** The orders for the pull requests of a suite: they leave those whose head has moved. */
export const ordersOfSuite = ({ head, id, ...about }: Suite, numbers: readonly number[]): NamedOrder[] =>
  numbers.map((number) =>
    named({ ...again({ repository: about.repository, installation: about.installation, number }), head }, [id]),
  );

/** Somebody who may writes `/review`. */
function ofComment(event: z.infer<typeof commentEventSchema>, id: string): Asked {
  const { action, issue, comment } = event;
  const isCommand = action === 'created' && /^\/review\s*$/m.test(comment.body);
  if (!isCommand || issue.pull_request === undefined) return { ignored: 'a comment without /review' };
  if (!TRUSTED.has(comment.author_association)) return { ignored: '/review of somebody who is no collaborator' };
  return asked(again(pullOf(event, issue.number)), [id]);
}

const pullOf = ({ repository, installation }: z.infer<typeof about>, number: number): PullRequest => ({
  repository: repository.full_name,
  number,
  installation: installation?.id ?? null,
});

/** A person asks for it. */
const again = (pull: PullRequest): Order => ({ kind: 'again', ...pull, head: null, before: null, pushed: false });

const asked = (order: Order, parts: readonly string[]): Asked => ({ asked: named(order, parts) });

/** @param parts what tells it from other orders of its kind for the pull request */
function named(order: Order, parts: readonly string[]): NamedOrder {
  const digest = createHash('sha256')
    .update(JSON.stringify([nameOf(order), order.kind, ...parts]))
    .digest('hex');
  // Step Functions allows 80 characters.
  return { name: `pr-${order.number}-${startOf(digest, 40)}`, order };
}

/** The order for a commit of an open pull request that no delivery has asked for. It starts once a day. */
export const missedOrder = (pull: PullRequest, head: string, day: string): NamedOrder =>
  named({ kind: 'review', ...pull, head, before: null, pushed: false }, ['missed', head, day]);
