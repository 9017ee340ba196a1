import type { Explained } from './verdicts.ts';

/** Where MiniStack's judge, asked about a role's own policies, differs from ours; each with who is right. */
export const BY_POLICIES: readonly Explained[] = [];

/** Where it differs when calls are really made. */
export const BY_CALLS: readonly Explained[] = [
  {
    role: /\/ContractAnalyst(Worker|DeadLettersBurial|SweeperSweep)Role/,
    call: /^states SendTask(Success|Failure)$/,
    ministack: 'denied',
    reason:
      'MiniStack judges the answer to a task token on the resource "*", since the call names no machine; AWS takes the machine’s ARN, as CDK’s own grantTaskResponse gives it',
  },
  {
    role: /\/((ContractAnalyst|Assistant|SupportAgent)Worker|AssistantEconomy(Collector|Settle))Role/,
    call: /^secretsmanager GetSecretValue$/,
    ministack: 'denied',
    reason:
      'MiniStack’s CloudFormation gives the secret’s name for its Ref, so that the policy names no ARN; on AWS the Ref is the ARN (reference of AWS::SecretsManager::Secret, return values)',
  },
];
