import { functionResource, pollGrant } from '../../testing/cloud.ts';
import type { Fixture } from '../../testing/cloud.ts';

/** A queue whose function writes the body of each message to a table, after a short delay. */
export const chain: Fixture = {
  code: {
    worker: `
      import { request } from 'node:http';
      const authorization = 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261123/us-east-1/dynamodb/aws4_request';
      const put = (Item) => new Promise((resolve, reject) => {
        const headers = { 'x-amz-target': 'DynamoDB_20120810.PutItem', 'content-type': 'application/x-amz-json-1.0', authorization };
        const sent = request(process.env.AWS_ENDPOINT_URL, { method: 'POST', headers }, (answer) => {
          answer.resume();
          answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error('refused'))));
        });
        sent.on('error', reject);
        sent.end(JSON.stringify({ TableName: process.env.TABLE, Item }));
      });
      export async function handler({ Records }) {
        for (const { body } of Records) {
          await new Promise((done) => setTimeout(done, 20));
          await put({ id: { S: body } });
        }
      }`,
  },
  grants: [
    pollGrant('Queue'),
    { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: { 'Fn::GetAtt': ['Table', 'Arn'] } },
  ],
  resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 4 } },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      },
    },
    Worker: functionResource('worker', { Environment: { Variables: { TABLE: { Ref: 'Table' } } } }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        FunctionName: { Ref: 'Worker' },
        BatchSize: 2,
      },
    },
  },
  outputs: { Url: { Value: { Ref: 'Queue' } }, TableName: { Value: { Ref: 'Table' } } },
};
