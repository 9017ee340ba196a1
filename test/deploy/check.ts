import { randomUUID } from 'node:crypto';
import { copyFileSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systems } from '#bin/systems.ts';
import { ensureFolder, FLEET_HOME } from '#cli/fleet/paths.ts';
import { startSimulatedClaude, type SimulatedClaude } from '@agent-fleet/simulated-claude';
import { Cdk } from './cdk.ts';
import { CHANGED_AGENTS, deploy, destroy, firstDeployment } from './deployment.ts';
import type { Assemblies, Context } from './deployment.ts';
import { processDocument, uploadSamples } from './document.ts';
import type { Findings } from './findings.ts';
import { BY_CALLS, BY_POLICIES } from './judges/explained.ts';
import { judgeLocally } from './judges/local-judge.ts';
import { judgeByCalls, judgeByPolicies } from './judges/ministack-judge.ts';
import { differences, unexplained } from './judges/verdicts.ts';
import type { Explained, Verdicts } from './judges/verdicts.ts';
import { replaceTable, rollBack, updateRunningFleet } from './running-fleet.ts';
import { fleetHas, phaseWith } from './needs.ts';
import { installMiniStack } from './ministack/install.ts';
import { leaveOutRefused, REFUSED } from './without-refused.ts';
import { driveTaskApi } from './task-api.ts';
import { startMiniStack } from './ministack/ministack.ts';
import type { MiniStack } from './ministack/ministack.ts';

const CLAUDE_RULES = systems.flatMap(({ claudeRules }) => claudeRules);

/** So that tasks are running when a deployment arrives. */
const MODEL_TAKES = { kind: 'fixed', ms: 400 } as const;

const WORKER_NOT_JUDGED =
  'MiniStack wrongly denies it the model’s key and the answer to its task token (see below); its calls are compared one by one';

/**
 * Deploys the stacks to MiniStack with the CDK command line, updates them, processes a document, compares the permissions
 * with those of the local cloud, and destroys the stacks. Afterwards only the installed MiniStack is left, even after an
 * error.
 */
