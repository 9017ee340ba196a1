import type { PermissionsPart } from '#test/e2e/permissions.part.ts';
import { SUPPORT } from '../agents/identity.ts';
import { openClients } from '../cli/clients.ts';
import { driveDay } from '../cli/drive-day.ts';
import { supportOutputs } from '../cli/outputs.ts';
import { prepareLoadTest } from '../load/load-test.ts';

/** Twenty seconds of messages, with a few of each kind. */
const LOAD = { id: 'permissions', seed: 5, volume: { rate: 2 }, seconds: 20, curve: 'even' } as const;

/** Customers' messages of every kind. */
export const part: PermissionsPart = {
  async day({ endpoint, api, key, outputs, model }) {
    const clients = openClients({ endpoint, url: api.url, key, outputs: supportOutputs(outputs) });
    const loadTest = prepareLoadTest({ ...LOAD, now: Date.now() });
    await loadTest.fill(clients.shop);
    const signal = new AbortController().signal;
    const day = { id: LOAD.id, agent: SUPPORT.name, patienceMs: 60_000, signal, onSample: () => undefined };
    const { tasks } = await driveDay(clients, loadTest, day);
    clients.close();
    const bad = tasks.filter(({ status }) => status !== 'succeeded' && status !== 'escalated');
    return bad.map(({ id, status }) => `${id} of ${model} is ${status}`);
  },
};
