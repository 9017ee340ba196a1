import { Grant } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

export interface NamedSecretProps {
  /** The part after the environment's prefix: `<prefix>/<name>`. */
  readonly name: string;
  readonly description: string;
  /** How its first value is generated. @default a placeholder */
  readonly made?: SecretStringGenerator;
  /** Why no function rotates it. */
  readonly unrotated: string;
}

/** A secret with a fixed name, so that people find it. Encrypted with the environment's key, if there is one. */
export class NamedSecret extends Secret {
  readonly name: string;

  constructor(scope: Construct, id: string, { name, description, made, unrotated }: NamedSecretProps) {
    const { config, dataKey, removalPolicy } = FleetStack.of(scope);
    const secretName = `${config.prefix}/${name}`;
    super(scope, id, {
      secretName,
      description,
      removalPolicy,
      ...(made !== undefined && { generateSecretString: made }),
      ...(dataKey !== undefined && { encryptionKey: dataKey }),
    });
    this.name = secretName;
    explain(this, { SMG4: unrotated });
  }

  /** The secret's ARN, for readers. */
  reading(): Wire {
    const { secretArn } = this;
    return {
      value: secretArn,
      grantTo: (grantee) => {
        Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secretArn] });
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
