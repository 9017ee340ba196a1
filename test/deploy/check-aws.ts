import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { Command } from 'commander';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { systems } from '#bin/systems.ts';
import { ensureFolder, FLEET_HOME } from '#cli/fleet/paths.ts';
import { outliveReaders } from '#cli/terminal/broken-pipe.ts';
import { UserError, wrongUsage } from '#cli/user-error.ts';
import { checkAws, synthesize, type Cost } from './aws/check.ts';
import { confirm, describePlan, type ModelAccess } from './aws/plan.ts';
import { removeAll } from './aws/remove.ts';
import { Cdk } from './cdk.ts';
import { clientsFor, type Clients } from './clients.ts';
import { EMULATED, type Cloud } from './cloud.ts';
import { Findings, table } from './findings.ts';
import { installMiniStack } from './ministack/install.ts';
import { startMiniStack, type MiniStack } from './ministack/ministack.ts';

interface Options {
  readonly region?: string;
  readonly prefix?: string;
  readonly yes?: true;
  readonly json?: true;
  readonly ministack?: true;
  readonly endpoint?: string;
  readonly callbackUrl?: string;
  readonly remove?: string;
}

outliveReaders([process.stdout, process.stderr]);
const options = new Command('check:aws')
  .description('Deploys all stacks to an AWS account under a prefix of their own, uses them, and removes everything.')
  .option('--region <region>', 'the region (default: AWS_REGION, else us-east-1)')
  .option('--prefix <prefix>', 'begins all names (default: fleet-check- and six random characters)')
  .option('--callback-url <url>', 'a public https address that answers a POST with 2xx')
  .option('--endpoint <url>', 'an emulator instead of AWS (default: AWS_ENDPOINT_URL)')
  .option('--ministack', 'install and start MiniStack, an emulator, and use it instead of AWS')
  .option('--remove <prefix>', 'only remove what an earlier check left')
  .option('--yes', 'do not ask for confirmation')
  .option('--json', 'print one JSON object to stdout instead of the table')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .parse()
  .opts<Options>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
const [first, second] = [new AbortController(), new AbortController()];
/** npm forwards Ctrl-C, so that it arrives twice. */
const SAME_KEYPRESS_MS = 1_000;
let interruptedAt = 0;
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    if (!first.signal.aborted) {
      interruptedAt = performance.now();
      say('Stopping. Everything that was deployed is removed now, which takes minutes on AWS …');
      first.abort();
    } else if (performance.now() - interruptedAt > SAME_KEYPRESS_MS) second.abort();
  });
}

const findings = new Findings(say);
const folder = ensureFolder(join(FLEET_HOME, 'check-aws', randomBytes(4).toString('hex')));
const prefix = options.remove ?? options.prefix ?? `fleet-check-${randomBytes(3).toString('hex')}`;
let emulator: MiniStack | undefined;
let claude: SimulatedClaude | undefined;

const costLine = ({ tokensUsd, awsUsd }: Cost): string =>
  `Cost: $${tokensUsd.toFixed(4)} for tokens, about $${awsUsd.toFixed(2)} for AWS (estimated at list prices).`;

