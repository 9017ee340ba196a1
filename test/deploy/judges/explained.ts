import type { Explained } from './verdicts.ts';

const QUERIES_SOME_KEYS: Explained = {
  role: /\/TaskApiOperateRole/,
  call: /^dynamodb Query$/,
  ministack: 'allowed',
  reason:
    'The role may query some partition keys only (dynamodb:LeadingKeys), and the probe asks for another one. MiniStack does not tell its judge the key of a call, and an absent key satisfies ForAllValues.',
};

/** Differences between MiniStack and the local cloud on a role's policies, with the reason. */
export const BY_POLICIES: readonly Explained[] = [QUERIES_SOME_KEYS];

/** Differences when the calls are made. */
export const BY_CALLS: readonly Explained[] = [
  QUERIES_SOME_KEYS,
  {
    role: /\/\w+(Worker|DeadLettersBurial|SweeperSweep)Role/,
    call: /^states SendTask(Success|Failure)$/,
    ministack: 'denied',
    reason:
      'MiniStack checks the answer to a task token against the resource "*", because the call does not name a state machine. AWS checks it against the state machine’s ARN, which CDK’s grantTaskResponse uses.',
  },
  {
    role: /\/\w+(Worker|EconomyCollector|EconomySettle)Role/,
    call: /^secretsmanager GetSecretValue$/,
    ministack: 'denied',
    reason:
      'In MiniStack’s CloudFormation, the Ref of a secret is its name, so the policy has no ARN. On AWS the Ref is the ARN (reference of AWS::SecretsManager::Secret, return values).',
  },
];
