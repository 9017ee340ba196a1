import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const resourceSchema = z.looseObject({ Type: z.string(), Properties: z.looseObject({}).optional() });
const templateSchema = z.looseObject({ Resources: z.record(z.string(), resourceSchema).default({}) });
type Resource = z.infer<typeof resourceSchema>;

/** A metric alarm without an expression: what an emulator stores. Its name and description stay. */
const PLAIN = {
  Namespace: 'AWS/CloudWatch',
  MetricName: 'Replaced',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
};

const isRejected = ({ Type, Properties }: Resource): boolean =>
  Type === 'AWS::CloudWatch::CompositeAlarm' ||
  (Type === 'AWS::CloudWatch::Alarm' && Properties?.['Metrics'] !== undefined);

function plain(resource: Resource): Resource {
  const { AlarmName, AlarmDescription, AlarmActions } = resource.Properties ?? {};
  const Properties = Object.fromEntries(
    Object.entries({ AlarmName, AlarmDescription, AlarmActions, ...PLAIN }).filter(([, value]) => value !== undefined),
  );
  return { ...resource, Type: 'AWS::CloudWatch::Alarm', Properties };
}

/**
 * Puts a plain alarm in place of each composite alarm and each alarm on an expression, which MiniStack's CloudFormation
 * rejects (1.5.33). Their names stay, so that what refers to them still does. Returns how many of the assembly's alarms
 * were replaced now; 0 the second time.
 */
export function replaceRejectedAlarms(assembly: string): number {
  let replaced = 0;
  for (const file of globSync('*.template.json', { cwd: assembly })) {
    const path = join(assembly, file);
    const template = templateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
    const rejected = Object.entries(template.Resources).filter(([, resource]) => isRejected(resource));
    if (rejected.length === 0) continue;
    replaced += rejected.length;
    const Resources = { ...template.Resources, ...Object.fromEntries(rejected.map(([id, each]) => [id, plain(each)])) };
    writeFileSync(path, JSON.stringify({ ...template, Resources }));
  }
  return replaced;
}
