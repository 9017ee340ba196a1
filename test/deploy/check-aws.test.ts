import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAnyRemoved } from '../support/examples.ts';
import { describePlan, mostTokensUsd } from './aws/plan.ts';

const cloud = { account: '111122223333', region: 'eu-west-1', endpoint: undefined, certificate: undefined };

/** Without the credentials and profiles of this machine, so that no call reaches an account. */
function checkAws(...args: readonly string[]) {
  const { PATH, HOME } = process.env;
  const result = spawnSync(process.execPath, ['test/deploy/check-aws.ts', ...args], {
    env: { PATH, HOME, AWS_EC2_METADATA_DISABLED: 'true', ANTHROPIC_API_KEY: 'sk-never-shown' },
    encoding: 'utf8',
  });
  return { ...result, all: result.stdout + result.stderr };
}

describe('the plan of check:aws', () => {
  it('names account, region, prefix, the most that it costs and how to remove what is left', () => {
    const plan = describePlan(cloud, 'fleet-check-1', { kind: 'real', key: 'sk-secret' });
    for (const said of ['111122223333', 'eu-west-1', 'fleet-check-1-*', `$${mostTokensUsd.toFixed(2)}`])
      expect(plan).toContain(said);
    expect(plan).toContain('npm run check:aws -- --remove fleet-check-1 --region eu-west-1');
    expect(plan).not.toContain('sk-secret');
  });

  it.skipIf(isAnyRemoved)('costs at most what the deploy guide says', () => {
    expect(readFileSync('docs/deploy.md', 'utf8')).toContain(`at most $${mostTokensUsd.toFixed(2)}`);
  });

  it('says that a check without a key costs no tokens and checks less', () => {
    expect(describePlan(cloud, 'fleet-check-1', { kind: 'none' })).toContain('ANTHROPIC_API_KEY is not set');
  });
});

describe('check:aws', () => {
  it('refuses a prefix that no stack can have, as wrong usage', () => {
    const { status, all } = checkAws('--prefix', 'Not_A_Prefix');
    expect(status).toBe(2);
    expect(all).toContain('The prefix "Not_A_Prefix" cannot be used.');
  });

  it('says what to do where nobody answers for AWS, shows no key and deploys nothing', () => {
    const { status, all, stdout } = checkAws('--endpoint', 'http://127.0.0.1:1', '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, phases: [] });
    expect(all).toContain('or give --ministack');
    expect(all).not.toContain('sk-never-shown');
    expect(all).not.toMatch(/^ {4}at /m);
  });
});
