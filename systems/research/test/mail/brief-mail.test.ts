import type { Construct } from 'constructs';
import { afterEach, expect, it } from 'vitest';
import { FleetFunction, FleetStack, type SystemProps } from '#lib/index.ts';
import { nagFindings } from '#test/synth/nag.ts';
import { quickApp, synthesizeStack } from '#test/synth/synthesize.ts';
import { BriefMail } from '../../mail/brief-mail.ts';
import { mailSettings } from '../../mail/settings.ts';

/** An app with a stack with the mail and a function that sends it. */
function appOf(settings: object | undefined) {
  class MailStack extends FleetStack {
    readonly brief: FleetFunction<Record<string, string>>;

    constructor(scope: Construct, props: SystemProps) {
      super(scope, { ...props, system: 'mail' });
      const parsed = settings && mailSettings.parse(settings);
      const mail = new BriefMail(this, 'Mail', { settings: parsed, service: 'research-aggregator' });
      this.brief = new FleetFunction<Record<string, string>>(this, 'Brief', {
        entry: 'functions/sweep/handler.ts',
        service: 'research-aggregator',
        description: 'Mails the brief',
        timeLimit: 30,
        environment: mail.environment,
      });
      this.tell(mail.outputs);
    }
  }
  const app = quickApp('prod', { account: '111122223333' });
  const [stack] = app.add(MailStack);
  if (stack === undefined) throw new Error('The app has no stack.');
  return { app, stack };
}

function synthesize(settings: object | undefined) {
  const { app, stack } = appOf(settings);
  return synthesizeStack(app, stack);
}

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

it.each([{}, { from: 'brief@example.com', createIdentity: true }])('cdk-nag finds nothing with %j', (settings) => {
  expect(nagFindings(appOf({ to: ['ada@example.org'], ...settings }).app)).toEqual([]);
});

type Stack = ReturnType<typeof synthesize>;
const all = (stack: Stack, type: string) => Object.values(stack.resources(type));
const grants = (stack: Stack) => {
  const { Statement } = stack.resource('AWS::IAM::Policy', 'Brief').Properties['PolicyDocument'] as {
    Statement: readonly { Action: string | string[] }[];
  };
  return Statement.filter(({ Action }) => /^(ses|sns):/.test([Action].flat()[0] ?? ''));
};
const variables = (stack: Stack) =>
  (stack.resource('AWS::Lambda::Function', 'Brief').Properties['Environment'] as { Variables: object }).Variables;

it('with a sender, the function may send from that address alone', () => {
  const stack = synthesize({ to: ['ada@example.org', 'bob@example.org'], from: 'Brief <brief@example.com>' });
  const text = JSON.stringify(grants(stack));
  expect(grants(stack)).toMatchObject([
    { Action: 'ses:SendEmail', Condition: { StringEquals: { 'ses:FromAddress': 'brief@example.com' } } },
  ]);
  expect(text).toContain(':identity/example.com');
  expect(text).toContain(':configuration-set/');
  expect(text).not.toContain('*');
  expect(variables(stack)).toMatchObject({
    MAIL_TO: 'ada@example.org,bob@example.org',
    MAIL_FROM: 'Brief <brief@example.com>',
  });
  // The domain is verified already: the stack does not take it over.
  expect(all(stack, 'AWS::SES::EmailIdentity')).toEqual([]);
  expect(all(stack, 'AWS::SNS::Topic')).toEqual([]);
});

it('bounces, complaints and mails that are not sent ring alarms', () => {
  const stack = synthesize({ to: ['ada@example.org'], from: 'brief@example.com' });
  const metrics = all(stack, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties['MetricName']);
  expect(metrics).toEqual(expect.arrayContaining(['Bounce', 'Complaint', 'BriefMailsNotSent']));
  const [events] = all(stack, 'AWS::SES::ConfigurationSetEventDestination');
  expect(events?.Properties['EventDestination']).toMatchObject({
    MatchingEventTypes: ['bounce', 'complaint', 'reject'],
    CloudWatchDestination: { DimensionConfigurations: [{ DimensionName: 'ses:configuration-set' }] },
  });
});

it('the stack creates the identity on request, and its outputs are the DNS records', () => {
  const stack = synthesize({ to: ['ada@example.org'], from: 'brief@example.com', createIdentity: true });
  expect(all(stack, 'AWS::SES::EmailIdentity').map(({ Properties }) => Properties)).toMatchObject([
    { EmailIdentity: 'example.com' },
  ]);
  expect(Object.keys(stack.outputs)).toEqual(expect.arrayContaining(['MailNote', 'MailDnsRecord1', 'MailDnsRecord3']));
});

it('without a sender, recipients subscribe to a topic that the function may publish to', () => {
  const stack = synthesize({ to: ['ada@example.org', 'bob@example.org'] });
  expect(all(stack, 'AWS::SNS::Subscription').map(({ Properties }) => Properties['Endpoint'])).toEqual([
    'ada@example.org',
    'bob@example.org',
  ]);
  expect(grants(stack)).toMatchObject([{ Action: 'sns:Publish' }]);
  expect(variables(stack)).not.toHaveProperty('MAIL_FROM');
});

it('without settings it deploys, grants nothing and says so', () => {
  const stack = synthesize(undefined);
  expect(grants(stack)).toEqual([]);
  expect(JSON.stringify(stack.outputs)).toContain('Briefs are not mailed');
});
