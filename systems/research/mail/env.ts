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
});
export type MailEnv = z.infer<typeof mailEnv>;
