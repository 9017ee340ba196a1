import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { copyObjects, copyOrders, type CopyingRegion } from '#cli/global/object-copies.ts';

const output = (Region: string, OutputName = 'InputBucket') => ({
  'Fn::GetStackOutput': { StackName: 'fleet-global-platform', OutputName, Region },
});

/** As the CDK writes the call of `AwsCustomResource`. */
const resource = {
  Type: 'Custom::AWS',
  Properties: {
    ServiceToken: { 'Fn::GetAtt': ['AWS679f', 'Arn'] },
    Create: {
      'Fn::Join': [
        '',
        [
          '{"service":"S3","action":"putBucketReplication","region":"eu-west-1","parameters":{"Bucket":"',
          output('eu-west-1'),
          '","ReplicationConfiguration":{"Role":"',
          { 'Fn::GetAtt': ['Role', 'Arn'] },
          '","Rules":[{"ID":"to-us-east-1","Status":"Enabled","Priority":1,"Filter":{"Prefix":"inputs/"},"DeleteMarkerReplication":{"Status":"Enabled"},"Destination":{"Bucket":"arn:aws:s3:::',
          output('us-east-1'),
          '"}}]}}}',
        ],
      ],
    },
  },
};

async function region(name: string, asked: string[]): Promise<CopyingRegion> {
  const server = createServer((request: IncomingMessage, response) => {
    void text(request).then((body) => {
      asked.push(`${name}: ${request.method} ${request.url} ${/<Destination>.*<\/Destination>/.exec(body)?.[0]}`);
      response.end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const outputs = { 'fleet-global-platform': { InputBucket: `inputs-${name}` } };
  return { region: name, endpoint: `http://127.0.0.1:${port}`, outputs };
}

it('makes the calls that a deploy makes, with the buckets that the regions have here', async () => {
  const asked: string[] = [];
  const orders = copyOrders({ Copy: resource, Other: { Type: 'AWS::IAM::Role', Properties: {} } });
  await copyObjects(orders, [await region('us-east-1', asked), await region('eu-west-1', asked)]);
  expect(asked).toEqual([
    'eu-west-1: PUT /inputs-eu-west-1/?replication= <Destination><Bucket>arn:aws:s3:::inputs-us-east-1</Bucket></Destination>',
  ]);
});
