/** Who makes a call: a role, or a service on its own behalf. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly name: string };

export type MatchesPrincipal = (principal: Principal) => boolean;

type Given = '*' | Readonly<Record<string, readonly string[]>>;

/** Compiles the Principal of a statement. Throws an `Error` for kinds that are not supported. */
export function compilePrincipal(given: Given, effect: 'Allow' | 'Deny'): MatchesPrincipal {
  if (given === '*') return () => true;
  const matchers = Object.entries(given).flatMap(([kind, names]) => names.map((name) => matcher(kind, name, effect)));
  return (principal) => matchers.some((matches) => matches(principal));
}

function matcher(kind: string, name: string, effect: 'Allow' | 'Deny'): MatchesPrincipal {
  if (kind === 'Service') return (principal) => principal.kind === 'service' && principal.name === name;
  if (kind !== 'AWS') throw new Error(`principals of the kind ${kind} are not supported`);
  if (name === '*') return () => true;
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  // Allowing an account leaves the decision to the policies of its roles. Denying an account denies all of its roles.
  if (account !== undefined) {
    return (principal) => effect === 'Deny' && principal.kind === 'role' && principal.account === account;
  }
  return (principal) => principal.kind === 'role' && principal.arn === name;
}
