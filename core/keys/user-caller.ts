import { z } from 'zod';
import { isScope, type Caller } from '../api/http/caller.ts';
import { SCOPE_GROUP, TENANT_GROUP } from '../console/user-groups.ts';

/** A person who signed in, as the identity provider vouches for them. */
export const signedInSchema = z.object({
  /** Identifies the person for good. */
  subject: z.string().regex(/^[\w-]{1,128}$/),
  groups: z.array(z.string()),
});
export type SignedIn = z.infer<typeof signedInSchema>;

const TENANT = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Returns the caller that a person's groups make: `tenant:acme` names the one tenant, `scope:read` a scope. Null for a
 * person of no tenant or of several, since each request belongs to one.
 */
export function callerOfUser({ subject, groups }: SignedIn): Caller | null {
  const after = (prefix: string): string[] =>
    groups.filter((group) => group.startsWith(prefix)).map((group) => group.slice(prefix.length));
  const [tenant, ...others] = after(TENANT_GROUP);
  if (tenant === undefined || others.length > 0 || !TENANT.test(tenant)) return null;
  return { tenant, scopes: after(SCOPE_GROUP).filter(isScope), agents: null, keyId: `user-${subject}` };
}
