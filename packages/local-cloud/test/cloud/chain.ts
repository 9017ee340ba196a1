import { functionResource, pollGrant } from '../../testing/cloud.ts';
import type { Fixture } from '../../testing/cloud.ts';

/** A queue whose function writes the body of each message to a table, after a short delay. */
export const chain: Fixture = {
  code: {
    worker: `
      import { createHash, createHmac } from 'node:crypto';
      import { request } from 'node:http';
      const sha256 = (text) => createHash('sha256').update(text).digest('hex');
      const hmac = (key, text) => createHmac('sha256', key).update(text).digest();
      // Signs as the SDK does, which a function of a fixture does not have.
      function signed(host, body, target) {
        const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
        const time = new Date().toISOString().replace(/[-:]|\\.\\d+/g, '');
        const headers = { host, 'x-amz-date': time, 'x-amz-security-token': token, 'x-amz-target': target };
        const names = Object.keys(headers).join(';');
        const lines = Object.entries(headers).map(([name, value]) => name + ':' + value + '\\n').join('');
        const scope = [time.slice(0, 8), 'us-east-1', 'dynamodb', 'aws4_request'];
        const text = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(['POST', '/', '', lines, names, sha256(body)].join('\\n'))];
        const signature = hmac(scope.reduce(hmac, 'AWS4' + secret), text.join('\\n')).toString('hex');
        const authorization = 'AWS4-HMAC-SHA256 Credential=' + id + '/' + scope.join('/') + ', SignedHeaders=' + names + ', Signature=' + signature;
        return { ...headers, authorization, 'content-type': 'application/x-amz-json-1.0' };
      }
      const put = (Item) => new Promise((resolve, reject) => {
        const url = new URL(process.env.AWS_ENDPOINT_URL);
        const body = JSON.stringify({ TableName: process.env.TABLE, Item });
        const sent = request(url, { method: 'POST', headers: signed(url.host, body, 'DynamoDB_20120810.PutItem') }, (answer) => {
          answer.resume();
          answer.on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error('refused'))));
        });
        sent.on('error', reject);
        sent.end(body);
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
