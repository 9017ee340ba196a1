import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '#lib/config.ts';
import { configIn, fleetRegions } from '#lib/regions.ts';

test.each(['dev', 'global', 'staging', 'prod'])('the environment %s is valid', (name) => {
  expect(loadConfig(name).prefix).toBe(`fleet-${name}`);
});

test('an unknown environment is rejected with the known names', () => {
  expect(() => loadConfig('production')).toThrow(
    new ConfigError('Environment "production" not found. Choose one of dev, global, prod, staging with -c env=NAME.'),
  );
});

test('command-line options override the file', () => {
  const config = loadConfig('dev', {
    regions: 'eu-west-1,us-east-1,ap-south-1',
    apiRate: '8',
    'documents.agents': '8',
  });
  expect(config).toMatchObject({
    regions: ['eu-west-1', 'us-east-1', 'ap-south-1'],
    apiRate: 8,
    systems: { documents: { agents: 8 } },
  });
});

test.each([
  [{ prefix: 'Fleet' }, /^config\/dev\.json .*: prefix must be 2 to 30 lower case letters/],
  [{ apiRate: 0 }, /: apiRate must be at least 1\.$/],
  [{ apiRate: 'many' }, /: apiRate must be a number\.$/],
  [{ logRetentionDays: 8 }, /: logRetentionDays must be one of 1, 3, 5, 7,/],
  [{ regions: 'Frankfurt' }, /: regions\.0 must be a region like us-east-1\.$/],
  [{ kmsKeyArn: 'key' }, /: kmsKeyArn must be an ARN that begins with arn:aws:kms:\.$/],
  [
    { kmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/1' },
    /: kmsKeyArn lies in eu-west-1, but the environment has us-east-1\.$/,
  ],
  [{ alarmTopicArns: '{"1":"on-call"}' }, /: alarmTopicArns\.1 must be an ARN that begins with arn:aws:sns:\.$/],
  [{ alarmTopicArns: '{"4":"arn:aws:sns:us-east-1:1:t"}' }, /: alarmTopicArns/],
  [
    { alarmTopicArns: '{"2":"arn:aws:sns:eu-west-1:1:t"}' },
    /: alarmTopicArns\.2 lies in eu-west-1, but the environment has us-east-1\.$/,
  ],
  [{ runbookUrl: 'docs/runbook.md' }, /: runbookUrl must be an http or https URL\.$/],
  [{ runbookUrl: 'https://example.com/runbook#on-call' }, /: runbookUrl must have no "#"/],
  [{ modelBaseUrl: 'gateway.example.com' }, /: modelBaseUrl must be an http or https URL\.$/],
])('%j is rejected with one sentence that names the field', (values, sentence) => {
  const load = () => loadConfig('dev', values);
  expect(load).toThrow(ConfigError);
  expect(load).toThrow(sentence);
});

test('an account without spare concurrency can reserve none for waiting reads', () => {
  expect(loadConfig('dev', { waitingReads: '0' }).waitingReads).toBe(0);
});

test('an environment that protects its data names its account; others may', () => {
  const without = (name: string) => () => loadConfig(name, { account: 'none' });
  expect(without('prod')).toThrow(/account must be the 12 digits of an AWS account/);
  expect(loadConfig('dev').account).toBeUndefined();
  expect(() => loadConfig('dev', { protectData: true })).toThrow(/account is required where data is protected/);
  expect(loadConfig('prod', { account: '111122223333' }).account).toBe('111122223333');
});

describe('three regions', () => {
  const three = { regions: 'us-east-1,eu-west-1,ap-northeast-1' };

  test('are called by the first part of their names, unless the configuration names them', () => {
    expect(fleetRegions(loadConfig('dev', three)).map(({ name }) => name)).toEqual(['us', 'eu', 'ap']);
    const named = loadConfig('dev', { ...three, homes: '["va","ie","jp"]' });
    expect(fleetRegions(named).map(({ name, region }) => `${name}=${region}`)).toEqual([
      'va=us-east-1',
      'ie=eu-west-1',
      'jp=ap-northeast-1',
    ]);
  });

  test.each([
    [
      { regions: 'us-east-1,eu-west-1' },
      /: regions must name one region or 3, and names 2\. .* make a file in config\//,
    ],
    [{ regions: 'us-east-1,eu-west-1,ap-south-1,ca-west-1' }, /: regions must name one region or 3, and names 4\./],
    [{ regions: 'us-east-1,eu-west-1,us-east-1' }, /: regions must not name a region twice\.$/],
    [
      { regions: 'us-east-1,us-west-2,eu-west-1' },
      /: homes is required, since two of the regions would be called us: /,
    ],
    [{ ...three, homes: '["us","eu"]' }, /: homes must name each of the 3 regions, in their order\.$/],
    [{ ...three, homes: '["us","eu","us"]' }, /: homes must not name us twice\.$/],
    [{ ...three, homes: '["us","eu","ap1"]' }, /: homes\.2 must be 2 to 8 lower case letters\.$/],
    [{ homes: '["us"]' }, /: homes is for a fleet of 3 regions: remove it, or name 3 regions\.$/],
    [{ stateTable: 'fleet-dev-state' }, /: stateTable is for a fleet of 3 regions: remove it/],
    [{ domain: '{"hostedZoneId":"Z0123","name":"fleet.example.com"}' }, /: domain is for a fleet of 3 regions: /],
    [{ ...three, domain: '{"hostedZoneId":"Z0123","name":"fleet"}' }, /: domain\.name must be a domain name, such as /],
    [
      { ...three, kmsKeyArn: 'arn:aws:kms:us-east-1:1:key/mrk-1' },
      /: kmsKeyArn lies in us-east-1, .*\. Write \{region\} in place of us-east-1, and have one in each\.$/,
    ],
    [
      { ...three, kmsKeyArn: 'arn:aws:kms:{region}:1:key/1' },
      /: kmsKeyArn must be a multi-Region key with a replica in/,
    ],
    [{ ...three, alarmTopicArn: 'arn:aws:sns:us-east-1:1:t' }, /: alarmTopicArn lies in us-east-1, .*\{region\}/],
  ])('%j is rejected with the field and what to do', (values, sentence) => {
    const load = () => loadConfig('dev', values);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(sentence);
  });

  test('have keys and topics of their own', () => {
    const config = loadConfig('dev', {
      ...three,
      kmsKeyArn: 'arn:aws:kms:{region}:1:key/mrk-1',
      alarmTopicArns: '{"1":"arn:aws:sns:{region}:1:page"}',
    });
    expect(configIn(config, 'eu-west-1')).toMatchObject({
      kmsKeyArn: 'arn:aws:kms:eu-west-1:1:key/mrk-1',
      alarmTopicArns: { '1': 'arn:aws:sns:eu-west-1:1:page' },
    });
    expect(configIn(loadConfig('dev'), 'us-east-1')).toEqual(loadConfig('dev'));
  });
});
