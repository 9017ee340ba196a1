import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import { FailureError } from '#core/failures/failure.ts';
import { problemResponse } from '#runtime/http/serve.ts';
import { logger } from '#runtime/observability/telemetry.ts';

afterEach(() => vi.restoreAllMocks());

it('a service that is asked too often is a 429, so that no alarm about the API rings', () => {
  const failed = vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  vi.spyOn(logger, 'info').mockImplementation(() => undefined);
  const event = { requestContext: { requestId: 'r-1' } } as APIGatewayProxyEvent;
  const error = new FailureError({
    kind: 'throttled',
    reason: 'CloudWatch is asked too often. Try again in a second.',
  });
  const { statusCode, headers, body } = problemResponse(error, event);
  expect([statusCode, headers?.['retry-after']]).toEqual([429, '1']);
  expect(JSON.parse(body)).toMatchObject({ detail: 'CloudWatch is asked too often. Try again in a second.' });
  expect(failed).not.toHaveBeenCalled();
});
