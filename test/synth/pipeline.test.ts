import type { Construct } from 'constructs';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentPool, ArtifactBucket, Pipeline, type SystemProps } from '#lib/index.ts';
import { CompaniesStack } from '../docs/patterns/pipeline.ts';
import { nagFindings } from './nag.ts';
import { NightlyStack } from './nightly.ts';
import { quickApp, removeFolder } from './synthesize.ts';

afterEach(() => void (process.exitCode = undefined));

/** A second pipeline of the name, with the same scouts. */
class TwiceStack extends CompaniesStack {
  readonly again: Pipeline;

  constructor(scope: Construct, props: SystemProps) {
    super(scope, props);
    const pool = this.node.findChild('Scout');
    if (!(pool instanceof AgentPool)) throw new Error('The scouts have no pool.');
    this.again = new Pipeline(this, 'Again', {
      workflow: 'companies',
      stages: [{ pool }],
      aggregator: { entry: 'test/systems/companies/report-handler.ts' },
      agents: 5,
      deadline: 3_600,
      tenant: 'default',
      artifacts: new ArtifactBucket(this, 'Others', {}),
      platform: props.platform,
    });
  }
}

describe('a pipeline with a schedule', () => {
  it.each(['dev', 'prod'])('has no unexplained finding of cdk-nag in %s', (environment) => {
    const app = quickApp(environment, { account: '111122223333' });
    app.add(NightlyStack);
    expect(nagFindings(app)).toEqual([]);
  });
});

it('a pipeline of a name that is taken is rejected at synthesis, with the remedy', () => {
  const app = quickApp('dev');
  expect(() => app.add(TwiceStack)).toThrow(
    'There is a pipeline companies already. POST /runs starts pipelines by name',
  );
  removeFolder(app.outdir);
});
