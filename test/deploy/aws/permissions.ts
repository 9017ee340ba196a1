import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { need } from '../document.ts';
import type { Deployed } from '../judges/ministack-judge.ts';
import type { Findings } from '../findings.ts';
import { nameOfResource } from '../stack-resources.ts';

/** What no role of the fleet may do. */
const FORBIDDEN = ['dynamodb:DeleteTable', 'iam:CreateUser', 's3:DeleteBucket', 'sts:AssumeRole'];

/** Every role is refused what none may do, and the worker's may read the table: IAM itself evaluates their policies. */
export async function checkPermissions({ cloud, clients, outputs, resources }: Deployed, findings: Findings) {
  const roles = resources.filter(({ ResourceType }) => ResourceType === 'AWS::IAM::Role');
  const table = `arn:aws:dynamodb:${cloud.region}:${cloud.account}:table/${need(outputs, 'StateTable')}`;
  const decisions = async (role: string, actions: readonly string[], resource?: string) => {
    const asked = new SimulatePrincipalPolicyCommand({
      PolicySourceArn: `arn:aws:iam::${cloud.account}:role/${role}`,
      ActionNames: [...actions],
      ...(resource !== undefined && { ResourceArns: [resource] }),
    });
    return (await clients.iam.send(asked)).EvaluationResults ?? [];
  };
  const allowed: string[] = [];
  let judged = 0;
  for (const role of roles) {
    const results = await decisions(role.PhysicalResourceId, FORBIDDEN);
    judged += results.length;
    for (const { EvalActionName, EvalDecision } of results)
      if (EvalDecision === 'allowed') allowed.push(`${nameOfResource(role)}: ${EvalActionName}`);
  }
  findings.expect(
    'forbidden calls',
    allowed.length === 0 && judged === roles.length * FORBIDDEN.length,
    allowed.length === 0 ? `${judged} refused by ${roles.length} roles` : `allowed: ${allowed.join(', ')}`,
  );
  const worker = roles.find(({ LogicalResourceId }) => LogicalResourceId.startsWith('AssistantWorkerRole'));
  const [reads] = worker ? await decisions(worker.PhysicalResourceId, ['dynamodb:GetItem'], table) : [];
  findings.expect('a call that is needed', reads?.EvalDecision === 'allowed', 'the assistant’s worker reads the table');
}
