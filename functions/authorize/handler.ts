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
 * The task API's authorizer: who bears this key. It opens every route, since its answer is kept for all of them for up
 * to a minute; the scopes are checked behind it.
 */
export const handler = traced('authorize', authorize);

async function authorize({
  authorizationToken,
  methodArn,
}: APIGatewayTokenAuthorizerEvent): Promise<APIGatewayAuthorizerResult> {
  const found = await authenticate(ports, authorizationToken);
  // A refusal and no error, which would ring the alarm: whoever sends nonsense is no fault of ours. The API answers 401.
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
