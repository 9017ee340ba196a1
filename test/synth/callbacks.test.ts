import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { expect, test } from 'vitest';
import { Callbacks } from '../../lib/constructs/callbacks.ts';
import { FleetStack, type SystemProps } from '../../lib/fleet-stack.ts';
import { quickApp, removeFolder } from './synthesize.ts';

class CallbacksStack extends FleetStack {
  readonly callbacks: Callbacks;

  constructor(scope: Construct, props: SystemProps) {
    super(scope, { ...props, system: 'callbacks', description: 'Callbacks alone' });
    this.callbacks = new Callbacks(this, 'Callbacks');
  }
}

function templateOf(environment: string): Template {
  const app = quickApp(environment);
  const [stack] = app.config.regions.map((region) => new CallbacksStack(app, { config: app.config, region }));
  if (stack === undefined) throw new Error('The environment has no region.');
  const template = Template.fromStack(stack);
  removeFolder(app.outdir);
  return template;
}

const prod = templateOf('prod');

test('what could not be delivered by the last attempt of the schedule is a dead letter, and rings an alarm', () => {
  prod.hasResourceProperties('AWS::SQS::Queue', { RedrivePolicy: { maxReceiveCount: 11 } });
  prod.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Threshold: 1,
  });
});

test('the secret that signs is made by AWS, and in no template', () => {
  prod.hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'fleet-prod/callback-signing',
    GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
  });
});

test('private addresses are called in dev, and nowhere else', () => {
  const allowed = (template: Template): string => {
    const [delivery] = Object.values(template.findResources('AWS::Lambda::Function'));
    return String(delivery?.['Properties']?.Environment.Variables.PRIVATE_CALLBACKS);
  };
  expect(['dev', 'staging', 'prod'].map((environment) => allowed(templateOf(environment)))).toEqual([
    'true',
    'false',
    'false',
  ]);
});

test('the function may take from its queue and read its secret, and sends to no queue', () => {
  const policies = JSON.stringify(prod.findResources('AWS::IAM::Policy'));
  expect(policies).toContain('sqs:ChangeMessageVisibility');
  expect(policies).toContain('secretsmanager:GetSecretValue');
  expect(policies).not.toContain('sqs:SendMessage');
});
