import { Template } from 'aws-cdk-lib/assertions';
import type { Stack } from 'aws-cdk-lib';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { loggingFunctions } from '#lib/constructs/fleet-logs.ts';
import { FleetStack } from '#lib/fleet-stack.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { quickApp, removeFolder } from './synthesize.ts';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});
const functionSchema = z.object({
  LoggingConfig: z.object({ LogGroup: z.object({ Ref: z.string() }) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
});
const policySchema = z.object({
  PolicyDocument: z.object({ Statement: z.array(z.object({ Action: z.unknown(), Resource: z.unknown() })) }),
});

const app = quickApp('dev');
app.add(AssistantStack);
app.synth();
afterAll(() => removeFolder(app.outdir));
const stacks = app.node.children.filter((child) => child instanceof FleetStack);
const api = stacks.find(({ stackName }) => stackName === 'fleet-dev-api');
const templateOf = (stack: Stack) => templateSchema.parse(Template.fromStack(stack).toJSON()).Resources;

test('each function is listed with its service and the beginning of its log group’s name, as the template has them', () => {
  const inTemplates = stacks.flatMap((stack) =>
    Object.values(templateOf(stack))
      .filter(({ Type }) => Type === 'AWS::Lambda::Function')
      .flatMap(({ Properties }) => {
        const { data } = functionSchema.safeParse(Properties);
        if (data === undefined) return [];
        const group = `${stack.stackName}-${data.LoggingConfig.LogGroup.Ref}-`;
        const agents = stack.stackName === 'fleet-dev-assistant' ? ['assistant'] : [];
        return [{ group, service: data.Environment.Variables['POWERTOOLS_SERVICE_NAME'], agents }];
      }),
  );
  const [platform] = app.config.regions.map((region) => app.platform(region));
  const listed = api && platform ? loggingFunctions(api, platform) : [];
  const byGroup = (one: { group: string }, other: { group: string }): number => (one.group < other.group ? -1 : 1);
  expect(listed.length).toBeGreaterThan(10);
  expect(listed.toSorted(byGroup)).toEqual(inTemplates.toSorted(byGroup));
});

test('only the function that reads telemetry may search logs, and those of the environment’s stacks alone', () => {
  const grants = Object.entries(api ? templateOf(api) : {}).flatMap(([id, { Type, Properties }]) =>
    Type === 'AWS::IAM::Policy'
      ? policySchema
          .parse(Properties)
          .PolicyDocument.Statement.filter(({ Action }) => JSON.stringify(Action).includes('logs:FilterLogEvents'))
          .map(({ Resource }) => ({ id, resources: JSON.stringify(Resource) }))
      : [],
  );
  expect(grants).toHaveLength(1);
  expect(grants[0]?.id).toMatch(/^TaskApiTelemetryRole/);
  for (const name of ['platform', 'api', 'assistant'])
    expect(grants[0]?.resources).toContain(`:log-group:fleet-dev-${name}-*`);
  expect(grants[0]?.resources).not.toMatch(/log-group:\*/);
});
