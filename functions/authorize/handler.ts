import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { cognitoSignIn } from '#adapters/cognito/sign-in.ts';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { callerContext } from '#core/api/http/caller.ts';
import { authenticate, authenticateUser } from '#core/keys/authenticate.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { traced } from '#runtime/observability/traced.ts';
import { authorizeEnv } from './env.ts';

const env = parseEnv(authorizeEnv);
const ports = {
  keys: dynamodbKeyStore({ table: env.STATE_TABLE }),
  ids: nodeIds(),
  clock: systemClock(),
};
const tokens = env.USER_POOL === undefined ? null : cognitoSignIn({ userPool: env.USER_POOL });

/**
 * The task API's authorizer: finds the caller of a key, or of the token of a person who signed in to the console. It
 * allows every route, since API Gateway caches its answer for all of them for up to a minute. The functions check the
 * scopes.
 */
export const handler = traced('authorize', authorize);

async function authorize({
  authorizationToken,
  methodArn,
}: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const found = (await authenticate(ports, authorizationToken)) ?? (await signedIn(authorizationToken));
  // Deny instead of throwing: an error would ring the alarm, but a bad key is not our fault. The API returns 401.
  if (!found) return { principalId: 'nobody', policyDocument: policy('Deny', methodArn) };
  return {
    principalId: found.caller.keyId,
    policyDocument: policy('Allow', methodArn),
    context: callerContext(found.caller),
    usageIdentifierKey: found.hash,
  };
}

/** People share one place in the usage plan. */
async function signedIn(authorizationToken: string) {
  const caller = tokens && (await authenticateUser(tokens, authorizationToken));
  return caller && { caller, hash: env.USERS_PLAN_KEY ?? '' };
}

function policy(Effect: 'Allow' | 'Deny', methodArn: string): APIGatewayAuthorizerResult['policyDocument'] {
  const [api = '', stage = ''] = methodArn.split('/');
  const Resource = `${api}/${stage}/*`;
  return { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] };
}
