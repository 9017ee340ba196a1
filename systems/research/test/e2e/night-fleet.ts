import { resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { startSimulatedWeb, type SimulatedWebOptions } from '@agent-fleet/simulated-web';
import { expect, vi } from 'vitest';
import { dynamodbRunStore } from '#adapters/dynamodb/run-store.ts';
import { s3Artifacts } from '#adapters/s3/artifacts.ts';
import { startApiFleet } from '#test/e2e/api/fleet.ts';
import type { LocalFleetOptions } from '#test/e2e/support/local-fleet.ts';
import { briefSchema, type Brief } from '../../brief/schema.ts';
import { itemsOf } from './items.ts';
import { SIMULATED_WEB_KEY, type NightItem } from '../../night/item.ts';

const RULES = ['analyst', 'searcher', 'strategist'].map((rule) =>
  resolve(`systems/research/simulated-claude/${rule}.rule.ts`),
);
export interface NightFleetOptions extends Pick<Partial<LocalFleetOptions>, 'context' | 'onEvent'> {
  readonly web: SimulatedWebOptions & { readonly companies: number };
  readonly claude?: LocalFleetOptions['claude'];
  /** Whether the simulated Claude searches the simulated web. @default false */
  readonly searches?: boolean;
}

/** A fleet with the research system on the local cloud, and a simulated web that it may fetch. */
export async function startNightFleet({ web: options, claude, searches = false, ...place }: NightFleetOptions) {
  const web = await startSimulatedWeb(options);
  const fleet = await startApiFleet({
    ...place,
    stacks: ['research'],
    claude: {
      latency: { kind: 'fixed', ms: 0 },
      ...claude,
      ...(searches && { search: { url: web.url } }),
      rules: RULES,
    },
  });
  const call = fleet.as(await fleet.makeKey());
  const states = new SFNClient(fleet.client);
  const dynamodb = new DynamoDBClient(fleet.client);
  const s3 = new S3Client({ ...fleet.client, forcePathStyle: true });
  const artifacts = s3Artifacts({ client: s3 });
  const bucket = fleet.output('research', 'SnapshotBucket');
  await artifacts.put({ bucket, key: SIMULATED_WEB_KEY }, JSON.stringify({ port: web.port }), 'application/json');
  const items = (index: number): NightItem[] => itemsOf(web, index, options.companies, options.seed);
  const arnOf = async (id: string): Promise<string> =>
    (await dynamodbRunStore({ table: fleet.output('platform', 'StateTable'), client: dynamodb }).get('acme', id))
      ?.execution ?? '';
  return {
    fleet,
    web,
    call,
    artifacts,
    bucket,
    items,
    /** Starts a run, and returns its id. */
    async start(body: object): Promise<string> {
      const answer = await call('POST /runs', { workflow: 'research', ...body });
      expect(answer).toMatchObject({ status: 202 });
      return answer.body.id;
    },
    /** Waits for the end of a run, and returns what its aggregator returned. */
    async ended(id: string, timeout = 200_000): Promise<Record<string, unknown>> {
      const executionArn = await arnOf(id);
      return vi.waitFor(
        async () => {
          const { status, cause, output = '{}' } = await states.send(new DescribeExecutionCommand({ executionArn }));
          expect(status).not.toBe('RUNNING');
          return JSON.parse(cause === undefined ? output : JSON.stringify({ status, cause })) as Record<
            string,
            unknown
          >;
        },
        { timeout, interval: 300 },
      );
    },
    async read(key: string): Promise<string> {
      return new TextDecoder().decode(await artifacts.get({ bucket, key }));
    },
    async brief(id: string): Promise<Brief> {
      return briefSchema.parse(JSON.parse(await this.read(`runs/${id}/brief/brief.json`)));
    },
    /** Paths that a host was asked for more than once, as `night host path`. */
    fetchedTwice(): string[] {
      const counts = new Map<string, number>();
      for (const { night, host, path } of web.requests()) {
        const key = `${night} ${host}${path}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      return [...counts].filter(([, count]) => count > 1).map(([key]) => key);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      states.destroy();
      dynamodb.destroy();
      s3.destroy();
      await fleet[Symbol.asyncDispose]();
      await web.close();
    },
  };
}
export type NightFleet = Awaited<ReturnType<typeof startNightFleet>>;
