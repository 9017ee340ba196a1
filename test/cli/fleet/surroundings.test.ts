import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSurroundings } from '#cli/fleet/surroundings.ts';
import type { CliSystem, StandIn } from '#cli/system.ts';

let dataDir: string;
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'fleet-surroundings-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const closed: string[] = [];
beforeEach(() => void (closed.length = 0));

const standIn = (name: string, fails = false): StandIn => ({
  name,
  async start(folder) {
    if (fails) throw new Error(`${name} cannot start`);
    expect(existsSync(folder)).toBe(true);
    const close = async () => void closed.push(name);
    return { environment: { [`${name.toUpperCase()}_URL`]: `http://127.0.0.1/${name}` }, close };
  },
});

const system = (...standIns: StandIn[]): CliSystem => ({
  name: 'shop',
  agents: async () => [],
  claudeRules: [],
  standIns,
});
const real = () => ({ dataDir, latencyMs: 0, apiKey: 'key' });

describe('what a fleet on this machine calls', () => {
  it('are the stand-ins of its systems, closed in reverse order', async () => {
    const surroundings = await startSurroundings([system(standIn('git'), standIn('web'))], real());
    expect(surroundings.claude).toBeNull();
    expect(surroundings.environment).toEqual({ GIT_URL: 'http://127.0.0.1/git', WEB_URL: 'http://127.0.0.1/web' });
    await surroundings.close();
    expect(closed).toEqual(['web', 'git']);
  });

  it('is the simulated Claude without a key', async () => {
    const surroundings = await startSurroundings([system()], { ...real(), apiKey: null });
    expect(surroundings.environment).toEqual(surroundings.claude?.environment);
    expect(surroundings.environment).toMatchObject({ ANTHROPIC_BASE_URL: surroundings.claude?.url });
    await surroundings.close();
  });

  it('is closed again when one of them cannot start', async () => {
    await expect(startSurroundings([system(standIn('git'), standIn('web', true))], real())).rejects.toThrow('web');
    expect(closed).toEqual(['git']);
  });
});
