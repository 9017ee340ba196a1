import { expect, test } from 'vitest';
import { readAlarmDescription } from '#core/alarms/description.ts';

test('the last line has severity, owner and runbook', () => {
  const text = 'Tasks wait.\nSee fleet pools.\nSeverity 2 · Owner platform team · Runbook docs/runbook.md#queue-age';
  expect(readAlarmDescription(text)).toEqual({
    says: 'Tasks wait.\nSee fleet pools.',
    severity: 2,
    owner: 'platform team',
    runbook: 'docs/runbook.md#queue-age',
  });
});

test.for(['', 'Tasks wait.', 'Severity 4 · Owner a · Runbook b'])(
  'without such a line all of it is what it says: %s',
  (text) => {
    expect(readAlarmDescription(text)).toEqual({
      says: text,
      severity: undefined,
      owner: undefined,
      runbook: undefined,
    });
  },
);
