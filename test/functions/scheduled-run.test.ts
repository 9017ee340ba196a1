import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:companies';
const EXECUTIONS = MACHINE.replace('stateMachine', 'execution');
const NIGHT = 'companies-nightly-2027-03-27';

const here = vi.hoisted(() => ({
  executions: new Map<string, string>(),
  started: [] as object[],
  /** Whether this region holds the home of the first one. */
  isFirst: true,
  /** Runs of other regions, by the names of their executions. */
  homes: undefined as { readonly here: number; readonly names: readonly string[] } | undefined,
  elsewhere: new Map<string, { readonly runId: string; readonly status: string }>(),
}));

/** Keeps names as Step Functions does. */
async function send(command: unknown): Promise<object> {
  const rest = { message: '', $metadata: {} };
  if (command instanceof StartExecutionCommand) {
    const { name = '', input = '' } = command.input;
    if (here.executions.has(`${EXECUTIONS}:${name}`)) throw new ExecutionAlreadyExists(rest);
    here.executions.set(`${EXECUTIONS}:${name}`, 'RUNNING');
    here.started.push({ name, input: JSON.parse(input) as object });
    return {};
  }
  if (!(command instanceof DescribeExecutionCommand)) throw new Error('An unexpected call.');
  const status = here.executions.get(command.input.executionArn ?? '');
  if (status === undefined) throw new ExecutionDoesNotExist(rest);
  return { status };
}

vi.mock('#adapters/stepfunctions/client.ts', () => ({ sfn: () => ({ send }) }));
vi.mock('#adapters/dynamodb/regions/first-home.ts', () => ({ holdsFirstHome: async () => here.isFirst }));
vi.mock('#adapters/dynamodb/regions/run-elsewhere.ts', () => ({
  runElsewhere: async (tenant: string, name: string) => here.elsewhere.get(`${tenant}/${name}`) ?? null,
}));
vi.mock('#adapters/aws/regions.ts', () => ({ homesHere: () => here.homes }));

beforeEach(() => {
  vi.resetModules();
  here.executions.clear();
  here.started = [];
  here.isFirst = true;
  here.elsewhere.clear();
  here.homes = undefined;
  const env = { RUNS: 'companies-nightly', ZONE: 'Europe/Berlin', AT: '22:00', BY: '06:45', GRACE_MINUTES: '20' };
  const start = {
    STATE_MACHINE_ARN: MACHINE,
    EXECUTIONS: `${EXECUTIONS}:`,
    WATCHDOG: '04:30',
    INPUT: '{"items":{"key":"list.jsonl"},"each":{"night":"<date>"}}',
  };
  const check = { SCHEDULE: 'nightly' };
  for (const [name, value] of Object.entries({ ...env, ...start, ...check })) vi.stubEnv(name, value);
  vi.useFakeTimers({ toFake: ['Date'] });
  return () => void vi.useRealTimers();
});

const event = (occasion: string, scheduledTime: string) => ({
  schedule: 'nightly',
  occasion,
  executions: `${EXECUTIONS}:companies-nightly-`,
  scheduledTime,
});

async function start(occasion: string, scheduledTime: string, now = scheduledTime) {
  vi.setSystemTime(now);
  const { handler } = await import('#functions/start-scheduled-run/handler.ts');
  return handler(event(occasion, scheduledTime), {} as Context);
}

const DUE = '2027-03-27T21:00:00Z';
const RESULTS_DUE = '2027-03-28T05:05:00.000Z';
/** When the watchdog comes. Only the night's own run says so: what comes later is not rescued. */
const RESCUE = '2027-03-28T02:30:00.000Z';
const WITHOUT_DEADLINE = {
  group: '2027-03-27',
  due: RESULTS_DUE,
  items: { key: 'list.jsonl' },
  each: { night: '2027-03-27' },
};

