import type { Stack } from 'aws-cdk-lib';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { HOMES_TABLE } from '#adapters/dynamodb/regions/homes-table.ts';
import { globalFleet, REGIONS, statementsOf, tablesOf, variablesOf } from './global-fleet.ts';

const TABLE = 'AWS::DynamoDB::GlobalTable';
let fleet: ReturnType<typeof globalFleet>;
beforeAll(() => {
  fleet = globalFleet();
}, 120_000);

test('each region has the same stacks, and there is one stack over all', () => {
  const each = ['platform', 'regions', 'assistant', 'api', 'observability', 'edge'];
  const expected = REGIONS.flatMap((region) => each.map((system) => `${system}-${region}`));
  expect([...fleet.templates.keys()].toSorted()).toEqual([...expected, 'global-us-east-1'].toSorted());
  for (const { stackName, system } of fleet.stacks) expect(stackName).toBe(`fleet-global-${system}`);
});

describe('the state table', () => {
  test('is made in the first region, with a replica in each of the others, and the same name in all', () => {
    const table = fleet.only('platform-us-east-1', TABLE);
    expect(table.Properties).toMatchObject({
      TableName: 'fleet-global-state',
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    const replicas = z
      .array(z.looseObject({ Region: z.string(), PointInTimeRecoverySpecification: z.unknown() }))
      .parse(table.Properties['Replicas']);
    expect(replicas.map(({ Region }) => Region).toSorted()).toEqual(REGIONS.toSorted());
    for (const { PointInTimeRecoverySpecification: recovery } of replicas)
      expect(recovery).toEqual({ PointInTimeRecoveryEnabled: true });
    for (const region of ['eu-west-1', 'ap-northeast-1'])
      expect(fleet.resources(`platform-${region}`, TABLE)).toEqual([]);
  });

  test('is protected in each region where data is protected', () => {
    const kept = globalFleet({ protectData: true, account: '111122223333' });
    expect(kept.only('platform-us-east-1', TABLE).Properties['Replicas']).toEqual(
      REGIONS.map(() => expect.objectContaining({ DeletionProtectionEnabled: true }) as unknown),
    );
  });

  test('keeps the name that it had in one region, and gets one replica at a time', () => {
    const grown = globalFleet({ stateTable: 'fleet-prod-platform-State1', growing: 1 });
    const { Properties } = grown.only('platform-us-east-1', TABLE);
    expect(Properties['TableName']).toBeUndefined();
    expect(Properties['Replicas']).toMatchObject([{ Region: 'eu-west-1' }, { Region: 'us-east-1' }]);
    const worker = grown.only('assistant-eu-west-1', 'AWS::Lambda::Function', 'AssistantWorker');
    expect(variablesOf(worker)['STATE_TABLE']).toBe('fleet-prod-platform-State1');
  });

  test('is encrypted by the key of each region', () => {
    const kmsKeyArn = 'arn:aws:kms:{region}:111122223333:key/mrk-0123456789abcdef0123456789abcdef';
    const own = globalFleet({ kmsKeyArn });
    const key = (region: string): string => kmsKeyArn.replace('{region}', region);
    for (const region of REGIONS)
      expect(own.only('platform-us-east-1', TABLE).Properties['Replicas']).toContainEqual(
        expect.objectContaining({ Region: region, SSESpecification: { KMSMasterKeyId: key(region) } }),
      );
    const submit = statementsOf(own.resources('api-eu-west-1', 'AWS::IAM::Policy'), 'TaskApiSubmit');
    const keys = submit.filter(({ Action }) => Action.includes('kms:Decrypt')).flatMap(({ Resource }) => Resource);
    expect(new Set(keys)).toEqual(new Set(REGIONS.map(key)));
  });
});

const here = ['eu-west-1 fleet-global-state'];
const everywhere = REGIONS.map((region) => `${region} fleet-global-state`).toSorted();
const homes = REGIONS.map((region) => `${region} fleet-global-homes`).toSorted();

describe('the functions of a region', () => {
  test('know where they are, and those of the task API may forward', () => {
    const all = [
      { name: 'us', region: 'us-east-1' },
      { name: 'eu', region: 'eu-west-1' },
      { name: 'ap', region: 'ap-northeast-1' },
    ];
    const regions = { here: 'eu', all, homesTable: 'fleet-global-homes' };
    for (const system of ['platform', 'regions', 'assistant', 'api'])
      for (const [id, fn] of fleet.resources(`${system}-eu-west-1`, 'AWS::Lambda::Function')) {
        const variables = variablesOf(fn);
        const forwards = system === 'api' ? { forwards: true } : {};
        const regionsOf = z.string().optional().parse(variables['REGIONS']);
        const told: unknown = regionsOf === undefined ? undefined : JSON.parse(regionsOf);
        expect({ id, told }).toEqual({
          id,
          told: variables['STATE_TABLE'] === undefined ? undefined : { ...regions, ...forwards },
        });
        expect(variables['STATE_TABLE'] ?? 'fleet-global-state').toBe('fleet-global-state');
      }
  });

  test('of a pool use their own replica but for day budgets, and make pledges in all regions, but write no lease', () => {
    const worker = statementsOf(fleet.resources('assistant-eu-west-1', 'AWS::IAM::Policy'), 'AssistantWorker');
    expect(tablesOf(worker, 'dynamodb:UpdateItem', true)).toEqual(here);
    expect(tablesOf(worker, 'dynamodb:GetItem', true)).toEqual([...here, ...homes].toSorted());
    const gifts = worker.filter(({ Condition }) => JSON.stringify(Condition ?? '').includes('SPEND#*'));
    for (const action of ['dynamodb:GetItem', 'dynamodb:UpdateItem'])
      expect(tablesOf(gifts, action)).toEqual(everywhere);
    const pledges = worker.find(
      ({ Action, Condition }) => Condition !== undefined && Action.includes('dynamodb:PutItem'),
    );
    expect(pledges).toMatchObject({
      Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['TASK#*'] } },
    });
    expect(tablesOf(pledges ? [pledges] : [], 'dynamodb:PutItem')).toEqual(homes);
  });

  test('of the task API use every replica, and send to the queues of every region', () => {
    const submit = statementsOf(fleet.resources('api-eu-west-1', 'AWS::IAM::Policy'), 'TaskApiSubmit');
    expect(tablesOf(submit, 'dynamodb:PutItem', true)).toEqual(everywhere);
    const senders = statementsOf(fleet.resources('api-eu-west-1', 'AWS::IAM::ManagedPolicy'), 'PoolSenders');
    const queues = senders.flatMap(({ Resource }) => Resource).map((arn) => /:sqs:([\w-]+):.*:([\w-]+)"/.exec(arn));
    expect(queues.map((found) => `${found?.[1]} ${found?.[2]}`).toSorted()).toEqual(
      REGIONS.flatMap((region) =>
        ['assistant', 'canary'].flatMap((agent) =>
          ['high', 'default'].map((priority) => `${region} fleet-global-${agent}-${priority}`),
        ),
      ).toSorted(),
    );
  });

  test('that only read write nothing in any region', () => {
    const get = statementsOf(fleet.resources('api-eu-west-1', 'AWS::IAM::Policy'), 'TaskApiGet');
    expect(tablesOf(get, 'dynamodb:GetItem')).toEqual([...everywhere, ...homes].toSorted());
    for (const action of ['PutItem', 'UpdateItem', 'DeleteItem'])
      expect(tablesOf(get, `dynamodb:${action}`)).toEqual([]);
  });
});

test('the buckets of inputs keep versions, so that S3 can copy them', () => {
  for (const region of REGIONS) {
    const { Properties } = fleet.only(`platform-${region}`, 'AWS::S3::Bucket', 'InputsBucket');
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [{ NoncurrentVersionExpiration: { NoncurrentDays: 1 } }] },
    });
    expect(fleet.templates.get(`platform-${region}`)?.Outputs).toHaveProperty('InputBucket');
  }
});

