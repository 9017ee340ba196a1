import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { bake } from '#lib/rollout/bake.ts';
import { rollOut, wavesFrom, type RollOut } from '#lib/rollout/roll-out.ts';
import { wavesOf } from '#lib/rollout/waves.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { quickApp, removeFolder } from './synthesize.ts';

const app = quickApp('global');
app.add(AssistantStack);
app.synth();
afterAll(() => removeFolder(app.outdir));
const waves = wavesOf(app.outdir);

/** A roll-out that is told what to answer. */
function told(answers: Partial<Pick<RollOut, 'deploy' | 'watch'>> = {}) {
  const deployed: string[] = [];
  const said: string[] = [];
  const { deploy = () => Promise.resolve(true), watch = () => Promise.resolve([]) } = answers;
  const done = rollOut({
    waves,
    say: (line) => said.push(line),
    deploy(wave) {
      deployed.push(wave.name);
      return deploy(wave);
    },
    watch,
  });
  return { done, deployed, said };
}

describe('the waves of an assembly', () => {
  it('are the regions in their order, then what they have together', () => {
    expect(waves.map(({ name }) => name)).toEqual(['us-east-1', 'eu-west-1', 'ap-northeast-1', 'global']);
    const [first] = waves;
    expect(first?.stacks[0]).toBe('fleet-global-platform-us-east-1');
    expect(first?.stacks).not.toContain('fleet-global-global-us-east-1');
    expect(waves.at(-1)?.stacks).toEqual([
      'fleet-global-global-us-east-1',
      'fleet-global-edge-us-east-1',
      'fleet-global-edge-eu-west-1',
      'fleet-global-edge-ap-northeast-1',
    ]);
  });

  it('can begin with a later one', () => {
    expect(wavesFrom(waves, 'ap-northeast-1').map(({ name }) => name)).toEqual(['ap-northeast-1', 'global']);
    expect(() => wavesFrom(waves, 'mars')).toThrow(
      '"mars" is not one of us-east-1, eu-west-1, ap-northeast-1, global.',
    );
  });
});

describe('a roll-out', () => {
  it('deploys every region, and watches each but the last wave', async () => {
    const watched: string[] = [];
    const { done, deployed } = told({ watch: ({ name }) => Promise.resolve(watched.push(name)).then(() => []) });
    expect(await done).toBe(true);
    expect(deployed).toEqual(['us-east-1', 'eu-west-1', 'ap-northeast-1', 'global']);
    expect(watched).toEqual(['us-east-1', 'eu-west-1', 'ap-northeast-1']);
  });

  it('stops before the next region when a deploy fails', async () => {
    const { done, deployed, said } = told({ deploy: ({ name }) => Promise.resolve(name !== 'eu-west-1') });
    expect(await done).toBe(false);
    expect(deployed).toEqual(['us-east-1', 'eu-west-1']);
    expect(said.at(-1)).toBe(
      'eu-west-1: the deploy failed. ap-northeast-1 was not touched. Fix the cause, then deploy again with --from eu-west-1.',
    );
  });

  it('stops before the next region when an alarm rings', async () => {
    const { done, deployed, said } = told({ watch: () => Promise.resolve(['fleet-global-api-ServerErrors']) });
    expect(await done).toBe(false);
    expect(deployed).toEqual(['us-east-1']);
    expect(said.at(-1)).toMatch(/^us-east-1: fleet-global-api-ServerErrors\. eu-west-1 was not touched\./);
  });
});

it('a roll-out whose alarms cannot be read says why, and how to go on', async () => {
  const { done, deployed, said } = told({ watch: () => Promise.reject(new Error('The token has expired.')) });
  expect(await done).toBe(false);
  expect(deployed).toEqual(['us-east-1']);
  expect(said.at(-1)).toBe(
    'us-east-1: deployed, but its alarms cannot be read. The token has expired. eu-west-1 was not touched. If no alarm rings, go on with --from eu-west-1.',
  );
});

describe('the bake time', () => {
  it('survives a short outage, but no long one, and none at its end', async () => {
    const lookFailing = async (fails: (look: number) => boolean) => {
      let looks = 0;
      const ringing = () => ((looks += 1), fails(looks) ? Promise.reject(new Error('gone')) : Promise.resolve([]));
      await bake({ minutes: 5, ringing, wait: () => Promise.resolve() });
      return looks;
    };
    expect(await lookFailing((look) => look < 4 || (look > 4 && look < 8))).toBe(10);
    await expect(lookFailing((look) => look > 2 && look < 7)).rejects.toThrow('gone');
    await expect(lookFailing((look) => look === 10)).rejects.toThrow('gone');
  });

  it('looks at the alarms until it is over', async () => {
    const waited: number[] = [];
    const looked = await bake({
      minutes: 1.25,
      ringing: () => Promise.resolve([]),
      wait: (ms) => Promise.resolve(void waited.push(ms)),
    });
    expect(looked).toEqual([]);
    expect(waited).toEqual([30_000, 30_000, 15_000]);
  });

  it('ends with the first alarm', async () => {
    let looks = 0;
    const ringing = () => Promise.resolve((looks += 1) === 2 ? ['Errors'] : []);
    expect(await bake({ minutes: 30, ringing, wait: () => Promise.resolve() })).toEqual(['Errors']);
    expect(looks).toBe(2);
  });
});

describe('npm run deploy:regions', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['bin/deploy-regions.ts', ...args], { encoding: 'utf8' });

  it('shows what it would deploy', () => {
    const { status, stdout } = run(app.outdir, '--dry-run', '--from', 'eu-west-1');
    expect(status).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(':')[0])).toEqual(['eu-west-1', 'ap-northeast-1', 'global', '']);
  });

  it('rejects a folder that is no assembly, and a wrong time', () => {
    expect(run('test', '--dry-run')).toMatchObject({ status: 2, stderr: expect.stringContaining('is not a folder') });
    expect(run(app.outdir, '--bake', 'long')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('must be a number of minutes'),
    });
  });
});
