import type { Construct } from 'constructs';
import { afterEach, describe, expect, it, test } from 'vitest';
import { ArtifactBucket, FleetStack, ItemTable, type SystemProps } from '#lib/index.ts';
import { nagFindings } from '#test/synth/nag.ts';
import { quickApp, synthesizeStack } from '#test/synth/synthesize.ts';
import { keysOfAnalyst } from '../../agents/keys.ts';
import { PortfolioApi } from '../../constructs/portfolio-api.ts';

// The CDK sets the exit code if findings are left.
afterEach(() => void (process.exitCode = undefined));

/** A stack with nothing but what the routes need. */
class PortfoliosStack extends FleetStack {
  readonly portfolios: PortfolioApi;

  constructor(scope: Construct, { config, region, platform }: SystemProps) {
    super(scope, { config, region, system: 'market-monitor', description: 'Portfolios' });
    const memory = new ItemTable(this, 'Memory');
    const rejected = new ArtifactBucket(this, 'Rejected');
    const props = { memory, rejected, platform, tenant: 'funds', mailFrom: undefined };
    this.portfolios = new PortfolioApi(this, 'Portfolios', props);
  }
}

test.each(['dev', 'prod'])('portfolios have no unexplained finding of cdk-nag in %s', (environment) => {
  const app = quickApp(environment, { account: '111122223333' });
  app.add(PortfoliosStack);
  expect(nagFindings(app)).toEqual([]);
});

describe('the function that serves portfolios', () => {
  it('reads and writes portfolios and alerts alone, and its routes need a key', () => {
    const app = quickApp('dev', {});
    const [stack] = app.add(PortfoliosStack);
    if (stack === undefined) throw new Error('The app has no stack.');
    const policy = synthesizeStack(app, stack).resource('AWS::IAM::Policy', 'PortfoliosServe').Properties;
    const { Statement } = (policy as { PolicyDocument: { Statement: { Action: unknown; Condition?: object }[] } })
      .PolicyDocument;
    const onItems = Statement.filter(({ Action }) => JSON.stringify(Action).includes('dynamodb:'));
    const keys = (...own: string[]) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': own } });
    expect(onItems.map(({ Condition }) => Condition)).toEqual(
      onItems.map(({ Action }) =>
        Action === 'dynamodb:UpdateItem' ? keys('ALERT#*') : keys('PORTFOLIOS', 'PORTFOLIO#*', 'ALERT#*'),
      ),
    );
    const { routes } = app.platform('us-east-1');
    expect(routes.filter((route) => !('keyed' in route))).toEqual([]);
    expect(routes.map(({ route }) => route)).toContain('PUT /portfolios/{id}');
  });

  it('keeps from an analyst what it must not write', () => {
    const { PutItem, UpdateItem } = keysOfAnalyst('macro');
    expect([...PutItem, ...UpdateItem].filter((key) => key.startsWith('PORTFOLIO') || key.startsWith('*'))).toEqual([]);
  });
});
