import { z } from 'zod';
import type { Notification, Reason } from './alert.ts';
import { loudness } from './loudness.ts';
import type { QuietHours } from './quiet-hours.ts';

const common = {
  /** Unique within the portfolio. */
  name: z.string().min(1).max(64),
  /** The least severity that reaches it. @default warning */
  from: z.enum(['urgent', 'warning']).optional(),
};

/** Who is notified, and how. Keys and secret addresses are names of secrets in Secrets Manager. */
export const recipientSchema = z.discriminatedUnion('kind', [
  /** PagerDuty, Events API v2. */
  z.object({ ...common, kind: z.literal('pagerduty'), routingKeySecret: z.string().min(1) }),
  /** An incoming webhook of Slack, whose address is a secret. */
  z.object({ ...common, kind: z.literal('slack'), urlSecret: z.string().min(1) }),
  /** Any HTTPS address, signed as in Standard Webhooks by the secret (`whsec_…`). */
  z.object({ ...common, kind: z.literal('webhook'), url: z.string(), signingSecret: z.string().min(1) }),
  /** The same, signed as the fleet's callbacks are. */
  z.object({ ...common, kind: z.literal('callback'), url: z.string() }),
  z.object({ ...common, kind: z.literal('email'), to: z.email() }),
]);
export type Recipient = z.infer<typeof recipientSchema>;

/** What a portfolio says of its alerts. */
export interface AlertPolicy {
  readonly portfolio: string;
  readonly recipients: readonly Recipient[];
  readonly quiet: QuietHours | null;
  /** After which an urgent alert that nobody acknowledged is sent again. @default never */
  readonly repeatAfterMs?: number;
}

/** Kinds that have a state of their own to follow, or programs that read everything. People in a channel need no more. */
const QUIETER: Partial<Record<Recipient['kind'], ReadonlySet<Reason>>> = {
  slack: new Set(['acknowledged']),
  email: new Set(['acknowledged', 'resolved']),
};

/** The recipients that a notification goes to. */
export const recipientsOf = (
  { recipients }: Pick<AlertPolicy, 'recipients'>,
  { severity, why }: Pick<Notification, 'severity' | 'why'>,
): Recipient[] =>
  recipients.filter(
    ({ kind, from = 'warning' }) =>
      loudness({ severity }) >= loudness({ severity: from }) && QUIETER[kind]?.has(why) !== true,
  );
