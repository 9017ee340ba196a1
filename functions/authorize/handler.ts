import type { APIGatewayAuthorizerResult, APIGatewayTokenAuthorizerEvent } from 'aws-lambda';
import { dynamodbKeyStore } from '#adapters/dynamodb/key-store.ts';
import { nodeIds } from '#adapters/node/ids.ts';
import { systemClock } from '#adapters/node/clock.ts';
import { callerContext } from '#core/api/http/caller.ts';
import { authenticate } from '#core/keys/authenticate.ts';
import { parseEnv } from '#runtime/parse/env.ts';
import { traced } from '#runtime/observability/traced.ts';
import { authorizeEnv } from './env.ts';

const ports = {
  keys: dynamodbKeyStore({ table: parseEnv(authorizeEnv).STATE_TABLE }),
  ids: nodeIds(),
  clock: systemClock(),
};

/**
 * The task API's authorizer: finds the caller of a key. It allows every route, since API Gateway caches its answer for
 * all of them for up to a minute. The functions check the scopes.
 */
export const handler = traced('authorize', authorize);

async function authorize({
  authorizationToken,
  methodArn,
}: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const found = await authenticate(ports, authorizationToken);
  // Deny instead of throwing: an error would ring the alarm, but a bad key is not our fault. The API returns 401.
  if (!found) return { principalId: 'nobody', policyDocument: policy('Deny', methodArn) };
  return {
    principalId: found.caller.keyId,
    policyDocument: policy('Allow', methodArn),
    context: callerContext(found.caller),
    usageIdentifierKey: found.hash,
  };
}

function policy(Effect: 'Allow' | 'Deny', methodArn: string): APIGatewayAuthorizerResult['policyDocument'] {
  const [api = '', stage = ''] = methodArn.split('/');
  const Resource = `${api}/${stage}/*`;
  return { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] };
}
