import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { noteCanary } from '#adapters/dynamodb/regions/canaries.ts';
import { DRAIN_KEY } from '#adapters/dynamodb/regions/homes-table.ts';
import { planLines, regionLines } from '#cli/regions/command.ts';
import { drain, planFailover, undrain, waitForHandover } from '#cli/regions/failover.ts';
import { whySilent } from '#cli/global/silence.ts';
import { readAllHomes, type RegionPlaces } from '#cli/regions/places.ts';
import { temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { sendJson, stubApi } from '../../adapters/support/stub-api.ts';
import { threeRegions, type ThreeRegions } from '../../adapters/dynamodb/regions/three-regions.ts';
import { FleetProgram } from '../support/fleet-program.ts';

const [US, EU, AP] = [0, 1, 2];

function placesOf(at: ThreeRegions): RegionPlaces {
  const { regions, clients } = at.parts(US);
  return {
    regions: regions.all,
    apis: null,
    table: regions.homesTable,
    clientOf: ({ name }) => clients(regions.names.indexOf(name)),
    close: () => undefined,
    whySilent: ({ name }, error) => whySilent(name === 'ap' ? null : 1, error),
  };
}

const planOf = async (at: ThreeRegions, from: number) => {
  const places = placesOf(at);
  const region = places.regions[from] ?? { name: '', region: '' };
  return planFailover(places, await readAllHomes(places), region);
};

describe('a failover', () => {
  const at = threeRegions();
  const canary = (region: number, ageMs: number) => {
    const { regions, clients } = at().parts(US);
    return noteCanary({ ...regions, index: region }, clients, Date.now() - ageMs);
  };

  it('names candidates that are out of service or do no work, and is not possible without one', async () => {
    await at().hold(US, US, 0);
    expect(await planOf(at(), US)).toMatchObject({ homes: [{ candidates: ['eu', 'ap'] }], unfit: [], possible: true });
    await canary(EU, 300_000);
    const one = await planOf(at(), US);
    expect(one).toMatchObject({
      homes: [{ home: 'us', candidates: ['ap'] }],
      unfit: [{ region: 'eu', problem: 'its canaries do not end' }],
      possible: true,
    });
    expect(planLines(one)).toContain('eu would take nothing over: its canaries do not end.');
    const { clients } = at().parts(US);
    await clients(AP).send(
      new PutItemCommand({ TableName: 'homes', Item: { ...DRAIN_KEY, since: { N: String(Date.now()) } } }),
    );
    const none = await planOf(at(), US);
    expect(none).toMatchObject({ homes: [{ candidates: [] }], possible: false });
    expect(planLines(none)).toMatch(/us +– +– +nobody[^]*ap would take nothing over: out of service\.\nNobody could/);
    await canary(EU, 1_000);
    expect(await planOf(at(), US)).toMatchObject({ homes: [{ candidates: ['eu'] }], possible: true });
    await undrain(placesOf(at()), { name: 'ap', region: 'ap-northeast-1' });
  });

  it('does not name a region that is cut off from the others, and does not count its table', async () => {
    await at().hold(US, US, 0);
    const places: RegionPlaces = { ...placesOf(at()), isCutOff: ({ name }) => Promise.resolve(name === 'eu') };
    const reading = await readAllHomes(places);
    expect(regionLines(reading)).toMatch(/^eu .*cut off from the others$/m);
    const plan = await planFailover(places, reading, { name: 'us', region: 'us-east-1' });
    expect(plan).toMatchObject({ homes: [{ candidates: ['ap'] }], tables: ['ap'], possible: false });
  });

  it('counts open tasks in a region that answers, and does not wait for a count', async () => {
    await at().hold(US, US, 0);
    const hanging = await stubApi(() => undefined);
    const answering = await stubApi((response) => sendJson(response, 200, { tasks: [] }));
    const apis = [
      { region: 'us', url: hanging.url, key: 'flk_x' },
      { region: 'eu', url: answering.url, key: 'flk_x' },
    ];
    const places: RegionPlaces = { ...placesOf(at()), apis };
    const reading = await readAllHomes(places);
    const us = { name: 'us', region: 'us-east-1' };
    const homesWith = async (problem: string | null) => {
      const regions = reading.regions.map((each) => (each.name === 'us' ? { ...each, problem } : each));
      return (await planFailover(places, { ...reading, regions }, us)).homes;
    };
    expect(await homesWith('no answer')).toMatchObject([{ home: 'us', openTasks: { count: 0, complete: true } }]);
    expect(hanging.requests).toEqual([]);
    expect(await homesWith(null)).toMatchObject([{ home: 'us', openTasks: null }]);
  }, 15_000);

  it('waits until another region holds the homes, and says which are open when the time is over', async () => {
    await at().hold(US, US, 16);
    const plan = await planOf(at(), US);
    const said: string[] = [];
    let looks = 0;
    const delay = async (): Promise<void> => {
      looks += 1;
      if (looks === 2) await at().lapse(US, US, 16);
      if (looks === 3) await at().hold(US, EU, 17);
    };
    const wait = (limitMs: number) =>
      waitForHandover(placesOf(at()), plan, { limitMs, about: (text) => void said.push(text), delay });
    expect(await wait(1_000)).toEqual({ heldBy: { us: 'us' }, open: ['us'] });
    expect(await wait(1_000)).toEqual({ heldBy: { us: null }, open: ['us'] });
    expect(await wait(90_000)).toEqual({ heldBy: { us: 'eu' }, open: [] });
    expect(said[0]).toBe('Waiting until another region holds us: 0 of at most 1 s');
  });

  it('of a region that does not answer changes nothing, and says what becomes of its homes', async () => {
    at().lose(AP);
    const ap = { name: 'ap', region: 'ap-northeast-1' };
    await expect(drain(placesOf(at()), ap)).rejects.toThrow('Region ap does not answer, so nothing was changed.');
    await expect(undrain(placesOf(at()), ap)).rejects.toMatchObject({
      remedy: expect.stringContaining('within a minute'),
    });
    const plan = await planOf(at(), US);
    expect(plan).toMatchObject({ tables: ['eu'], possible: false, unfit: [{ region: 'ap', problem: 'down' }] });
    expect(planLines(plan)).toContain('ap would take nothing over: down. Start it: npm run fleet -- global start ap.');
  });
});

describe('regions and failover of a deployed fleet', () => {
  const run = async (command: string, error?: { name: string; message: string }) => {
    const dynamodb = await stubApi((response) =>
      error === undefined
        ? response.destroy()
        : sendJson(response, 400, { __type: `com.amazonaws.dynamodb#${error.name}`, message: error.message }),
    );
    return new FleetProgram(temporaryFolder()).run(command.split(' '), {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 's',
    });
  };

  it.each([
    ['ExpiredTokenException', 'The security token included in the request is expired', 'Sign in again'],
    [
      'AccessDeniedException',
      'You may not do dynamodb:GetItem',
      'credentials that may read the table fleet-global-homes',
    ],
    ['ResourceNotFoundException', 'Requested resource not found', 'in its stack fleet-global-regions'],
    ['UnrecognizedClientException', 'The security token is invalid', 'Check AWS_PROFILE'],
  ])('say what to do about %s', async (name, message, remedy) => {
    const { code, stdout, stderr } = await run('failover --from us --env global --yes', { name, message });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`AWS rejected the request: ${message}`);
    expect(stderr).toContain(remedy);
    expect(stderr).not.toContain('    at ');
  });

  it.each([
    ['failover --from us --env nope', 'config/nope.json not found.'],
    ['failover --from mars --env global', 'Region "mars" not found.'],
    ['failover --from us --env global', 'This changes which regions of global work.'],
    ['regions --env dev', 'config/dev.json has one region only.'],
  ])('%s says what is wrong before anything is confirmed', async (command, message) => {
    const { code, stderr } = await run(command);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('say that AWS does not answer', async () => {
    const { code, stderr } = await run('regions --env global');
    expect(code).toBe(1);
    expect(stderr).toContain('AWS does not answer:');
    expect(stderr).toContain('Check the network of this machine');
  });
});