describe('the stack of regions', () => {
  test('has a table of homes that is not replicated, by the same name in each region', () => {
    const { partitionKey, sortKey, timeToLiveAttribute, indexes } = HOMES_TABLE;
    const keys = (partition: { readonly name: string }, sort: { readonly name: string }) => [
      { AttributeName: partition.name, KeyType: 'HASH' },
      { AttributeName: sort.name, KeyType: 'RANGE' },
    ];
    for (const region of REGIONS) {
      const { Properties } = fleet.only(`regions-${region}`, TABLE);
      expect(Properties).toMatchObject({
        TableName: 'fleet-global-homes',
        Replicas: [{ Region: region }],
        KeySchema: keys(partitionKey, sortKey),
        TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
        GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
          IndexName,
          KeySchema: keys(index.partitionKey, index.sortKey),
          Projection: { ProjectionType: index.projection.type },
        })),
      });
    }
  });

  test('has a keeper that is started each minute and lasts until the next one has begun', () => {
    const keeper = fleet.only('regions-ap-northeast-1', 'AWS::Lambda::Function', 'KeeperKeep');
    expect(keeper.Properties).toMatchObject({ Timeout: 110, MemorySize: 128 });
    expect(variablesOf(keeper)).toMatchObject({
      QUEUE_PREFIX: 'fleet-global',
      AGENTS: JSON.stringify(['canary', 'assistant']),
    });
    const schedule = fleet.only('regions-ap-northeast-1', 'AWS::Scheduler::Schedule', 'Keeper');
    expect(schedule.Properties['ScheduleExpression']).toBe('rate(1 minute)');
  });

  test('lets the keeper alone write leases', () => {
    const statements = (prefix: string) =>
      statementsOf(fleet.resources('regions-eu-west-1', 'AWS::IAM::Policy'), prefix);
    expect(tablesOf(statements('KeeperKeep'), 'dynamodb:PutItem', true)).toEqual([...everywhere, ...homes].toSorted());
    expect(tablesOf(statements('KeeperKeep'), 'dynamodb:DeleteItem', true)).toEqual(homes);
    for (const other of ['CanaryWorker', 'CanarySweeper', 'CanaryDeadLetters'])
      expect(tablesOf(statements(other), 'dynamodb:PutItem', true)).toEqual(here);
  });

  test('has an alarm that rings after a minute in which no canary was done', () => {
    const { Properties } = fleet.only('regions-eu-west-1', 'AWS::CloudWatch::Alarm', 'Working');
    expect(Properties).toMatchObject({
      MetricName: 'TasksSucceeded',
      Dimensions: [{ Name: 'service', Value: 'fleet-global-canary' }],
      Period: 60,
      EvaluationPeriods: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });
});

