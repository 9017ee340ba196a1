import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, vi } from 'vitest';
import { dynamodbUploadStore } from '#adapters/dynamodb/upload-store.ts';
import { writeSamples } from '../../samples/samples.ts';

export interface DocumentsFleetOptions {
  /** Milliseconds of a model's answer. */
  readonly latencyMs: number;
  readonly agents: number;
}

/** A registered fleet with the documents system and a short quiet time, for commands in processes of their own. */
export async function startDocumentsFleet({ latencyMs, agents }: DocumentsFleetOptions) {
  const home = mkdtempSync(join(tmpdir(), 'fleet-documents-'));
  // The folders are read when the modules below are loaded.
  vi.stubEnv('FLEET_HOME', home);
  const { bootFleet } = await import('#cli/fleet/boot.ts');
  const { MAIN_DATA } = await import('#cli/fleet/paths.ts');
  const { register } = await import('#cli/fleet/registry.ts');
  const { ensureLocalKey } = await import('#cli/keys/local-key.ts');
  const { documentsSystem } = await import('../../system.ts');
  const { connectDocuments } = await import('../../cli/connection.ts');
  const settings = { systems: 'documents', 'documents.quietSeconds': 2, 'documents.agents': agents };
  const boot = { dataDir: MAIN_DATA, port: 0, apiPort: 0, settings, latencyMs, apiKey: null };
  const fleet = await bootFleet([documentsSystem], boot, { line() {}, progress() {}, json() {} });
  const { endpoint, model, outputs, api } = fleet;
  await ensureLocalKey({ ...api, endpoint });
  const registered = { pid: process.pid, endpoint, startedAt: new Date().toISOString(), outputs, api };
  register({ ...registered, model });
  const connection = connectDocuments(fleet);
  const uploads = dynamodbUploadStore({ client: connection.dynamodb, table: connection.outputs.StateTable });
  return {
    home,
    connection,
    start: (...args: string[]) => new FleetCommand(args, home),
    /** For commands that ask before they spend: the model costs money from now on, as far as they know. */
    claimRealModel: () => register({ ...registered, model: 'the real Claude API' }),
    asked: async () => (await fleet.claude?.stats())?.requests ?? 0,
    /** Waits until the first document of a command's upload is stored, and returns the upload's id. */
    async firstDocument(command: FleetCommand): Promise<string> {
      const Bucket = connection.outputs.UploadBucket;
      const find = async () => {
        if (command.child.exitCode !== null) throw new Error(command.said);
        const { Contents = [] } = await connection.s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'uploads/' }));
        return Contents.map(({ Key = '' }) => Key).findLast((key) => !key.endsWith('_manifest.json')) ?? '';
      };
      await expect.poll(find, { timeout: 30_000, interval: 20 }).not.toBe('');
      return (await find()).split('/')[1] ?? '';
    },
    /** Waits until the intake has looked at an upload after its quiet time, and has nothing more to do. */
    async quietChecked(id: string): Promise<void> {
      const pending = async () => {
        const upload = await uploads.get(id);
        return upload !== null && upload.lastObjectAt > 0 && upload.checkAt === null;
      };
      await expect.poll(pending, { timeout: 60_000, interval: 100 }).toBe(true);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      connection.close();
      await fleet.close(0);
      vi.unstubAllEnvs();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A command of the fleet in a process of its own. */
export class FleetCommand {
  readonly child: ChildProcess;
  said = '';
  readonly ended: Promise<number | null>;

  constructor(args: readonly string[], home: string) {
    const { FLEET_KEY: _key, FLEET_URL: _url, ...env } = process.env;
    this.child = spawn(process.execPath, ['bin/fleet.ts', ...args], {
      env: { ...env, FLEET_HOME: home, ANTHROPIC_API_KEY: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hear = (chunk: Buffer): void => void (this.said += chunk.toString());
    this.child.stdout?.on('data', hear);
    this.child.stderr?.on('data', hear);
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves with the milliseconds until it has said something. */
  async says(text: string | RegExp): Promise<number> {
    const from = performance.now();
    const heard = (): void => {
      if (!(typeof text === 'string' ? this.said.includes(text) : text.test(this.said))) throw new Error(this.said);
    };
    await vi.waitFor(heard, { timeout: 60_000, interval: 10 });
    return performance.now() - from;
  }
}

/** Writes different valid contracts: a few are generated, and each copy differs by a comment at its end. */
export async function writeContracts(folder: string, count: number, mark = ''): Promise<void> {
  await mkdir(folder, { recursive: true });
  const generated = join(folder, '..', 'generated');
  await mkdir(generated, { recursive: true });
  await writeSamples(generated, { count: 1, broken: 0, seed: 3 });
  const { readdirSync } = await import('node:fs');
  const bytes = await readFile(join(generated, readdirSync(generated).find((name) => name.endsWith('.pdf')) ?? ''));
  for (let index = 0; index < count; index += 1)
    writeFileSync(join(folder, `${index}.pdf`), Buffer.concat([bytes, Buffer.from(`%${mark}${index}\n`)]));
}
