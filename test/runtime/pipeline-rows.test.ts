import { describe, expect, it } from 'vitest';
import { defineAgent } from '#core/agents/define-agent.ts';
import { runItemsKey } from '#core/runs/freeze-items.ts';
import type { ItemMessage } from '#core/tasks/work-message.ts';
import { work } from '#core/worker/work.ts';
import { pipelineEventSchema, readPipelineRows, type PipelineRow } from '#runtime/index.ts';
import { writtenMaps } from '#runtime/runs/written-maps.ts';
import { inMemoryArtifacts } from '../support/fakes/in-memory-artifacts.ts';
import { adderOptions, workerHarness } from '../support/worker-harness.ts';

const BUCKET = 'artifacts';
const ITEMS = [
  { id: 'both', numbers: [1] },
  { id: 'one', numbers: [2] },
  { id: 'late', numbers: [3] },
  { id: 'none', numbers: [4] },
];

/** A run that was stopped while its items were in two stages: `both` has passed them, `late` failed in the first. */
async function stoppedRun() {
  const h = workerHarness([{ json: { sum: 3 } }]);
  const agents = ['adder', 'doubler'].map((name) => defineAgent({ ...adderOptions, name }));
  const work1 = (stage: number, id: string, change: Partial<ItemMessage> = {}) => {
    const agent = agents[stage];
    const item = ITEMS.find((each) => each.id === id);
    if (!agent || !item) throw new Error(`There is no ${id}.`);
    const given = {
      runId: 'night-1',
      tenant: 'default',
      workflow: 'companies',
      deadline: 1e13,
      maxUsd: 1,
      taskToken: `${stage} ${id}`,
    };
    const message: ItemMessage = { type: 'item', item, ...given, ...change };
    return work(h.ports, agent, { message, received: { extend: async () => undefined }, timeLeftMs: () => 300_000 });
  };
  await work1(0, 'both');
  await work1(1, 'both', { previous: h.store.all()[0]?.id ?? null });
  await work1(0, 'one');
  await work1(0, 'late', { deadline: h.clock.now() - 1 });
  await work1(0, 'none', { runId: 'another' });
  const put = (key: string, text: string) => h.artifacts.put({ bucket: BUCKET, key }, text, 'text/plain');
  await put(runItemsKey('night-1', 0), ITEMS.map((item) => JSON.stringify(item)).join('\n'));
  const maps = () =>
    writtenMaps({ artifacts: h.artifacts, bucket: BUCKET }, 'night-1', [['adder', 'doubler'], ['adder']]);
  const rows = async (change: object = {}) => {
    const event = pipelineEventSchema.parse({
      run: { id: 'night-1', tenant: 'default', ...change },
      input: {},
      maps: await maps(),
    });
    const found: PipelineRow[] = [];
    for (const map of event.maps) for await (const row of readPipelineRows(h, map)) found.push(row);
    return found;
  };
  return { ...h, put, maps, rows };
}

describe('the rows of a pipeline that was stopped', () => {
  it('are as far as the finished tasks of the run came, and no item is missing', async () => {
    const { rows } = await stoppedRun();
    expect(await rows()).toMatchObject([
      { item: ITEMS[0], status: 'succeeded', stage: 'doubler', output: { sum: 3 }, tasks: [{}, {}], reason: null },
      {
        item: ITEMS[1],
        status: 'not-reached',
        stage: 'adder',
        output: null,
        reason: expect.stringContaining('after the stage adder') as string,
      },
      { item: ITEMS[2], status: 'not-reached', stage: 'adder', output: null },
      { item: ITEMS[3], status: 'not-reached', stage: null, tasks: [] },
    ]);
  });

  it('I8: have no task of another tenant', async () => {
    const { rows } = await stoppedRun();
    expect((await rows({ tenant: 'globex' })).flatMap(({ tasks }) => tasks)).toEqual([]);
  });

  it('are those of the map before the barrier and of the one after it', async () => {
    const h = await stoppedRun();
    // After the barrier the same agent gets another item of the same id.
    await h.put(runItemsKey('night-1', 1), JSON.stringify({ id: 'both', numbers: [9] }));
    expect((await h.rows()).map(({ status }) => status)).toEqual([
      'succeeded',
      'not-reached',
      'not-reached',
      'not-reached',
      'not-reached',
    ]);
  });
});

describe('writtenMaps', () => {
  it('has no map before the items were copied', async () => {
    expect(await writtenMaps({ artifacts: inMemoryArtifacts(), bucket: BUCKET }, 'night-1', [['a']])).toEqual([]);
  });

  it('has the newest results of a map', async () => {
    const h = await stoppedRun();
    for (const uuid of ['b', 'a']) {
      h.clock.advance(5_000);
      await h.put(`runs/night-1/map-0/${uuid}/manifest.json`, '{}');
      await h.put(`runs/night-1/map-0/${uuid}/SUCCEEDED_0.json`, '[]');
    }
    expect(await h.maps()).toEqual([
      {
        items: { bucket: BUCKET, key: 'runs/night-1/items.jsonl' },
        results: { Bucket: BUCKET, Key: 'runs/night-1/map-0/a/manifest.json' },
        agents: ['adder', 'doubler'],
      },
    ]);
  });
});
