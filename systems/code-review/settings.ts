import { z } from 'zod';
import { tenantSetting } from '#lib/system.ts';
import { limitsSchema } from './change/plan.ts';
import { policySchema } from './findings/verdict.ts';

const usd = z.number().positive().max(100_000);

/** Settings of the code-review system, in `config/*.json` under `systems.code-review`. */
export const codeReviewSettings = z.strictObject({
  /** How the verdict follows from the findings. */
  policy: policySchema.prefault({}),
  /** What one review reads at most. What is beyond is left out and named. */
  limits: limitsSchema.prefault({}),
  /** One review for each specialist and a summary with the verdict, or all in one review. */
  posting: z.enum(['by-specialist', 'one']).default('by-specialist'),
  /** Whether drafts are reviewed too. Otherwise the review starts when the pull request is ready. */
  drafts: z.boolean().default(false),
  /** Comments at lines, over all specialists. Other findings are in the summary. GitHub has rejected more than 30. */
  maxInline: z.int().min(0).max(30).default(10),
  /** Limits in US dollars at list price. */
  maxUsd: z
    .strictObject({
      /** Of one review. The least risky files are left out until the estimate fits, and no review spends more. */
      pullRequest: usd.default(5),
      /** Of all reviews of one repository within a day. Beyond it no review starts. */
      repository: usd.default(50),
      /** Of all reviews within a day. Beyond it no review starts. */
      day: usd.default(200),
    })
    .prefault({}),
  /** Pull requests of authors from whom the repository has merged nothing so far. */
  newAuthors: z
    .strictObject({
      /** Whether a change of theirs is approved. Otherwise a person does it. */
      approve: z.boolean().default(false),
      /** Limit of one review in US dollars, if `maxUsd.pullRequest` is not less. */
      maxUsd: usd.default(1),
    })
    .prefault({}),
  /** Base URL of GitHub's REST API, such as that of an Enterprise Server. */
  githubUrl: z.url({ protocol: /^https?$/ }).default('https://api.github.com'),
  /** Minutes between two looks for deliveries and pull requests that were missed. Null switches them off. */
  reconcileMinutes: z.int().min(1).max(1_440).nullable().default(10),
  /** The tenant that owns the reviews' tasks. */
  tenant: tenantSetting,
  /** Conclusion of the check run when a change could not be reviewed: whether it may be merged where the check is required. */
  whenNotReviewed: z.enum(['neutral', 'failure']).default('neutral'),
});