try {
  const cost = await main();
  const ok = findings.failed.length === 0;
  const result = { ok, prefix, phases: findings.phases, findings: findings.findings, ...cost };
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : `${table(findings)}\n${costLine(cost)}\n`);
  process.exitCode = ok ? 0 : 1;
} catch (error) {
  report(error);
} finally {
  await claude?.close();
  await emulator?.close();
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<Cost> {
  if (!/^[a-z][a-z0-9-]{0,28}[a-z0-9]$/.test(prefix))
    throw wrongUsage(`The prefix "${prefix}" cannot be used.`, 'Use 2 to 30 lower case letters, digits and dashes.');
  const cloud = await findCloud();
  const model = await findModel(cloud);
  const cdk = new Cdk(join(folder, 'cdk'), first.signal);
  if (options.remove !== undefined) return removeOnly(cdk, cloud);
  say(describePlan(cloud, prefix, model));
  if (options.yes === undefined && cloud.endpoint === undefined) await confirm(first.signal);
  if (cloud.endpoint !== undefined) await findings.phase('bootstrap', () => cdk.bootstrap(cloud));
  const { callbackUrl } = options;
  const signals = { signal: first.signal, given: second.signal };
  return checkAws({ cloud, cdk, prefix, model, claude, callbackUrl, findings, ...signals });
}

async function findCloud(): Promise<Cloud> {
  const { signal } = first;
  if (options.ministack) {
    const programs = await findings.phase('install MiniStack', () => installMiniStack(signal));
    const home = ensureFolder(join(folder, 'ministack'));
    emulator = await findings.phase('start MiniStack', () => startMiniStack({ programs, folder: home, signal }));
    return emulator;
  }
  const region = options.region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const endpoint = options.endpoint ?? process.env['AWS_ENDPOINT_URL'];
  if (endpoint !== undefined && region !== EMULATED.region)
    throw wrongUsage(`An emulator is used in ${EMULATED.region} only.`, 'Leave out --region and AWS_REGION.');
  const place = { region, endpoint, certificate: undefined };
  const clients = clientsFor({ ...place, account: '' });
  try {
    const { Account: account = '' } = await clients.sts.send(new GetCallerIdentityCommand({}));
    if (endpoint === undefined) await requireBootstrap(clients, account, region);
    return { ...place, account };
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `AWS does not say whose account this is: ${error instanceof Error ? error.message : String(error)}`,
      'Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of a sandbox account, or give --ministack.',
    );
  } finally {
    clients.close();
  }
}

async function requireBootstrap({ cloudformation }: Clients, account: string, region: string): Promise<void> {
  try {
    await cloudformation.send(new DescribeStacksCommand({ StackName: 'CDKToolkit' }));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.includes('does not exist')) throw error;
    throw new UserError(
      `The account ${account} is not bootstrapped in ${region}.`,
      `Run npx cdk bootstrap aws://${account}/${region} once, in a folder without cdk.json.`,
    );
  }
}

/** Takes the key out of the environment, so that no child process inherits it. */
async function findModel({ endpoint }: Cloud): Promise<ModelAccess> {
  const key = process.env['ANTHROPIC_API_KEY'];
  delete process.env['ANTHROPIC_API_KEY'];
  if (endpoint !== undefined) {
    // Slow enough for a cancel to arrive in time.
    const rules = systems.flatMap(({ claudeRules }) => claudeRules);
    claude = await startSimulatedClaude({ rules, dataDir: folder, latency: { kind: 'fixed', ms: 2_000 } });
    return { kind: 'simulated', url: claude.url };
  }
  return key === undefined || key === '' ? { kind: 'none' } : { kind: 'real', key };
}

async function removeOnly(cdk: Cdk, cloud: Cloud): Promise<Cost> {
  const model = { kind: 'none' } as const;
  const assembly = await findings.phase('synthesize', () => synthesize({ cdk, prefix, cloud, model }));
  const clients = clientsFor(cloud);
  await findings.phase('remove everything', async () => {
    const left = await removeAll({ cdk, clients, cloud }, prefix, assembly);
    findings.expect('removed', left.length === 0, left.length === 0 ? `nothing of ${prefix} is left` : left.join('; '));
  });
  clients.close();
  return { tokensUsd: 0, awsUsd: 0 };
}

function report(error: unknown): void {
  const { signal } = first;
  const message = error instanceof Error ? error.message : String(error);
  const isInterrupted = signal.aborted;
  if (options.json) {
    const { phases, findings: all } = findings;
    const result = { ok: false, prefix, phases, findings: all, error: isInterrupted ? 'interrupted' : message };
    process.stdout.write(`${JSON.stringify(result)}\n`);
  } else if (findings.phases.length > 0) process.stdout.write(`${table(findings)}\n`);
  if (error instanceof UserError) say(`${error.message}\n${error.remedy}`);
  else if (!isInterrupted) say(`The check failed: ${message}`);
  const isLeft = findings.failed.some(({ check }) => check === 'removed') || second.signal.aborted;
  if (isLeft) say(`Remove what is left with: npm run check:aws -- --remove ${prefix}`);
  process.exitCode = isInterrupted ? 130 : error instanceof UserError ? error.exitCode : 1;
}
