import type { ServerResponse } from 'node:http';
import { sendJson, stubApi, type StubApi } from '../../adapters/support/stub-api.ts';

/**
 * Answers for the parts of AWS that the local cloud does not have: an account's stacks and quotas, a table's
 * deletion protection, and a model's key that is set after the deploy. The AWS CLI thus parses the guides' commands, and its `--query` the responses.
 */
export function awsStub(stacks: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<StubApi> {
  return stubApi((response, { path, headers, body }) => {
    if (path.endsWith('/account-settings'))
      return sendJson(response, 200, { AccountLimit: { ConcurrentExecutions: 10 } });
    if (path.endsWith('/concurrency')) return sendJson(response, 200, { ReservedConcurrentExecutions: 0 });
    if (body.includes('Action=DescribeStacks'))
      return describeStacks(response, stacks, new URLSearchParams(body).get('StackName'));
    const change = /Action=(DescribeStackEvents|UpdateTerminationProtection|DeleteStack)\b/.exec(body)?.[1];
    if (change !== undefined) return sendXml(response, `<${change}Response>${RESULTS[change]}</${change}Response>`);
    const operation = String(headers['x-amz-target']).split('.').at(-1) ?? '';
    if (operation === 'RequestServiceQuotaIncrease')
      return sendJson(response, 200, { RequestedQuota: { Status: 'PENDING' } });
    if (operation === 'UpdateTable') return sendJson(response, 200, { TableDescription: { TableStatus: 'UPDATING' } });
    if (operation === 'RedriveExecution') return sendJson(response, 200, { redriveDate: 1_764_000_000 });
    if (operation === 'StopExecution') return sendJson(response, 200, { stopDate: 1_764_000_000 });
    if (operation === 'PutSecretValue') return sendJson(response, 200, { Name: 'model-api-key' });
    sendJson(response, 400, {
      __type: 'UnknownOperation',
      message: `This stub does not support ${operation || path}.`,
    });
  });
}

/** Of the first deployment that failed. */
const RESULTS: Readonly<Record<string, string>> = {
  DescribeStackEvents: `<DescribeStackEventsResult><StackEvents>${[
    ['StateTable', 'CREATE_COMPLETE', ''],
    ['AuditBucket', 'CREATE_FAILED', 'The name is taken.'],
  ]
    .map(
      ([id, status, reason]) =>
        `<member><LogicalResourceId>${id}</LogicalResourceId><ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason></member>`,
    )
    .join('')}</StackEvents></DescribeStackEventsResult>`,
  UpdateTerminationProtection: '<UpdateTerminationProtectionResult/>',
  DeleteStack: '',
};

function sendXml(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'text/xml' }).end(body);
}

function describeStacks(
  response: ServerResponse,
  stacks: Readonly<Record<string, Readonly<Record<string, string>>>>,
  name: string | null,
): void {
  const outputs = stacks[name ?? ''];
  if (outputs === undefined) return sendJson(response, 400, { message: `Stack ${name} does not exist.` });
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  const stack = `<StackName>${name}</StackName><CreationTime>2026-11-25T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>`;
  sendXml(
    response,
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member>${stack}<Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  );
}
