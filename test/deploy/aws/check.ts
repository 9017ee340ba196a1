import { randomBytes } from 'node:crypto';
import type { TaskView } from '#client/types.ts';
import { accessApi, clientOf } from '../api-access.ts';
import type { Cdk } from '../cdk.ts';
import { clientsFor } from '../clients.ts';
import type { Cloud } from '../cloud.ts';
import { processDocument } from '../document.ts';
import type { Findings } from '../findings.ts';
import type { Deployed } from '../judges/ministack-judge.ts';
import { leaveOutRefused, REFUSED } from '../without-refused.ts';
import { fleetHas, phaseWith } from '../needs.ts';
import { resourcesOf } from '../stack-resources.ts';
import { readAssembly } from '@agent-fleet/local-cloud';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { SimulatedClaude } from '@agent-fleet/simulated-claude';
import { need } from '../document.ts';
import { receiveCallback } from './callback.ts';
import { runDocuments } from './documents.ts';
import { checkPermissions } from './permissions.ts';
import { awsUsd, DOCUMENTS, type ModelAccess } from './plan.ts';
import { keyMark, removeAll } from './remove.ts';
import { messageSupport } from './support.ts';
import { useTaskApi } from './tasks.ts';
import { checkTraces } from './traces.ts';

export interface AwsCheck {
  readonly cloud: Cloud;
  readonly cdk: Cdk;
  readonly prefix: string;
  readonly model: ModelAccess;
  /** Undefined on AWS, which cannot reach it. */
  readonly claude: SimulatedClaude | undefined;
  readonly callbackUrl: string | undefined;
  readonly findings: Findings;
  readonly signal: AbortSignal;
  /** Aborts the removal too. */
  readonly given: AbortSignal;
}

/** What the check cost, in US dollars. */
export interface Cost {
  readonly tokensUsd: number;
  /** An estimate at list prices. */
  readonly awsUsd: number;
}

/** The tenant of support's tasks too, so that one key sees everything. */
const TENANT = 'default';

/** `-c` options of the check's environment. It fits an account of ten concurrent executions. */
const contextOf = ({ prefix, cloud, model }: Pick<AwsCheck, 'prefix' | 'cloud' | 'model'>) => ({
  prefix,
  regions: cloud.region,
  waitingReads: '0',
  // Otherwise most traces would not be kept.
  traceSampling: '1',
  ...(fleetHas('documents') && { 'documents.agents': '10' }),
  ...(model.kind === 'simulated' && { modelBaseUrl: model.url }),
});

export async function synthesize(check: Pick<AwsCheck, 'cdk' | 'prefix' | 'cloud' | 'model'>): Promise<string> {
  const assembly = await check.cdk.synth('assembly', contextOf(check));
  if (check.cloud.endpoint !== undefined) leaveOutRefused(assembly);
  return assembly;
}

/** Deploys, checks and removes everything, also after an error or an interruption. Returns what it cost. */
export async function checkAws(check: AwsCheck): Promise<Cost> {
  const { cloud, cdk, prefix, findings } = check;
  const assembly = await findings.phase('synthesize', () => synthesize(check));
  const clients = clientsFor(cloud);
  const start = performance.now();
  let tokensUsd = 0;
  try {
    const deployed = await findings.phase('deploy', () => deploy(check, assembly));
    tokensUsd = await useFleet(check, deployed);
  } finally {
    await findings.phase('remove everything', async () => {
      const removal = { cdk: cdk.until(check.given), clients, cloud };
      const left = await removeAll(removal, prefix, assembly);
      findings.expect(
        'removed',
        left.length === 0,
        left.length === 0 ? 'nothing of the check is left' : left.join('; '),
      );
    });
    clients.close();
  }
  const seconds = (performance.now() - start) / 1_000;
  return { tokensUsd, awsUsd: cloud.endpoint === undefined ? awsUsd(seconds) : 0 };
}

type Everything = Deployed & { readonly support: Readonly<Record<string, string>> };

async function deploy({ cdk, cloud, prefix, findings, model }: AwsCheck, assembly: string): Promise<Everything> {
  const outputs = await cdk.deploy(assembly, cloud);
  const clients = clientsFor(cloud);
  const names = readAssembly(assembly).stacks.map(({ name }) => name);
  const deployed = {
    cloud,
    clients,
    outputs: { ...outputs[`${prefix}-platform`], ...outputs[`${prefix}-documents`] },
    api: outputs[`${prefix}-api`] ?? {},
    support: outputs[`${prefix}-support`] ?? {},
    resources: await resourcesOf(clients, names),
  };
  findings.expect('stacks', names.length > 0, `${deployed.resources.length} resources of ${names.length} stacks`);
  const key = { real: model.kind === 'real' ? model.key : '', simulated: 'simulated', none: undefined }[model.kind];
  if (key !== undefined) {
    const secret = { SecretId: need(deployed.outputs, 'ModelSecret'), SecretString: key };
    await clients.secrets.send(new PutSecretValueCommand(secret));
  }
  return deployed;
}

/** Returns the tokens' cost in US dollars. */
async function useFleet(check: AwsCheck, deployed: Everything): Promise<number> {
  const { findings, signal, model, prefix, callbackUrl, cloud } = check;
  const { clients, outputs } = deployed;
  const withModel = model.kind !== 'none';
  const isEmulated = cloud.endpoint !== undefined;
  const documentsUsd = (await phaseWith('documents', 'documents', findings, () => documents(check, deployed))) ?? 0;
  const access = await accessApi(deployed, TENANT, keyMark(prefix));
  const client = clientOf(access);
  const common = { client, access, clients, findings, signal, withModel };
  const tasks: TaskView[] = [...(await findings.phase('task API', () => useTaskApi(common)))];
  const callback = { ...common, outputs, tenant: TENANT, callbackUrl, isEmulated };
  await findings.phase('callback', () => receiveCallback(callback));
  const support = () => supportTasks(deployed, isEmulated, common);
  tasks.push(...((await phaseWith('support', 'support', findings, support)) ?? []));
  if (isEmulated) findings.notChecked(REFUSED, 'the emulator refuses them, so they are not deployed');
  await findings.phase('permissions', () => checkPermissions(deployed, findings));
  await findings.phase('traces', async () => {
    if (isEmulated) findings.notChecked('trace of a task', 'the emulator records no traces');
    else await checkTraces({ access, tasks, findings, signal });
  });
  clients.close();
  return documentsUsd + tasks.reduce((sum, { spent }) => sum + spent.usd, 0);
}

async function supportTasks(
  { clients, support }: Everything,
  isEmulated: boolean,
  common: Omit<Parameters<typeof messageSupport>[0], 'webhookSecret'>,
): Promise<readonly TaskView[]> {
  const webhookSecret = need(support, 'WebhookSecret');
  if (isEmulated) {
    // MiniStack's generated secret has characters that the template excludes.
    const SecretString = randomBytes(32).toString('base64');
    await clients.secrets.send(new PutSecretValueCommand({ SecretId: webhookSecret, SecretString }));
  }
  return messageSupport({ ...common, webhookSecret });
}

async function documents(check: AwsCheck, deployed: Everything): Promise<number> {
  const { claude, model } = check;
  if (claude === undefined) return (await runDocuments({ ...check, ...deployed }, model.kind !== 'none')).usd;
  await processDocument({ ...check, ...deployed, claude, samples: DOCUMENTS });
  return 0;
}
