import { z } from 'zod';

/** Environment of the function that mails the brief. Without recipients nothing is mailed. */
export const mailEnv = z.object({
  /** Recipients with commas. */
  MAIL_TO: z
    .string()
    .transform((list) => list.split(','))
    .optional(),
  /** The sender for Amazon SES. Without it, the topic. */
  MAIL_FROM: z.string().optional(),
  MAIL_CONFIGURATION_SET: z.string().optional(),
  MAIL_TOPIC_ARN: z.string().optional(),
  /** Only the local cloud sets it, whose mailbox reaches nobody else. There every run is mailed. */
  ALLOW_STAND_IN: z.literal('127.0.0.1').optional(),
});
export type MailEnv = z.infer<typeof mailEnv>;