export async function checkDeploy(findings: Findings, signal: AbortSignal): Promise<void> {
  const folder = ensureFolder(join(FLEET_HOME, 'check-deploy', randomUUID().slice(0, 8)));
  let claude: SimulatedClaude | undefined;
  try {
    const programs = await findings.phase('install MiniStack', () => installMiniStack(signal));
    claude = await startSimulatedClaude({ rules: CLAUDE_RULES, dataDir: folder, latency: MODEL_TAKES });
    const cdk = new Cdk(join(folder, 'cdk'), signal);
    const { url } = claude;
    const assemblies = await findings.phase('synthesize three times', () => synthesize(cdk, url));
    for (const assembly of Object.values(assemblies)) leaveOutRefused(assembly);
    findings.notChecked(REFUSED, 'MiniStack refuses them, so they are not deployed');
    const context = { findings, signal, folder, programs, cdk, claude, assemblies };
    const local = await phaseWith('documents', 'the local judge', findings, () =>
      judgeLocally(assemblies.changed, join(folder, 'local')),
    );
    await withoutPermissions(context, local);
    if (local !== undefined) await withPermissions(context, local);
  } catch (error) {
    if (!signal.aborted) keepLogs(folder);
    throw error;
  } finally {
    await claude?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function synthesize(cdk: Cdk, url: string): Promise<Assemblies> {
  const next = join(import.meta.dirname, 'next', 'app.ts');
  const agents = fleetHas('documents') ? { 'documents.agents': String(CHANGED_AGENTS) } : {};
  const changed = { ...agents, modelBaseUrl: url };
  return {
    // The same model by another URL.
    asIs: await cdk.synth('as-is', { modelBaseUrl: url.replace('127.0.0.1', 'localhost') }),
    changed: await cdk.synth('changed', changed, next),
    replaced: await cdk.synth('replaced', { ...changed, replaces: 'table' }, next),
  };
}

/** Keeps the logs of a failed check in `.fleet/check-deploy/broken-off/`. */
function keepLogs(folder: string): void {
  const kept = ensureFolder(join(FLEET_HOME, 'check-deploy', 'broken-off'));
  for (const log of globSync('**/*.log', { cwd: folder })) {
    copyFileSync(join(folder, log), join(kept, log.replaceAll('/', '-')));
  }
}

/** The first pass: MiniStack allows every call. */
async function withoutPermissions(context: Context, local: Verdicts | undefined): Promise<void> {
  const { findings } = context;
  await onMiniStack(context, false, async (cloud) => {
    const first = await findings.phase('first deployment', () => firstDeployment(context, cloud));
    const deployed = await findings.phase('update', () => updateRunningFleet(context, cloud, first));
    first.clients.close();
    await findings.phase('rollback', () => rollBack(context, cloud, deployed));
    await phaseWith('documents', 'one document', findings, () => processDocument({ ...context, ...deployed }));
    await findings.phase('task API', () => driveTaskApi(deployed, findings, context.folder));
    // The calls that are judged are to resources of the documents system.
    if (local !== undefined)
      await findings.phase('permissions by policies', async () => {
        compare(findings, 'every role’s policies', await judgeByPolicies(deployed), local, BY_POLICIES);
      });
    await findings.phase('replaced table', () => replaceTable(context, cloud, deployed));
    await findings.phase('destroy', () => destroy(context, deployed));
    deployed.clients.close();
  });
}

/** The second pass: MiniStack checks every call of a function against its role's policies. */
async function withPermissions(context: Context, local: Verdicts): Promise<void> {
  const { findings, folder, programs } = context;
  await onMiniStack(context, true, async (cloud) => {
    const deployed = await findings.phase('deployment under permissions', () =>
      deploy(context, cloud, context.assemblies.changed),
    );
    await findings.phase('one upload under permissions', async () => {
      await uploadSamples({ ...context, ...deployed });
      findings.notChecked('worker under permissions', WORKER_NOT_JUDGED);
    });
    await findings.phase('permissions by calls', async () => {
      const theirs = await judgeByCalls(deployed, join(folder, 'probe'), join(programs, 'python3'));
      compare(findings, 'real calls under every function’s role', theirs, local, BY_CALLS);
      findings.notChecked(
        'calls of state machine and schedule',
        'MiniStack does not check the calls of its own services; their roles’ policies were compared above',
      );
    });
    deployed.clients.close();
  });
}

async function onMiniStack(context: Context, permissions: boolean, work: (cloud: MiniStack) => Promise<void>) {
  const { findings, folder, programs, cdk, signal } = context;
  const suffix = permissions ? ' under permissions' : '';
  const home = ensureFolder(join(folder, permissions ? 'with-permissions' : 'without-permissions'));
  const cloud = await findings.phase(`start MiniStack${suffix}`, () =>
    startMiniStack({ programs, folder: home, permissions, signal }),
  );
  try {
    await findings.phase(`bootstrap${suffix}`, () => cdk.bootstrap(cloud));
    await work(cloud);
  } finally {
    await cloud.close();
  }
}

/** Compares both judges. Each difference needs an explanation, and each explanation a difference. */
function compare(
  findings: Findings,
  what: string,
  theirs: Verdicts,
  ours: Verdicts,
  explained: readonly Explained[],
): void {
  const { found, judged } = differences(theirs, ours);
  const { open, stale } = unexplained(found, explained);
  const detail = `${judged} verdicts on ${theirs.size} roles, ${found.length} differences, ${found.length - open.length} of them explained`;
  findings.expect(`both judges on ${what}`, open.length === 0, detail);
  for (const { role, call, ministack } of open) {
    findings.expect(`${role}: ${call}`, false, `MiniStack: ${ministack}; the local cloud: the opposite`);
  }
  for (const { call, reason } of stale) {
    findings.expect(`explained: ${call}`, false, `no longer differs. Remove it from judges/explained.ts: ${reason}`);
  }
  for (const { call, reason } of explained) findings.notChecked(`where the judges differ: ${call.source}`, reason);
}
