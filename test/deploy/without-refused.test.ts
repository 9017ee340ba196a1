import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leaveOutRefused } from './without-refused.ts';

test('what MiniStack refuses is left out of an assembly, with all that names it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-assembly-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'a.template.json');
  const plain = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } };
  const Resources = {
    Plain: plain,
    Share: { Type: 'AWS::CloudWatch::Alarm', Properties: { Metrics: [{ Expression: 'a / b' }] } },
    Both: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule: { Ref: 'Share' } } },
    Board: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: { DashboardBody: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Share', 'Arn'] }, { Ref: 'Plain' }]] } },
      DependsOn: ['Both', 'Plain'],
    },
    Topic: { Type: 'AWS::SNS::Topic', DependsOn: 'Both' },
  };
  writeFileSync(file, JSON.stringify({ Resources, Outputs: { Arn: { Value: { 'Fn::GetAtt': ['Both', 'Arn'] } } } }));
  writeFileSync(join(folder, 'b.template.json'), '{"Resources":{}}');
  expect(leaveOutRefused(folder)).toBe(2);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    Resources: {
      Plain: plain,
      Board: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: { DashboardBody: { 'Fn::Join': ['', ['left-out', { Ref: 'Plain' }]] } },
        DependsOn: ['Plain'],
      },
      Topic: { Type: 'AWS::SNS::Topic' },
    },
    Outputs: { Arn: { Value: 'left-out' } },
  });
});
