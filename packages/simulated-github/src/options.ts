import { z } from 'zod';

/** What a token may do, by GitHub's names of permissions. */
export const permissionsSchema = z.partialRecord(
  z.enum(['checks', 'contents', 'issues', 'metadata', 'pull_requests']),
  z.enum(['read', 'write']),
);
export type Permissions = z.infer<typeof permissionsSchema>;
export type Permission = keyof Permissions;

const limitsSchema = z.strictObject({
  /** Comments, reviews and replies that one installation or user creates in a minute. @default 80, as on GitHub */
  creationsPerMinute: z.int().positive().default(80),
  /** @default 500, as on GitHub */
  creationsPerHour: z.int().positive().default(500),
  /** Reading is one point, writing is five. @default 900, as on GitHub */
  pointsPerMinute: z.int().positive().default(900),
  /** Requests at once. @default 100, as on GitHub */
  concurrentRequests: z.int().positive().default(100),
  /** The primary limit. Answers of 304 do not count. @default 5,000, as on GitHub */
  requestsPerHour: z.int().positive().default(5_000),
  /** Comments in one review. GitHub documents no limit, but has rejected larger reviews as abuse. @default 30 */
  reviewComments: z.int().positive().default(30),
  /** Whether a secondary limit's answer has `retry-after`. GitHub leaves it out at times. @default true */
  retryAfter: z.boolean().default(true),
});
export type Limits = z.output<typeof limitsSchema>;

const webhookSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** Signs `X-Hub-Signature-256`. */
  secret: z.string().min(1),
});
export type WebhookTarget = z.infer<typeof webhookSchema>;

const appSchema = z.strictObject({
  id: z.int().positive().default(1_234_567),
  slug: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/)
    .default('fleet-review'),
  /** What the app may do on each installation. @default pull_requests and checks: write; contents, metadata: read */
  permissions: permissionsSchema.default({
    pull_requests: 'write',
    checks: 'write',
    contents: 'read',
    metadata: 'read',
  }),
  /** A public RSA key in PEM. @default a pair is made at the start, see `app.privateKey` */
  publicKey: z.string().optional(),
});

/** The options of `startSimulatedGithub`. An invalid option is a `ZodError` that names the field. */
export const optionsSchema = z.strictObject({
  /** Folder of the git repositories, created if absent. Repositories of an earlier run are replaced by name. */
  folder: z.string().min(1),
  /** TCP port on 127.0.0.1. 0 picks a free port. @default 0 */
  port: z.int().min(0).max(65_535).default(0),
  /** Where webhooks are sent. Can be set later with `setWebhook`. @default nowhere */
  webhook: webhookSchema.optional(),
  app: appSchema.prefault({}),
  limits: limitsSchema.prefault({}),
  /** Milliseconds that a review or comment takes. Another one of the same user meanwhile is rejected. @default 20 */
  writeMs: z.number().nonnegative().default(20),
  /** Milliseconds after which a delivery counts as failed. @default 10,000, as on GitHub */
  deliveryTimeoutMs: z.number().positive().default(10_000),
  /** The clock, in milliseconds since the epoch, for tests of limits and expiry. @default Date.now */
  now: z.custom<() => number>((value) => typeof value === 'function').default(() => Date.now),
});
export type Options = z.output<typeof optionsSchema>;
export type SimulatedGithubOptions = z.input<typeof optionsSchema>;
export { webhookSchema };
