import { z } from 'zod';
import { ApiProblem } from './problem.ts';

/** What a key may do: submit tasks, read them, or operate the pools. */
export const scopeSchema = z.enum(['submit', 'read', 'operate']);
export type Scope = z.infer<typeof scopeSchema>;
export const isScope = (name: string): name is Scope => scopeSchema.safeParse(name).success;

/** The caller, as the authorizer derived it from the key. */
export const callerSchema = z.object({
  tenant: z.string().min(1),
  /** Identifies the key in logs. It is not the key itself. */
  keyId: z.string().min(1),
  scopes: z.array(scopeSchema),
  /** Agents that the key may use; null for all. */
  agents: z.array(z.string()).nullable(),
});
export type Caller = z.infer<typeof callerSchema>;

/** The caller as an authorizer's context, which can hold strings only. */
export const callerContext = ({ tenant, keyId, scopes, agents }: Caller): Record<string, string> => ({
  tenant,
  keyId,
  scopes: scopes.join(' '),
  agents: agents === null ? '*' : agents.join(' '),
});

const contextSchema = z.object({ tenant: z.string(), keyId: z.string(), scopes: z.string(), agents: z.string() });

/** Reads the caller from an authorizer's context. Throws `ApiProblem` when there is none. */
export function callerFrom(context: unknown): Caller {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success)
    throw new ApiProblem('invalid-key', 'The request has no key. Send it as `Authorization: Bearer flk_…`.');
  const { tenant, keyId, scopes, agents } = parsed.data;
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  return callerSchema.parse({ tenant, keyId, scopes: words(scopes), agents: agents === '*' ? null : words(agents) });
}

/** Throws `ApiProblem` unless the key has the scope. */
export function requireScope({ scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new ApiProblem('not-allowed', `The key does not have the scope "${scope}".`, [
    {
      field: 'Authorization',
      message: scopes.length === 0 ? 'has no scope' : `has only the scope ${scopes.join(', ')}`,
      remedy: `Use a key with the scope "${scope}".`,
    },
  ]);
}

/** Throws `ApiProblem` unless the key may use the agent. */
export function requireAgent({ agents }: Caller, agent: string): void {
  if (agents === null || agents.includes(agent)) return;
  throw new ApiProblem('not-allowed', `The key may not use the agent "${agent}".`, [
    {
      field: 'agent',
      message: `must be one of ${agents.join(', ')}`,
      remedy: 'Use a key for this agent, or one without an agent restriction.',
    },
  ]);
}
