import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { replaceRejectedAlarms } from './plain-alarms.ts';

test('alarms that an emulator rejects become plain ones of the same name, and others stay', () => {
  const assembly = mkdtempSync(join(tmpdir(), 'assembly-'));
  onTestFinished(() => rmSync(assembly, { recursive: true }));
  const file = join(assembly, 'a.template.json');
  const alarm = (Properties: object) => ({ Type: 'AWS::CloudWatch::Alarm', Properties });
  const Plain = alarm({ MetricName: 'Errors' });
  const Resources = {
    Plain,
    Share: alarm({ AlarmName: 'share', Metrics: [{ Id: 'e1', Expression: 'a / b' }] }),
    Both: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule: 'ALARM(share)' }, DependsOn: ['Share'] },
  };
  writeFileSync(file, JSON.stringify({ Resources, Outputs: {} }));
  expect(replaceRejectedAlarms(assembly)).toBe(2);
  const { Resources: now, Outputs } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>;
  expect(now?.['Plain']).toEqual(Plain);
  expect(now?.['Share']).toMatchObject({ Properties: { AlarmName: 'share', MetricName: 'Replaced' } });
  expect(now?.['Both']).toMatchObject({ Type: 'AWS::CloudWatch::Alarm', DependsOn: ['Share'] });
  expect(Outputs).toEqual({});
  expect(replaceRejectedAlarms(assembly)).toBe(0);
});