describe('what marks lost regions at the edge', () => {
  const STORE = { StackName: 'fleet-global-global', Region: 'us-east-1', OutputName: 'DownStore' };

  test('is started each minute in each region, and knows the store when it is deployed', () => {
    for (const [index, region] of REGIONS.entries()) {
      const marker = fleet.only(`edge-${region}`, 'AWS::Lambda::Function', 'Marker');
      expect(marker.Properties).toMatchObject({ Timeout: 30, MemorySize: 128 });
      const { DOWN_STORE: store, REGIONS: regions } = variablesOf(marker);
      expect(store).toEqual({ 'Fn::GetStackOutput': STORE });
      expect(JSON.parse(z.string().parse(regions))).toMatchObject({ here: ['us', 'eu', 'ap'][index] });
      const schedule = fleet.only(`edge-${region}`, 'AWS::Scheduler::Schedule', 'Marker');
      expect(schedule.Properties['ScheduleExpression']).toBe('rate(1 minute)');
    }
  });

  test('may change that store alone, read who holds a home, and note marks in the table of its region', () => {
    const statements = statementsOf(fleet.resources('edge-eu-west-1', 'AWS::IAM::Policy'), 'MarkerMark');
    const own = statements.filter(({ Action }) => Action.some((action) => action.startsWith('cloudfront')));
    expect(own).toEqual([
      {
        Action: ['DescribeKeyValueStore', 'ListKeys', 'UpdateKeys'].map((name) => `cloudfront-keyvaluestore:${name}`),
        Resource: [JSON.stringify({ 'Fn::GetStackOutput': STORE })],
        Condition: undefined,
      },
    ]);
    expect(tablesOf(statements, 'dynamodb:BatchGetItem')).toEqual(homes);
    expect(tablesOf(statements, 'dynamodb:PutItem', true)).toEqual([]);
    const noting = statements.filter(({ Action }) => Action.includes('dynamodb:PutItem'));
    expect(noting.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['MARK#*'] } },
    ]);
    expect(tablesOf(noting, 'dynamodb:PutItem')).toEqual(['eu-west-1 fleet-global-homes']);
  });
});