describe('the start of a scheduled run', () => {
  it('is left to the region that holds the home of the first one, unless a person asks', async () => {
    here.isFirst = false;
    expect(await start('due', DUE)).toEqual({ runId: null });
    expect(await start('watchdog', '2027-03-28T02:30:00Z')).toEqual({ runId: null });
    expect(here.started).toEqual([]);
    await start('by-hand', DUE);
    expect(here.started).toHaveLength(1);
    here.isFirst = true;
    await start('watchdog', '2027-03-28T02:30:00Z');
    expect(here.started).toMatchObject([{}, { name: NIGHT }]);
  });

  it('is one for an occurrence, its retries and its watchdog', async () => {
    const answers = [
      await start('due', DUE),
      await start('due', DUE, '2027-03-27T21:40:00Z'),
      await start('watchdog', '2027-03-28T02:30:00Z'),
    ];
    expect(answers).toEqual([{ runId: NIGHT }, { runId: NIGHT }, { runId: NIGHT }]);
    const input = {
      group: '2027-03-27',
      deadline: '2027-03-28T04:45:00.000Z',
      due: RESULTS_DUE,
      rescueAt: RESCUE,
      items: { key: 'list.jsonl' },
      each: { night: '2027-03-27' },
    };
    expect(here.started).toEqual([{ name: NIGHT, input }]);
  });

  it.each(['FAILED', 'TIMED_OUT'])('that is %s is rescued by the watchdog, once, in the same group', async (status) => {
    await start('due', DUE);
    here.executions.set(`${EXECUTIONS}:${NIGHT}`, status);
    const rescue = { runId: `${NIGHT}-2` };
    expect(await start('watchdog', '2027-03-28T02:30:00Z')).toEqual(rescue);
    here.executions.set(`${EXECUTIONS}:${NIGHT}-2`, status);
    expect(await start('watchdog', '2027-03-28T02:30:00Z', '2027-03-28T03:00:00Z')).toEqual(rescue);
    expect(here.started).toEqual([
      expect.objectContaining({ name: NIGHT }),
      {
        name: `${NIGHT}-2`,
        input: {
          group: '2027-03-27',
          due: RESULTS_DUE,
          deadline: '2027-03-28T04:45:00.000Z',
          items: { key: 'list.jsonl' },
          each: { night: '2027-03-27' },
        },
      },
    ]);
  });

  it.each(['RUNNING', 'SUCCEEDED', 'ABORTED'])('that is %s is left alone by the watchdog', async (status) => {
    await start('due', DUE);
    here.executions.set(`${EXECUTIONS}:${NIGHT}`, status);
    expect(await start('watchdog', '2027-03-28T02:30:00Z')).toEqual({ runId: NIGHT });
    expect(here.started).toHaveLength(1);
  });

  it('that has failed is not rescued by a second delivery of its own start', async () => {
    await start('due', DUE);
    here.executions.set(`${EXECUTIONS}:${NIGHT}`, 'FAILED');
    expect(await start('due', DUE, '2027-03-27T21:40:00Z')).toEqual({ runId: NIGHT });
    expect(here.started).toHaveLength(1);
  });

  it('I10: repeated after the deadline, it answers with the run that there is', async () => {
    await start('due', DUE);
    here.executions.set(`${EXECUTIONS}:${NIGHT}`, 'SUCCEEDED');
    expect(await start('due', DUE, '2027-03-28T06:00:00Z')).toEqual({ runId: NIGHT });
    expect(here.started).toHaveLength(1);
  });

  it('after a sleep of the machine is a run with the deadline of its pipeline, not one in the past, and its results are late', async () => {
    await start('due', DUE, '2027-03-28T06:00:00Z');
    await start('watchdog', '2027-03-28T02:30:00Z', '2027-03-28T06:00:00Z');
    expect(here.started).toEqual([{ name: NIGHT, input: { ...WITHOUT_DEADLINE, rescueAt: RESCUE } }]);
  });

  it('by hand shares the results of the last night under a name of its own', async () => {
    const { runId } = await start('by-hand', '2027-03-28T10:00:00Z');
    expect(runId).toBe('companies-nightly-now-20270328T100000Z');
    expect(here.started).toEqual([{ name: runId, input: WITHOUT_DEADLINE }]);
  });

  it('rejects a time that is none, and the call of another function', async () => {
    await expect(start('due', '<aws.scheduler.scheduled-time>', DUE)).rejects.toThrow('scheduledTime');
    await expect(start('check', DUE)).rejects.toThrow('occasion');
  });
});

/** Makes this region the second of three. */
const beEurope = () => (here.homes = { here: 1, names: ['us', 'eu', 'ap'] });

/** The night's run, or its rescue, as another region has it. */
const ranElsewhere = (status: string, name = NIGHT, region = 'ap.') =>
  here.elsewhere.set(`research/${name}`, { runId: `${region}${name}`, status });

