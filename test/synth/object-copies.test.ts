import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DocumentsStack } from '#systems/documents/stack.ts';
import { ResearchStack } from '#systems/research/stack.ts';
import { globalFleet, REGIONS, statementsOf, variablesOf } from './global-fleet.ts';

const BUCKET = 'AWS::S3::Bucket';
let fleet: ReturnType<typeof globalFleet>;
beforeAll(() => {
  fleet = globalFleet({}, (app) => [app.add(DocumentsStack), app.add(ResearchStack)]);
}, 120_000);

const createSchema = z.object({ Create: z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }) });
const outputSchema = z.object({ 'Fn::GetStackOutput': z.object({ OutputName: z.string(), Region: z.string() }) });
const callSchema = z.object({
  action: z.string(),
  region: z.string(),
  parameters: z.object({
    Bucket: z.string(),
    ReplicationConfiguration: z.object({ Rules: z.array(z.looseObject({ ID: z.string() })) }),
  }),
});

/** The call that a custom resource makes, with buckets as `<region> <output>`. */
function callOf(id: string) {
  const { Properties } = fleet.only('global-us-east-1', 'Custom::AWS', id);
  const [, parts] = createSchema.parse(Properties).Create['Fn::Join'];
  const texts = parts.map((part) => {
    if (typeof part === 'string') return part;
    const { success, data } = outputSchema.safeParse(part);
    return success ? `${data['Fn::GetStackOutput'].Region} ${data['Fn::GetStackOutput'].OutputName}` : 'role';
  });
  return callSchema.parse(JSON.parse(texts.join('')));
}

describe.each([
  ['InputCopies', 'platform', 'InputBucket', 'InputBucket', 'inputs/'],
  ['DocumentCopies', 'documents', 'UploadBucket', 'CopyBucket', 'uploads/'],
  ['FindingCopies', 'research', 'SnapshotBucket', 'SnapshotBucket', 'collected/'],
])('%s', (id, system, from, to, prefix) => {
  test('are made from each region to the two others, with deletions', () => {
    for (const region of REGIONS) {
      const { action, region: where, parameters } = callOf(`${id}From${region.replaceAll('-', '')}`);
      expect([action, where, parameters.Bucket]).toEqual(['putBucketReplication', region, `${region} ${from}`]);
      expect(parameters.ReplicationConfiguration.Rules).toEqual(
        REGIONS.filter((other) => other !== region).map((other, index) => ({
          ID: `to-${other}`,
          Status: 'Enabled',
          Priority: index + 1,
          Filter: { Prefix: prefix },
          DeleteMarkerReplication: { Status: 'Enabled' },
          Destination: { Bucket: `arn:aws:s3:::${other} ${to}` },
        })),
      );
    }
  });

  test('have versioned buckets, and their names as outputs', () => {
    for (const region of REGIONS) {
      expect(Object.keys(fleet.templates.get(`${system}-${region}`)?.Outputs ?? {})).toEqual(
        expect.arrayContaining([from, to]),
      );
      const buckets = fleet
        .resources(`${system}-${region}`, BUCKET)
        .filter(([name]) => /^(Inputs|Artifacts|Snapshots)(Copies)?Bucket[0-9A-F]{8}$/.test(name));
      expect(buckets).toHaveLength(from === to ? 1 : 2);
      for (const [, { Properties }] of buckets)
        expect(Properties).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });
    }
  });

  test('may be read and written by S3 alone, below their prefix', () => {
    const statements = statementsOf(fleet.resources('global-us-east-1', 'AWS::IAM::Policy'), `${id}Role`);
    const written = statements.filter(({ Action }) => Action.includes('s3:ReplicateObject'));
    expect(written).toHaveLength(1);
    const arns = written.flatMap(({ Resource }) => Resource);
    expect(arns).toHaveLength(REGIONS.length);
    for (const region of REGIONS)
      expect(arns.filter((arn) => [prefix, to, region].every((part) => arn.includes(part)))).toHaveLength(1);
  });
});

test('workers of documents read copies, which expire, and which start no run', () => {
  const worker = fleet.only('documents-eu-west-1', 'AWS::Lambda::Function', 'ContractAnalystWorker');
  const [copies, { Properties }] = fleet
    .resources('documents-eu-west-1', BUCKET)
    .find(([id]) => /^ArtifactsCopiesBucket[0-9A-F]{8}$/.test(id)) ?? ['', { Properties: {} }];
  expect(variablesOf(worker)['COPY_BUCKET']).toEqual({ Ref: copies });
  expect(Properties).toMatchObject({
    LifecycleConfiguration: { Rules: [{ ExpirationInDays: 14, NoncurrentVersionExpiration: { NoncurrentDays: 1 } }] },
  });
  expect(Properties).not.toHaveProperty('NotificationConfiguration');
  const read = statementsOf(fleet.resources('documents-eu-west-1', 'AWS::IAM::Policy'), 'ContractAnalystWorker')
    .filter(({ Action }) => Action.includes('s3:GetObject'))
    .flatMap(({ Resource }) => Resource);
  expect(read.some((arn) => arn.includes(copies) && arn.includes('/uploads/*'))).toBe(true);
});