describe('a deploy', () => {
  /** The stacks that a stack waits for, directly or not. */
  function before(stack: Stack, seen = new Set<Stack>()): ReadonlySet<Stack> {
    for (const each of stack.dependencies) if (!seen.has(each)) before(each, seen.add(each));
    return seen;
  }

  test('reaches a region only after all stacks of the region before it', () => {
    for (const [index, region] of REGIONS.entries()) {
      const inTurn = fleet.stacks.filter(({ system }) => system !== 'global' && system !== 'edge');
      const earlier = inTurn.filter(({ region: other }) => REGIONS.indexOf(other) < index);
      for (const stack of inTurn.filter((each) => each.region === region)) {
        // What only watches others is not waited for by the stacks of its own region.
        const waits = before(stack);
        expect({
          stack: stack.node.id,
          missing: earlier.filter((each) => !waits.has(each)).map(({ node }) => node.id),
        }).toEqual({ stack: stack.node.id, missing: [] });
      }
    }
  });

  test('ends with what all regions have together', () => {
    const last = fleet.stacks.find(({ system }) => system === 'global');
    const waits = last === undefined ? new Set() : before(last);
    expect(fleet.stacks.filter((stack) => stack.system === 'api' && !waits.has(stack))).toEqual([]);
  });

  test('then goes on with what each region has at the edge, in their order', () => {
    const edges = fleet.stacks.filter(({ system }) => system === 'edge');
    expect(edges.map((stack) => stack.dependencies.map(({ node }) => node.id))).toEqual([
      ['fleet-global-global-us-east-1'],
      ['fleet-global-edge-us-east-1'],
      ['fleet-global-edge-eu-west-1'],
    ]);
  });
});

describe('with a domain', () => {
  const domain = JSON.stringify({ hostedZoneId: 'Z0123456789ABC', name: 'fleet.example.com' });
  let own: ReturnType<typeof globalFleet>;
  beforeAll(() => {
    own = globalFleet({ domain });
  }, 120_000);

  test('each region has a latency record that Route 53 leaves out while the region does no work', () => {
    for (const region of REGIONS) {
      const api = `api-${region}`;
      expect(own.only(api, 'AWS::Route53::RecordSet').Properties).toMatchObject({
        Name: 'fleet.example.com',
        Type: 'A',
        Region: region,
        SetIdentifier: `fleet-global-api-${region}`,
        HostedZoneId: 'Z0123456789ABC',
        HealthCheckId: { Ref: expect.stringContaining('Health') as string },
      });
      const config = own.only(api, 'AWS::Route53::HealthCheck').Properties['HealthCheckConfig'];
      expect(config).toMatchObject({
        Type: 'CLOUDWATCH_METRIC',
        AlarmIdentifier: { Region: region },
        InsufficientDataHealthStatus: 'Unhealthy',
      });
      expect(JSON.stringify(config)).toContain('fleet-global-regions:');
    }
  });

  test('each region has a certificate and a custom domain of the same name', () => {
    for (const region of REGIONS) {
      const domainName = own.only(`api-${region}`, 'AWS::ApiGateway::DomainName').Properties;
      expect(domainName).toMatchObject({
        DomainName: 'fleet.example.com',
        EndpointConfiguration: { Types: ['REGIONAL'] },
        SecurityPolicy: 'TLS_1_2',
      });
      expect(own.resources(`api-${region}`, 'AWS::ApiGateway::BasePathMapping')).toHaveLength(1);
    }
  });
});
