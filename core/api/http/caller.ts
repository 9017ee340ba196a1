import { z } from 'zod';
import { ApiProblem } from './problem.ts';

/** What a key may do: submit tasks of its tenant, read them, operate them, or act on all tenants (`fleet`). */
export const scopeSchema = z.enum(['submit', 'read', 'operate', 'fleet']);
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

/**
 * The caller as an authorizer's context, which can hold strings only. Release 0.2 rejects a scope that it does not know,
 * so `fleet` has a field of its own (ADR 30).
 */
export const callerContext = ({ tenant, keyId, scopes, agents }: Caller): Record<string, string> => ({
  tenant,
  keyId,
  scopes: scopes.filter((scope) => scope !== 'fleet').join(' '),
  ...(scopes.includes('fleet') ? { fleetWide: 'true' } : {}),
  agents: agents === null ? '*' : agents.join(' '),
});

const contextSchema = z.object({
  tenant: z.string(),
  keyId: z.string(),
  scopes: z.string(),
  fleetWide: z.literal('true').optional(),
  agents: z.string(),
});

/** Reads the caller from an authorizer's context. Throws `ApiProblem` when there is none. */
export function callerFrom(context: unknown): Caller {
  const parsed = contextSchema.safeParse(context);
  if (!parsed.success)
    throw new ApiProblem('invalid-key', 'The request has no key. Send it as `Authorization: Bearer flk_…`.');
  const { tenant, keyId, scopes, fleetWide, agents } = parsed.data;
  const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');
  // A scope of a newer release grants nothing here.
  const granted = [...words(scopes).filter(isScope), ...(fleetWide === undefined ? [] : ['fleet'])];
  return callerSchema.parse({ tenant, keyId, scopes: granted, agents: agents === '*' ? null : words(agents) });
}

const FLEET_REMEDY =
  'This affects every tenant. Use a key with the scope "fleet": npm run fleet -- keys create --name NAME --scopes read,operate,fleet';

/** Throws `ApiProblem` unless the key has the scope. */
export function requireScope({ scopes }: Caller, scope: Scope): void {
  if (scopes.includes(scope)) return;
  throw new ApiProblem('not-allowed', `The key does not have the scope "${scope}".`, [
    {
      field: 'Authorization',
      message: scopes.length === 0 ? 'has no scope' : `has only the scope ${scopes.join(', ')}`,
      remedy: scope === 'fleet' ? FLEET_REMEDY : `Use a key with the scope "${scope}".`,
    },
  ]);
}

/** Whether the key may use the agent. */
export const usesAgent = ({ agents }: Pick<Caller, 'agents'>, agent: string): boolean =>
  agents === null || agents.includes(agent);

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
