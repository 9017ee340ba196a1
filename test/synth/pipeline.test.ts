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
  static readonly workflow: string = 'companies';
  /** When its stages end. */
  static readonly ends: readonly number[] = [1];

  constructor(scope: Construct, props: SystemProps) {
    super(scope, props);
    const pool = this.node.findChild('Scout');
    if (!(pool instanceof AgentPool)) throw new Error('The scouts have no pool.');
    const { workflow, ends } = new.target;
    const [first = { pool }, ...others] = ends.map((by) => ({ pool, by }));
    this.again = new Pipeline(this, 'Again', {
      workflow,
      stages: [first, ...others],
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

it('a stage that ends before the one it follows is rejected, with the remedy', () => {
  class BackwardsStack extends TwiceStack {
    static override readonly workflow = 'backwards';
    static override readonly ends = [0.8, 0.5];
  }
  const app = quickApp('dev');
  expect(() => app.add(BackwardsStack)).toThrow('ends by 0.5, before the one it follows. Use 0.8 or more.');
  removeFolder(app.outdir);
});
