import { z } from 'zod';
import { ApiProblem } from './problem.ts';

/** What a key may do: hand in work, look at it, or run the pools. */
export const scopeSchema = z.enum(['submit', 'read', 'operate']);
export type Scope = z.infer<typeof scopeSchema>;

/** Who asks, as the authorizer found by the key. */
export const callerSchema = z.object({
  tenant: z.string().min(1),
  /** Names the key in logs; not the key. */
  keyId: z.string().min(1),
  scopes: z.array(scopeSchema),
  /** Agents the key is for; null for all. */
  agents: z.array(z.string()).nullable(),
});
export type Caller = z.infer<typeof callerSchema>;

/** An authorizer's context carries texts only. */
export const callerContext = ({ tenant, keyId, scopes, agents }: Caller): Record<string, string> => ({
  tenant,
  keyId,
  scopes: scopes.join(' '),
  agents: agents === null ? '*' : agents.join(' '),
});

const contextSchema = z.object({ tenant: z.string(), keyId: z.string(), scopes: z.string(), agents: z.string() });

/** The caller back from an authorizer's context. Throws `ApiProblem` where there is none. */
export function callerFrom(context: unknown): Caller {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success) throw new ApiProblem('invalid-key', 'Send your key as `Authorization: Bearer flk_…`.');
  const { tenant, keyId, scopes, agents } = parsed.data;
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  return callerSchema.parse({ tenant, keyId, scopes: words(scopes), agents: agents === '*' ? null : words(agents) });
}

/** Throws `ApiProblem` unless the key has the scope. */
export function requireScope({ scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new ApiProblem('not-allowed', `The key lacks the scope "${scope}".`, [
    {
      field: 'Authorization',
      message: `has ${scopes.join(', ') || 'no scope'}`,
      remedy: `Use a key with the scope ${scope}.`,
    },
  ]);
}

/** Throws `ApiProblem` unless the key is for the agent. */
export function requireAgent({ agents }: Caller, agent: string): void {
  if (agents === null || agents.includes(agent)) return;
  throw new ApiProblem('not-allowed', `The key is not for the agent "${agent}".`, [
    { field: 'agent', message: `must be one of ${agents.join(', ')}`, remedy: 'Use a key for this agent.' },
  ]);
}
