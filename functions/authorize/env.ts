import { z } from 'zod';

/** Environment of the task API's authorizer. */
export const authorizeEnv = z.object({
  STATE_TABLE: z.string().min(1),
  /** Id of the user pool of people who sign in to the console. @default nobody signs in: callers have keys */
  USER_POOL: z.string().min(1).optional(),
  /** Names the people in the usage plan, whose limits they share. Given with `USER_POOL`. */
  USERS_PLAN_KEY: z.string().min(20).optional(),
});
export type AuthorizeEnv = z.infer<typeof authorizeEnv>;
