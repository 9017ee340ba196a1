import type { RequestContext } from './condition.ts';
import type { Pattern, Statement } from './policy.ts';
import type { Principal } from './principal.ts';

/** A request for one action on one resource. */
export interface AccessRequest {
  readonly principal: Principal;
  /** E.g. `sqs:SendMessage`. */
  readonly action: string;
  /** An ARN; `*` for actions that have no resource; undefined when the resource cannot be determined. */
  readonly resource: string | undefined;
  readonly context: RequestContext;
}

/** The statement that decided, with its patterns that matched. */
export interface MatchedStatement {
  readonly statement: Statement;
  readonly action: string;
  readonly resource: string;
}

export type Decision =
  | { readonly allowed: true; readonly by: MatchedStatement }
  /** `by` is the explicit deny; undefined when no statement allows the request. */
  | { readonly allowed: false; readonly by: MatchedStatement | undefined };

/**
 * Decides a request within one account:
 *
 * 1. A matching deny in any policy denies it.
 * 2. Otherwise a matching allow allows it. For a role, it may be in the role's policies or the resource's; for a service,
 *    only in the resource's.
 * 3. Otherwise it is denied.
 */
export function evaluate(
  request: AccessRequest,
  identity: readonly Statement[],
  resource: readonly Statement[],
): Decision {
  const matching = [...matchingStatements(identity, request), ...matchingStatements(resource, request)];
  const deny = matching.find(({ statement }) => statement.effect === 'Deny');
  if (deny !== undefined) return { allowed: false, by: deny };
  const [allow] = matching;
  return allow === undefined ? { allowed: false, by: undefined } : { allowed: true, by: allow };
}

function matchingStatements(statements: readonly Statement[], request: AccessRequest): MatchedStatement[] {
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

/** Returns the pattern that covers a name. When the patterns exclude, returns all of them if none matches. */
function covers(patterns: readonly Pattern[], excluding: boolean, name: string): string | undefined {
  const found = patterns.find(({ matches }) => matches(name))?.text;
  if (!excluding) return found;
  return found === undefined ? `not ${patterns.map(({ text }) => text).join(', ')}` : undefined;
}
