import { z } from 'zod';
import { GithubError } from '../github/client.ts';
import { orderSchema } from './order.ts';

/** What the state machine passes to its functions. */
export const stepSchema = z.object({
  order: orderSchema,
  execution: z.object({
    name: z.string().min(1),
    arn: z.string().min(1),
    startedAt: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  }),
});

/** There is something to wait for longer than a function should run, such as a limit of GitHub: the state machine waits, then calls the function again. */
export interface Wait {
  readonly outcome: 'wait';
  readonly seconds: number;
}

/** What an execution goes on with: the specialists, the end of a change without lines to read, or nothing. */
export type Prepared =
  | { readonly outcome: 'review' | 'nothing-to-read' }
  | { readonly outcome: 'over'; readonly reason: string }
  | Wait;

export const over = (reason: string): Prepared => ({ outcome: 'over', reason });

/** What a rejection by GitHub means for the review: it is over, and its reason is in the execution. */
export interface Rejected {
  readonly outcome: 'rejected';
  readonly reason: string;
}

/** Turns GitHub's limits and rejections into outcomes. Everything else is thrown, and tried again. */
export async function orWait<Result>(
  access: { forget(): void },
  act: () => Promise<Result>,
): Promise<Result | Wait | Rejected> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof GithubError)) throw error;
    // A token that GitHub knows no more. The next attempt gets another one.
    if (error.status === 401) {
      access.forget();
      throw error;
    }
    if (error.kind === 'throttled') return { outcome: 'wait', seconds: Math.max(1, Math.ceil(error.waitMs / 1_000)) };
    if (error.kind === 'forbidden') return { outcome: 'rejected', reason: error.message };
    throw error;
  }
}
