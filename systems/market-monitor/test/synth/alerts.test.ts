import { afterEach, describe, expect, it, test } from 'vitest';
import type { Construct } from 'constructs';
import { ArtifactBucket, FleetStack, ItemTable, type SystemProps } from '#lib/index.ts';
import { nagFindings } from '#test/synth/nag.ts';
import { quickApp, synthesizeStack } from '#test/synth/synthesize.ts';
import { AlertDelivery, ATTENTION_INDEX } from '../../constructs/alert-delivery.ts';
import { MarketClock } from '../../constructs/market-clock.ts';

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

/** A stack with nothing but what alerts and digests need. */
class AlertsStack extends FleetStack {
  readonly clock: MarketClock;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'market-monitor', description: 'Alerts' });
    const memory = new ItemTable(this, 'Memory', { expires: true, indexes: [ATTENTION_INDEX] });
    const mailFrom = 'Market <market@example.com>';
    const delivery = new AlertDelivery(this, 'Alerts', { memory, platform, mailFrom });
    this.clock = new MarketClock(this, 'Clock', {
      memory,
      delivery,
      mailFrom,
      zone: 'America/New_York',
      sources: [],
      streamQuietMinutes: 5,
      bucket: new ArtifactBucket(this, 'Digests'),
    });
  }
}

test.each(['dev', 'prod'])('alerts have no unexplained finding of cdk-nag in %s', (environment) => {
  const app = quickApp(environment, { account: '111122223333' });
  app.add(AlertsStack);
  expect(nagFindings(app)).toEqual([]);
});

describe('the function that sends', () => {
  const synthesized = () => {
    const app = quickApp('dev', {});
    const [stack] = app.add(AlertsStack);
    if (stack === undefined) throw new Error('The app has no stack.');
    return synthesizeStack(app, stack);
  };

  it('reads secrets of recipients and of callbacks alone, and mails from its sender alone', () => {
    const policy = JSON.stringify(synthesized().resource('AWS::IAM::Policy', 'AlertsDeliver').Properties);
    expect(policy).toContain('/market/*');
    expect(policy).toContain('"ses:FromAddress":"market@example.com"');
    expect(policy).not.toMatch(/dynamodb:(Query|Scan)/);
  });

  it('digests that are not mailed ring an alarm', () => {
    const { Properties } = synthesized().resource('AWS::CloudWatch::Alarm', 'ClockDigestsUnsent');
    expect(Properties).toMatchObject({
      MetricName: 'DigestMailsNotSent',
      Dimensions: [{ Name: 'service', Value: 'fleet-dev-market-clock' }],
      AlarmDescription: expect.stringContaining('runbook.md#mail'),
    });
  });

  it('the clock runs every minute, and reads no secret', () => {
    const stack = synthesized();
    expect(stack.resource('AWS::Scheduler::Schedule', 'Clock').Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
    });
    expect(JSON.stringify(stack.resource('AWS::IAM::Policy', 'ClockFunction').Properties)).not.toContain(
      'secretsmanager',
    );
  });
});
