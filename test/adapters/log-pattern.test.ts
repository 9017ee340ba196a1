import { expect, it } from 'vitest';
import { patternOf } from '#adapters/cloudwatch-logs/pattern.ts';

const RECORDS = '?"level" ?"Task timed out" ?"Runtime exited" ?"INIT_REPORT" ?"Invoke Error"';

it.each([
  [{}, RECORDS],
  [{ taskId: 'task-1' }, '{ ($.task.id = "task-1" || $.taskId = "task-1") }'],
  [
    { tenant: 'acme', agents: ['assistant'], errors: true },
    '{ ($.task.tenant = "acme" || $.tenant = "acme") && ($.task.agent = "assistant") && ($.level = "WARN" || $.level = "ERROR" || $.level = "CRITICAL") }',
  ],
  [{ tenant: 'a"b' }, RECORDS],
  [{ agents: Array.from({ length: 100 }, (_, index) => `agent-${index}`) }, RECORDS],
])('the pattern of %j', (filter, pattern) => {
  expect(patternOf(filter)).toBe(pattern);
});
