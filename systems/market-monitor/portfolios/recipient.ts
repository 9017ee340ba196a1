import { z } from 'zod';
import { callbackUrl } from '#core/callbacks/url.ts';
import type { MakeObject } from '../rules/rule.ts';

/** A secret by its name in Secrets Manager. Keys do not belong in a portfolio. */
const secretName = z
  .string()
  .regex(/^[\w/+=.@-]{1,200}$/, 'must be the name of a secret in Secrets Manager, such as market/pagerduty')
  .refine((text) => !looksLikeKey(text), {
    error: 'looks like a key. Store the key in Secrets Manager and write the name of that secret.',
  });

/** PagerDuty's keys have 32 letters and digits, signing secrets begin with `whsec_`. */
const looksLikeKey = (text: string): boolean => /^[0-9a-z]{32}$/i.test(text) || text.startsWith('whsec_');

const common = {
  /** Unique within the portfolio. */
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1 to 40 lower-case letters, digits and dashes, such as on-call'),
  /** The least severity that reaches it. Default: warning. */
  from: z.enum(['urgent', 'warning']).optional(),
};

/**
 * Who is notified, and how. Webhooks go over HTTPS to public addresses. On one machine, private addresses are allowed too,
 * for a receiver there. The sender checks the address again when a name is resolved.
 */
export function recipientSchema({ object, privateAddresses }: { object: MakeObject; privateAddresses: boolean }) {
  const url = callbackUrl({ privateAddresses });
  return z.discriminatedUnion('kind', [
    object({ ...common, kind: z.literal('pagerduty'), routingKeySecret: secretName }),
    object({ ...common, kind: z.literal('slack'), urlSecret: secretName }),
    object({ ...common, kind: z.literal('webhook'), url, signingSecret: secretName }),
    object({ ...common, kind: z.literal('callback'), url }),
    object({ ...common, kind: z.literal('email'), to: z.email().max(254) }),
  ]);
}
