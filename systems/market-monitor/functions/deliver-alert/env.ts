import { z } from 'zod';

/** Environment of what sends mail. Without a sender nothing is mailed. */
export const marketMailEnv = z.object({
  /** The sender for Amazon SES. */
  MAIL_FROM: z.string().optional(),
  MAIL_CONFIGURATION_SET: z.string().optional(),
});

/** Environment of the function that sends notifications of alerts. */
export const deliverAlertEnv = z.object({
  ...marketMailEnv.shape,
  MARKET_TABLE: z.string().min(1),
  DELIVERY_QUEUE_URL: z.url(),
  /** Secrets of recipients are below this name: `<prefix>/market/…`. No other secret is read for a portfolio. */
  SECRET_PREFIX: z.string().min(1),
  /** Name or ARN of the secret that signs callbacks. */
  CALLBACK_SECRET: z.string().min(1),
  /** Whether it may call private addresses, and use plain HTTP. For development only. */
  PRIVATE_CALLBACKS: z.enum(['true', 'false']).transform((text) => text === 'true'),
  /** Read by Powertools. Otherwise traces would show the receivers' URLs, which may contain secrets. */
  POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: z.literal('false'),
});
export type DeliverAlertEnv = z.input<typeof deliverAlertEnv>;

/** The tenant whose secret signs callbacks of alerts. */
export const ALERT_TENANT = 'market-monitor';
