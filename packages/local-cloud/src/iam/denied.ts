import { ServiceError } from '../services/service.ts';
import type { Caller } from '../services/service.ts';
import type { AccessRequest, MatchedStatement } from './evaluate.ts';

/** The error code and HTTP status by which each service reports a denied call. */
const ERRORS: Readonly<Record<string, readonly [code: string, status: number]>> = {
  apigateway: ['AccessDeniedException', 403],
  lambda: ['AccessDeniedException', 403],
  s3: ['AccessDenied', 403],
  ses: ['AccessDeniedException', 403],
  sns: ['AuthorizationError', 403],
  sqs: ['AccessDenied', 403],
  sts: ['AccessDenied', 403],
};

/** Creates the error of a denied call: the text of AWS, followed by the statement that would allow it or that denies it. */
export function denied(
  service: string,
  { principal, action, resource = '*' }: AccessRequest,
  by: MatchedStatement | undefined,
  { role, source }: { readonly role: string | undefined; readonly source: string | undefined },
): ServiceError {
  const who = principal.kind === 'role' ? principal.arn : principal.name;
  const what = `User: ${who} is not authorized to perform: ${action} on resource: ${resource}`;
  if (by !== undefined) {
    return accessDenied(service, `${what} with an explicit deny in a policy: ${by.statement.source}.`);
  }
  if (principal.kind === 'role') {
    const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
    const remedy = role === undefined ? 'the role is not in the template; it needs' : `add to ${role}`;
    return accessDenied(
      service,
      `${what} because no identity-based policy allows the ${action} action: ${remedy}: ${statement}`,
    );
  }
  const statement = JSON.stringify({
    Effect: 'Allow',
    Principal: { Service: principal.name },
    Action: action,
    Resource: resource,
    ...(source !== undefined && { Condition: { ArnLike: { 'aws:SourceArn': source } } }),
  });
  const reason = `because no resource-based policy allows the ${action} action: add to the policy of ${resource}`;
  return accessDenied(service, `${what} ${reason}: ${statement}`);
}

/** Creates the error for an action that is not in the permission tables. A guess could differ from AWS. */
export function unknownAction(service: string, action: string, caller: Caller): ServiceError {
  const message = `${caller.principal} may not call ${service} ${action}, because its permissions are not listed. Add them in packages/local-cloud/src/iam/permissions/table.ts.`;
  return accessDenied(service, message);
}

function accessDenied(service: string, message: string): ServiceError {
  const [code, status] = ERRORS[service] ?? ['AccessDeniedException', 400];
  return new ServiceError(code, message, status);
}
