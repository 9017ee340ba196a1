import type { APIGatewayProxyEvent } from 'aws-lambda';
import { afterEach, expect, it, vi } from 'vitest';
import { unreadableRecords } from '#adapters/dynamodb/record.ts';
import { UnreadableRecord } from '#core/stored/record.ts';
import { problemResponse } from '#runtime/http/serve.ts';
import { logger, metrics } from '#runtime/observability/telemetry.ts';

const error = new UnreadableRecord('The item TASK#task-1, TASK', 'unexpected state.status (invalid_union)');

afterEach(() => vi.restoreAllMocks());

it('a record that this release cannot read is a 500 that asks to try again in a minute, without its name', () => {
  vi.spyOn(logger, 'error').mockImplementation(() => undefined);
  const event = { requestContext: { requestId: 'r-1' } } as APIGatewayProxyEvent;
  const { statusCode, headers, body } = problemResponse(error, event);
  expect([statusCode, headers?.['retry-after']]).toEqual([500, '60']);
  expect(JSON.parse(body)).toMatchObject({
    type: 'urn:agent-fleet:problem:failed',
    detail: expect.stringContaining('another release'),
  });
  expect(body).not.toContain('TASK#');
});

it('each meeting is a log line and a metric', () => {
  const warn = vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  const count = vi.spyOn(metrics, 'addMetric').mockReturnValue(metrics);
  unreadableRecords.publish(error);
  expect(warn).toHaveBeenCalledWith('record.unreadable', { record: error.record, reason: error.why });
  expect(count).toHaveBeenCalledWith('RecordsUnreadable', 'Count', 1);
});

it('is counted for the whole fleet at once, under a service that no function has', () => {
  vi.spyOn(logger, 'warn').mockImplementation(() => undefined);
  const written = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  unreadableRecords.publish(error);
  const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)) as object);
  expect(lines).toMatchObject([{ RecordsUnreadable: 1, service: 'records' }]);
});
