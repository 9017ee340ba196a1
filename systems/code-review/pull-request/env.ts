import { z } from 'zod';

const name = z.string().min(1);

/** Environment of the functions that begin and end a review. */
export const reviewEnv = z.object({
  STATE_TABLE: name,
  /** Claims of pull requests, and day budgets. */
  REVIEWS_TABLE: name,
  /** Inputs of tasks. */
  INPUT_BUCKET: name,
  /** The supervisor's queue of high priority. */
  QUEUE_URL: z.url(),
  /** Name or ARN of the secret with the app's key. */
  GITHUB_APP: name,
  /** Bucket of the audit trail. */
  AUDIT_BUCKET: name,
  /** JSON of `codeReviewSettings`. */
  SETTINGS: name,
});
export type ReviewEnv = z.infer<typeof reviewEnv>;

/** Environment of the function that submits the supervisor's task. It has no access to GitHub. */
export const submitReviewEnv = reviewEnv.omit({ GITHUB_APP: true, AUDIT_BUCKET: true });
export type SubmitReviewEnv = z.infer<typeof submitReviewEnv>;

/** Environment of the function behind the webhook. */
export const receiveGithubEnv = z.object({
  /** Name or ARN of the secret that GitHub signs with. */
  GITHUB_WEBHOOK: name,
  /** Which pull requests a commit is the head of. */
  REVIEWS_TABLE: name,
  STATE_MACHINE_ARN: name,
  SETTINGS: name,
});
export type ReceiveGithubEnv = z.infer<typeof receiveGithubEnv>;

/** Environment of the reconciler. */
export const reconcileReviewsEnv = z.object({
  /** Tasks of reviews, to see what they cost and to cancel those that nobody waits for. */
  STATE_TABLE: name,
  REVIEWS_TABLE: name,
  /** The supervisor's queue of high priority. */
  QUEUE_URL: z.url(),
  GITHUB_APP: name,
  STATE_MACHINE_ARN: name,
  SETTINGS: name,
});
export type ReconcileReviewsEnv = z.infer<typeof reconcileReviewsEnv>;
