import type { RequestContext } from './condition.ts';
import type { Pattern, Statement } from './policy.ts';
import type { Principal } from './principal.ts';

/** One action on one resource, to be judged. */
export interface AccessRequest {
  readonly principal: Principal;
  /** E.g. `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN; `*` for actions that concern no resource in particular; undefined where the resource is not known any more. */
  readonly resource: string | undefined;
  readonly context: RequestContext;
}

/** The statement that decided, with the patterns of it that fitted. */
export interface Decisive {
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
}

export type Decision =
  | { readonly allowed: true; readonly by: Decisive }
  /** `by` is the explicit deny; undefined where nothing allows. */
  | { readonly allowed: false; readonly by: Decisive | undefined };

/**
 * Judges a request within one account:
 *
 * 1. A deny that fits, in any policy, decides.
 * 2. Else an allow decides: a role's in its own policies or the resource's, a service's in the resource's only.
 * 3. Else it is denied.
 */
export function evaluate(
  request: AccessRequest,
  identity: readonly Statement[],
  resource: readonly Statement[],
): Decision {
  const fitting = [...fits(identity, request), ...fits(resource, request)];
  const deny = fitting.find(({ statement }) => statement.effect === 'Deny');
  if (deny !== undefined) return { allowed: false, by: deny };
  const [allow] = fitting;
  return allow === undefined ? { allowed: false, by: undefined } : { allowed: true, by: allow };
}

function fits(statements: readonly Statement[], request: AccessRequest): Decisive[] {
  return statements.flatMap((statement) => {
    const action = covers(statement.actions, statement.notActions, request.action);
    if (action === undefined || statement.principal?.(request.principal) === false) return [];
    const resource =
      request.resource === undefined
        ? statement.resources[0]?.text
        : covers(statement.resources, statement.notResources, request.resource);
    if (resource === undefined || !statement.conditions.every((holds) => holds(request.context))) return [];
    return [{ statement, action, resource }];
  });
}

/** The text of the pattern that covers a name; for excluding patterns all of them, when none does. */
function covers(patterns: readonly Pattern[], excluding: boolean, name: string): string | undefined {
  const found = patterns.find(({ matches }) => matches(name))?.text;
  if (!excluding) return found;
  return found === undefined ? `not ${patterns.map(({ text }) => text).join(', ')}` : undefined;
}
