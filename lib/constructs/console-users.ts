import { Aws, Duration } from 'aws-cdk-lib';
import { AccountRecovery, CfnUserPoolGroup, Mfa, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { SCOPE_GROUPS } from '#core/console/user-groups.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';

/**
 * The people who may sign in to the console. Administrators create them, and put each into one group `tenant:NAME` and
 * into the groups of its scopes.
 */
export class ConsoleUsers extends Construct {
  readonly pool: UserPool;
  /** A group for each scope. */
  readonly groups: readonly CfnUserPoolGroup[];
  /** The prefix of the sign-in page's domain, unique in the region. */
  readonly domainPrefix: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { stackName, removalPolicy, config } = FleetStack.of(this);
    this.domainPrefix = `${config.prefix}-${Aws.ACCOUNT_ID}`;
    this.pool = new UserPool(this, 'Pool', {
      userPoolName: `${stackName}-console`,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: config.protectData,
      removalPolicy,
    });
    const reason = 'Threat protection needs the plan Plus, $0.02 for each user and month. Switch it on if you want it.';
    explain(this.pool, { COG3: reason, COG8: reason });
    this.groups = SCOPE_GROUPS.map(
      ({ name, scope }) =>
        new CfnUserPoolGroup(this, `Scope-${scope}`, {
          userPoolId: this.pool.userPoolId,
          groupName: name,
          description: `People with the scope ${scope} of the task API`,
        }),
    );
  }
}
