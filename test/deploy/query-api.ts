import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as overTls } from 'node:https';
import { request as plainly } from 'node:http';
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { MiniStack } from './ministack/ministack.ts';

const REGION = 'us-east-1';

/** Calls CloudFormation or IAM, for which the project has no SDK package. Returns the parsed XML. */
async function query(
  { endpoint, certificate }: MiniStack,
  service: 'cloudformation' | 'iam',
  input: Readonly<Record<string, string>>,
): Promise<unknown> {
  const body = new URLSearchParams(input).toString();
  const url = new URL(endpoint);
  const options = {
    method: 'POST',
    headers: { ...signed(url.host, service, body), 'content-type': 'application/x-www-form-urlencoded' },
    ...(certificate !== undefined && { ca: readFileSync(certificate) }),
  };
  const answer = await new Promise<string>((resolve, reject) => {
    const sent = (url.protocol === 'https:' ? overTls : plainly)(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${service} ${input['Action']}: ${response.statusCode} ${text.slice(0, 500)}`));
      });
    });
    sent.once('error', reject).end(body);
  });
  return new XMLParser({ isArray: (name) => name === 'member', parseTagValue: false }).parse(answer) as unknown;
}

/** Returns headers with Signature Version 4 over host and date, with MiniStack's default key. */
function signed(host: string, service: string, body: string): Record<string, string> {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${REGION}/${service}/aws4_request`;
  const sha = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const canonical = ['POST', '/', '', `host:${host}`, `x-amz-date:${time}`, '', 'host;x-amz-date', sha(body)].join(
    '\n',
  );
  const key = [day, REGION, service, 'aws4_request'].reduce<string | Buffer>(hmac, 'AWS4test');
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha(canonical)].join('\n')).toString('hex');
  return {
    host,
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=test/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
}

const resourceSchema = z.object({
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().default(''),
  ResourceType: z.string(),
  ResourceStatus: z.string(),
});
export type StackResource = z.infer<typeof resourceSchema>;

const resourcesSchema = z.object({
  DescribeStackResourcesResponse: z.object({
    DescribeStackResourcesResult: z.object({ StackResources: z.object({ member: z.array(resourceSchema) }) }),
  }),
});

/** Returns a stack's resources (`DescribeStackResources`). */
export async function stackResources(cloud: MiniStack, stack: string): Promise<readonly StackResource[]> {
  const answer = await query(cloud, 'cloudformation', {
    Action: 'DescribeStackResources',
    Version: '2010-05-15',
    StackName: stack,
  });
  return resourcesSchema.parse(answer).DescribeStackResourcesResponse.DescribeStackResourcesResult.StackResources
    .member;
}

const simulationSchema = z.object({
  SimulatePrincipalPolicyResponse: z.object({
    SimulatePrincipalPolicyResult: z.object({
      EvaluationResults: z.object({ member: z.array(z.object({ EvalDecision: z.string() })).length(1) }),
    }),
  }),
});

/** Whether a role's own policies allow an action on a resource (`SimulatePrincipalPolicy`). */
export async function simulate(cloud: MiniStack, roleArn: string, action: string, resource: string): Promise<boolean> {
  const answer = await query(cloud, 'iam', {
    Action: 'SimulatePrincipalPolicy',
    Version: '2010-05-08',
    PolicySourceArn: roleArn,
    'ActionNames.member.1': action,
    'ResourceArns.member.1': resource,
  });
  const { EvaluationResults } =
    simulationSchema.parse(answer).SimulatePrincipalPolicyResponse.SimulatePrincipalPolicyResult;
  return EvaluationResults.member[0]?.EvalDecision === 'allowed';
}
