import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { Command, InvalidArgumentError } from 'commander';
import { readAlarmDescription } from '#core/alarms/description.ts';
import { awsError, noAnswer, type Remedies } from '#cli/aws-error.ts';
import { UserError } from '#cli/user-error.ts';
import { stacksOf } from '#lib/diff/deployed-templates.ts';
import { TemplatesError } from '#lib/diff/read-templates.ts';
import { bake } from '#lib/rollout/bake.ts';
import { rollOut, wavesFrom } from '#lib/rollout/roll-out.ts';
import { wavesOf, type Wave } from '#lib/rollout/waves.ts';

const program = new Command('deploy:regions')
  .description('Deploys three regions one after the other. An alarm in one of them stops it before the next.')
  .argument('<assembly>', 'folder that `cdk synth` wrote, such as cdk.out')
  .option('--bake <minutes>', 'how long each region works before the next one is deployed', minutes, 30)
  .option('--from <region>', 'begin with this region, or with `global`')
  .option('--dry-run', 'show what would be deployed')
  .addHelpText(
    'after',
    `
It needs credentials that may deploy, and cloudwatch:DescribeAlarms in each region. Alarms of severity 3 stop nothing.
Review the templates first with npm run check:diff: this command asks nothing.

Exit codes: 0 everything was deployed; 1 it stopped; 2 wrong usage.

Examples:
  npx cdk synth --quiet -c env=global && npm run deploy:regions -- cdk.out --dry-run
  npm run deploy:regions -- cdk.out --bake 60
  npm run deploy:regions -- cdk.out --from eu-west-1`,
  )
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(deployRegions);

interface Options {
  readonly bake: number;
  readonly from?: string;
  readonly dryRun?: boolean;
}

async function deployRegions(assembly: string, options: Options): Promise<void> {
  const waves = wavesFrom(wavesOf(assembly), options.from);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  if (options.dryRun === true) {
    for (const { name, stacks } of waves) say(`${name}: ${stacks.join(' ')}`);
    return;
  }
  const prefix = prefixOf(assembly);
  const isDone = await rollOut({
    waves,
    say,
    deploy: (wave) => deploy(assembly, wave),
    watch({ name, region }) {
      say(`${name}: watching its alarms for ${options.bake} minutes …`);
      const ringing = () => ringingIn(region, prefix).catch((error: unknown) => Promise.reject(explained(error)));
      return bake({ minutes: options.bake, ringing, wait: (ms) => wait(ms) });
    },
  });
  process.exitCode = isDone ? 0 : 1;
}

/** The platform's stack is in every fleet. */
function prefixOf(assembly: string): string {
  const platform = stacksOf(assembly).find(({ stackName }) => stackName.endsWith('-platform'));
  if (platform === undefined) throw new TemplatesError(`${assembly} has no stack of the platform.`);
  return platform.stackName.slice(0, -'-platform'.length);
}

const CDK = join(import.meta.dirname, '..', 'node_modules', 'aws-cdk', 'bin', 'cdk');

function deploy(assembly: string, { stacks }: Wave): Promise<boolean> {
  const args = ['deploy', '--app', assembly, '--exclusively', '--require-approval', 'never', ...stacks];
  const child = spawn(process.execPath, [CDK, ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code === 0));
  });
}

/** The alarms of severity 1 and 2 that ring in a region, of stacks whose names begin with a prefix. */
async function ringingIn(region: string, prefix: string): Promise<readonly string[]> {
  const pages = paginateDescribeAlarms(
    { client: new CloudWatchClient({ region }) },
    { AlarmNamePrefix: `${prefix}-`, StateValue: 'ALARM', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
  );
  const names: string[] = [];
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages)
    for (const { AlarmName = '', AlarmDescription = '' } of [...MetricAlarms, ...CompositeAlarms])
      if (readAlarmDescription(AlarmDescription).severity !== 3) names.push(AlarmName);
  return names;
}

/** An error of AWS in a sentence, with what to do about it. */
function explained(error: unknown): unknown {
  const known = awsError(noAnswer(error) ?? error, REMEDIES);
  return known instanceof UserError ? new Error(`${known.message} ${known.remedy}`) : known;
}

const REMEDIES: Remedies = {
  AccessDenied: 'Use credentials that may call cloudwatch:DescribeAlarms in each region.',
  AccessDeniedException: 'Use credentials that may call cloudwatch:DescribeAlarms in each region.',
};

function minutes(text: string): number {
  const number = Number(text);
  if (number >= 0 && number <= 1_440) return number;
  throw new InvalidArgumentError('must be a number of minutes up to 1440.');
}

try {
  await program.parseAsync();
} catch (error) {
  const isUsage = error instanceof TemplatesError || error instanceof RangeError;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (process.env['FLEET_DEBUG'] === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
