import { sessionPolicySchema, type SessionPolicy } from '#core/sessions/session.ts';

interface SessionEnv {
  readonly SESSION_MINUTES: number;
  readonly SESSION_TOKENS: number;
}

/** How long and how many tokens of a session are kept, from the environment. */
export const sessionPolicyOf = ({ SESSION_MINUTES, SESSION_TOKENS }: SessionEnv): SessionPolicy =>
  sessionPolicySchema.parse({ keptMs: SESSION_MINUTES * 60_000, tokenLimit: SESSION_TOKENS });
