import { scopeSchema } from '../api/http/caller.ts';

/** The prefixes of groups of people that say what they may do in the console. Other groups mean nothing there. */
export const TENANT_GROUP = 'tenant:';
export const SCOPE_GROUP = 'scope:';

/** The group of each scope of the task API. */
export const SCOPE_GROUPS: readonly { readonly name: string; readonly scope: string }[] = scopeSchema.options.map(
  (scope) => ({ name: `${SCOPE_GROUP}${scope}`, scope }),
);
