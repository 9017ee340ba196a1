import { Grant } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import type { Wire } from '../wiring.ts';

/** The model's API key, `<prefix>/model-api-key`. Deployed with a meaningless value; docs/deploy.md says how to put the key in. */
export class ModelSecret extends Construct {
  readonly name: string;
  readonly secret: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { config, dataKey } = FleetStack.of(this);
    this.name = `${config.prefix}/model-api-key`;
    this.secret = new Secret(this, 'Secret', {
      secretName: this.name,
      description: 'The API key of the model; see docs/deploy.md',
      ...(dataKey !== undefined && { encryptionKey: dataKey }),
    });
    explain(this.secret, { SMG4: 'The key is issued in Anthropic’s console, which no rotation function can reach.' });
  }

  /** The secret's ARN, for who reads it. */
  reading(): Wire {
    const { secretArn } = this.secret;
    return {
      value: secretArn,
      grantTo: (grantee) => {
        Grant.addToPrincipal({ grantee, actions: ['secretsmanager:GetSecretValue'], resourceArns: [secretArn] });
        FleetStack.of(this).grantDataKey(grantee);
      },
    };
  }
}
