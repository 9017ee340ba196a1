import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Shell } from './support/shell.ts';
import { typedCommands } from './support/typed.ts';

/**
 * Runs the documented CDK commands as typed, without an account: each synthesizes and then fails at the first step that
 * needs an account, which proves its arguments. `npm run check:deploy` runs them against an emulated account.
 */
const folder = mkdtempSync(join(tmpdir(), 'fleet-cdk-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shell = new Shell(process.cwd(), {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_VALIDATION: 'false',
});

/** How each ends: at the first step that needs an account. */
const ENDS = [
  { command: /^npx cdk synth/, code: 0, says: 'Successfully synthesized' },
  { command: /^npx cdk bootstrap/, code: 1, says: 'no credentials have been configured' },
  // The placeholder account of prod is one that nobody has credentials for.
  { command: /^npx cdk deploy .*env=prod/, code: 1, says: 'but no credentials have been configured' },
  { command: /^npx cdk deploy/, code: 1, says: 'Unable to resolve AWS account to use.' },
  { command: /^npx cdk destroy/, code: 1, says: 'we are unable to get a confirmation' },
];

const documented = [...new Set(typedCommands().map(({ command }) => command))].filter((command) =>
  command.startsWith('npx cdk'),
);
/** Without commands that are the beginning of another one. */
const longest = documented.filter((command) => !documented.some((other) => other.startsWith(`${command} `)));

test.each(longest)(
  '%s',
  async (command) => {
    const assembly = join(folder, String(longest.indexOf(command)));
    const { code, stdout, stderr } = await shell.run(
      `${command.replace('ACCOUNT', '123456789012')} --output ${assembly} --no-notices`,
    );
    const end = ENDS.find((each) => each.command.test(command));
    expect({ code, said: stdout + stderr }).toEqual({
      code: end?.code,
      said: expect.stringContaining(end?.says ?? command) as string,
    });
    expect(existsSync(join(assembly, 'manifest.json'))).toBe(true);
  },
  240_000,
);
