import { z } from 'zod';

const repositoryName = z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name');
export const commitSchema = z.string().regex(/^[0-9a-f]{40,64}$/, 'must be a commit');

/** The pull request that an execution is about. */
export const pullRequestSchema = z.object({
  /** `owner/name` */
  repository: repositoryName,
  number: z.number().int().positive(),
  /** The installation of the GitHub App; null for the webhook of a single repository, which a personal token serves. */
  installation: z.number().int().positive().nullable(),
});
export type PullRequest = Readonly<z.infer<typeof pullRequestSchema>>;

/** The input of an execution of the state machine: what happened to a pull request. */
export const orderSchema = pullRequestSchema.extend({
  /** `again`: a person asked for it, so a commit that was reviewed before is reviewed again. */
  kind: z.enum(['review', 'again', 'stop']),
  /** The commit that the event is about. Null when the event names none: then it is the head of that moment. */
  head: commitSchema.nullable(),
  /** The head before a push. GitHub's reads may lag behind the event, and still show it. */
  before: commitSchema.nullable(),
  /** Whether it was pushed to a pull request that was there before: further pushes may follow at once. */
  pushed: z.boolean(),
});
export type Order = Readonly<z.infer<typeof orderSchema>>;

/** An order, with the name of its execution. Step Functions starts each name once, however often it is delivered. */
export interface NamedOrder {
  readonly name: string;
  readonly order: Order;
}

/** `octo-org/shop#12`, the same for each way to write it: GitHub does not tell upper from lower case. */
export const nameOf = ({ repository, number }: Pick<PullRequest, 'repository' | 'number'>): string =>
  `${repository.toLowerCase()}#${number}`;
