/** Who asks: a role, or a service for itself. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string; readonly account: string }
  | { readonly kind: 'service'; readonly name: string };

export type MatchesPrincipal = (principal: Principal) => boolean;

type Given = '*' | Readonly<Record<string, readonly string[]>>;

/** Compiles a statement's Principal. Throws an `Error` for kinds that are not known here. */
export function compilePrincipal(given: Given, effect: 'Allow' | 'Deny'): MatchesPrincipal {
  if (given === '*') return () => true;
  const matchers = Object.entries(given).flatMap(([kind, names]) => names.map((name) => matcher(kind, name, effect)));
  return (principal) => matchers.some((matches) => matches(principal));
}

function matcher(kind: string, name: string, effect: 'Allow' | 'Deny'): MatchesPrincipal {
  if (kind === 'Service') return (principal) => principal.kind === 'service' && principal.name === name;
  if (kind !== 'AWS') throw new Error(`the local cloud does not know principals of the kind ${kind}`);
  if (name === '*') return () => true;
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  // An account that is allowed leaves the choice to its roles' own policies; one that is denied has all of them denied.
  if (account !== undefined) {
    return (principal) => effect === 'Deny' && principal.kind === 'role' && principal.account === account;
  }
  return (principal) => principal.kind === 'role' && principal.arn === name;
}
