import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';
import { bootFleet } from '#cli/fleet/boot.ts';
import { terminalOutput } from '#cli/terminal/output.ts';
import { reportSchema } from '../../report/schema.ts';
import { systems } from '#bin/systems.ts';

/** The sample and the fleet's data are stored here. It is set before the modules that read it are loaded. */
const home = vi.hoisted(
  () => (process.env['FLEET_HOME'] = `${process.env['TMPDIR'] ?? '/tmp'}/fleet-providers-${process.pid}`),
);
afterAll(() => rmSync(home, { recursive: true, force: true }));

it.each([
  ['Amazon Bedrock', { provider: 'bedrock', profile: 'eu' }],
  ['Claude Platform on AWS', { provider: 'claude-platform-aws', workspaceId: 'wrkspc_01' }],
])('a fleet runs its sample at a stand-in of %s, by IAM and without a key', async (_, model) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'fleet-e2e-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  const output = terminalOutput(true);
  const settings = { model: JSON.stringify(model), systems: 'documents', 'documents.agents': 6 };
  const documents = systems.filter(({ name }) => name === 'documents');
  const fleet = await bootFleet(documents, { dataDir, port: 0, latencyMs: 20, apiKey: null, settings }, output);
  onTestFinished(() => fleet.close(0));
  const { endpoint, outputs, claude } = fleet;
  expect(outputs['documents']).not.toHaveProperty('ModelSecret');
  const { signal } = new AbortController();
  await documents[0]?.sample?.({ endpoint, outputs: outputs['documents'] ?? {}, output, signal });
  const report = reportSchema.parse(JSON.parse(readFileSync(join(home, 'sample', 'report', 'report.json'), 'utf8')));
  const succeeded = report.documents.filter(({ status }) => status === 'succeeded');
  expect(succeeded.length).toBeGreaterThan(report.documents.length / 2);
  const stats = await claude?.stats();
  expect(stats?.answered).toBeGreaterThanOrEqual(succeeded.length);
  expect(stats?.errors).toEqual({});
});