describe('the start of a scheduled run in a fleet of three regions', () => {
  const WATCHDOG = '2027-03-28T02:30:00Z';
  beforeEach(() => {
    vi.stubEnv('TENANT', 'research');
    beEurope();
  });

  it('answers with the id of the run, which has its region in front', async () => {
    const runId = `eu.${NIGHT}`;
    expect(await start('due', DUE)).toEqual({ runId });
    expect(await start('watchdog', WATCHDOG)).toEqual({ runId });
    here.executions.set(`${EXECUTIONS}:${NIGHT}`, 'SUCCEEDED');
    expect(await start('watchdog', WATCHDOG)).toEqual({ runId });
    expect(here.started).toHaveLength(1);
  });

  it.each(['RUNNING', 'SUCCEEDED', 'ABORTED'])('is none where the run of another region is %s', async (status) => {
    ranElsewhere(status);
    expect(await start('due', DUE)).toEqual({ runId: `ap.${NIGHT}` });
    expect(await start('watchdog', WATCHDOG)).toEqual({ runId: `ap.${NIGHT}` });
    expect(here.started).toEqual([]);
  });

  it('rescues the failed run of another region, once for the whole fleet', async () => {
    ranElsewhere('FAILED');
    expect(await start('watchdog', WATCHDOG)).toEqual({ runId: `eu.${NIGHT}-2` });
    expect(here.started).toMatchObject([{ name: `${NIGHT}-2` }]);
    here.executions.clear();
    ranElsewhere('FAILED', `${NIGHT}-2`);
    expect(await start('watchdog', WATCHDOG)).toEqual({ runId: `ap.${NIGHT}-2` });
    expect(here.started).toHaveLength(1);
  });

  it('is no rescue of a run that failed here, when another region has succeeded', async () => {
    here.executions.set(`${EXECUTIONS}:${NIGHT}`, 'FAILED');
    ranElsewhere('SUCCEEDED');
    expect(await start('watchdog', WATCHDOG)).toEqual({ runId: `ap.${NIGHT}` });
    expect(here.started).toEqual([]);
  });

  it('by hand asks no other region', async () => {
    ranElsewhere('SUCCEEDED');
    expect(await start('by-hand', DUE)).toEqual({ runId: 'eu.companies-nightly-now-20270327T210000Z' });
    expect(here.started).toHaveLength(1);
  });
});

const CHECKED = '2027-03-28T05:05:00Z';

/** The metrics that a check writes. */
async function checked(status?: string, rescue?: string): Promise<unknown[]> {
  if (status !== undefined) here.executions.set(`${EXECUTIONS}:${NIGHT}`, status);
  if (rescue !== undefined) here.executions.set(`${EXECUTIONS}:${NIGHT}-2`, rescue);
  const written: string[] = [];
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  vi.setSystemTime(CHECKED);
  try {
    const { handler } = await import('#functions/check-scheduled-run/handler.ts');
    await handler(event('check', CHECKED), {} as Context);
  } finally {
    stdout.mockRestore();
  }
  return written.filter((line) => line.includes('CloudWatchMetrics')).map((line) => JSON.parse(line) as unknown);
}

describe('the check of a scheduled run', () => {
  it.each([
    [0, 'SUCCEEDED'],
    [1, 'RUNNING'],
    [1, 'FAILED'],
    [1, 'TIMED_OUT'],
    [1, 'ABORTED'],
    [1, undefined],
  ])('measures RunMissed %d when the run is %s', async (RunMissed, status) => {
    const [metric, ...others] = await checked(status);
    expect(others).toEqual([]);
    expect(metric).toMatchObject({ RunMissed, schedule: 'nightly', service: expect.any(String) as string });
    expect(JSON.stringify(metric)).toContain('"Dimensions":[["service","schedule"]]');
  });

  it.each([
    [0, 'FAILED', 'SUCCEEDED'],
    [1, 'FAILED', 'RUNNING'],
    [1, 'FAILED', 'FAILED'],
    // A redrive was faster.
    [0, 'SUCCEEDED', 'RUNNING'],
  ])('measures RunMissed %d when the run is %s and its rescue %s', async (RunMissed, status, rescue) => {
    expect(await checked(status, rescue)).toMatchObject([{ RunMissed }]);
  });

  it('counts no other run of the pipeline', async () => {
    for (const name of ['companies-weekly-2027-03-27', 'companies-nightly-2027-03-26', 'run-1'])
      here.executions.set(`${EXECUTIONS}:${name}`, 'SUCCEEDED');
    expect(await checked()).toMatchObject([{ RunMissed: 1 }]);
  });

  it.each([
    [0, 'SUCCEEDED', undefined],
    [0, 'FAILED', 'SUCCEEDED'],
    [1, 'RUNNING', undefined],
  ])(
    'measures RunMissed %d when the run of another region is %s, and its rescue %s',
    async (RunMissed, status, rescue) => {
      vi.stubEnv('TENANT', 'research');
      beEurope();
      ranElsewhere(status, NIGHT, '');
      if (rescue !== undefined) ranElsewhere(rescue, `${NIGHT}-2`, '');
      expect(await checked()).toMatchObject([{ RunMissed }]);
    },
  );
});
