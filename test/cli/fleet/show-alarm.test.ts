import { expect, test } from 'vitest';
import { showAlarm } from '#cli/fleet/show-alarm.ts';

function printed(from: 'OK' | 'ALARM', to: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA', description: string): string[] {
  const lines: string[] = [];
  const output = { line: (text = '') => void lines.push(text), progress: () => {}, json: () => {} };
  showAlarm({ code: 'alarm.changed', alarm: 'fleet-dev-echo-QueueAge', from, to, reason: 'r', description }, output);
  return lines;
}

const DESCRIPTION = 'Tasks wait.\nMore about it.\nSeverity 2 · Owner echo · Runbook docs/runbook.md#queue-age';

test('an alarm that rings is one line, with its section of the runbook', () => {
  expect(printed('OK', 'ALARM', DESCRIPTION)).toEqual([
    'Alarm (severity 2): fleet-dev-echo-QueueAge: Tasks wait. See docs/runbook.md#queue-age.',
  ]);
  expect(printed('OK', 'ALARM', 'Of a stack of your own.')).toEqual([
    'Alarm: fleet-dev-echo-QueueAge: Of a stack of your own.',
  ]);
});

test('one that clears is one line, and other changes are none', () => {
  expect(printed('ALARM', 'OK', DESCRIPTION)).toEqual(['Alarm cleared: fleet-dev-echo-QueueAge']);
  expect(printed('ALARM', 'INSUFFICIENT_DATA', DESCRIPTION)).toEqual(['Alarm cleared: fleet-dev-echo-QueueAge']);
  expect(printed('OK', 'INSUFFICIENT_DATA', DESCRIPTION)).toEqual([]);
});
