import { afterEach, describe, expect, it } from 'vitest';
import { nagFindings } from './nag.ts';
import { NightlyStack } from './nightly.ts';
import { quickApp } from './synthesize.ts';

afterEach(() => void (process.exitCode = undefined));

describe('a pipeline with a schedule', () => {
  it.each(['dev', 'prod'])('has no unexplained finding of cdk-nag in %s', (environment) => {
    const app = quickApp(environment, { account: '111122223333' });
    app.add(NightlyStack);
    expect(nagFindings(app)).toEqual([]);
  });
});
